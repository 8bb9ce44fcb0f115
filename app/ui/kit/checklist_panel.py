"""The checklist of the needle: groups in the official order, each with how many of its lines are done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.ui.kit.card import Card
from app.ui.kit.checklist_row import CheckItem, CheckRow
from app.ui.kit.layouts import empty, row
from app.ui.kit.rule import Rule
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, GAP, LIGHT


@dataclass(frozen=True)
class CheckGroup:
    """A heading (三查) and its lines in their order."""

    title: str
    items: tuple[CheckItem, ...]

    @property
    def done(self) -> int:
        """Return how many lines are checked."""
        return sum(item.checked for item in self.items)


class ChecklistPanel(Card):
    """Columns of groups: ``show_groups([[三查, 一验证], [七对]])``."""

    confirmed = Signal(str)
    """The line with this id was clicked; its key is the page's affair."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._columns: tuple[tuple[CheckGroup, ...], ...] = ()
        self._rows: dict[str, CheckRow] = {}
        self._counts: dict[str, Text] = {}
        self._body = QHBoxLayout(self)
        self._body.setContentsMargins(GAP, GAP, GAP, GAP)
        self._body.setSpacing(GAP)

    def show_groups(self, columns: Sequence[Sequence[CheckGroup]]) -> None:
        """Show the groups; lines already there only change, so that nothing jumps."""
        wanted = tuple(tuple(groups) for groups in columns)
        if _shape(wanted) != _shape(self._columns):
            self._columns = wanted
            self._build()
        self._columns = wanted
        for group in (group for groups in wanted for group in groups):
            self._show_count(group)
            for item in group.items:
                if self._rows[item.item_id].item != item:
                    self._rows[item.item_id].show_item(item)

    def row(self, item_id: str) -> CheckRow:
        """Return a line by its id; an unknown id raises ``KeyError``."""
        return self._rows[item_id]

    def _build(self) -> None:
        empty(self._body)
        self._rows, self._counts = {}, {}
        for place, groups in enumerate(self._columns):
            if place:
                self._body.addWidget(Rule(upright=True))
            self._body.addLayout(self._column(groups), 1)

    def _column(self, groups: Sequence[CheckGroup]) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(2)
        for place, group in enumerate(groups):
            if place:
                layout.addWidget(Rule())
            count = self._counts[group.title] = Text("", CAPTION_TEXT, bold=True)
            layout.addLayout(
                row(Text(group.title, BODY_TEXT, bold=True), None, count, margins=(10, 0, 10, 0))
            )
            for item in group.items:
                line = self._rows[item.item_id] = CheckRow(item, self)
                line.clicked.connect(self._confirm)
                layout.addWidget(line, 3 if item.note else 2)
        return layout

    def _show_count(self, group: CheckGroup) -> None:
        total = len(group.items)
        colour = LIGHT.success if group.done == total else LIGHT.info if group.done else LIGHT.muted
        self._counts[group.title].show_text(f"{group.done} / {total}", colour)

    def _confirm(self) -> None:
        line = self.sender()
        if isinstance(line, CheckRow):
            self.confirmed.emit(line.item.item_id)


def _shape(columns: Sequence[Sequence[CheckGroup]]) -> list[list[tuple[str, list[str]]]]:
    return [[(group.title, [item.item_id for item in group.items]) for group in groups] for groups in columns]
