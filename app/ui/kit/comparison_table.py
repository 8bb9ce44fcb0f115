"""What was expected against what was found, row by row; the row that is wrong is large and tinted."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_fitted, draw_text, fit_sentence, smooth
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, RADIUS, SECTION_TEXT

_HEAD = 38
_COLUMNS = (0.0, 0.148, 0.413, 0.745)
"""Where label, expected, found and verdict begin, in parts of the width."""


@dataclass(frozen=True)
class Compared:
    """One row: its label, what should be, what is, and the verdict in words."""

    label: str
    expected: str
    found: str
    verdict: str
    ok: bool


class ComparisonTable(QWidget):
    """A table that is only read; cells shrink or take two lines, they are not cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._captions = ("", "", "")
        self._rows: tuple[Compared, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_rows(self, expected: str, found: str, rows: Sequence[Compared], verdict: str = "") -> None:
        """Show ``rows`` under the captions of the expected and the found column."""
        self._captions = (expected, found, verdict or self.tr("核对"))
        self._rows = tuple(rows)
        lines = (f"{row.label} {row.expected} {row.found} {row.verdict}" for row in rows)
        self.setAccessibleName("；".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable height."""
        return QSize(800, _HEAD + sum(52 if row.ok else 70 for row in self._rows) + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the least height at which the rows can be read."""
        return QSize(480, 30 + sum(32 if row.ok else 48 for row in self._rows) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the table."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.surface, LIGHT.line, 1, RADIUS)
        path = QPainterPath()
        path.addRoundedRect(rect.adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
        painter.setClipPath(path)
        scale = min(1.0, rect.height() / self.sizeHint().height()) if self._rows else 1.0
        y = _HEAD * scale
        self._draw_captions(painter, y / 2)
        for row in self._rows:
            height = (52 if row.ok else 70) * max(scale, rect.height() / self.sizeHint().height())
            self._draw_row(painter, QRectF(0, y, rect.width(), height), row)
            y += height
        painter.end()

    def _cell(self, rect: QRectF, column: int) -> QRectF:
        starts = [rect.width() * part + 17 for part in _COLUMNS]
        right = starts[column + 1] - 16 if column < 3 else rect.width() - 16
        return QRectF(starts[column], rect.top(), right - starts[column], rect.height())

    def _draw_captions(self, painter: QPainter, centre: float) -> None:
        for column, caption in enumerate(self._captions, start=1):
            cell = self._cell(QRectF(self.rect()), column)
            draw_text(painter, cell.left(), centre, caption, LIGHT.muted, CAPTION_TEXT, True)

    def _draw_row(self, painter: QPainter, rect: QRectF, row: Compared) -> None:
        if not row.ok:
            draw_box(painter, rect, LIGHT.danger_tint, None, 0, 0)
        draw_box(painter, QRectF(0, rect.top(), rect.width(), 1), LIGHT.line, None, 0, 0)
        danger = None if row.ok else LIGHT.danger
        self._draw_cell(
            painter, self._cell(rect, 0), row.label, danger or LIGHT.muted, SECTION_TEXT, not row.ok
        )
        self._draw_cell(painter, self._cell(rect, 1), row.expected, LIGHT.ink, SECTION_TEXT, False)
        size = SECTION_TEXT if row.ok else FACT_TEXT
        self._draw_cell(painter, self._cell(rect, 2), row.found, danger or LIGHT.ink, size, not row.ok)
        verdict = self._cell(rect, 3)
        ink, mark = danger or LIGHT.success, 20 if row.ok else 26
        centre = QPointF(verdict.left() + 13, rect.center().y())
        draw_icon(painter, centre, "done" if row.ok else "failed", ink, mark)
        self._draw_cell(painter, verdict.adjusted(38, 0, 0, 0), row.verdict, ink, SECTION_TEXT, True)

    def _draw_cell(
        self, painter: QPainter, rect: QRectF, words: str, colour: str, size: int, bold: bool
    ) -> None:
        sizes = tuple(step for step in (28, 22, 18, 15) if step <= size)
        draw_fitted(
            painter, rect, fit_sentence(words, rect.width(), rect.height(), sizes, bold), colour, bold
        )
