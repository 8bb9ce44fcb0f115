"""The people ready for the needle, one line each; the marked one is called by Enter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.kit.fonts import text_width
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_fitted, draw_text, fit_sentence, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, FACT_TEXT, INNER_RADIUS, LIGHT, SECTION_TEXT

Index = QModelIndex | QPersistentModelIndex

HEIGHT = 68
_COLUMNS = (0.0, 0.13, 0.45)
"""Where ticket, person and vaccine begin, in parts of the width."""


@dataclass(frozen=True)
class QueueLine:
    """One person as the list shows them."""

    encounter_id: str
    ticket_number: str
    name: str
    person: str
    vaccine: str
    note: str
    waited: str


class _Model(QAbstractListModel):
    """Holds the lines of the queue."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[QueueLine, ...] = ()

    def show_lines(self, lines: Sequence[QueueLine]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        line = self.lines[index.row()]
        return f"{line.ticket_number} {line.name} {line.person} {line.vaccine} {line.waited}"


class _Lines(QStyledItemDelegate):
    """Draws the lines of the queue."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(400, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, _Model):
            return
        line, marked = model.lines[index.row()], bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        smooth(painter)
        rect = QRectF(option.rect).adjusted(0, 2, 0, -2)
        if marked:
            draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, 2, INNER_RADIUS)
        else:
            draw_box(painter, QRectF(rect.left(), rect.bottom() + 1, rect.width(), 1), LIGHT.line, None, 0, 0)
        _draw_line(painter, rect.adjusted(16, 0, -14, 0), line, marked=marked)
        painter.restore()


def _draw_line(painter: QPainter, room: QRectF, line: QueueLine, *, marked: bool) -> None:
    right = Strip(painter, room, 12)
    if marked:
        right.key_right("Enter", 40, KeyState.CURRENT)
    else:
        right.right -= text_width("Enter", SECTION_TEXT, True) + 32
    right.text_right(line.waited, LIGHT.muted, BODY_TEXT)
    starts = [room.left() + room.width() * share for share in _COLUMNS] + [right.right]
    ink = LIGHT.primary if marked else LIGHT.ink
    draw_text(painter, starts[0], room.center().y(), line.ticket_number, ink, FACT_TEXT, True)
    for place, (first, second) in enumerate(((line.name, line.person), (line.vaccine, line.note)), start=1):
        width = starts[place + 1] - starts[place] - 16
        _draw_cell(painter, QRectF(starts[place], room.top(), width, room.height()), first, second)


def _draw_cell(painter: QPainter, cell: QRectF, first: str, second: str) -> None:
    upper = QRectF(cell.left(), cell.top() + 3, cell.width(), cell.height() * 0.6)
    name = fit_sentence(first, upper.width(), upper.height(), (SECTION_TEXT, BODY_TEXT, CAPTION_TEXT), True)
    draw_fitted(painter, upper, name, LIGHT.ink, True)
    lower = QRectF(cell.left(), upper.bottom(), cell.width(), cell.height() * 0.32)
    Strip(painter, lower).text(second, LIGHT.muted, CAPTION_TEXT)


class QueueList(QListView):
    """Keeps the keyboard with the scan box: the page hands on the arrow keys."""

    chosen = Signal(str)
    """A line was clicked twice: the encounter id to call."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._wanted = _Model(self), ""
        self.setModel(self._lines)
        self.setItemDelegate(_Lines(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("等候接种的人"))
        self.doubleClicked.connect(
            lambda index: self.chosen.emit(self._lines.lines[index.row()].encounter_id)
        )

    @property
    def lines(self) -> tuple[QueueLine, ...]:
        """Return what is shown."""
        return self._lines.lines

    @property
    def marked_id(self) -> str:
        """Return whom Enter calls; empty when nobody waits."""
        row = self.currentIndex().row()
        return self._lines.lines[row].encounter_id if 0 <= row < len(self._lines.lines) else ""

    def show_lines(self, lines: Sequence[QueueLine]) -> None:
        """Show the queue; the mark stays with its person, else it goes to the first."""
        marked = self._wanted or self.marked_id
        if tuple(lines) != self._lines.lines:
            self._lines.show_lines(lines)
        ids = [line.encounter_id for line in lines]
        self._mark(ids.index(marked) if marked in ids else 0)
        self._wanted = ""

    def mark(self, encounter_id: str) -> None:
        """Mark a person when the queue is shown next."""
        self._wanted = encounter_id

    def step(self, by: int) -> None:
        """Move the mark."""
        row = self.currentIndex().row() + by
        self._mark(max(0, min(len(self._lines.lines) - 1, row)))

    def _mark(self, row: int) -> None:
        self.setCurrentIndex(self._lines.index(row, 0))
