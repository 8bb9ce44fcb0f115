"""The forecast in the words of the screen and of the slip: what, when, why."""

import re
from collections.abc import Iterable
from datetime import date

from app.domain.catalogue import Product
from app.domain.journal import Json
from app.domain.schedule.answers import DoseEvaluation, DoseStatus, GroupForecast, Reason
from app.domain.schedule.packs import Rules
from app.domain.schedule.standing import Standing
from app.domain.schedule.together import Placed, Shot, VisitPlan, Waiting
from app.ui.kit.tokens import Tone
from app.ui.texts.reasons import STANDINGS, Names, names_in, reason_sentence
from app.ui.texts.words import BODY_SITES, dose_words
from app.workflows.forecast import NextDose, Proposal, packs_in_use

TONES = {
    Standing.LATE: Tone.WARNING,
    Standing.DUE: Tone.SUCCESS,
    Standing.EARLY: Tone.INFO,
    Standing.ASK: Tone.WARNING,
    Standing.LATER: Tone.PLAIN,
}
"""How a next dose looks; what is closed is plain."""


def vaccine_name(rules: Rules, vaccine_code: str) -> str:
    """Return the everyday name of a kind: 脊灰灭活疫苗."""
    found = rules.vaccines.get(vaccine_code)
    return found.title if found and found.title else vaccine_code


def group_title(rules: Rules, group: str) -> str:
    """Return what a vaccine group is called: 麻腮风."""
    found = rules.groups.get(group)
    return found.title if found and found.title else group


_SHORT = {"MPSV-A": "流脑A", "MPSV-AC": "流脑AC", "DT": "白破"}
"""Where a group goes from one vaccine to another that is counted anew."""


def short_name(rules: Rules, group: str, vaccine_code: str) -> str:
    """Return the name on a mark of the line: 脊灰, 流脑A."""
    return _SHORT.get(vaccine_code) or group_title(rules, group)


def next_words(one: NextDose, rules: Rules) -> str:
    """Return which dose is next: 脊灰灭活疫苗 第 2 剂."""
    return f"{vaccine_name(rules, one.vaccine_code)} {dose_words(one.dose_number)}"


def mark_words(one: NextDose) -> str:
    """Return what stands below a mark that is for today: 今天, 逾期, 问医生."""
    return _MARKS.get(one.standing, "今天")


_MARKS = {Standing.ASK: "问医生", Standing.LATE: "逾期"}


def when_words(standing: Standing, earliest_on: date | None) -> str:
    """Return when: 今天可种, 逾期，尽快补种, 2026-06-14 起."""
    if standing is Standing.LATER and earliest_on is not None:
        return f"{earliest_on} 起"
    if standing is Standing.DUE:
        return "今天可种"
    return STANDINGS[standing]


def why_words(reasons: Iterable[Reason], names: Names) -> str:
    """Return the reasons in one line."""
    return "".join(dict.fromkeys(reason_sentence(reason, names) for reason in reasons))


def short_words(one: NextDose, rules: Rules) -> str:
    """Return the same where there is little room: 脊灰 第 2 剂."""
    return f"{short_name(rules, one.line.group, one.vaccine_code)} {dose_words(one.dose_number)}"


def next_why(one: NextDose, names: Names) -> str:
    """Return why a dose is next, and since when it is late."""
    late = one.standing is Standing.LATE
    return why_words(one.line.reasons, names) + (f"按时的最后一天是 {one.line.past_due_on}。" if late else "")


def parents_why(one: NextDose, names: Names) -> str:
    """Return the same for a parent: without the numbers of the sentences in the documents."""
    return re.sub("【[^】]*】", "", next_why(one, names))


def given_words(doses: Iterable[tuple[Json, DoseEvaluation]]) -> dict[str, str]:
    """Return by short name what was given: 乙肝 -> 3 剂，末次 2026-07-10，其中 1 剂不算."""
    kinds: dict[str, list[tuple[date, bool]]] = {}
    for record, judged in doses:
        short = record["vaccine_name"].removesuffix("疫苗")
        kinds.setdefault(short, []).append((judged.dose.given_on, judged.status is DoseStatus.NOT_VALID))
    told = {}
    for short, given in kinds.items():
        told[short] = f"{len(given)} 剂，末次 {max(given)[0]}"
        if wrong := sum(not_valid for _, not_valid in given):
            told[short] += f"，其中 {wrong} 剂不算"
    return told


def edition_words(one: NextDose) -> str:
    """Return by which edition, and that nobody has signed it: 2021 版·未核实."""
    return "·".join(filter(None, (f"{one.edition} 版", unsigned_words(one.line))))


def unsigned_words(line: GroupForecast) -> str:
    """Return 未核实 where some pack that said so is not signed off."""
    return "未核实" if line.unverified else ""


def proposal_words(proposal: Proposal) -> str:
    """Return in a few words how a product stands in the schedule; empty where it says nothing."""
    if proposal.standing is None:
        return ""
    if not proposal.offered:
        return "程序里现在不是这一种"
    if proposal.standing is Standing.LATE:
        return "今天补种"
    return when_words(proposal.standing, proposal.earliest_on)


def together_words(plan: VisitPlan, rules: Rules) -> str:
    """Return what may go together today and where, and what waits until when; empty for one alone.

    今天可以同时种：乙肝疫苗 左上臂、麻腮风疫苗 右上臂。水痘疫苗 要等到 2026-12-20。
    """
    told = ""
    if len(plan.together) > 1:
        told = f"今天可以同时种：{'、'.join(_placed_words(one, rules) for one in plan.together)}。"
        if plan.apart_until is not None:
            told += f"活疫苗今天没有一起种的，要等到 {plan.apart_until}。"
    return told + "".join(_waiting_words(one, rules) for one in plan.waiting)


def _placed_words(one: Placed, rules: Rules) -> str:
    where = BODY_SITES[one.body_site] if one.body_site else "部位按说明书"
    return f"{_shot_name(one.shot, rules)} {where}{'（同侧隔开）' if one.shares else ''}"


def _waiting_words(one: Waiting, rules: Rules) -> str:
    when = f"要等到 {one.until}" if one.until else "今天不能种，请另约一天"
    return f"{_shot_name(one.shot, rules)} {when}（因为{vaccine_name(rules, one.because)}）。"


def _shot_name(shot: Shot, rules: Rules) -> str:
    return shot.product.vaccine_name if shot.product else vaccine_name(rules, shot.vaccine_code)


def departure_words(product: Product, dose_number: int, proposal: Proposal) -> str:
    """Return how a plan differs from the schedule, with the reason."""
    said = proposal_words(proposal)
    if proposal.offered and dose_number != proposal.dose_number:
        said = f"应是{dose_words(proposal.dose_number)}，{said}"
    why = why_words(proposal.reasons, names_in(packs_in_use()))
    return f"和免疫程序不同：{product.vaccine_name}{said}。{why}"
