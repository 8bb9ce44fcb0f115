"""A pad to sign on with a finger, a pen or the mouse: keeps strokes in its own units, draws them as ink."""

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.signature import MOST_POINTS, PAD_HEIGHT, PAD_WIDTH, Point, Stroke
from app.ui.kit.painting import draw_box, draw_text, smooth
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, RADIUS

_INK = 3.0
_BASE = 0.78
"""Where the line to sign on runs, as a share of the height."""


def draw_ink(painter: QPainter, rect: QRectF, strokes: Sequence[Sequence[Point]], weight: float) -> None:
    """Draw strokes as they were drawn on a pad that fills ``rect``."""
    wide, high = rect.width() / PAD_WIDTH, rect.height() / PAD_HEIGHT
    pen = QPen(QColor(LIGHT.ink), weight)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in strokes:
        places = [QPointF(rect.left() + x * wide, rect.top() + y * high) for x, y, _ in stroke]
        path = QPainterPath(places[0])
        for place in places[1:] or places:
            path.lineTo(place)
        painter.drawPath(path)


class SignaturePad(QWidget):
    """Three times as wide as high; what is drawn outside lies on its edge, and ink has an end."""

    changed = Signal()
    """There is more or less ink."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: list[list[Point]] = []
        self._drawing = False
        self._began = 0.0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def strokes(self) -> tuple[Stroke, ...]:
        """Return what was drawn, in the pad's units."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def clear(self) -> None:
        """Take the ink away."""
        self._strokes.clear()
        self._drawing = False
        self.update()
        self.changed.emit()

    def sizeHint(self) -> QSize:
        """Return a size that a name fits in."""
        return QSize(900, 300)

    def hasHeightForWidth(self) -> bool:
        """Say that the shape is fixed."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return a third of the width."""
        return width * PAD_HEIGHT // PAD_WIDTH

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        self._drawing = False

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Take a pen as the mouse is taken; its pressure is not kept."""
        if event.type() == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif event.type() == QEvent.Type.TabletMove:
            self._go_on(event.position())
        else:
            self._drawing = False
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pad, the line to sign on and the ink."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.surface, LIGHT.border, 2, RADIUS)
        base = rect.height() * _BASE
        painter.fillRect(QRectF(32, base, rect.width() - 64, 1.5), LIGHT.border)
        if not self._strokes:
            draw_text(painter, 36, base + 22, self.tr("请在这条线上签名"), LIGHT.muted, CAPTION_TEXT)
        draw_ink(painter, rect, self._strokes, _INK)
        painter.end()

    def _begin(self, at: QPointF) -> None:
        if self._is_full():
            return
        if not self._strokes:
            self._began = monotonic()
        self._drawing = True
        self._strokes.append([])
        self._go_on(at)

    def _go_on(self, at: QPointF) -> None:
        if not self._drawing or self._is_full():
            return
        x = min(max(round(at.x() / max(self.width(), 1) * PAD_WIDTH), 0), PAD_WIDTH)
        y = min(max(round(at.y() / max(self.height(), 1) * PAD_HEIGHT), 0), PAD_HEIGHT)
        self._strokes[-1].append((x, y, round((monotonic() - self._began) * 1000)))
        self.update()
        self.changed.emit()

    def _is_full(self) -> bool:
        return sum(map(len, self._strokes)) >= MOST_POINTS
