"""One line of 三查七对一验证: who or what has checked it, or the key that a person presses for it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import draw_kept
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_focus, draw_open_mark
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, INNER_RADIUS, LIGHT


class CheckState(StrEnum):
    """How a line stands: to come, the one to do now, checked by the machine, by a person, or wrong."""

    WAITING = "waiting"
    CURRENT = "current"
    MACHINE = "machine"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class CheckItem:
    """What one line shows.

    With a ``note`` the line has two rows of text, else label and value stand side by side. ``how`` says at
    the right how it was checked (扫码 = 应种) or what to do (说出后按); ``details`` (who, when) is the
    tool-tip.
    Only a line with a ``key`` can be pressed.
    """

    item_id: str
    label: str
    value: str = ""
    note: str = ""
    how: str = ""
    how_icon: str = ""
    key: str = ""
    state: CheckState = CheckState.WAITING
    details: str = ""

    @property
    def checked(self) -> bool:
        """Return whether the line counts as done."""
        return self.state in (CheckState.MACHINE, CheckState.DONE)


_MARKS = {
    CheckState.CURRENT: ("current", LIGHT.primary),
    CheckState.MACHINE: ("done", LIGHT.success),
    CheckState.DONE: ("done", LIGHT.success),
    CheckState.FAILED: ("failed", LIGHT.danger),
}
_CAPS = {
    CheckState.WAITING: KeyState.WAITING,
    CheckState.CURRENT: KeyState.CURRENT,
    CheckState.DONE: KeyState.DONE,
    CheckState.MACHINE: KeyState.DONE,
    CheckState.FAILED: KeyState.DANGER,
}


class CheckRow(QPushButton):
    """A line of the checklist; ``clicked`` is its own confirmation where it has a key."""

    def __init__(self, item: CheckItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = item
        self._pressable: bool | None = None
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_item(item)

    @property
    def item(self) -> CheckItem:
        """Return what is shown."""
        return self._item

    def show_item(self, item: CheckItem) -> None:
        """Change the line."""
        self._item = item
        self._set_pressable(bool(item.key) and item.state in (CheckState.WAITING, CheckState.CURRENT))
        words = (item.label, item.value, self._state_words(item.state))
        self.setAccessibleName(" ".join(word for word in words if word))
        self.setAccessibleDescription("，".join(part for part in (item.note, item.how, item.key) if part))
        self.setToolTip(item.details)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable height; the panel stretches it."""
        return QSize(360, 54 if self._item.note or self._item.state is CheckState.CURRENT else 40)

    def minimumSizeHint(self) -> QSize:
        """Return the least height: a target where it can be pressed, a line of text where not."""
        return QSize(240, 48 if self._item.note or self._item.key else 34)

    def showEvent(self, event: QShowEvent) -> None:
        """Let nothing under it be drawn; said now, for the style takes it from every button at first."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        item = self._item
        shown = (replace(item, details=""), self.hasFocus())
        cut = draw_kept(self, shown, LIGHT.surface, self._draw)
        self.setToolTip(item.details or (self.accessibleName() if cut else ""))

    def _draw(self, painter: QPainter) -> bool:
        """Draw all of it; return whether words were cut."""
        item, rect = self._item, QRectF(self.rect())
        if item.state is CheckState.CURRENT:
            draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, 2, INNER_RADIUS)
        elif item.state is CheckState.FAILED:
            draw_box(painter, rect, LIGHT.danger_tint, LIGHT.danger, 2, INNER_RADIUS)
        self._draw_mark(painter, rect)
        strip = Strip(painter, rect.adjusted(40, 0, -10, 0), 8)
        self._draw_right(strip)
        cut = self._draw_two_lines(strip) if item.note else self._draw_line(strip)
        if self.hasFocus():
            draw_focus(painter, rect, INNER_RADIUS)
        return cut

    def _set_pressable(self, pressable: bool) -> None:
        if pressable != self._pressable:
            self._pressable = pressable
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus if pressable else Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not pressable)
            self.setCursor(Qt.CursorShape.PointingHandCursor if pressable else Qt.CursorShape.ArrowCursor)

    def _state_words(self, state: CheckState) -> str:
        return {
            CheckState.WAITING: self.tr("未确认"),
            CheckState.CURRENT: self.tr("请确认"),
            CheckState.MACHINE: self.tr("已核对"),
            CheckState.DONE: self.tr("已确认"),
            CheckState.FAILED: self.tr("不符"),
        }[state]

    def _draw_mark(self, painter: QPainter, rect: QRectF) -> None:
        centre = QPointF(22, rect.center().y())
        if self._item.state in _MARKS:
            draw_icon(painter, centre, *_MARKS[self._item.state], 20)
        else:
            draw_open_mark(painter, centre, LIGHT.muted)

    def _draw_right(self, strip: Strip) -> None:
        item = self._item
        if item.key:
            strip.key_right(item.key, 40, _CAPS[item.state])
        if item.how:
            ink = LIGHT.info if item.state is CheckState.CURRENT else LIGHT.muted
            strip.text_right(item.how, ink, CAPTION_TEXT)
            if item.how_icon:
                strip.icon_right(item.how_icon, ink, 17)
        strip.right -= 4

    def _draw_line(self, strip: Strip) -> bool:
        waiting = self._item.state is CheckState.WAITING
        quiet = self._item.state in (CheckState.MACHINE, CheckState.DONE) and self._item.value
        strip.gap = 12
        strip.text(
            self._item.label, LIGHT.muted if quiet else LIGHT.ink, BODY_TEXT, not quiet and not waiting
        )
        strip.fitted(self._item.value, LIGHT.ink, (BODY_TEXT, CAPTION_TEXT), True, self.height() - 6)
        return strip.cut

    def _draw_two_lines(self, strip: Strip) -> bool:
        upper = QRectF(strip.left, strip.centre - 21, strip.room, 20)
        lower = QRectF(strip.left, strip.centre + 3, strip.room, 20)
        title = Strip(strip.painter, upper, 10)
        bold = self._item.state is not CheckState.WAITING
        title.text(self._item.label, LIGHT.ink, BODY_TEXT, bold)
        if self._item.value:
            title.text(self._item.value, LIGHT.ink, BODY_TEXT, True)
        note = Strip(strip.painter, lower)
        note.text(self._item.note, LIGHT.muted, CAPTION_TEXT)
        return title.cut or note.cut
