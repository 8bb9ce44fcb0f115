"""The checklist as lines: what each of the eleven items says, how it was checked, by whom and when."""

from collections.abc import Callable, Mapping
from datetime import date

from app.domain.catalogue import Product
from app.domain.checklist import (
    ONE_VERIFICATION,
    PERSON_ITEMS,
    SEVEN_MATCHES,
    THREE_CHECKS,
    CheckResult,
    How,
    Item,
    ItemState,
    next_to_confirm,
)
from app.domain.people import age_on, is_minor
from app.ui.kit.checklist_panel import CheckGroup
from app.ui.kit.checklist_row import CheckItem, CheckState
from app.ui.texts.needle import ITEMS
from app.ui.texts.words import BODY_SITES, ROUTES, age_words, local_time, months_words
from app.workflows.needle import NeedleView

KEYS = {item: str(number) for number, item in enumerate(PERSON_ITEMS, start=1)}
"""The four keys, in the official order."""

SHORT_NAME = 8
"""A longer name needs the whole line: it is read against what the person says."""

NameOf = Callable[[str], str]
"""Turns a staff id into a name."""


def check_groups(
    view: NeedleView, day: date, name_of: NameOf, pointed: frozenset[Item] = frozenset()
) -> list[list[CheckGroup]]:
    """Return the three groups in their two columns; ``pointed`` are open items to look at now."""
    return _columns({result.item: _line(view, result, day, name_of, pointed) for result in view.results})


def blank_groups() -> list[list[CheckGroup]]:
    """Return the same lines while nobody is at the needle: in their places, saying nothing of anybody."""
    return _columns(
        {
            item: CheckItem(
                item, ITEMS[item], note=ITEMS[item] if item in _TWO_ROWS else "", key=KEYS.get(item, "")
            )
            for item in Item
        }
    )


_TWO_ROWS = (*THREE_CHECKS, *ONE_VERIFICATION)


def _columns(lines: Mapping[Item, CheckItem]) -> list[list[CheckGroup]]:
    def group(title: str, items: tuple[Item, ...]) -> CheckGroup:
        return CheckGroup(title, tuple(lines[item] for item in items))

    return [
        [group("三查", THREE_CHECKS), group("一验证", ONE_VERIFICATION)],
        [group("七对", SEVEN_MATCHES)],
    ]


def _line(
    view: NeedleView, result: CheckResult, day: date, name_of: NameOf, pointed: frozenset[Item]
) -> CheckItem:
    item, key = result.item, KEYS.get(result.item, "")
    state = _state(view, result, pointed)
    done = f"{name_of(result.by)} {local_time(result.at)}" if result.at else ""
    two_rows = item in _TWO_ROWS
    label = _label(view, item, day)
    return CheckItem(
        item_id=str(item),
        label=label,
        value="" if two_rows else _value(view, item, day),
        note=_note(view, result, done) if two_rows else "",
        how="" if two_rows else _how(view, result),
        how_icon=_ICONS.get(result.how, "") if result.how and not two_rows else "",
        key=key,
        state=state,
        details=f"{label}：{_HOW_WORDS[result.how]}，{done}" if result.how and done else "",
    )


def _state(view: NeedleView, result: CheckResult, pointed: frozenset[Item]) -> CheckState:
    if result.state is ItemState.FAILED:
        return CheckState.FAILED
    if result.state is ItemState.PASSED:
        return CheckState.DONE if result.item in PERSON_ITEMS else CheckState.MACHINE
    current = result.item is next_to_confirm(view.facts) and _can_be_seen(view, result.item)
    return CheckState.CURRENT if current or result.item in pointed else CheckState.WAITING


def _can_be_seen(view: NeedleView, item: Item) -> bool:
    """Return whether what the item speaks of is there: before the vial only booklet and name are."""
    return view.vial is not None or item in (Item.BOOKLET, Item.NAME)


def _label(view: NeedleView, item: Item, day: date) -> str:
    if item is Item.RECIPIENT:
        return ("家长" if is_minor(view.patient.birth_on, day) else "本人") + ITEMS[item]
    if item is Item.BOOKLET and not view.patient.booklet:
        return "预防接种证（无证）"
    return {Item.BODY_SITE: "部位", Item.ROUTE: "途径"}.get(item, ITEMS[item])


