"""The striped band that says, on every screen of practice mode, that nothing here is real."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_text, elided, smooth
from app.ui.kit.tokens import BODY_TEXT, LIGHT


class PracticeBanner(QWidget):
    """36 px over the whole width: amber and black stripes with a sentence on amber between them."""

    def __init__(self, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = sentence or self.tr("练习：都是假的人和药，不上传、不算数")
        self.setFixedHeight(36)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_sentence("")

    @property
    def sentence(self) -> str:
        """Return what it says."""
        return self._sentence

    def show_sentence(self, sentence: str) -> None:
        """Say something for a while; an empty sentence brings the usual one back."""
        self._sentence = sentence or self._usual
        self.setAccessibleName(self._sentence)
        self.setToolTip(self._sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stripes and the sentence."""
        painter = smooth(QPainter(self))
        painter.fillRect(self.rect(), QColor(LIGHT.practice))
        painter.setBrush(QColor(LIGHT.ink))
        painter.setPen(QColor(LIGHT.ink))
        height = self.height()
        for left in range(-height, self.width() + height, 48):
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(left, height),
                        QPointF(left + height, 0),
                        QPointF(left + height + 24, 0),
                        QPointF(left + 24, height),
                    ]
                )
            )
        words = elided(self._sentence, BODY_TEXT, True, self.width() - 120)
        width = text_width(words, BODY_TEXT, True) + 74
        plate = QRectF((self.width() - width) / 2, 0, width, height)
        painter.fillRect(plate, QColor(LIGHT.practice))
        draw_icon(painter, QPointF(plate.left() + 28, height / 2), "practice", LIGHT.ink, 24)
        draw_text(painter, plate.left() + 50, height / 2, words, LIGHT.ink, BODY_TEXT, True)
        painter.end()
