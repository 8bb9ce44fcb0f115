"""Words several screens share: routes, body sites, ages, dose numbers, states, times of day."""

from datetime import datetime

from app.domain.catalogue import BodySite, LotStatus, PackLevel, Route
from app.domain.clock import CHINA
from app.domain.journal import Json
from app.domain.people import Age, Guardian, Sex
from app.domain.screening import Decision
from app.domain.visit import VisitState

ROUTES = {
    Route.ORAL: "口服",
    Route.SUBCUTANEOUS: "皮下注射",
    Route.INTRADERMAL: "皮内注射",
    Route.INTRAMUSCULAR: "肌内注射",
    Route.SCARIFICATION: "皮肤划痕",
}
"""How a dose goes in (N2023 6.5)."""

SHORT_ROUTES = {
    Route.ORAL: "口服",
    Route.SUBCUTANEOUS: "皮下",
    Route.INTRADERMAL: "皮内",
    Route.INTRAMUSCULAR: "肌内",
    Route.SCARIFICATION: "划痕",
}
"""The same beside a body site: 左上臂·肌内."""

BODY_SITES = {
    BodySite.LEFT_ARM: "左上臂",
    BodySite.RIGHT_ARM: "右上臂",
    BodySite.LEFT_THIGH: "左大腿前外侧",
    BodySite.RIGHT_THIGH: "右大腿前外侧",
    BodySite.LEFT_BUTTOCK: "左臀部",
    BodySite.RIGHT_BUTTOCK: "右臀部",
    BodySite.MOUTH: "口腔",
    BodySite.OTHER: "其他部位",
}
"""Where a dose goes in (N2023 6.5)."""

LOT_STATES = {LotStatus.IN_USE: "在用", LotStatus.QUARANTINED: "隔离", LotStatus.RECALLED: "召回"}

PACK_LEVELS = {PackLevel.UNIT: "最小包装", PackLevel.INNER: "中包装", PackLevel.CARTON: "大箱"}

SEXES = {Sex.UNKNOWN: "性别未知", Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNSTATED: "性别未说明"}

DECISIONS = {Decision.PROCEED: "建议接种", Decision.DEFER: "推迟接种", Decision.DO_NOT: "不宜接种"}
"""The three medical advices of the official form."""

VISIT_STATES = {
    VisitState.REGISTERED: "已登记，等预检",
    VisitState.SCREENED: "已预检，等签知情同意",
    VisitState.READY: "等接种",
    VisitState.AT_STATION: "在接种台",
    VisitState.OBSERVING: "已接种，在留观",
    VisitState.RELEASED: "已接种，已离开",
    VisitState.LEFT_EARLY: "已接种，提前离开",
    VisitState.DEFERRED: "推迟接种",
    VisitState.NOT_ADVISED: "不宜接种",
    VisitState.DECLINED: "不同意接种",
    VisitState.CANCELLED: "已取消",
}


def age_words(age: Age) -> str:
    """Return the age as it is said: 12 天, 3 月龄, 1 岁 6 个月, 34 岁."""
    if age.months < 1:
        return f"{age.days} 天"
    if age.years < 1:
        return f"{age.months} 月龄"
    months = age.months % 12
    return f"{age.years} 岁 {months} 个月" if age.years < 6 and months else f"{age.years} 岁"


def months_words(months: int) -> str:
    """Return so many completed months: 2 月龄, 18 岁, 1 岁 6 个月."""
    return "未满 1 月龄" if months < 1 else age_words(Age(months // 12, months, 31))


def dose_words(dose_number: int | None) -> str:
    """Return which dose of its series it is."""
    return f"第 {dose_number} 剂" if dose_number else "剂次未定"


def void_words(dose: Json) -> str:
    """Return why a record of a dose no longer counts: 作废：记录重复, or 更正前：记录时选错."""
    return f"{'更正前' if dose['corrected'] else '作废'}：{dose['void_reason']}"


def guardian_words(guardian: Guardian | None) -> str:
    """Return who decides for a minor: 监护人 欧阳澜（母亲）; empty for nobody."""
    return f"监护人 {guardian.name}（{guardian.relation}）" if guardian else ""


def local_time(at: datetime) -> str:
    """Return the time of day in China of an aware instant: 09:41."""
    there = at.astimezone(CHINA)
    return f"{there.hour:02}:{there.minute:02}"  # strftime takes four times as long


def tail(text: str, length: int = 4) -> str:
    """Return the last characters of a number, by which people tell it from another."""
    return text[-length:]
