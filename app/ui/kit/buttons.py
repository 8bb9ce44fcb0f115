"""Buttons that show the key that presses them."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.key_cap import KeyState, key_cap_width
from app.ui.kit.painting import draw_box, draw_focus, smooth
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, FACT_TEXT, LIGHT, RADIUS, SECTION_TEXT, TARGET


class ButtonKind(StrEnum):
    """What a button is for; the last two stand on a solid danger ground."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    DANGER = "danger"
    QUIET = "quiet"
    ON_DANGER = "on-danger"
    ON_DANGER_OUTLINED = "on-danger-outlined"


@dataclass(frozen=True)
class Look:
    """The colours of a kind; ``fill`` and ``border`` may be absent, ``note`` is the second line."""

    fill: str | None
    pressed: str
    border: str | None
    ink: str
    note: str
    cap: KeyState


LOOKS = {
    ButtonKind.PRIMARY: Look(
        LIGHT.primary, LIGHT.primary_pressed, None, LIGHT.on_primary, LIGHT.on_primary, KeyState.ON_DARK
    ),
    ButtonKind.SECONDARY: Look(
        LIGHT.surface, LIGHT.plain_tint, LIGHT.border, LIGHT.ink, LIGHT.muted, KeyState.WAITING
    ),
    ButtonKind.DANGER: Look(
        LIGHT.surface, LIGHT.danger_tint, LIGHT.danger, LIGHT.danger, LIGHT.muted, KeyState.DANGER
    ),
    ButtonKind.QUIET: Look(None, LIGHT.plain_tint, None, LIGHT.ink, LIGHT.muted, KeyState.WAITING),
    ButtonKind.ON_DANGER: Look(
        LIGHT.surface, LIGHT.danger_tint, None, LIGHT.danger, LIGHT.danger, KeyState.DANGER
    ),
    ButtonKind.ON_DANGER_OUTLINED: Look(
        None, LIGHT.danger_pressed, LIGHT.on_danger, LIGHT.on_danger, LIGHT.on_danger, KeyState.ON_DARK
    ),
}
"""The looks by kind."""
DISABLED = Look(LIGHT.disabled, LIGHT.disabled, LIGHT.line, LIGHT.muted, LIGHT.muted, KeyState.MUTED)

_CAP = {BODY_TEXT: 24, SECTION_TEXT: 32, FACT_TEXT: 32}
_HEIGHT = {BODY_TEXT: 48, SECTION_TEXT: 56, FACT_TEXT: 80}
_SIDE = 16
_GAP = 10


