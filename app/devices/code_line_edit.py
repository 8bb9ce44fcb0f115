"""The line into which codes are typed: no input method gets at it."""

from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_UNDO = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class CodeLineEdit(QLineEdit):
    """A line edit that a Chinese input method leaves alone and that leaves Ctrl+Z to the page.

    The answer to ``ImEnabled`` is the only thing input methods heed: hints and attributes do not help.
    Undo belongs to the page (the last deed), never to half a code.
    """

    def inputMethodQuery(self, query: Qt.InputMethodQuery, argument: Any = None) -> Any:
        """Answer that no input method is wanted."""
        if query == Qt.InputMethodQuery.ImEnabled:
            return False
        return super().inputMethodQuery(query, argument)

    def event(self, event: QEvent) -> bool:
        """Leave the keys of undo and redo to the page."""
        if isinstance(event, QKeyEvent) and any(event.matches(key) for key in _UNDO):
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().event(event)
