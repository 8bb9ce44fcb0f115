"""A row of painted pieces: some from the left, some from the right, and the middle shortened if it must."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.ui.kit.fonts import text_width
from app.ui.kit.icons import draw_icon
from app.ui.kit.key_cap import KeyState, draw_key_cap, key_cap_width
from app.ui.kit.painting import draw_box, draw_fitted, draw_text, elided, fit_sentence
from app.ui.kit.tokens import BODY_TEXT


class Strip:
    """Places icons, texts and key caps on one line, so that a row is written in its reading order.

    ``left`` and ``right`` are the edges of what is still free; ``cut`` tells that a text was shortened.
    """

    def __init__(self, painter: QPainter, rect: QRectF, gap: float = 8.0) -> None:
        self.painter, self.gap = painter, gap
        self.left, self.right, self.centre = rect.left(), rect.right(), rect.center().y()
        self.cut = False

    @property
    def room(self) -> float:
        """Return how many px are still free."""
        return max(0.0, self.right - self.left)

    def icon(self, name: str, colour: str, size: int = 20) -> None:
        """Put an icon at the left."""
        draw_icon(self.painter, QPointF(self.left + size / 2, self.centre), name, colour, size)
        self.left += size + self.gap

    def icon_right(self, name: str, colour: str, size: int = 20) -> None:
        """Put an icon at the right."""
        draw_icon(self.painter, QPointF(self.right - size / 2, self.centre), name, colour, size)
        self.right -= size + self.gap

    def text(
        self, words: str, colour: str, size: int = BODY_TEXT, bold: bool = False, *, least: int = 0
    ) -> None:
        """Put a text at the left; where it does not fit it shrinks to ``least`` px, then it is shortened."""
        if least and text_width(words, size, bold) > self.room:
            size = least
        shown = elided(words, size, bold, self.room)
        self.cut = self.cut or shown != words
        draw_text(self.painter, self.left, self.centre, shown, colour, size, bold)
        self.left += text_width(shown, size, bold) + self.gap

    def fitted(self, words: str, colour: str, sizes: tuple[int, ...], bold: bool, height: float) -> None:
        """Put words at the left that may shrink through ``sizes`` and take two lines within ``height``."""
        shown = fit_sentence(words, self.room, height, sizes, bold)
        self.cut = self.cut or shown.cut
        room = QRectF(self.left, self.centre - height / 2, self.room, height)
        draw_fitted(self.painter, room, shown, colour, bold)
        self.left += max((text_width(line, shown.size, bold) for line in shown.lines), default=0.0) + self.gap

    def text_right(self, words: str, colour: str, size: int = BODY_TEXT, bold: bool = False) -> None:
        """Put a text at the right, shortened to what is free."""
        shown = elided(words, size, bold, self.room)
        self.cut = self.cut or shown != words
        self.right -= text_width(shown, size, bold)
        draw_text(self.painter, self.right, self.centre, shown, colour, size, bold)
        self.right -= self.gap

    def key(self, text: str, size: int = 24, state: KeyState = KeyState.WAITING) -> None:
        """Put a key cap at the left."""
        width = key_cap_width(text, size, state)
        draw_key_cap(self.painter, QRectF(self.left, self.centre - size / 2, width, size), text, size, state)
        self.left += width + self.gap

    def key_right(self, text: str, size: int = 24, state: KeyState = KeyState.WAITING) -> None:
        """Put a key cap at the right."""
        width = key_cap_width(text, size, state)
        self.right -= width
        draw_key_cap(self.painter, QRectF(self.right, self.centre - size / 2, width, size), text, size, state)
        self.right -= self.gap

    def rule(self, colour: str, height: float) -> None:
        """Put a thin upright line at the left."""
        draw_box(self.painter, QRectF(self.left, self.centre - height / 2, 1, height), colour, None, 0, 0)
        self.left += 1 + self.gap
