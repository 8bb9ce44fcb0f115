"""The two shapes of a stop: the hatched band and the octagon."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import draw_centred, smooth
from app.ui.kit.tokens import LIGHT


class HatchedBand(QWidget):
    """A 16 px band of slanting danger stripes across the whole width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(16)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stripes."""
        painter = smooth(QPainter(self))
        height = self.height()
        painter.fillRect(self.rect(), QColor(LIGHT.danger))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.on_danger))
        for left in range(-height, self.width() + height, 34):
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(left, height),
                        QPointF(left + height, 0),
                        QPointF(left + height + 17, 0),
                        QPointF(left + 17, height),
                    ]
                )
            )
        painter.end()


class Octagon(QWidget):
    """The stop sign: an octagon with one word in it, white on danger."""

    def __init__(self, word: str, diameter: int = 104, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word, self._diameter = word, diameter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)

    def sizeHint(self) -> QSize:
        """Return the square it fills."""
        return QSize(self._diameter, self._diameter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sign."""
        painter = smooth(QPainter(self))
        centre = QRectF(self.rect()).center()
        painter.setPen(QPen(QColor(LIGHT.on_danger), 5, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        radius = (self._diameter / 2 - 3) / math.cos(math.pi / 8)
        corners = [
            centre + QPointF(math.cos(angle), math.sin(angle)) * radius
            for angle in (math.pi / 8 + math.pi / 4 * corner for corner in range(8))
        ]
        painter.drawPolygon(QPolygonF(corners))
        draw_centred(painter, centre, self._word, LIGHT.on_danger, round(self._diameter * 0.53), True)
        painter.end()
