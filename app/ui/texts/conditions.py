"""The Chinese sentences of special conditions: what holds, what it does to the forecast, what is refused."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from app.domain import conditions as rules
from app.domain.conditions import Condition, ConditionStatus
from app.domain.refusals import Refusal
from app.domain.schedule.packs import Rules
from app.ui.texts.forecast import group_title
from app.ui.texts.sentence import Sentence
from app.workflows.forecast import ConditionEffect

_NOT_RECORDED = "还没有记录，原来的记录没有动。"


def days_words(since: date | None, until: date | None) -> str:
    """Return from when to when: 2026-01-02 起, 2026-01-02 至 2026-05-01, 至 2026-05-01, or nothing."""
    if since and until:
        return f"{since} 至 {until}"
    if until:
        return f"至 {until}"
    return f"{since} 起" if since else ""


def conditions_words(effects: Sequence[ConditionEffect]) -> str:
    """Return what holds today, in a line: 特殊情况：早产、妊娠; empty where nothing does."""
    titles = "、".join(effect.condition.title for effect in effects)
    count = f" {len(effects)} 项" if len(effects) > 1 else ""
    return f"特殊情况{count}：{titles}" if titles else ""


def effects_words(effects: Sequence[ConditionEffect], of: Rules) -> str:
    """Return what conditions do to the forecast; the doctor decides either way."""
    if len(effects) == 1:
        return f"{_effect(effects[0], of)}。"
    return "；".join(f"{one.condition.title}：{_effect(one, of)}" for one in effects) + (
        "。" if effects else ""
    )


def _effect(effect: ConditionEffect, of: Rules) -> str:
    if not effect.groups:
        return "免疫程序的推算没有因它改变"
    names = "、".join(group_title(of, group) for group in effect.groups)
    return f"{names}的推算因它不同" + ("（规则未核实）" if effect.unverified else "")


def statement_words(one: Condition) -> str:
    """Return one statement as it stands in the list."""
    if one.status is ConditionStatus.ENTERED_IN_ERROR:
        what = f"撤销“{one.title}”"
    else:
        what = f"{one.title} {days_words(one.since, one.until)}".rstrip()
    more = "，".join(filter(None, (one.note, f"原因：{one.reason}" if one.reason else "")))
    return "，".join(filter(None, (what, more, f"{one.recorded_by} {one.recorded_at[:10]} 记")))


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    rules.ConditionUnknown: lambda r: Sentence(
        "还没有选是什么情况。" if not r.code else f"现用的免疫程序里没有“{r.code}”这种情况。",
        _NOT_RECORDED,
        "请从列表里选；列表里没有的，写进预检的备注。",
    ),
    rules.ConditionDatesWrong: lambda r: Sentence(
        f"日期不对：{days_words(r.since, r.until)}。",
        _NOT_RECORDED,
        f"开始不能早于出生（{r.birth_on}）、晚于今天（{r.today}）或晚于结束。",
    ),
    rules.ConditionStated: lambda r: Sentence(
        f"“{r.title}”已经记过了{_since(r.since, r.until)}。",
        _NOT_RECORDED,
        "请选中那一条更正，或改日期。",
    ),
    rules.ConditionSuperseded: lambda r: Sentence(
        f"“{r.title}”这一条刚被别处更正或撤销了。", _NOT_RECORDED, "请重新打开看现在的记录。"
    ),
    rules.ConditionReasonMissing: lambda r: Sentence(
        f"更正或撤销“{r.title}”要写原因。", _NOT_RECORDED, "请写原因，再按一次。"
    ),
}


def _since(since: date | None, until: date | None) -> str:
    days = days_words(since, until)
    return f"（{days}）" if days else ""
