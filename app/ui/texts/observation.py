"""Words and sentences of the observation area (留观) and of what follows a reaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.domain import observation as domain
from app.domain.catalogue import BodySite, Route
from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.domain.observation import Look, ObservationState, card_version
from app.domain.people import Sex
from app.domain.refusals import Refusal
from app.domain.site import Site
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import BODY_SITES, ROUTES, SEXES, dose_words, local_time
from app.workflows import observation as workflow

STATES = {
    ObservationState.OBSERVING: "留观中",
    ObservationState.DUE: "可查看放行",
    ObservationState.OVERDUE: "超时，未放行",
    ObservationState.ALARM: "反应处置中",
    ObservationState.RELEASED: "已放行",
    ObservationState.LEFT_EARLY: "提前离开",
}
"""What stands on a card beside the icon."""

COUNTED = {
    ObservationState.ALARM: "处置",
    ObservationState.OVERDUE: "超时",
    ObservationState.DUE: "到点",
    ObservationState.OBSERVING: "留观中",
    ObservationState.LEFT_EARLY: "提前离开",
}
"""The counts above the board, in their order."""

LOOKS = {Look.FEELS_WELL: "人没有不舒服", Look.SITE_NORMAL: "接种处无异常"}

SIGNS = (
    "皮疹、风团", "皮肤瘙痒", "面色苍白", "出汗、手脚凉", "头晕、心慌",
    "恶心、呕吐", "憋气、喘", "声嘶、喉头紧", "口唇或面部肿", "晕倒、叫不醒",
)  # fmt: skip
"""Quick words for what is seen, keys 1 to 9 and 0; they describe and never diagnose."""

EARLY_REASONS = (
    "本人执意离开", "家里有急事", "要赶班车", "孩子哭闹，家长要走", "医生同意离开", "已转送医院",
    "没说就走了",
)  # fmt: skip
"""Quick reasons for leaving before the time, keys 1 to 7."""

HOW_TO_TITLE = "放行步骤"
HOW_TO = (
    "扫号票，或用方向键选人",
    "看人、看接种处，按 1、2",
    "时间到了，按 Enter 放行",
    "有反应，马上按 F11 报警",
)
"""What stands in the panel while nobody sits there."""

SIGN_UNSTATED = "没有选症状"

EMERGENCY_CARD_MISSING = """本单位尚未录入急救卡。

