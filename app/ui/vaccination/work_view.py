"""The station while somebody is at the needle: who and what, the checklist, the vial and 已接种."""

from collections.abc import Mapping
from datetime import date, datetime

from PySide6.QtWidgets import QWidget

from app.domain.catalogue import Route
from app.domain.checklist import PERSON_ITEMS, Item, ItemState, next_to_confirm
from app.domain.vial import Vial
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.checklist_panel import ChecklistPanel
from app.ui.kit.icons import IconMark
from app.ui.kit.key_cap import KeyState
from app.ui.kit.layouts import column, row
from app.ui.kit.primary_key import Pip, PrimaryKey
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, LIGHT, PADDING
from app.ui.vaccination.checklist_words import KEYS, NameOf, blank_groups, check_groups
from app.ui.vaccination.keyed_card import KeyedCard
from app.ui.vaccination.needle_words import (
    open_vial_words,
    person_words,
    site_words,
    vaccine_words,
    vial_words,
)
from app.ui.vaccination.open_vial_card import OpenVialCard
from app.workflows.needle import NeedleView


class WorkView(QWidget):
    """The left: person, vaccine, checklist."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body_site = ActionButton(self.tr("部位"), "F12")
        self.person, self.vaccine = KeyedCard(), KeyedCard(self.body_site)
        self.checklist = ChecklistPanel()
        self.setLayout(column(row(self.person, self.vaccine), self.checklist))
        layout = self.layout()
        assert layout is not None, "set a line above"
        layout.setStretch(1, 1)  # type: ignore[attr-defined]

    def prepare(self) -> None:
        """Build the lines of the checklist before anybody has been called."""
        self.checklist.show_groups(blank_groups())

    def show_view(
        self, view: NeedleView, day: date, name_of: NameOf, pointed: frozenset[Item] = frozenset()
    ) -> None:
        """Show one visit; ``pointed`` are the open items to look at now."""
        self.person.show_words(person_words(view, day))
        self.vaccine.show_words(vaccine_words(view))
        self.checklist.show_groups(check_groups(view, day, name_of, pointed))


class WorkSide(QWidget):
    """The right: vial, open vial, the primary key, the two ways out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.vial, self.open_vial, self.single = KeyedCard(), OpenVialCard(), SingleDose()
        self.open_vial.hide()
        self.single.hide()
        self.primary = PrimaryKey(self.tr("已接种"))
        self.another = ActionButton(self.tr("换瓶"), "F10")
        self.doctor = ActionButton(self.tr("暂缓"), "F11")
        self.back = ActionButton(self.tr("等候"), "Esc")
        below = row(self.another, self.doctor, self.back)
        layout = column(self.vial, self.open_vial, self.single, self.primary, below)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    def show_view(self, view: NeedleView, now: datetime, day: date, waiting: Mapping[str, int]) -> None:
        """Show the vial and how far the confirmations are; ``waiting`` counts people by product."""
        self.vial.show_words(vial_words(view, day))
        self._show_doses(view.vial, now, waiting)
        missing = sum(result.state is not ItemState.PASSED for result in view.results)
        oral = view.planned is not None and view.planned.route is Route.ORAL
        if missing:
            open_items = [item for item in PERSON_ITEMS if item not in view.facts.confirmations]
            words = f"再确认 {len(open_items)} 项" if view.vial and open_items else "先扫药瓶"
            self.primary.show_missing(_pips(view), f"{words}，{'服完' if oral else '注射后'}按")
        else:
            self.primary.show_ready(f"{site_words(view)}·{'服完后按' if oral else '注射完成后按'}")

    def _show_doses(self, vial: Vial | None, now: datetime, waiting: Mapping[str, int]) -> None:
        several = vial is not None and vial.doses > 1
        self.open_vial.setVisible(several)
        self.single.setVisible(vial is not None and not several)
        if vial is None or not several:
            return
        others = waiting.get(vial.product.product_code, 0)
        self.open_vial.show_words("多剂瓶", open_vial_words(vial, now), vial, others)


class SingleDose(Card):
    """One line for a vial of a single dose: no clock runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        line = row(
            IconMark("vial", LIGHT.muted, 22),
            Text(self.tr("单剂"), BODY_TEXT, bold=True),
            None,
            Text(self.tr("一人一支，用完即弃"), colour=LIGHT.muted),
            margins=(PADDING, 10, PADDING, 10),
        )
        super().__init__(line, parent=parent)


def _pips(view: NeedleView) -> list[Pip]:
    current = next_to_confirm(view.facts)

    def state(item: Item) -> KeyState:
        if item in view.facts.confirmations:
            return KeyState.DONE
        return KeyState.OUTLINED if item is current else KeyState.MUTED

    return [Pip(KEYS[item], state(item)) for item in PERSON_ITEMS]
