"""The opened multi-dose vial: time left, when to discard it, which doses are used, who is waiting."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.layouts import column, row
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.ring import Ring, RingFace
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, PADDING, Tone


class DoseBoxes(QWidget):
    """One box a dose; used ones are grey."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._total, self._used = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_doses(self, total: int, used: int) -> None:
        """Show ``total`` boxes, the first ``used`` of them grey."""
        self._total, self._used = total, used
        self.setAccessibleName(self.tr("共 {0} 剂，已用 {1} 剂").format(total, used))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of all boxes: above seven doses they grow narrower."""
        return QSize(round(self._total * self._step()), 30)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the boxes."""
        painter = smooth(QPainter(self))
        step = self._step()
        for place in range(self._total):
            box = QRectF(place * step, 1, step - step * 0.24, 28)
            if place < self._used:
                draw_box(painter, box, LIGHT.line, LIGHT.border, 1.5, 4)
            else:
                draw_box(painter, box, LIGHT.surface, LIGHT.primary, 2, 4)
        painter.end()

    def _step(self) -> float:
        return min(28.0, 168.0 / max(1, self._total))


class OpenVial(Card):
    """A card for the right column of the needle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._caption = Text("", CAPTION_TEXT, bold=True, colour=LIGHT.muted)
        self._chip = Chip()
        self._ring = Ring(88)
        self._opened = Text("")
        self._discard = Text("", bold=True)
        self._boxes = DoseBoxes()
        self._waiting = SpanLine().align_right()
        words = column(None, self._opened, self._discard, None, gap=2)
        body = column(
            row(self._caption, None, self._chip),
            row(self._ring, words, gap=14),
            row(self._boxes, self._waiting),
            gap=6,
            margins=(PADDING, 8, PADDING, 10),
        )
        self.setLayout(body)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def show_vial(self, caption: str, face: RingFace, opened: str, discard: str) -> None:
        """Show the ring and the two instants in words (``09:12 开启``, ``10:12 前用完或弃去``)."""
        self._caption.show_text(caption)
        self._ring.show_face(face)
        self._opened.show_text(opened)
        self._discard.show_text(discard)

    def show_doses(self, total: int, used: int, waiting: list[Span]) -> None:
        """Show the boxes and beside them the words (``剩 3 剂，候 5 人``)."""
        self._boxes.show_doses(total, used)
        self._waiting.show_spans(waiting)

    def show_chip(self, words: str, tone: Tone = Tone.SUCCESS, icon: str | None = None) -> None:
        """Change the chip; empty words take it away."""
        self._chip.show_state(words, tone, icon)