请负责人在设置里录入已批准的急救卡。现在请按本单位的纸质预案处置，并拨打右边的电话。"""


def approval_words(site: Site) -> str:
    """Return who approved the emergency card, and which text it is, to compare with the one on the wall."""
    if not site.emergency_card:
        return ""
    approval = site.emergency_card_approval or "没有批准记录"
    version = card_version(site.emergency_card)
    return f"批准：{approval}。版本 {version}。药名、剂量一律以本单位急救卡和医生为准。"


def span_words(span: timedelta) -> str:
    """Return a length of time as it is said: 2 小时, 1 小时 5 分, 45 秒, 3 天."""
    seconds = round(abs(span).total_seconds())
    if seconds < 120:
        return f"{seconds} 秒"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return f"{round(hours / 24)} 天"
    return f"{hours} 小时 {rest} 分" if rest else f"{hours} 小时"


def clock_words(doubt: domain.ClockInDoubt) -> str:
    """Return what happened to the clock, and what to compare it with."""
    span = span_words(doubt.wall_at - doubt.expected_at)
    return (
        f"电脑时间变了 {span}：应为 {local_time(doubt.expected_at)}，"
        f"现在显示 {local_time(doubt.wall_at)}；请核对手机时间"
    )


def day_words(at: datetime) -> str:
    """Return a day and time in China: 11 月 25 日 09:41."""
    local = at.astimezone(CHINA)
    return f"{local.month} 月 {local.day} 日 {local:%H:%M}"


def report_facts(draft: Json) -> tuple[tuple[str, str], ...]:
    """Return label and value of what the report takes over from the dose (domain.md §7.4, unverified)."""
    patient = draft["patient"]
    return (
        ("姓名", patient["name"]),
        ("性别", SEXES[Sex(patient["sex"])]),
        ("出生日期", patient["birth_on"]),
        ("疫苗", _vaccines_words(draft)),
        ("规格", draft["specification"]),
        ("剂量", f"{draft['dose_quantity_ml']} mL"),
        ("批号", draft["lot_number"]),
        ("有效期", draft["expires_on"]),
        ("追溯码", draft["trace_code"] or "没有扫到"),
        ("持有人", draft["market_holder"]),
        ("途径部位", f"{ROUTES[Route(draft['route'])]}·{BODY_SITES[BodySite(draft['body_site'])]}"),
        ("接种人", draft["performer_name"]),
        ("接种时间", day_words(read_instant(draft["occurred_at"]))),
        ("发现时间", day_words(read_instant(draft["found_at"]))),
        ("报告人", f"{draft['reporter_name']}，{draft['site_name']}"),
    )


def _vaccines_words(draft: Json) -> str:
    """Return the dose; with the others of the same visit each has its lot number."""
    dose = f"{draft['vaccine_name']} {dose_words(draft['dose_number'])}"
    others = [
        f"{other['vaccine_name']} {dose_words(other['dose_number'])}（批号 {other['lot_number']}）"
        for other in draft.get("also_given", ())
    ]
    return "；同次还种了 ".join(filter(None, (dose, "、".join(others))))


def _still_observing(refusal: domain.StillObserving) -> Sentence:
    return Sentence(
        f"还没有坐满时间，还差 {refusal.minutes_left} 分钟。",
        "没有放行，计时照常。",
        f"请等到 {local_time(refusal.due_at)}；一定要走，按 F12 记下原因。",
    )


def _not_looked_at(refusal: domain.NotLookedAt) -> Sentence:
    missing = "、".join(LOOKS[look] for look in refusal.missing)
    return Sentence(
        f"放行前还没有看：{missing}。", "没有放行，计时照常。", "请看过人和接种处，按 1、2 确认后再按 Enter。"
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    domain.StillObserving: _still_observing,
    domain.NotLookedAt: _not_looked_at,
    domain.AlreadyEnded: lambda r: Sentence(
        f"这个人在 {local_time(r.ended_at)} 已经离开。", "原来的记录没有改动。", "请看号票，选另一个人。"
    ),
    domain.AlarmOpen: lambda r: Sentence(
        f"{local_time(r.alarm_at)} 的报警还没有解除。",
        "没有放行，报警继续。",
        "请医生处理后按 F9 解除，再放行或记提前走。",
    ),
    workflow.MoreToCome: lambda r: Sentence(
        f"{r.ticket_number} 还有一剂没种。",
        "没有放行，计时照常。",
        "请回接种台种完；不种了，请医生在预检页记录推迟，再按时放行。",
    ),
    domain.ClockInDoubt: lambda r: Sentence(
        f"{clock_words(r)}。", "留观计时没有受影响，也没有放行任何人。", "请在留观页上确认时间，再放行。"
    ),
    domain.TimeUnreadable: lambda r: Sentence(
        f"“{r.given}”不是一个时刻。", "这一格没有保存，其他内容都在。", "请写成 09:41 这样。"
    ),
    workflow.NotObserved: lambda r: Sentence(
        f"{r.ticket_number} 还没有接种记录，不在留观。", "什么也没有改动。", "请看号票，或到接种台查看。"
    ),
    workflow.EarlyReasonMissing: lambda _: Sentence(
        "提前走要有原因。", "没有记为离开，计时照常。", "请选一个原因，或写上原因。"
    ),
    workflow.NoAlarm: lambda _: Sentence("这个人没有报警。", "什么也没有改动。", "请看红条上的号码。"),
    workflow.NoReaction: lambda _: Sentence(
        "这个人没有反应记录。", "什么也没有改动。", "有反应时请先按 F11 报警。"
    ),
    workflow.NotEnded: lambda _: Sentence("这个人还在留观。", "什么也没有改动。", "不用撤回，继续看护即可。"),
}
"""How each refusal of ``app.domain.observation`` and ``app.workflows.observation`` is said."""
