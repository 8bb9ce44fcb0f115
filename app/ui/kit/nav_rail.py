"""The dark rail at the left: one station a key, how many wait at each, and who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import draw_kept
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_text
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, DARK, LIGHT, MARGIN, NAV_ITEM_HEIGHT, NAV_WIDTH, Tone

_HEAD, _FOOT = 56, 56
"""Px for the mark of the program and for the person: with them every page there is stands on a low screen."""
MOST_SHOWN = 999


@dataclass(frozen=True)
class NavItem:
    """A place one can go to: its id, the words, the icon and the key that goes there."""

    item_id: str
    text: str
    icon: str
    key: str


def short_count(count: int) -> str:
    """Return a count as the rail has room for it, one too long said to be more (``999+``)."""
    return str(count) if count <= MOST_SHOWN else f"{MOST_SHOWN}+"


class NavButton(QPushButton):
    """One line of the rail; Tab passes it by: with the keyboard in the rail the page's keys were dead."""

    def __init__(self, item: NavItem, parent: QWidget | None = None) -> None:
        super().__init__(item.text, parent)
        self.item = item
        self._count = 0
        self._tone, self._icon, self._words = Tone.PLAIN, "", ""
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFixedHeight(NAV_ITEM_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()

    def show_count(self, count: int, tone: Tone = Tone.PLAIN, icon: str = "", words: str = "") -> None:
        """Say how many wait there; nothing is shown for none.

        A tone other than PLAIN comes with a shape, which takes the place of the icon, and with words.
        """
        if (count, tone, words) != (self._count, self._tone, self._words):
            self._count, self._tone, self._icon, self._words = count, tone, icon, words
            self._name()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        pointed = self.underMouse() or self.isDown()
        shown = (self.item, self._count, self._tone, self._icon, self.isChecked(), pointed)
        cut = draw_kept(self, shown, LIGHT.nav, self._draw)
        self.setToolTip(self.item.text if cut else "")

    def _draw(self, painter: QPainter) -> bool:
        """Draw all of it; return whether words were cut."""
        rect = QRectF(self.rect())
        if self.isChecked():
            draw_box(painter, rect, LIGHT.nav_active, None, 0, 0)
            draw_box(painter, QRectF(0, 0, 4, rect.height()), LIGHT.nav_edge, None, 0, 0)
        elif self.underMouse() or self.isDown():
            draw_box(painter, rect, LIGHT.nav_foot, None, 0, 0)
        ink = LIGHT.on_nav if self.isChecked() else LIGHT.on_nav_muted
        strip = Strip(painter, rect.adjusted(MARGIN, 0, -10, 0), 8)
        strip.key(self.item.key, 24, KeyState.ON_DARK if self.isChecked() else KeyState.ON_DARK_MUTED)
        alarmed = self._tone is not Tone.PLAIN
        told = DARK.tone(self._tone).ink if alarmed else LIGHT.on_nav
        strip.icon(self._icon if alarmed else self.item.icon, told if alarmed else ink, 21)
        if self._count:
            strip.text_right(short_count(self._count), told, CAPTION_TEXT, True)
        strip.text(self.item.text, ink, BODY_TEXT, self.isChecked())
        return strip.cut

    def _name(self) -> None:
        self.setAccessibleName(self.item.text)
        parts = (self.item.key, str(self._count) if self._count else "", self._words)
        self.setAccessibleDescription("，".join(part for part in parts if part))


class NavRail(QWidget):
    """The rail of the whole window; ``chosen`` carries the id of the place."""

    chosen = Signal(str)
    """A station was chosen by its key or a click; the page shown is changed by ``set_current``."""

    helped = Signal()
    """F1."""

    def __init__(self, items: Sequence[NavItem] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = [item.key for item in items]
        """Of every place there may be, whoever is signed in."""
        self._buttons: dict[str, NavButton] = {}
        self._name, self._place = "", ""
        self.setFixedWidth(NAV_WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it needs to be drawn
        self._help = NavButton(NavItem("help", self.tr("帮助"), "help", "F1"), self)
        self._help.setCheckable(False)
        self._help.clicked.connect(self.helped)
        self._items = QVBoxLayout()
        self._items.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _HEAD, 0, _FOOT)
        layout.setSpacing(0)
        layout.addLayout(self._items)
        layout.addStretch(1)
        layout.addWidget(self._help)
        self.set_items(items)

    def set_items(self, items: Sequence[NavItem]) -> None:
        """Show these places, in this order (what the signed-in person's roles allow)."""
        before, self._buttons = self._buttons, {}
        for item in items:
            self._buttons[item.item_id] = before.get(item.item_id) or self._build(item)
        for item_id, gone in before.items():
            if item_id not in self._buttons:
                gone.hide()
                gone.deleteLater()
        for button in self._buttons.values():
            self._items.addWidget(button)

    def bind(self, window: QWidget) -> None:
        """Let the printed keys work anywhere in ``window``; keys of places not shown do nothing."""
        bind_key(window, "F1", self.helped.emit, whole_window=True)
        for key in self._keys:
            bind_key(window, key, partial(self.choose_key, key), whole_window=True)

    def set_current(self, item_id: str) -> None:
        """Mark the place that is shown."""
        for button in self._buttons.values():
            button.setChecked(button.item.item_id == item_id)

    def show_count(
        self, item_id: str, count: int, tone: Tone = Tone.PLAIN, icon: str = "", words: str = ""
    ) -> None:
        """Say how many wait at a place; a place not shown is passed over."""
        if item_id in self._buttons:
            self._buttons[item_id].show_count(count, tone, icon, words)

    def show_person(self, name: str, place: str) -> None:
        """Say who is signed in, and where and when (``接种台 2·09:42``)."""
        if (name, place) != (self._name, self._place):
            self._name, self._place = name, place
            self.setAccessibleName(f"{name} {place}".strip())
            self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the rail."""
        return QSize(NAV_WIDTH, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground, the mark of the program and the person."""
        cut = draw_kept(self, (self._name, self._place), LIGHT.nav, self._draw)
        self.setToolTip(f"{self._name}\n{self._place}" if cut else "")

    def _draw(self, painter: QPainter) -> bool:
        """Draw all of it; return whether words were cut."""
        rect = QRectF(self.rect())
        draw_box(painter, QRectF(MARGIN, 8, 40, 40), LIGHT.primary, None, 0, 8)
        draw_icon(painter, QPointF(MARGIN + 20, 28), "syringe", LIGHT.on_nav, 24)
        draw_text(painter, 66, 19, self.tr("接种岗"), LIGHT.on_nav, BODY_TEXT, True)
        draw_text(painter, 66, 41, "Vaxpost", LIGHT.on_nav_muted, CAPTION_TEXT)
        foot = rect.adjusted(0, rect.height() - _FOOT, 0, 0)
        draw_box(painter, foot, LIGHT.nav_foot, None, 0, 0)
        lines = Strip(painter, QRectF(MARGIN, foot.top() + 8, NAV_WIDTH - 24, 18))
        lines.text(self._name, LIGHT.on_nav, BODY_TEXT, True)
        below = Strip(painter, QRectF(MARGIN, foot.top() + 31, NAV_WIDTH - 24, 18))
        below.text(self._place, LIGHT.on_nav_muted, CAPTION_TEXT)
        return lines.cut or below.cut

    def choose_key(self, key: str) -> None:
        """Go where ``key`` goes, if that place is shown."""
        for button in self._buttons.values():
            if button.item.key == key and button.isEnabled():
                self.chosen.emit(button.item.item_id)

    def _build(self, item: NavItem) -> NavButton:
        button = NavButton(item, self)
        button.clicked.connect(self._choose)
        return button

    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, NavButton):
            button.setChecked(not button.isChecked())
            self.chosen.emit(button.item.item_id)