def _value(view: NeedleView, item: Item, day: date) -> str:
    if item is Item.NAME:
        return view.patient.name
    if item is Item.AGE:
        return age_words(age_on(view.patient.birth_on, day))
    if item is Item.BODY_SITE:
        return BODY_SITES[view.body_site] if view.body_site else ""
    return _PRODUCT_VALUES[item](view.planned) if view.planned else ""


_PRODUCT_VALUES: dict[Item, Callable[[Product], str]] = {
    Item.VACCINE: lambda product: product.vaccine_name,
    Item.SPECIFICATION: lambda product: product.specification,
    Item.QUANTITY: lambda product: f"{product.dose_quantity_ml} mL",
    Item.ROUTE: lambda product: ROUTES[product.route],
}


def last_confirmed(view: NeedleView) -> Item | None:
    """Return the confirmation that can be taken back: the newest one."""
    confirmed = [item for item in PERSON_ITEMS if item in view.facts.confirmations]
    return confirmed[-1] if confirmed else None


def _note(view: NeedleView, result: CheckResult, done: str) -> str:
    """Say in the second row of a line what was seen, by whom and when, or what is to be done."""
    if result.state is ItemState.FAILED:
        return "预检或知情同意不符" if result.item is Item.HEALTH else "这一瓶不能用"
    if result.item is last_confirmed(view):
        return f"{done}·退格键撤回"
    if result.state is ItemState.PASSED:
        return f"{_seen(view, result.item)}·{done}"
    return _to_do(view, result.item)


def _seen(view: NeedleView, item: Item) -> str:
    if item is Item.HEALTH:
        return "预检 11/11·建议接种"
    if item is Item.BOOKLET:
        return "已见原件" if view.patient.booklet else "已核对电子档案"
    if item is Item.RECIPIENT:
        return "已看屏幕并认可"
    by_hand = view.vial is not None and view.vial.reason
    return "手工录入·已看" if by_hand else "扫码相符·已看"


def _to_do(view: NeedleView, item: Item) -> str:
    if item is Item.HEALTH:
        return "等待预检"
    if item is Item.BOOKLET:
        return "看原件，与档案一致后按 1" if view.patient.booklet else "核对电子档案后按 1"
    if view.vial is None:
        return "先扫药瓶，再看瓶和注射器" if item is Item.APPEARANCE else "先扫药瓶，再请对方看屏幕"
    return "看瓶、看注射器后按 2" if item is Item.APPEARANCE else "看屏幕，认可后按 4"


def _how(view: NeedleView, result: CheckResult) -> str:
    """Say at the right of a line how it was checked, or what it waits for."""
    if result.state is ItemState.FAILED:
        return "不符"
    if result.state is ItemState.WAITING:
        if result.item is Item.NAME:
            return "说出后按" if len(view.patient.name) <= SHORT_NAME else ""
        return "等待扫药瓶"
    if result.item is last_confirmed(view):
        return "退格键撤回"
    if result.item is Item.NAME:
        return f"已说出 {local_time(result.at)}" if result.at else "已说出"
    if result.item is Item.AGE:
        return _age_how(view.planned)
    if result.item is Item.BODY_SITE:
        if view.same_limb:
            return "同侧，隔开打"
        usual = view.planned is not None and view.body_site is view.planned.body_site
        return "方案默认" if usual else "几针分开" if len(view.doses) > 1 else "已改部位"
    return {How.SCAN: "扫码 = 应种", How.HAND_ENTRY: "手工录入 = 应种"}.get(
        result.how or How.SCAN, "产品默认"
    )


def _age_how(planned: Product | None) -> str:
    if planned is None or not planned.min_age_months:
        return "年龄相符"
    return f"满 {months_words(planned.min_age_months)}可种"


_ICONS = {
    How.SCAN: "barcode",
    How.HAND_ENTRY: "keyboard",
    How.PRODUCT: "box",
    How.RECORD: "clock",
}

_HOW_WORDS = {
    How.SCREENING: "预检结论",
    How.RECORD: "按档案核对",
    How.SCAN: "扫码核对",
    How.HAND_ENTRY: "按手工录入核对",
    How.PRODUCT: "按产品核对",
    How.PERSON: "接种人员确认",
    How.RECIPIENT: "受种者或监护人认可",
}
