"""A white card with a hairline and round corners, or a tinted one that says more by its border."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QWidget

from app.ui.kit.painting import draw_box, smooth
from app.ui.kit.tokens import LIGHT, RADIUS, Tone


class Card(QWidget):
    """A ground for a piece of the screen.

    ``tone`` tints it; ``outlined`` draws the border in the tone's own colour (2 px) instead of the hairline.
    """

    def __init__(
        self,
        layout: QLayout | None = None,
        tone: Tone | None = None,
        *,
        outlined: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._outlined = tone, outlined
        if layout is not None:
            self.setLayout(layout)

    def set_tone(self, tone: Tone | None, *, outlined: bool = False) -> None:
        """Change the tint and the border."""
        if (tone, outlined) != (self._tone, self._outlined):
            self._tone, self._outlined = tone, outlined
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        painter = smooth(QPainter(self))
        fill = LIGHT.surface if self._tone is None else LIGHT.tone(self._tone).tint
        border, width = (None if self._tone else LIGHT.line), 1
        if self._outlined and self._tone is not None:
            border, width = _edge(self._tone), 2
        draw_box(painter, QRectF(self.rect()), fill, border, width, RADIUS)
        painter.end()


def _edge(tone: Tone) -> str:
    if tone is Tone.PLAIN:
        return LIGHT.border
    return LIGHT.primary if tone is Tone.INFO else LIGHT.tone(tone).ink
