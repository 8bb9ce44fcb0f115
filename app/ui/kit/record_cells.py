"""One cell for every record of the day: receipted, refused, waiting for its receipt, or not sent."""

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.tokens import LIGHT

_SIZES = (26, 20, 14, 10, 6)


class CellState(StrEnum):
    """What became of one record."""

    RECEIPTED = "receipted"
    REFUSED = "refused"
    DELIVERED = "delivered"
    UNSENT = "unsent"


class RecordCells(QWidget):
    """Cells grow smaller as the day grows longer, so that all of them are in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[CellState, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_cells(self, cells: Sequence[CellState], words: str) -> None:
        """Show the records in their order; ``words`` say the same for readers of the screen."""
        self._cells = tuple(cells)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return one line of large cells."""
        return QSize(480, 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells."""
        painter = smooth(QPainter(self))
        size = self._cell_size()
        step = size * 1.18
        per_line = max(1, int((self.width() + step - size) / step))
        for place, state in enumerate(self._cells):
            line, column = divmod(place, per_line)
            _draw_cell(painter, QRectF(column * step, line * step + 2, size, size), state)
        painter.end()

    def _cell_size(self) -> int:
        for size in _SIZES:
            step = size * 1.18
            lines = -(-len(self._cells) // max(1, int((self.width() + step - size) / step)))
            if lines * step <= self.height() + step - size:
                return size
        return _SIZES[-1]


def _draw_cell(painter: QPainter, rect: QRectF, state: CellState) -> None:
    size, radius = rect.width(), max(1.5, rect.width() * 0.18)
    if state is CellState.RECEIPTED:
        draw_box(painter, rect, LIGHT.success, None, 0, radius)
    elif state is CellState.REFUSED:
        draw_box(painter, rect, LIGHT.danger, None, 0, radius)
    elif state is CellState.DELIVERED:
        draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, max(1.0, size / 13), radius)
    else:
        draw_box(painter, rect, LIGHT.surface, LIGHT.border, max(1.0, size / 17), radius, dashed=size >= 14)
    if size < 10:
        return
    if state is CellState.DELIVERED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.primary))
        painter.drawEllipse(rect.center(), size * 0.16, size * 0.16)
    elif state is not CellState.UNSENT:
        mark = "check" if state is CellState.RECEIPTED else "cross"
        draw_icon(painter, QPointF(rect.center()), mark, LIGHT.on_primary, round(size * 0.7))
