"""Long lists: a view over pages that are fetched when they come into sight, so 100,000 rows open at once."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_text, elided
from app.ui.kit.tokens import BODY_TEXT, LIGHT, TARGET, Tone

_HEAD, _FRAME = 34, 2
"""Height of the names of the columns, and of the lines above and below all of it."""


class Marked(str):
    """The words of a cell that stand in a tone behind its shape, or struck through; else only words."""

    tone: Tone
    icon: str
    struck: bool

    def __new__(
        cls, words: str, tone: Tone = Tone.PLAIN, icon: str = "", *, struck: bool = False
    ) -> "Marked":
        """Return the words with their tone and the name of their icon."""
        marked = super().__new__(cls, words)
        marked.tone, marked.icon, marked.struck = tone, icon, struck
        return marked


Row = tuple[str, ...]


def struck_row(row: Row, why: str) -> Row:
    """Return a row of a record that was entered in error: struck through, its last cell says why."""
    *facts, _ = row
    return (*(Marked(fact, struck=True) for fact in facts), Marked(why, Tone.DANGER, "failed"))


Index = QModelIndex | QPersistentModelIndex

PAGE = 100
"""Rows fetched at a time."""

_WORD_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
)
_PAGES_KEPT = 8
_MARK = 26


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, and whether its words are bold or stand at the right."""

    title: str
    share: int = 1
    bold: bool = False
    right: bool = False


class PagedModel(QAbstractTableModel):
    """Rows of words; ``fetch(offset, limit)`` brings a page, the last few pages are kept."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._count = 0
        self._fetch: Callable[[int, int], Sequence[Row]] = _nothing
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def show_rows(self, count: int, fetch: Callable[[int, int], Sequence[Row]]) -> None:
        """Show ``count`` rows, fetched page by page."""
        self.beginResetModel()
        self._count, self._fetch = count, fetch
        self._pages.clear()
        self.endResetModel()

    def row_at(self, row: int) -> Row:
        """Return the words of a row; beyond the last fetched one they are empty."""
        page, place = divmod(row, PAGE)
        rows = self._pages.get(page)
        if rows is None:
            rows = self._pages[page] = self._fetch(page * PAGE, PAGE)
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else ("",) * len(self.columns)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell, for drawing, as its tool-tip and for readers of the screen."""
        if role in _WORD_ROLES and index.isValid():
            return self.row_at(index.row())[index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _Cells(QStyledItemDelegate):
    """Draws a cell straight from the page: asking for seven roles a cell costs more than drawing it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        model = index.model()
        if not isinstance(model, PagedModel):
            return
        column = model.columns[index.column()]
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(LIGHT.info_tint))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(LIGHT.line))
        said = model.row_at(index.row())[index.column()]
        ink, bold, room = LIGHT.ink, column.bold, rect.width() - 16
        if isinstance(said, Marked) and said.tone is not Tone.PLAIN:
            ink, bold, room = LIGHT.tone(said.tone).ink, True, room - _MARK
        words = elided(said, BODY_TEXT, bold, room)
        left = rect.left() + 8
        if column.right:
            left = rect.right() - 8 - text_width(words, BODY_TEXT, bold)
        elif isinstance(said, Marked) and said.tone is not Tone.PLAIN:
            draw_icon(painter, QPointF(left + 9, rect.center().y()), said.icon, ink, 18)
            left += _MARK
        if isinstance(said, Marked) and said.struck:
            ink, bold = LIGHT.muted, False
            line = QRectF(left, round(rect.center().y()), text_width(words, BODY_TEXT), 1.5)
            painter.fillRect(line, QColor(ink))
        draw_text(painter, left, rect.center().y(), words, ink, BODY_TEXT, bold)


class RecordTable(QTableView):
    """Whole rows are selected; Enter or a double click opens one."""

    opened = Signal(int)
    """The number of the row that was opened."""

    selected = Signal(int)
    """The number of the row that is now marked."""

    def __init__(self, name: str, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paged = PagedModel(columns, self)
        self.setModel(self.paged)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(TARGET)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFixedHeight(_HEAD)
        self.activated.connect(self._opened)
        self.selectionModel().currentRowChanged.connect(self._marked)

    def show_rows(self, count: int, fetch: Callable[[int, int], Sequence[Row]]) -> None:
        """Show ``count`` rows, fetched page by page with ``fetch(offset, limit)``."""
        self.paged.show_rows(count, fetch)

    def stand_high(self, rows: int) -> None:
        """Be as high as the head and so many rows, none of them cut."""
        self.setFixedHeight(_HEAD + _FRAME + rows * TARGET)

    def resizeEvent(self, event: Any) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        total = sum(column.share for column in self.paged.columns)
        for place, column in enumerate(self.paged.columns):
            self.setColumnWidth(place, self.viewport().width() * column.share // total)

    def _opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())

    def _marked(self, current: QModelIndex, before: QModelIndex) -> None:
        self.selected.emit(current.row())


def _nothing(offset: int, limit: int) -> Sequence[Row]:
    return ()
