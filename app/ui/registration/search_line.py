"""The line of the one search box: letters and digits by default, Chinese characters when asked for."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.ui.kit.fonts import font
from app.ui.kit.tokens import FACT_TEXT

LONGEST_LARGE, WHOLE_NUMBER_TEXT = 10, 17


class SearchLine(CodeLineEdit):
    """A code line whose input method can be let in for a while.

    Scans survive because no input method is at work; who wants to type a name in characters switches it on,
    and it is off again with the next search.
    """

    characters_switched = Signal(bool)
    """The input method has been let in or shut out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters = False
        self.textChanged.connect(self._fit)

    @property
    def takes_characters(self) -> bool:
        """Return whether the input method is let in."""
        return self._characters

    def let_characters_in(self, on: bool) -> None:
        """Let the input method in, or shut it out."""
        if on != self._characters:
            self._characters = on
            QGuiApplication.inputMethod().update(Qt.InputMethodQuery.ImEnabled)
            self.characters_switched.emit(on)

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        """Answer whether an input method is wanted."""
        if query == Qt.InputMethodQuery.ImEnabled and self._characters:
            return True
        return super().inputMethodQuery(query, argument)

    def _fit(self, text: str) -> None:
        """Show a whole document number at once, in smaller digits."""
        self.setFont(font(WHOLE_NUMBER_TEXT if len(text) > LONGEST_LARGE else FACT_TEXT))
