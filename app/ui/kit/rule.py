"""A hairline between two pieces."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.kit.painting import draw_box
from app.ui.kit.tokens import LIGHT


class Rule(QWidget):
    """A thin line across, or upright; it only separates and says nothing."""

    def __init__(self, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), LIGHT.line, None, 0, 0)
        painter.end()
