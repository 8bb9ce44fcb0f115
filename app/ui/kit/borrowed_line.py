"""A text line lent to one of our boxes: dressed without a frame, and polite to the keys of its page."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.fonts import font
from app.ui.kit.tokens import LIGHT

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def dress_line(edit: QLineEdit, box: QWidget, size: int) -> QLineEdit:
    """Put ``edit`` into ``box`` without a frame, its letters ``size`` px high, and return it.

    ``box`` must filter its events.
    """
    edit.setParent(box)
    edit.setFrame(False)
    edit.setFont(font(size))
    edit.setProperty("bare", True)
    palette = edit.palette()
    palette.setColor(QPalette.ColorRole.PlaceholderText, QColor(LIGHT.muted))
    edit.setPalette(palette)
    edit.installEventFilter(box)
    return edit


def gives_way(edit: QLineEdit, event: QEvent, keys: frozenset[str] = frozenset()) -> bool:
    """Return whether ``event`` is a key an empty line leaves to its page: one of ``keys``, or Ctrl+Z."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or edit.text():
        return False
    undo = event.key() == Qt.Key.Key_Z and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return undo or event.text() in keys


def keeps_enter(edit: QLineEdit, event: QEvent) -> bool:
    """Return whether ``event`` is the Enter that ends what was typed: it is not the Enter of the page."""
    shortcut = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
    return shortcut and event.key() in _ENTER and bool(edit.text())  # type: ignore[attr-defined]
