"""The Chinese sentences of what the schedule says: why a dose counts or not, what is next and why."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.domain.schedule.answers import DoseStatus, Reason
from app.domain.schedule.duration import read_duration
from app.domain.schedule.pack import PackStatus
from app.domain.schedule.packs import Packs
from app.domain.schedule.standing import Standing

DOSE_STATUSES = {
    DoseStatus.VALID: "有效",
    DoseStatus.NOT_VALID: "无效",
    DoseStatus.EXTRANEOUS: "多余",
    DoseStatus.SUB_STANDARD: "不合格",
}
STANDINGS = {
    Standing.LATE: "逾期，尽快补种",
    Standing.DUE: "现在可种",
    Standing.EARLY: "可以种，建议再等",
    Standing.LATER: "未到时间",
    Standing.ASK: "请医生决定",
    Standing.DONE: "已完成",
    Standing.NOT_NEEDED: "不需要",
    Standing.AGED_OUT: "过了年龄",
    Standing.CONTRAINDICATED: "有禁忌",
}
PACK_STATUSES = {
    PackStatus.IN_FORCE: "现行",
    PackStatus.UNVERIFIED: "未核实",
    PackStatus.DRAFT: "草稿",
    PackStatus.HISTORIC: "历史",
}
SUB_STANDARD = {
    "lot_expired": "疫苗已过期",
    "recalled": "批号已召回",
    "cold_chain": "冷链不合格",
    "partial": "剂量不足",
}
"""Why a dose is as if it had not been given."""

Names = Mapping[str, str]
"""What a code of a vaccine or of an observation is called."""


def names_in(packs: Packs) -> Names:
    """Return the names that some packs give their codes; the newer pack names it last."""
    names: dict[str, str] = {}
    for pack in packs.packs:
        names |= {kind.code: kind.title or kind.code for kind in pack.observations}
        names |= {kind.code: kind.title or kind.code for kind in pack.vaccines}
    return names


def length_words(text: object, *, age: bool = False) -> str:
    """Return a length of the schedule in Chinese: 28 天, 6 个月; as an age: 18 月龄, 7 周岁."""
    length = read_duration(str(text))
    months = ""
    if length.months and length.months % 12 == 0:
        months = f"{length.months // 12} {'周岁' if age else '年'}"
    elif length.months:
        months = f"{length.months} {'月龄' if age else '个月'}"
    days = f"{abs(length.days)} 天" if length.days or not length.months else ""
    joint = " 减 " if length.days < 0 and months else " 加 " if months and days else ""
    return f"{months}{joint}{days}"


def name_of(names: Names, code: object) -> str:
    """Return what a code is called, the code itself where no pack names it."""
    return names.get(str(code), str(code))


def _interval(facts: Mapping[str, Any], names: Names) -> str:
    return f"距上一剂（{facts['since']}）不足 {length_words(facts['min'])}，{facts['from']} 起才算。"


def _min_interval(facts: Mapping[str, Any], names: Names) -> str:
    what = name_of(names, facts["observation"]) if "observation" in facts else "那一剂"
    return f"距 {facts['since']} {what}要满 {length_words(facts['interval'])}。"


def _leaflet_interval(facts: Mapping[str, Any], names: Names) -> str:
    return f"说明书（{facts['leaflet']}）：距 {facts['since']} 那一剂要满 {length_words(facts['interval'])}。"


def _conflict(facts: Mapping[str, Any], names: Names) -> str:
    since = f"{facts['given_on']} 种过{name_of(names, facts['vaccine'])}"
    if "from" in facts:
        return f"{since}，两种间隔不够，{facts['from']} 起才算。"
    return f"{since}，要隔开。"


def _observed(codes: Iterable[str], names: Names) -> str:
    return "、".join(name_of(names, code) for code in codes)


def _grace(facts: Mapping[str, Any], names: Names) -> str:
    if "age" in facts:
        return f"比规定的 {length_words(facts['age'], age=True)}早，在允许之内。"
    return f"比规定的间隔 {length_words(facts['interval'])}短，在允许之内。"


def _from_age(age: object) -> str:
    length = read_duration(str(age))
    return f"满 {length_words(age, age=True)}起可种。" if length.months or length.days else "出生即可种。"


def _too_old(facts: Mapping[str, Any], names: Names) -> str:
    return f"过了可种的年龄（到 {facts['until']} 为止）。"


REASONS: dict[str, Callable[[Mapping[str, Any], Names], str]] = {
    "too_young": lambda f, _: f"不满 {length_words(f['min'], age=True)}，{f['from']} 起才算。",
    "too_old": _too_old,
    "interval_too_short": _interval,
    "grace_period": _grace,
    "conflict": _conflict,
    "inadvertent_vaccine": lambda f, n: f"{name_of(n, f['vaccine'])}用在这里不算。",
    "not_a_vaccine_of_this_dose": lambda f, n: f"这一剂不用{name_of(n, f['vaccine'])}。",
    "another_product": lambda f, n: f"这一剂不用这个产品的{name_of(n, f['vaccine'])}。",
    "vaccine_outside_its_ages": lambda f, n: f"{name_of(n, f['vaccine'])}不用于这个年龄。",
    "little_volume": lambda f, _: f"剂量 {f['given']} mL，规定 {f['asked']} mL。",
    "sub_standard": lambda f, _: f"{SUB_STANDARD.get(str(f['condition']), str(f['condition']))}，等于没种。",
    "series_complete": lambda _f, _n: "规定的剂次已经种完。",
    "protects_in_no_series": lambda _f, _n: "现在用的免疫程序里没有这种疫苗的剂次。",
    "before_birth": lambda f, _: f"日期早于出生日期 {f['birth_on']}，请核对。",
    "in_the_future": lambda f, _: f"日期晚于 {f['on']}，请核对。",
    "unknown_vaccine": lambda f, _: f"不认识的疫苗“{f['vaccine']}”，请核对。",
    "same_day_same_vaccine": lambda f, n: f"同一天记了两次{name_of(n, f['vaccine'])}，请核对。",
    "immune": lambda f, n: f"已有免疫的依据：{name_of(n, f.get('observation') or f.get('born_before'))}。",
    "contraindicated": lambda f, n: f"{_observed(f['observations'], n)}，不种。",
    "not_needed_by_history": lambda _f, _n: "按年龄和已种的剂次，不需要。",
    "nothing_to_start_from": lambda _f, _n: "没有可以起算的日期。",
    "season_over": lambda f, _: f"本季已于 {f['on']} 结束。",
    "season": lambda f, _: f"本季从 {f['start']} 开始。",
    "cannot_finish_in_time": lambda f, _: f"要到 {f['earliest']} 才能种，而可种的年龄到 {f['until']} 为止。",
    "programme_ended": lambda f, _: f"这个程序已于 {f['on']} 结束。",
    "min_age": lambda f, _: _from_age(f["age"]),
    "min_interval": _min_interval,
    "leaflet_interval": _leaflet_interval,
    "not_before_last_dose": lambda f, _: f"不早于上一次接种 {f['given_on']}。",
    "ask_doctor": lambda f, _: str(f["text"]),
}
"""For each name of a reason or a doubt."""


def reason_sentence(reason: Reason, names: Names) -> str:
    """Return what a reason says to a person."""
    return REASONS[reason.name](reason.facts, names)
