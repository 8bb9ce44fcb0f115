"""Words that shrink and take two lines rather than be cut, in whatever room the layout leaves them."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.painting import draw_fitted, fit_sentence, smooth
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, FACT_TEXT, LIGHT, SECTION_TEXT

LADDER = (BANNER_TEXT, 34, FACT_TEXT, SECTION_TEXT, BODY_TEXT)
"""The sizes a sentence steps down."""


class FittedText(QWidget):
    """One sentence at the largest size that fits, starting from ``size`` px."""

    def __init__(
        self,
        text: str = "",
        size: int = FACT_TEXT,
        *,
        bold: bool = True,
        colour: str = LIGHT.ink,
        lines: int = 2,
        at_top: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._bold, self._colour, self._lines = "", bold, colour, lines
        self._at_top = at_top
        self._sizes = tuple(step for step in (*LADDER, 15) if step <= size) or (size,)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_text(text)

    @property
    def text(self) -> str:
        """Return the sentence."""
        return self._text

    def show_text(self, text: str, colour: str | None = None) -> None:
        """Change the sentence, and its colour if one is given."""
        colour = colour or self._colour
        if (text, colour) != (self._text, self._colour):
            self._text, self._colour = text, colour
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the lines asked for, at the largest size."""
        return QSize(240, round(self._sizes[0] * 1.3 * self._lines))

    def minimumSizeHint(self) -> QSize:
        """Return room for one line at the smallest size."""
        return QSize(80, round(self._sizes[-1] * 1.3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sentence."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        room = rect.width(), rect.height()
        fitted = fit_sentence(self._text, *room, self._sizes, self._bold, max(2, self._lines))
        draw_fitted(painter, rect, fitted, self._colour, self._bold, at_top=self._at_top)
        painter.end()
        self.setToolTip(self._text if fitted.cut else "")
