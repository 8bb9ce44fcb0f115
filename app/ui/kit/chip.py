"""A small pill of state: an icon and a word or two on a tint."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.fonts import text_width
from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, Tone

TONE_ICONS = {
    Tone.PLAIN: "clock",
    Tone.INFO: "info",
    Tone.SUCCESS: "done",
    Tone.WARNING: "warning",
    Tone.DANGER: "alarm",
}
"""The shape that goes with a tone where the caller names none."""

_HEIGHT, _SIDE, _ICON, _GAP = 28, 12, 16, 8


class Chip(QWidget):
    """An icon and words; ``icon=""`` leaves the icon out, ``None`` takes the one of the tone."""

    def __init__(
        self, words: str = "", tone: Tone = Tone.PLAIN, icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._tone, self._icon = "", Tone.PLAIN, ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_state(words, tone, icon)

    @property
    def words(self) -> str:
        """Return what it says."""
        return self._words

    @property
    def tone(self) -> Tone:
        """Return how it says it."""
        return self._tone

    def show_state(self, words: str, tone: Tone, icon: str | None = None) -> None:
        """Change all of it; without words the chip takes no room."""
        icon = TONE_ICONS[tone] if icon is None else icon
        if (words, tone, icon) != (self._words, self._tone, self._icon):
            self._words, self._tone, self._icon = words, tone, icon
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the whole pill."""
        if not self._words:
            return QSize(0, _HEIGHT)
        mark = _ICON + _GAP if self._icon else 0
        return QSize(round(text_width(self._words, CAPTION_TEXT, True) + mark + 2 * _SIDE + 1), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return room for the icon and a few characters."""
        return QSize(min(self.sizeHint().width(), 96), _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill."""
        if not self._words:
            return
        colours = LIGHT.tone(self._tone)
        painter = smooth(QPainter(self))
        draw_box(painter, QRectF(self.rect()), colours.tint, None, 0, self.height() / 2)
        strip = Strip(painter, QRectF(self.rect()).adjusted(_SIDE, 0, -_SIDE, 0), _GAP)
        if self._icon:
            strip.icon(self._icon, colours.ink, _ICON)
        strip.text(self._words, colours.ink, CAPTION_TEXT, True)
        self.setToolTip(self._words if strip.cut else "")
        painter.end()