class ActionButton(QPushButton):
    """A button of at least 44 px with its words, an optional icon and second line, and its key cap.

    It is pressed by a click, by Space or Enter while it has the keyboard, and by its key once ``bind`` has
    given that to a page. It is never a default button, so Enter elsewhere does not press it.
    """

    def __init__(
        self,
        text: str,
        key: str = "",
        icon: str = "",
        kind: ButtonKind = ButtonKind.SECONDARY,
        subtitle: str = "",
        *,
        size: int = BODY_TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._key, self._icon, self._kind, self._subtitle, self._size = key, icon, kind, subtitle, size
        self._takes_enter = True
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name()

    @property
    def key(self) -> str:
        """Return the key printed on the button."""
        return self._key

    @property
    def kind(self) -> ButtonKind:
        """Return what the button is for."""
        return self._kind

    def bind(self, page: QWidget) -> "ActionButton":
        """Let the button's key press it while ``page`` has the keyboard, and return the button."""
        bind_key(page, self._key, self.press)
        return self

    def press(self) -> None:
        """Press it, if it can be seen and is not disabled."""
        if self.isEnabled() and self.isVisible():
            self.click()

    def show_key(self, key: str) -> "ActionButton":
        """Print a key that what has the keyboard answers itself (Enter in a line), and return the button."""
        self._key = key
        self._name()
        self.updateGeometry()
        self.update()
        return self

    def refuse_enter(self) -> "ActionButton":
        """Leave Enter to others even while the button has the keyboard (on a stop), and return the button."""
        self._takes_enter = False
        return self

    def show_action(self, text: str, subtitle: str = "", *, icon: str | None = None) -> None:
        """Change the words and, if one is given, the icon."""
        self._subtitle = subtitle
        self._icon = self._icon if icon is None else icon
        self.setText(text)
        self._name()
        self.updateGeometry()
        self.update()

    def show_kind(self, kind: ButtonKind) -> None:
        """Change only what the button is for."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the words, the icon and the cap."""
        return QSize(round(self._natural_width()), _HEIGHT[self._size])

    def minimumSizeHint(self) -> QSize:
        """Return a target of 44 px that still holds all words and the cap, closer together."""
        width = round(self._natural_width(tight=True))
        return QSize(max(TARGET, width), max(TARGET, min(_HEIGHT[self._size], 64)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Look at its own events only while it has the keyboard: there are many buttons, and more events."""
        self.installEventFilter(self)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Look at them no longer."""
        self.removeEventFilter(self)
        super().focusOutEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Enter for itself while it has the keyboard, before the page's own Enter key takes it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_enter(event):
            event.setAccepted(self._takes_enter)
            return self._takes_enter
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press on Enter as on Space."""
        if not _is_enter(event):
            super().keyPressEvent(event)
        elif self._takes_enter and not event.isAutoRepeat():
            self.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button."""
        look = LOOKS[self._kind] if self.isEnabled() else DISABLED
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        active = self.isDown() or self.underMouse()
        draw_box(painter, rect, look.pressed if active else look.fill, look.border, 1.5, RADIUS)
        cut = self._draw_two_lines(painter, look) if self._subtitle else self._draw_line(painter, look)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS, on_dark=self._kind is ButtonKind.PRIMARY)
        painter.end()
        self.setToolTip(self.text() if cut else "")

    def _draw_line(self, painter: QPainter, look: Look) -> bool:
        tight = self._tight
        side = max((self.width() - self._natural_width(tight=tight)) / 2, 0.0) + (8 if tight else _SIDE)
        strip = Strip(painter, QRectF(self.rect()).adjusted(side, 0, -side, 0), _GAP)
        if self._key:
            strip.key_right(self._key, self._cap_size(tight), look.cap)
        if self._icon:
            strip.icon(self._icon, look.ink, self._icon_size)
        strip.text(self.text(), look.ink, self._size, True)
        return strip.cut

    def _draw_two_lines(self, painter: QPainter, look: Look) -> bool:
        tight = self._tight
        side = 12 if tight else 20
        strip = Strip(painter, QRectF(self.rect()).adjusted(side, 0, -side, 0), _GAP)
        if self._key:
            strip.key_right(self._key, self._cap_size(tight), look.cap)
        if self._icon:
            strip.icon(self._icon, look.ink, self._icon_size)
        block = self._size + CAPTION_TEXT + 8
        top = strip.centre - block / 2
        title = Strip(painter, QRectF(strip.left, top, strip.room, self._size), _GAP)
        title.text(self.text(), look.ink, self._size, True)
        under = QRectF(strip.left, top + block - CAPTION_TEXT, strip.room, CAPTION_TEXT)
        note = Strip(painter, under, _GAP)
        note.text(self._subtitle, look.note, CAPTION_TEXT)
        return title.cut or note.cut

    @property
    def _tight(self) -> bool:
        return self.width() < round(self._natural_width())

    @property
    def _icon_size(self) -> int:
        return 28 if self._subtitle else round(self._size * 1.1)

    def _cap_size(self, tight: bool) -> int:
        return 24 if tight else 32 if self._subtitle else _CAP[self._size]

    def _natural_width(self, *, tight: bool = False) -> float:
        words = text_width(self.text(), self._size, True)
        side = 8 if tight else _SIDE
        if self._subtitle:
            words, side = max(words, text_width(self._subtitle, CAPTION_TEXT)), 12 if tight else 20
        mark = self._icon_size + _GAP if self._icon else 0
        cap = key_cap_width(self._key, self._cap_size(tight)) + _GAP if self._key else 0
        return words + mark + cap + 2 * side + 1

    def _name(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription("，".join(part for part in (self._subtitle, self._key) if part))


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    )
