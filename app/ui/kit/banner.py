"""The banner: one sentence that says the next step, and the key that does it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.ui.kit.icons import draw_icon
from app.ui.kit.kept import draw_kept
from app.ui.kit.key_cap import KeyState
from app.ui.kit.painting import draw_box, draw_fitted, fit_sentence
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BANNER_HEIGHT, BANNER_TEXT, LIGHT, PADDING, RADIUS, SECTION_TEXT, Tone

_BLOCK = 80
_SIZES = (BANNER_TEXT, 34, 28, 22, 18)
_INK = {Tone.INFO: LIGHT.ink, Tone.PLAIN: LIGHT.ink}


class Banner(QWidget):
    """An icon block, a sentence of up to 40 px, and at the right a key or another widget.

    A long sentence shrinks and takes two lines; it is never cut.
    """

    def __init__(
        self,
        icon: str = "info",
        sentence: str = "",
        key: str = "",
        hint: str = "",
        tone: Tone = Tone.INFO,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._sentence, self._key, self._hint, self._tone = icon, sentence, key, hint, tone
        self._side: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(BANNER_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing under it needs to be drawn
        self._holder = QHBoxLayout(self)
        self._holder.setContentsMargins(_BLOCK, 4, PADDING - 4, 4)
        self._holder.addStretch(1)
        self._tell()

    @property
    def sentence(self) -> str:
        """Return what it says."""
        return self._sentence

    @property
    def tone(self) -> Tone:
        """Return how it says it."""
        return self._tone

    def show_step(
        self, icon: str, sentence: str, key: str = "", hint: str = "", tone: Tone = Tone.INFO
    ) -> None:
        """Say the next step: ``hint`` stands before the ``key`` to press (按, 打完按)."""
        shown = (icon, sentence, key, hint, tone)
        if shown != (self._icon, self._sentence, self._key, self._hint, self._tone):
            self._icon, self._sentence, self._key, self._hint, self._tone = shown
            self._tell()
            self.update()

    def set_side(self, side: QWidget | None) -> None:
        """Put a widget at the right end in place of the key (a count, a progress line with its button)."""
        if self._side is not None:
            self._holder.removeWidget(self._side)
            self._side.hide()
            self._side.deleteLater()
        self._side = side
        if side is not None:
            self._holder.addWidget(side)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the full height of a banner."""
        return QSize(480, BANNER_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the height a banner may give way to on a low screen."""
        return QSize(280, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the banner."""
        room = self.width() if self._side is None else self._side.x()
        shown = (self._icon, self._sentence, self._key, self._hint, self._tone, self._side is None, room)
        cut = draw_kept(self, shown, LIGHT.page, self._draw)
        self.setToolTip(self._sentence if cut else "")

    def _draw(self, painter: QPainter) -> bool:
        """Draw all of it; return whether words were cut."""
        colours = LIGHT.tone(self._tone)
        solid = LIGHT.primary if self._tone is Tone.INFO else colours.ink
        rect = QRectF(self.rect())
        draw_box(painter, rect, colours.tint, solid, 1, RADIUS)
        self._draw_block(painter, rect, solid)
        free = rect.adjusted(_BLOCK + 18, 4, -12, -4)
        free.setRight(self._draw_key(painter, free) if self._side is None else self._side.x() - PADDING)
        fitted = fit_sentence(self._sentence, free.width(), free.height(), _SIZES, True)
        draw_fitted(painter, free, fitted, _INK.get(self._tone, colours.ink), True)
        return fitted.cut

    def _draw_block(self, painter: QPainter, rect: QRectF, solid: str) -> None:
        path = QPainterPath()
        path.addRoundedRect(rect, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(path)
        draw_box(painter, QRectF(0, 0, _BLOCK, rect.height()), solid, None, 0, 0)
        painter.restore()
        draw_icon(painter, QPointF(_BLOCK / 2, rect.center().y()), self._icon, LIGHT.on_primary, 38)

    def _draw_key(self, painter: QPainter, free: QRectF) -> float:
        strip = Strip(painter, free, PADDING)
        if self._key:
            strip.key_right(self._key, 56, KeyState.CURRENT)
        if self._hint:
            ink = _INK.get(self._tone, LIGHT.tone(self._tone).ink)
            strip.text_right(self._hint, ink, SECTION_TEXT, True)
        return strip.right

    def _tell(self) -> None:
        parts = (self._sentence, self._hint, self._key)
        self.setAccessibleName(" ".join(part for part in parts if part))
