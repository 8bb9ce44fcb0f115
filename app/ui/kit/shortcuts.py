"""Keys of a page: named as they are printed on the caps, alive while the page has the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

LOCK_KEY = "Ctrl+L"
"""Locks the desk, whatever stands open."""
_NAMED = {
    "Enter": (Qt.Key.Key_Return, Qt.Key.Key_Enter),
    "Esc": (Qt.Key.Key_Escape,),
    "PgDn": (Qt.Key.Key_PageDown,),
}


def key_sequences(key: str) -> list[QKeySequence]:
    """Return what Qt calls the key printed as ``key`` (``F10``, ``Enter``, ``Alt+1``, ``3``)."""
    if key in _NAMED:
        return [QKeySequence(code) for code in _NAMED[key]]
    return [QKeySequence(key)]


def bind_key(
    owner: QWidget, key: str, act: Callable[[], object], *, whole_window: bool = False
) -> list[QShortcut]:
    """Let ``key`` call ``act`` while ``owner`` or a child of it has the keyboard, or anywhere in its window.

    The owner of a key of the whole window must be what all its pages stand in. A key held down acts once.
    The shortcuts belong to ``owner`` and are returned, to be switched off.
    """
    context = (
        Qt.ShortcutContext.WindowShortcut if whole_window else Qt.ShortcutContext.WidgetWithChildrenShortcut
    )
    bound: list[QShortcut] = []
    for sequence in key_sequences(key):
        shortcut = QShortcut(sequence, owner)
        shortcut.setContext(context)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)
        bound.append(shortcut)
    return bound
