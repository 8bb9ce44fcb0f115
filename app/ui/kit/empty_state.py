"""What stands where nothing is: an icon, one sentence, and what to do."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import Piece, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, MARGIN, SECTION_TEXT


class EmptyState(QWidget):
    """Centred in its room; also used while something loads or when nothing was found."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        todo: str = "",
        button: ActionButton | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._mark = IconMark(icon, LIGHT.border, 72)
        self._sentence = Text(sentence, SECTION_TEXT, bold=True, wrap=True)
        self._todo = Text(todo, colour=LIGHT.muted, wrap=True)
        for words in (self._sentence, self._todo):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        parts: list[Piece] = [row(None, self._mark, None), self._sentence, self._todo]
        if button is not None:
            parts.append(row(None, button, None, margins=(0, MARGIN, 0, 0)))
        self.setLayout(column(None, *parts, None, margins=(MARGIN, MARGIN, MARGIN, MARGIN)))

    def show_state(self, icon: str, sentence: str, todo: str = "") -> None:
        """Change what is said."""
        self._mark.show_icon(icon, LIGHT.border)
        self._sentence.show_text(sentence)
        self._todo.show_text(todo)
