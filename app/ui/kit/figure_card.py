"""One figure of a report or of the exchange: a large number, what it counts, and a line of note."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.spans import Span, draw_spans
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BANNER_TEXT, CAPTION_TEXT, LIGHT, RADIUS, SECTION_TEXT, Tone


class FigureCard(QWidget):
    """``37 已存本机`` over ``加密保存，断电不丢``."""

    def __init__(self, icon: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._number, self._words, self._note = icon, "", "", ""
        self._ink = LIGHT.ink
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_figure(self, number: str, words: str, note: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Show a number, what it counts, and a note; ``PLAIN`` is drawn in ink, others in their colour."""
        self._number, self._words, self._note = number, words, note
        self._ink = {Tone.PLAIN: LIGHT.ink, Tone.INFO: LIGHT.primary}.get(tone, LIGHT.tone(tone).ink)
        self.setAccessibleName(f"{number} {words} {note}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(320, 104)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(180, 80)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        draw_box(painter, rect, LIGHT.surface, LIGHT.line, 1, RADIUS)
        middle = rect.center().y()
        draw_icon(painter, QPointF(40, middle), self._icon, self._ink, 34)
        spans = (
            Span(self._number, BANNER_TEXT, True, self._ink),
            Span(self._words, SECTION_TEXT, True, LIGHT.ink, gap=14),
        )
        high = 12 if self._note else 0
        cut = draw_spans(painter, QRectF(76, middle - high - 24, rect.width() - 88, 44), spans)
        note = Strip(painter, QRectF(76, middle + 18, rect.width() - 88, 24))
        note.text(self._note, LIGHT.muted, CAPTION_TEXT)
        painter.end()
        self.setToolTip(self.accessibleName() if cut or note.cut else "")
