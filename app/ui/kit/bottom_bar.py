"""The bar under every page: the status line at the left, the devices at the right."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui.kit.device_strip import DeviceStrip
from app.ui.kit.painting import draw_box
from app.ui.kit.status_line import StatusLine
from app.ui.kit.tokens import BOTTOM_BAR, LIGHT


class BottomBar(QWidget):
    """40 px with a hairline on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.status = StatusLine()
        self.devices = DeviceStrip()
        self.setFixedHeight(BOTTOM_BAR)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it needs to be drawn
        layout = QHBoxLayout(self)
        layout.setContentsMargins(17, 1, 10, 0)
        layout.addWidget(self.status, 1)
        layout.addWidget(self.devices)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the hairline."""
        painter = QPainter(self)
        draw_box(painter, QRectF(self.rect()), LIGHT.surface, None, 0, 0)
        draw_box(painter, QRectF(0, 0, self.width(), 1), LIGHT.line, None, 0, 0)
        painter.end()
