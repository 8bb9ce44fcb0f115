"""A thing a person looks at before going on, ticked by its key: 人没有不舒服."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_focus, draw_open_mark, smooth
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, INNER_RADIUS, LIGHT


class ConfirmRow(QPushButton):
    """A boxed line that is ticked or not; ``toggled`` says so, ``isChecked`` tells."""

    def __init__(self, text: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._key = key
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        self.setAccessibleDescription(key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def bind(self, page: QWidget) -> "ConfirmRow":
        """Let its key tick it while ``page`` has the keyboard, and return it."""
        if self._key:
            bind_key(page, self._key, self.click)
        return self

    def sizeHint(self) -> QSize:
        """Return the size of a line."""
        return QSize(270, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        painter = smooth(QPainter(self))
        rect, done = QRectF(self.rect()), self.isChecked()
        fill, border = (LIGHT.success_tint, LIGHT.success) if done else (LIGHT.surface, LIGHT.border)
        draw_box(painter, rect, fill, border, 1.5, INNER_RADIUS)
        centre = QPointF(24, rect.center().y())
        if done:
            draw_icon(painter, centre, "done", LIGHT.success, 20)
        else:
            draw_open_mark(painter, centre, LIGHT.muted, 17)
        strip = Strip(painter, rect.adjusted(44, 0, -10, 0))
        if self._key:
            strip.key_right(self._key, 24, KeyState.WAITING)
        strip.text(self.text(), LIGHT.ink, BODY_TEXT)
        if self.hasFocus():
            draw_focus(painter, rect, INNER_RADIUS)
        painter.end()
        self.setToolTip(self.text() if strip.cut else "")


def let_one_stand(lines: Sequence[ConfirmRow], *, always: bool = False) -> None:
    """Let a press on one line untick the others; ``always``: a second press does not untick it."""

    def press(picked: ConfirmRow) -> None:
        for line in lines:
            if line is not picked:
                line.setChecked(False)
        if always:
            picked.setChecked(True)

    for line in lines:
        line.clicked.connect(lambda _=False, picked=line: press(picked))
