"""The one big key of a station (已接种): always in its place, solid only when all is confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import draw_kept
from app.ui.kit.key_cap import KeyState, draw_key_cap, key_cap_width
from app.ui.kit.painting import draw_box, draw_focus, draw_text, elided
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, CAPTION_TEXT, LIGHT, RADIUS

_PIP = (40.0, 28.0)


@dataclass(frozen=True)
class Pip:
    """One thing still to confirm, or confirmed: its key and how it stands."""

    key: str
    state: KeyState


class PrimaryKey(QPushButton):
    """An outlined block with a pip for each confirmation; ``show_ready`` makes it solid and live."""

    given = Signal()
    """It was pressed while live: by its key, a click or Space."""

    tried_early = Signal()
    """It was pressed before it was live; the page may sound and point at what is missing."""

    def __init__(
        self, text: str, icon: str = "syringe", key: str = "Enter", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon, self._key, self._sentence = icon, key, ""
        self._pips: tuple[Pip, ...] = ()
        self._ready = False
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.clicked.connect(self._pressed)
        self._tell()

    @property
    def ready(self) -> bool:
        """Return whether it is live."""
        return self._ready

    def bind(self, page: QWidget) -> "PrimaryKey":
        """Let its key press it while ``page`` has the keyboard, and return it."""
        bind_key(page, self._key, self._pressed)
        return self

    def show_missing(self, pips: Sequence[Pip], sentence: str) -> None:
        """Show what is confirmed and what is not (``再确认 2 项，注射后按``); it is not live."""
        self._change(tuple(pips), sentence, ready=False)

    def show_ready(self, sentence: str) -> None:
        """Make it live (``注射完成后按``)."""
        self._change((), sentence, ready=True)

    def sizeHint(self) -> QSize:
        """Return a modest size: the block takes what room is left, and gives way first."""
        return QSize(328, 148)

    def minimumSizeHint(self) -> QSize:
        """Return the least size that holds all its lines."""
        return QSize(240, 132)

    def showEvent(self, event: QShowEvent) -> None:
        """Let nothing under it be drawn; said now, for the style takes it from every button at first."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        super().showEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the block."""
        shown = (self._pips, self._sentence, self._ready, self.isDown(), self.hasFocus())
        draw_kept(self, (self.text(), self._icon, self._key, *shown), LIGHT.page, self._draw)

    def _draw(self, painter: QPainter) -> None:
        rect = QRectF(self.rect())
        pressed = self.isDown() and self._ready
        solid = LIGHT.primary_pressed if pressed else LIGHT.primary
        if self._ready:
            draw_box(painter, rect, solid, None, 0, RADIUS)
        else:
            draw_box(painter, rect, LIGHT.info_tint, LIGHT.primary, 2, RADIUS)
        ink = LIGHT.on_primary if self._ready else LIGHT.primary
        block = 58 + (38 if self._pips else 0) + 32
        top = rect.center().y() - block / 2
        self._draw_title(painter, rect, top + 25, ink)
        if self._pips:
            self._draw_pips(painter, rect.center().x(), top + 75)
        self._draw_sentence(painter, rect, top + block - 16, LIGHT.on_primary if self._ready else LIGHT.info)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS, on_dark=self._ready)

    def _draw_title(self, painter: QPainter, rect: QRectF, y: float, ink: str) -> None:
        width = 36 + 16 + text_width(self.text(), BANNER_TEXT, True)
        left = rect.center().x() - width / 2
        draw_icon(painter, QPointF(left + 18, y), self._icon, ink, 38)
        draw_text(painter, left + 52, y, self.text(), ink, BANNER_TEXT, True)

    def _draw_pips(self, painter: QPainter, middle: float, y: float) -> None:
        width, height = _PIP
        left = middle - (len(self._pips) * (width + 8) - 8) / 2
        for pip in self._pips:
            draw_key_cap(painter, QRectF(left, y - height / 2, width, height), pip.key, 24, pip.state)
            left += width + 8

    def _draw_sentence(self, painter: QPainter, rect: QRectF, y: float, ink: str) -> None:
        size, bold = (BODY_TEXT, False) if self._ready else (CAPTION_TEXT, True)
        state = KeyState.ON_DARK if self._ready else KeyState.OUTLINED
        cap = key_cap_width(self._key, 24)
        words = elided(self._sentence, size, bold, rect.width() - cap - 40)
        left = rect.center().x() - (text_width(words, size, bold) + 8 + cap) / 2
        draw_text(painter, left, y, words, ink, size, bold)
        left += text_width(words, size, bold) + 8
        draw_key_cap(painter, QRectF(left, y - 13, cap, 26), self._key, 24, state)

    def _pressed(self) -> None:
        (self.given if self._ready else self.tried_early).emit()

    def _change(self, pips: tuple[Pip, ...], sentence: str, *, ready: bool) -> None:
        if (pips, sentence, ready) != (self._pips, self._sentence, self._ready):
            self._pips, self._sentence, self._ready = pips, sentence, ready
            self._tell()
            self.update()

    def _tell(self) -> None:
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(f"{self._sentence} {self._key}".strip())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._ready else Qt.CursorShape.ArrowCursor)
