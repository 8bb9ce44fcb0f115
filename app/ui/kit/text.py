"""Words on the screen: one line that is shortened rather than cut, or a paragraph that wraps."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.kit.fonts import font, text_width
from app.ui.kit.painting import draw_text, elided
from app.ui.kit.tokens import BODY_TEXT, LIGHT

_PLAIN = Qt.TextFormat.PlainText
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LINE = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
_PARAGRAPH = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
_PARAGRAPH.setHeightForWidth(True)
_LOW_PARAGRAPH = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
_LOW_PARAGRAPH.setHeightForWidth(True)


class Text(QLabel):
    """Plain text (never rich) of one size and colour.

    Without ``wrap`` it is one line; where there is no room it ends in an ellipsis and the whole text is its
    tool-tip. With ``wrap`` it takes the lines it needs.
    """

    def __init__(
        self,
        text: str = "",
        size: int = BODY_TEXT,
        *,
        bold: bool = False,
        colour: str = LIGHT.ink,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._size, self._bold = size, bold
        self.setTextFormat(_PLAIN)
        self.setFont(font(size, bold))
        self.setSizePolicy(_PARAGRAPH if wrap else _LINE)
        if wrap:
            self.setWordWrap(True)
        self._colour = "" if wrap else LIGHT.ink
        self.set_colour(colour)

    def set_colour(self, colour: str) -> None:
        """Change the colour of the words."""
        if colour == self._colour:
            return
        self._colour = colour
        if self.wordWrap():  # Qt draws it
            palette = self.palette()
            palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
            self.setPalette(palette)
        else:
            self.update()

    def show_text(self, text: str, colour: str | None = None) -> None:
        """Change the words, and the colour if one is given."""
        if text != self.text():
            self.setText(text)
            self._tell_if_shortened()
        if colour is not None:
            self.set_colour(colour)

    def give_way(self) -> None:
        """Let a paragraph be no higher than its lines, where the height is reckoned from the width."""
        if self.wordWrap() and self.sizePolicy() == _PARAGRAPH:
            self.setSizePolicy(_LOW_PARAGRAPH)

    @property
    def shortened(self) -> bool:
        """Return whether the line has less room than it needs."""
        return not self.wordWrap() and text_width(self.text(), self._size, self._bold) > self.width() + 0.5

    def minimumSizeHint(self) -> QSize:
        """Return room for a few characters: a line may be shortened, a paragraph may be narrow."""
        hint = super().minimumSizeHint()
        natural = text_width(self.text(), self._size, self._bold)
        return QSize(min(round(natural + 1), self._size * 4), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as a tool-tip where it is shortened."""
        super().resizeEvent(event)
        self._tell_if_shortened()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, or let Qt draw the paragraph."""
        if self.wordWrap():
            super().paintEvent(event)
            return
        painter, room = QPainter(self), self.width()
        shown = elided(self.text(), self._size, self._bold, room)
        left, alignment = 0.0, self.alignment()
        if alignment != _AT_LEFT:
            free = room - text_width(shown, self._size, self._bold)
            left = free if alignment & Qt.AlignmentFlag.AlignRight else left
            left = free / 2 if alignment & Qt.AlignmentFlag.AlignHCenter else left
        draw_text(painter, left, self.height() / 2, shown, self._colour, self._size, self._bold)
        painter.end()

    def _tell_if_shortened(self) -> None:
        self.setToolTip(self.text() if self.shortened else "")
