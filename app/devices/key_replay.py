"""A person's key, handed over a moment after it was pressed, as if it had come just now."""

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWindow

_Context = Qt.ShortcutContext


def copy_key(event: QKeyEvent, type: QEvent.Type | None = None) -> QKeyEvent:
    """Return a key event of our own: Qt's lives only as long as its delivery."""
    copy = QKeyEvent(
        type or event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy


def is_claimed(window: QWindow, event: QKeyEvent) -> bool:
    """Return whether what has the keyboard wants this key for itself, as a text field wants characters."""
    question = copy_key(event, QEvent.Type.ShortcutOverride)
    question.ignore()
    QCoreApplication.sendEvent(window, question)
    return question.isAccepted()


def shortcut_of(window: QWindow, event: QKeyEvent) -> QShortcut | None:
    """Return the one shortcut this key would activate; Qt looks only for keys that come from the system.

    It belongs to what has the keyboard or to what that stands in, up to the window: the few there are looked
    through, not the hundreds of a whole window.
    """
    focus = window.focusObject()
    wanted = {QKeySequence(combination).toString() for combination in _combinations(event)}
    fitting = [
        shortcut
        for owner in _line_of(focus)
        for shortcut in owner.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if wanted & {keys.toString() for keys in QShortcut.keys(shortcut)} and _is_live(shortcut, focus)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _combinations(event: QKeyEvent) -> list[QKeyCombination]:
    key = Qt.Key(event.key())
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    combinations = [QKeyCombination(modifiers, key)]
    if not event.text().isalpha():  # a sign written with Shift is a key of its own
        combinations.append(QKeyCombination(modifiers & ~Qt.KeyboardModifier.ShiftModifier, key))
    return combinations


def _is_live(shortcut: QShortcut, focus: QObject) -> bool:
    owner = shortcut.parent()
    if owner is None or not shortcut.isEnabled():
        return False
    if not (owner.property("enabled") and owner.property("visible")):
        return False
    match shortcut.context():
        case _Context.WidgetShortcut:
            return owner is focus
        case _Context.WidgetWithChildrenShortcut:
            return owner in _line_of(focus)
        case _Context.WindowShortcut:
            return _line_of(owner)[-1] is _line_of(focus)[-1]
        case _:
            return True


def _line_of(widget: QObject) -> list[QObject]:
    """Return the widget and what it stands in, up to its window."""
    line = [widget]
    while not _is_window(line[-1]) and (parent := line[-1].parent()) is not None:
        line.append(parent)
    return line


def _is_window(widget: QObject) -> bool:
    asks = getattr(widget, "isWindow", None)  # only widgets have it, and this room knows none
    return bool(asks()) if asks else False
