"""The one sentence of the banner: what the nurse does now, and the key for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.domain.catalogue import Route
from app.domain.checklist import Item, next_to_confirm
from app.domain.people import is_minor
from app.ui.kit.tokens import Tone
from app.ui.vaccination.checklist_words import KEYS
from app.workflows.needle import NeedleView


@dataclass(frozen=True)
class Step:
    """What a banner shows."""

    icon: str
    sentence: str
    key: str = ""
    hint: str = ""
    tone: Tone = Tone.INFO


SCAN_VIAL = Step("scan", "请扫药瓶上的追溯码")


def next_step(view: NeedleView, day: date) -> Step:
    """Return the step at the needle: the vial is asked for once the booklet has been seen."""
    item = next_to_confirm(view.facts)
    if item is None:
        return _inject(view)
    if item is not Item.BOOKLET and view.vial is None:
        return SCAN_VIAL
    icon, words = _WORDS[item]
    return Step(icon, words(view, is_minor(view.patient.birth_on, day)), KEYS[item], "按")


def queue_step(waiting: int) -> Step:
    """Return the step while nobody is at the needle."""
    if waiting:
        return Step("scan", "请扫号票，或叫下一位", "Enter", "叫号")
    return Step("scan", "请扫号票")


def slip_step(ticket_number: str, name: str, until: str, waiting: int) -> Step:
    """Return the step after a dose: the observation slip goes to the person."""
    key, hint = ("Enter", "叫下一位") if waiting else ("", "")
    return Step("ticket", f"请把留观票交给 {ticket_number} {name}，坐到 {until}", key, hint, Tone.SUCCESS)


def _inject(view: NeedleView) -> Step:
    oral = view.planned is not None and view.planned.route is Route.ORAL
    sentence = "四项已确认，请喂服" if oral else "四项已确认，请注射"
    return Step("syringe", sentence, "Enter", "服完按" if oral else "打完按", Tone.SUCCESS)


_WORDS: dict[Item, tuple[str, Callable[[NeedleView, bool], str]]] = {
    Item.BOOKLET: (
        "booklet",
        lambda view, minor: "请看预防接种证" if view.patient.booklet else "无接种证，请核对电子档案",
    ),
    Item.APPEARANCE: ("look", lambda view, minor: "请看药瓶和注射器"),
    Item.NAME: ("say-name", lambda view, minor: "请家长说出孩子姓名" if minor else "请本人说出姓名"),
    Item.RECIPIENT: ("screen", lambda view, minor: "请家长看屏幕并认可" if minor else "请本人看屏幕并认可"),
}
