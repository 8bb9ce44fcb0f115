"""The ring of time: how much of it is left, or that it is over, told by shape, words and colour."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import draw_centred, smooth
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, Tokens


class RingState(StrEnum):
    """Time is running, is over, has been over, someone is unwell, or the person left before."""

    RUNNING = "running"
    DUE = "due"
    OVERDUE = "overdue"
    ALARM = "alarm"
    EARLY = "early"


@dataclass(frozen=True)
class RingFace:
    """What a ring shows: the number and its unit, and for a running one the share of time left (0 to 1)."""

    state: RingState = RingState.RUNNING
    number: str = ""
    unit: str = ""
    share: float = 0.0


def ring_ink(state: RingState, tokens: Tokens) -> str:
    """Return the colour of a state's arc and words."""
    return {
        RingState.RUNNING: tokens.running,
        RingState.DUE: tokens.success,
        RingState.OVERDUE: tokens.warning,
        RingState.ALARM: tokens.danger,
        RingState.EARLY: tokens.muted,
    }[state]


def draw_ring(painter: QPainter, rect: QRectF, face: RingFace, tokens: Tokens = LIGHT) -> None:
    """Draw ``face`` into the square ``rect``. The arc empties clockwise: a full ring is all the time."""
    width = max(6.0, rect.width() * 0.09)
    inner = rect.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    ink = ring_ink(face.state, tokens)
    painter.setBrush(QColor(tokens.success_tint) if face.state is RingState.DUE else Qt.BrushStyle.NoBrush)
    if face.state is RingState.RUNNING:
        painter.setPen(QPen(QColor(tokens.track), width))
        painter.drawEllipse(inner)
        painter.setPen(QPen(QColor(ink), width, c=Qt.PenCapStyle.FlatCap))
        painter.drawArc(inner, 90 * 16, round(max(0.0, min(1.0, face.share)) * 360 * 16))
    elif face.state is RingState.EARLY:
        pen = QPen(QColor(tokens.border), 3)
        pen.setDashPattern([6, 3])
        painter.setPen(pen)
        painter.drawEllipse(inner)
    else:
        painter.setPen(QPen(QColor(ink), width))
        painter.drawEllipse(inner)
    _draw_number(painter, rect, face, tokens)


def _draw_number(painter: QPainter, rect: QRectF, face: RingFace, tokens: Tokens) -> None:
    calm = face.state in (RingState.RUNNING, RingState.EARLY)
    ink = tokens.ink if calm else ring_ink(face.state, tokens)
    centre = rect.center()
    if not face.unit:
        draw_centred(painter, centre, face.number, ink, FACT_TEXT, True)
        return
    draw_centred(painter, centre - QPointF(0, 10), face.number, ink, FACT_TEXT, True)
    draw_centred(painter, centre + QPointF(0, 16), face.unit, ink, CAPTION_TEXT, True)


class Ring(QWidget):
    """A ring on its own; it repaints only when what it shows changes."""

    def __init__(self, diameter: int = 96, tokens: Tokens = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diameter, self._tokens = diameter, tokens
        self._face = RingFace()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def face(self) -> RingFace:
        """Return what is shown."""
        return self._face

    def show_face(self, face: RingFace) -> None:
        """Change what is shown."""
        if face != self._face:
            self._face = face
            self.setAccessibleName(f"{face.number} {face.unit}".strip())
            self.update()

    def sizeHint(self) -> QSize:
        """Return the square it fills."""
        return QSize(self._diameter, self._diameter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = smooth(QPainter(self))
        draw_ring(painter, QRectF(self.rect()), self._face, self._tokens)
        painter.end()
