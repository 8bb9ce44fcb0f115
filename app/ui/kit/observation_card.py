"""One person under observation: the ring, the ticket, the masked name and what is to be done."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.painting import draw_box, draw_focus, smooth
from app.ui.kit.ring import RingFace, RingState, draw_ring, ring_ink
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, FACT_TEXT, LIGHT, RADIUS

STATE_ICONS = {
    RingState.RUNNING: "running",
    RingState.DUE: "done",
    RingState.OVERDUE: "warning",
    RingState.ALARM: "alarm",
    RingState.EARLY: "left-early",
}
"""The shape that goes with each state, beside its words and its colour."""


@dataclass(frozen=True)
class Observed:
    """What a card shows: ``note`` is the dose (流感 第 1 剂), ``person`` the masked name and the time."""

    ticket: str
    note: str
    person: str
    words: str
    face: RingFace


class ObservationCard(QPushButton):
    """A card that can be selected; a click (or Space) selects it, ``clicked`` says so."""

    def __init__(self, observed: Observed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._observed = observed
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._tell()

    @property
    def observed(self) -> Observed:
        """Return what is shown."""
        return self._observed

    def show_observed(self, observed: Observed) -> None:
        """Change the card; it repaints only if something changed."""
        if observed != self._observed:
            self._observed = observed
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        """Return a modest size: the grid stretches its places."""
        return QSize(240, 132)

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which all four lines stand."""
        return QSize(240, 124)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        painter = smooth(QPainter(self))
        rect, seen = QRectF(self.rect()), self._observed
        fill, border, width, dashed = _ground(seen.face.state)
        if self.isChecked():
            border, width, dashed = LIGHT.primary, 3, False
        draw_box(painter, rect, fill, border, width, RADIUS, dashed)
        side = min(96.0, rect.height() - 24, rect.width() * 0.33)
        draw_ring(painter, QRectF(16, rect.center().y() - side / 2, side, side), seen.face)
        left = 16 + side + (14 if rect.width() >= 270 else 10)
        step = min(30.0, (rect.height() - 20) / 4)
        y = rect.center().y() - step * 1.5
        ink = ring_ink(seen.face.state, LIGHT)
        cut = False
        for words, size, colour, bold in (
            (seen.ticket, FACT_TEXT, LIGHT.ink, True),
            (seen.note, CAPTION_TEXT, LIGHT.muted, False),
            (seen.person, BODY_TEXT, LIGHT.ink, False),
            (seen.words, BODY_TEXT, ink, True),
        ):
            line = Strip(painter, QRectF(left, y - 15, rect.width() - left - 8, 30), 6)
            if words is seen.words:
                line.icon(STATE_ICONS[seen.face.state], ink, 18)
            line.text(words, colour, size, bold, least=CAPTION_TEXT)
            cut, y = cut or line.cut, y + step
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS)
        painter.end()
        self.setToolTip(self.accessibleName() if cut else "")

    def _tell(self) -> None:
        seen = self._observed
        self.setAccessibleName(f"{seen.ticket} {seen.person} {seen.words}")
        self.setAccessibleDescription(f"{seen.note} {seen.face.number} {seen.face.unit}".strip())


def _ground(state: RingState) -> tuple[str, str, float, bool]:
    if state is RingState.ALARM:
        return LIGHT.danger_tint, LIGHT.danger, 3, False
    if state is RingState.OVERDUE:
        return LIGHT.warning_tint, LIGHT.warning, 2, False
    if state is RingState.DUE:
        return LIGHT.surface, LIGHT.success, 2, False
    if state is RingState.EARLY:
        return LIGHT.disabled, LIGHT.border, 2, True
    return LIGHT.surface, LIGHT.line, 1, False
