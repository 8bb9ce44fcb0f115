"""The one search box: large letters, an arrow up or down moves in the list below without leaving it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from app.ui.kit.borrowed_line import dress_line, gives_way
from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_text, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import CAP_RADIUS, CAPTION_TEXT, FACT_TEXT, LIGHT, RADIUS

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -4, Qt.Key.Key_PageDown: 4}


class SearchBox(QWidget):
    """A 3 px box over a line that ``make_edit`` builds; the line keeps the keyboard while one looks."""

    searched = Signal(str)
    """The text has changed."""

    stepped = Signal(int)
    """An arrow key: how many places down the list (negative: up)."""

    entered = Signal()
    """Enter, by a person."""

    def __init__(
        self, make_edit: Callable[[], QLineEdit], prompt: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.edit = self._prepare(make_edit(), prompt)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size over a list."""
        return QSize(408, 64)

    def minimumSizeHint(self) -> QSize:
        """Return room for some letters and the keys."""
        return QSize(280, 64)

    def resizeEvent(self, event: object) -> None:
        """Put the line between the icon and the keys."""
        self.edit.setGeometry(60, 10, self.width() - 60 - round(self._keys_width()), self.height() - 20)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the arrow keys from the line."""
        if gives_way(self.edit, event):
            event.ignore()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self.stepped.emit(step)
                return True
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the icon and the keys."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        edge = LIGHT.primary if self.edit.hasFocus() else LIGHT.border
        draw_box(painter, rect, LIGHT.surface, edge, 3, RADIUS)
        draw_icon(painter, QPointF(36, rect.center().y()), "search", LIGHT.primary, 30)
        strip = Strip(painter, rect.adjusted(0, 0, -14, 0), 8)
        strip.key_right("Esc", 24)
        width = text_width(self.tr("选择"), CAPTION_TEXT, True) + 62
        cap = QRectF(strip.right - width, rect.center().y() - 13, width, 26)
        draw_box(painter, cap, LIGHT.surface, LIGHT.border, 1, CAP_RADIUS)
        draw_icon(painter, QPointF(cap.left() + 16, cap.center().y()), "up", LIGHT.ink, 18)
        draw_icon(painter, QPointF(cap.left() + 37, cap.center().y()), "down", LIGHT.ink, 18)
        draw_text(painter, cap.left() + 51, cap.center().y(), self.tr("选择"), LIGHT.ink, CAPTION_TEXT, True)
        painter.end()

    def _keys_width(self) -> float:
        return text_width(self.tr("选择"), CAPTION_TEXT, True) + 62 + 80

    def _prepare(self, edit: QLineEdit, prompt: str) -> QLineEdit:
        dress_line(edit, self, FACT_TEXT)
        edit.setPlaceholderText(prompt)
        edit.setAccessibleName(prompt)
        edit.textChanged.connect(self.searched)
        edit.returnPressed.connect(self.entered)
        return edit
