"""The picture of a key, on every button that has one and wherever a key is the next step."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.painting import draw_box, draw_centred, smooth
from app.ui.kit.tokens import CAP_RADIUS, INNER_RADIUS, LIGHT

_TEXT = {24: 15, 32: 18, 40: 22, 56: 28}


class KeyState(StrEnum):
    """How a key stands to the work: to come, to press now, pressed; and its looks on other grounds."""

    WAITING = "waiting"
    CURRENT = "current"
    DONE = "done"
    OUTLINED = "outlined"
    MUTED = "muted"
    ON_DARK = "on-dark"
    ON_DARK_MUTED = "on-dark-muted"
    DANGER = "danger"


LOOKS: dict[KeyState, tuple[str | None, str | None, str]] = {
    KeyState.WAITING: (LIGHT.surface, LIGHT.border, LIGHT.ink),
    KeyState.CURRENT: (LIGHT.primary, None, LIGHT.on_primary),
    KeyState.DONE: (LIGHT.success_tint, LIGHT.success, LIGHT.success),
    KeyState.OUTLINED: (LIGHT.surface, LIGHT.primary, LIGHT.primary),
    KeyState.MUTED: (LIGHT.surface, LIGHT.border, LIGHT.muted),
    KeyState.ON_DARK: (None, LIGHT.on_nav_muted, LIGHT.on_nav),
    KeyState.ON_DARK_MUTED: (None, LIGHT.border, LIGHT.on_nav_muted),
    KeyState.DANGER: (LIGHT.surface, LIGHT.danger, LIGHT.danger),
}
"""Fill, border and text of each state."""

_ON_DARK = (KeyState.ON_DARK, KeyState.ON_DARK_MUTED)
_RAISED = (KeyState.WAITING, KeyState.DANGER)


def key_cap_width(text: str, size: int, state: KeyState = KeyState.WAITING) -> float:
    """Return how wide the cap of ``text`` is, in px."""
    check = size * 0.5 if state is KeyState.DONE else 0.0
    padding = min(size * 0.5, 16.0) if len(text) > 1 or check else 0.0
    return max(float(size), text_width(text, _text_size(text, size), True) + check + padding)


def _text_size(text: str, size: int) -> int:
    return 22 if size == 56 and len(text) > 2 else _TEXT[size]


def draw_key_cap(painter: QPainter, rect: QRectF, text: str, size: int, state: KeyState) -> None:
    """Draw the cap of ``text`` into ``rect``; a done key also carries a check."""
    fill, border, ink = LOOKS[state]
    radius = CAP_RADIUS if size <= 32 else INNER_RADIUS
    if state in _ON_DARK:
        draw_box(painter, rect, fill, border, 1, radius)
        draw_box(painter, rect.adjusted(0, 0, 0, -1), None, border, 1, radius)
        rect = rect.adjusted(0, 0, 0, -1)
    elif state in _RAISED:
        draw_box(painter, rect, border, None, 0, radius)
        edge = 2.0 if size <= 24 else 3.0
        rect = rect.adjusted(0, 0, 0, 1 - edge)
        draw_box(painter, rect.adjusted(1, 1, -1, -1), fill, None, 0, radius - 1)
    else:
        draw_box(painter, rect, fill, border, 1.5 if state is KeyState.OUTLINED else 1.0, radius)
    letters = _text_size(text, size)
    width = text_width(text, letters, True)
    mark = round(size * 0.46) if state is KeyState.DONE else 0
    middle = rect.center()
    if mark:
        right = middle.x() + (width + mark + 2) / 2
        draw_icon(painter, QPointF(right - mark / 2, middle.y()), "check", ink, mark)
        middle = QPointF(right - mark - 2 - width / 2, middle.y())
    draw_centred(painter, middle, text, ink, letters, True)


class KeyCap(QWidget):
    """One key cap of 24 (inline), 32 (large buttons), 40 or 56 px (the key to press now)."""

    def __init__(
        self, text: str, size: int = 24, state: KeyState = KeyState.WAITING, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text, self._size, self._state = text, size, state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_key(self, text: str, state: KeyState) -> None:
        """Change the key and its state."""
        if (text, state) != (self._text, self._state):
            self._text, self._state = text, state
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the cap."""
        return QSize(round(key_cap_width(self._text, self._size, self._state)), self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cap."""
        painter = smooth(QPainter(self))
        draw_key_cap(painter, QRectF(self.rect()), self._text, self._size, self._state)
        painter.end()
