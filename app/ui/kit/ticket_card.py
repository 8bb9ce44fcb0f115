"""The dashed picture of the queue ticket: its number, and whether it has been printed."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.chip import TONE_ICONS
from app.ui.kit.fonts import text_width
from app.ui.kit.painting import draw_box, draw_text, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, CAPTION_TEXT, LIGHT, RADIUS, Tone


class TicketCard(QWidget):
    """Caption and number at the left, two lines of state at the right."""

    def __init__(self, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._number = caption or self.tr("号票"), ""
        self._state, self._tone, self._note = "", Tone.SUCCESS, ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_ticket(self, number: str, state: str = "", note: str = "", tone: Tone = Tone.SUCCESS) -> None:
        """Show the number, the state (``09:24 已打印``) and a note (``预检前面 4 人``)."""
        self._number, self._state, self._note, self._tone = number, state, note, tone
        self.setAccessibleName(f"{self._caption} {number} {state} {note}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of number and state."""
        states = max(text_width(self._state, BODY_TEXT, True) + 26, text_width(self._note, CAPTION_TEXT))
        return QSize(round(text_width(self._number, BANNER_TEXT, True) + states + 72), 96)

    def minimumSizeHint(self) -> QSize:
        """Return room for the number and a few characters."""
        return QSize(round(text_width(self._number, BANNER_TEXT, True)) + 120, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ticket."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.surface, LIGHT.border, 2, RADIUS, dashed=True)
        draw_text(painter, 18, 21, self._caption, LIGHT.muted, CAPTION_TEXT, True)
        draw_text(painter, 18, 62, self._number, LIGHT.ink, BANNER_TEXT, True)
        left = 18 + text_width(self._number, BANNER_TEXT, True) + 16
        draw_box(painter, QRectF(left, 8, 1, rect.height() - 16), LIGHT.border, None, 0, 0)
        right = rect.right() - 14
        ink = LIGHT.tone(self._tone).ink
        upper = Strip(painter, QRectF(left + 17, 22, right - left - 17, 28))
        if self._state:
            upper.icon(TONE_ICONS[self._tone], ink, 18)
            upper.text(self._state, ink, BODY_TEXT, True)
        lower = Strip(painter, QRectF(left + 17, 52, right - left - 17, 24))
        lower.text(self._note, LIGHT.ink, CAPTION_TEXT)
        painter.end()
        self.setToolTip(self.accessibleName() if upper.cut or lower.cut else "")
