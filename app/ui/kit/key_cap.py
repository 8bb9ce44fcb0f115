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
    DANGER = "danger"


_LOOKS = {
    # fill, border, text
    KeyState.WAITING: (LIGHT.surface, LIGHT.border, LIGHT.ink),
    KeyState.CURRENT: (LIGHT.primary, None, LIGHT.on_primary),
    KeyState.DONE: (LIGHT.success_tint, LIGHT.success, LIGHT.success),
    KeyState.OUTLINED: (LIGHT.surface, LIGHT.primary, LIGHT.primary),
    KeyState.MUTED: (LIGHT.surface, LIGHT.border, LIGHT.muted),
    KeyState.ON_DARK: (None, LIGHT.on_nav_muted, LIGHT.on_nav),
    KeyState.DANGER: (LIGHT.surface, LIGHT.danger, LIGHT.danger),
}

_RAISED = (KeyState.WAITING, KeyState.DANGER)


def key_cap_width(text: str, size: int, state: KeyState = KeyState.WAITING) -> float:
    """Return how wide the cap of ``text`` is, in px."""
    check = size * 0.45 if state is KeyState.DONE else 0.0
    padding = size * 0.5 if len(text) > 1 or check else 0.0
    return max(float(size), text_width(text, _TEXT[size], True) + check + padding)


def draw_key_cap(painter: QPainter, rect: QRectF, text: str, size: int, state: KeyState) -> None:
    """Draw the cap of ``text`` into ``rect``; a done key also carries a check."""
    fill, border, ink = _LOOKS[state]
    radius = CAP_RADIUS if size <= 32 else INNER_RADIUS
    if state is KeyState.ON_DARK:
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
    centre = rect.center()
    if state is KeyState.DONE:
        mark = size * 0.4
        left = centre.x() - (text_width(text, _TEXT[size], True) + mark + 2) / 2
        middle = QPointF(left + text_width(text, _TEXT[size], True) / 2, centre.y())
        draw_centred(painter, middle, text, ink, _TEXT[size], True)
        draw_icon(painter, QPointF(centre.x() * 2 - left - mark / 2, centre.y()), "check", ink, round(mark))
    else:
        draw_centred(painter, centre, text, ink, _TEXT[size], True)


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
