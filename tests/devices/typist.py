"""A person or a scanner at the keyboard of a window: key events with instants of their own."""

from collections.abc import Sequence
from itertools import repeat

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow

_Key = Qt.Key
_NONE = Qt.KeyboardModifier.NoModifier
_KEYS = {"\r": (_Key.Key_Return, _NONE), "\t": (_Key.Key_Tab, _NONE)}
_KEYS["\x1d"] = (_Key.Key_BracketRight, Qt.KeyboardModifier.ControlModifier)
_KEYS["\n"] = (_Key.Key_J, Qt.KeyboardModifier.ControlModifier)
SCANNER_GAP, PERSON_GAP = 8, 120


class Typist:
    """Sends what the system sends for each key: the question for shortcuts, the press, the release."""

    def __init__(self, window: QWindow) -> None:
        self._window = window
        self._now = 5_000

    def type(self, text: str, gaps: int | Sequence[int] = PERSON_GAP) -> None:
        """Type the text; each key comes its gap (in ms) after the one before."""
        for character, gap in zip(text, repeat(gaps) if isinstance(gaps, int) else gaps, strict=False):
            key, modifiers = _KEYS.get(character, (ord(character.upper()), _NONE))
            self.press(_Key(key), character, modifiers, gap=gap)

    def scan(self, text: str) -> None:
        """Send the text and a CR as a scanner does, after a pause."""
        self._now += 1000
        self.type(text + "\r", SCANNER_GAP)

    def press(
        self,
        key: Qt.Key,
        text: str = "",
        modifiers: Qt.KeyboardModifier = _NONE,
        *,
        gap: int = PERSON_GAP,
        repeats: bool = False,
    ) -> bool:
        """Press and release one key; return whether somebody claimed it before any shortcut could."""
        self._now += gap
        question = self._event(QEvent.Type.ShortcutOverride, key, text, modifiers, repeats)
        question.ignore()
        QCoreApplication.sendEvent(self._window, question)
        for type in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._window, self._event(type, key, text, modifiers, repeats))
        return question.isAccepted()

    def _event(
        self, type: QEvent.Type, key: Qt.Key, text: str, modifiers: Qt.KeyboardModifier, repeats: bool
    ) -> QKeyEvent:
        event = QKeyEvent(type, key, modifiers, text, repeats)
        event.setTimestamp(self._now)
        return event
