"""The words of opening and closing: who may, what a session is called, what still waits."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from app.domain import site
from app.domain.clock import CHINA, read_instant
from app.domain.refusals import Refusal
from app.domain.visit import VisitState
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import local_time
from app.workflows import site_setup
from app.workflows.opening import DayNow

_LISTED = 6
_NAMED = 3
_NOTHING = "没有改动，场次照旧。"


def manager_words(names: Sequence[str]) -> str:
    """Return whom to ask: 负责人（苏晚晴）; without a name the role alone."""
    return f"负责人（{_few(names)}）" if names else "负责人"


def session_name(now: datetime) -> str:
    """Return what a session begun now is called unless somebody writes otherwise: 11月22日上午."""
    local = now.astimezone(CHINA)
    part = "上午" if 5 <= local.hour < 12 else "下午" if 12 <= local.hour < 18 else "晚间"
    return f"{local.month}月{local.day}日{part}"


def tickets_words(tickets: Sequence[str]) -> str:
    """Return a few ticket numbers and how many more there are."""
    listed = "、".join(tickets[:_LISTED])
    return f"{listed} 等 {len(tickets)} 人" if len(tickets) > _LISTED else listed


def when_words(session: site.Session) -> str:
    """Return when a session began, and ended if it has: 11月22日 08:02–11:40."""
    begun = read_instant(session.opened_at).astimezone(CHINA)
    words = f"{begun.month}月{begun.day}日 {begun:%H:%M}"
    if session.closed_at is None:
        return words
    return f"{words}–{local_time(read_instant(session.closed_at))}"


def staff_step(now: DayNow) -> str:
    """Return who may inject, who may screen and who can handle a reaction, or what is lacking."""
    if now.vaccinators and now.doctors:
        handled = (
            f"应急处置 {_few(now.rescuers)}" if now.rescuers else "今天在岗的没有人有有效的应急处置培训记录"
        )
        return f"能接种 {_few(now.vaccinators)}；预检医生 {_few(now.doctors)}；{handled}"
    lacking = [
        words
        for words, people in (("持证的接种人员", now.vaccinators), ("预检医生", now.doctors))
        if not people
    ]
    return f"还没有{'和'.join(lacking)}：由{manager_words(now.managers)}在“人员”里登记、记合格证"


def stock_step(now: DayNow) -> str:
    """Return what is in the fridge, or what is lacking and who sees to it."""
    if now.lots:
        return f"有 {now.lots} 个批号可用"
    what = "冰箱里没有能用的疫苗" if now.products else "疫苗目录是空的，也还没有入库"
    return f"{what}：由疫苗管理员或负责人（{_few(now.keepers)}）收货"


def counts_words(now: DayNow) -> tuple[str, str]:
    """Return where the people of the session under way are, in two lines."""

    def at(*states: VisitState) -> int:
        return sum(now.counts.get(state, 0) for state in states)

    return (
        f"已接种 {now.doses} 剂　留观 {at(VisitState.OBSERVING)} 人",
        f"等预检 {at(VisitState.REGISTERED, VisitState.SCREENED)} 人　"
        f"等接种 {at(VisitState.READY, VisitState.AT_STATION)} 人",
    )


def session_words(now: DayNow) -> str:
    """Return which session is under way, or who begins one."""
    if now.session is None:
        return f"今天还没有开始：由{manager_words(now.managers)}开始"
    return f"“{now.session.name}”进行中"


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f" 等 {len(names)} 人" if len(names) > _NAMED else "")


def _still_here(refusal: site_setup.PeopleStillHere) -> Sentence:
    parts = []
    if refusal.observing:
        parts.append(f"留观区还有 {tickets_words(refusal.observing)}")
    if refusal.called:
        parts.append(f"接种台前还有 {tickets_words(refusal.called)}")
    return Sentence(
        f"{'，'.join(parts)}，不能收诊。",
        _NOTHING,
        "请等他们接种完、留观满再放行；要走的按提前离开记录。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    site.SessionCarriedOver: lambda r: Sentence(
        f"场次“{r.name}”从 {r.opened_on.month} 月 {r.opened_on.day} 日开到现在，还没有收诊。",
        "号码接着往下排，记录照常保存。",
        f"不是通宵接种的，请{manager_words(r.managers)}按 Ctrl+O 收诊，再开今天的场次。",
    ),
    site_setup.SessionNameMissing: lambda _: Sentence("场次要有名称。", _NOTHING, "请写上日期和上午、下午。"),
    site_setup.PeopleStillHere: _still_here,
    site_setup.VisitsStillWaiting: lambda r: Sentence(
        f"刚才又有人在等：{tickets_words(r.tickets)}。", _NOTHING, "名单已更新，请看过再按一次收诊。"
    ),
}
