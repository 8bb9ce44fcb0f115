"""One name on the sign-in page."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_focus, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, LIGHT, RADIUS, SECTION_TEXT


class PersonButton(QPushButton):
    """Name and title; the picked one carries the primary border and a mark."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._title = name, title
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{name} {title}")

    def sizeHint(self) -> QSize:
        """Return the height of one line."""
        return QSize(320, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        picked = self.isChecked()
        fill = LIGHT.info_tint if picked else LIGHT.surface
        draw_box(painter, rect, fill, LIGHT.primary if picked else LIGHT.border, 3 if picked else 1, RADIUS)
        middle = rect.center().y()
        draw_icon(painter, QPointF(32, middle), "person", LIGHT.primary if picked else LIGHT.muted, 26)
        strip = Strip(painter, rect.adjusted(60, 0, -16, 0), 12)
        strip.text(self._name, LIGHT.ink, SECTION_TEXT, True)
        strip.text(self._title, LIGHT.muted, BODY_TEXT)
        if picked:
            draw_icon(painter, QPointF(rect.right() - 28, middle), "done", LIGHT.primary, 24)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS)
        painter.end()
