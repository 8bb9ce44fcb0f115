"""The mark of one person on the wall board: another shape for every state, readable from across the hall."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_centred, smooth
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.tokens import DARK

WALL_INKS = {
    RingState.RUNNING: DARK.running,
    RingState.DUE: DARK.warning,
    RingState.OVERDUE: DARK.danger,
    RingState.ALARM: DARK.danger,
    RingState.EARLY: DARK.muted,
}
"""On the wall only what is still running is green: whoever is due is called upon to act."""


def draw_wall_mark(painter: QPainter, rect: QRectF, face: RingFace, text_size: int = 54) -> None:
    """Draw a ring (running), a disc (due), a diamond (overdue) or an octagon (find the doctor)."""
    ink, centre = QColor(WALL_INKS[face.state]), rect.center()
    if face.state is RingState.RUNNING:
        _draw_running(painter, rect, face, text_size)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if face.state is RingState.DUE:
        painter.drawEllipse(rect)
        draw_icon(painter, centre, "check", DARK.page, round(rect.width() * 0.55))
    elif face.state is RingState.OVERDUE:
        painter.drawPolygon(_corners(centre, rect.width() / 2, 4, 0.0))
        draw_centred(painter, centre, face.number, DARK.page, round(text_size * 0.8), True)
    elif face.state is RingState.ALARM:
        painter.drawPolygon(_corners(centre, rect.width() / 2, 8, math.pi / 8))
        draw_icon(painter, centre, "doctor", DARK.page, round(rect.width() * 0.62))
    else:
        pen = QPen(QColor(DARK.border), 4)
        pen.setDashPattern([5, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(rect.adjusted(3, 3, -3, -3))
        draw_centred(painter, centre, face.number, DARK.muted, text_size, True)


def _draw_running(painter: QPainter, rect: QRectF, face: RingFace, text_size: int) -> None:
    width = rect.width() * 0.11
    inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(DARK.track), width))
    painter.drawEllipse(inner)
    painter.setPen(QPen(QColor(DARK.running), width, c=Qt.PenCapStyle.RoundCap))
    painter.drawArc(inner, 90 * 16, round(max(0.0, min(1.0, face.share)) * 360 * 16))
    draw_centred(painter, rect.center(), face.number, DARK.ink, text_size, True)


def _corners(centre: QPointF, radius: float, count: int, turn: float) -> QPolygonF:
    angles = (turn + 2 * math.pi * corner / count for corner in range(count))
    return QPolygonF([centre + QPointF(math.cos(angle), math.sin(angle)) * radius for angle in angles])


class WallMark(QWidget):
    """The mark as a widget of its own."""

    def __init__(self, diameter: int = 110, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diameter, self._face = diameter, RingFace()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_face(self, face: RingFace) -> None:
        """Change what is shown."""
        if face != self._face:
            self._face = face
            self.setAccessibleName(face.number)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the square it fills."""
        return QSize(self._diameter, self._diameter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark."""
        painter = smooth(QPainter(self))
        draw_wall_mark(painter, QRectF(self.rect()), self._face)
        painter.end()
