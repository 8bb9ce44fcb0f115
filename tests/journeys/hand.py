"""A hand at the keyboard and a scanner in it: keys go the way the window system sends them."""

import os
import signal
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.devices.wedge import WedgeRouter
from app.ui.bench import Bench
from tests.devices.typist import Typist
from tests.patience import work_off, work_until

_KEYS = {
    "Enter": Qt.Key.Key_Return,
    "Esc": Qt.Key.Key_Escape,
    "Tab": Qt.Key.Key_Tab,
    "Up": Qt.Key.Key_Up,
    "Down": Qt.Key.Key_Down,
}
_KEYS |= {f"F{number}": Qt.Key(Qt.Key.Key_F1 + number - 1) for number in range(1, 13)}
_MODIFIERS = {"Alt": Qt.KeyboardModifier.AltModifier, "Ctrl": Qt.KeyboardModifier.ControlModifier}


class Hand:
    """Counts what it does: the budget at the needle is a requirement (ux.md rule 4)."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.keys = 0
        self.scans = 0
        self.cut_at: int | None = None
        """The power goes off right after so many keys and scans, before anything has answered."""

    def take_window(self) -> None:
        """Bring the window to the front and wait until it has the keyboard."""
        self._window.show()
        self._window.activateWindow()
        self.wait_until(self._window.isActiveWindow, "the window has the keyboard")

    def scan(self, text: str) -> None:
        """Send a code as a scanner does: eight milliseconds a key by the keys' own clock, ended by CR."""
        self.scans += 1
        Typist(self._window.windowHandle()).scan(text)
        self._cut_power_in_time()
        self.pump()

    def press(self, key: str) -> None:
        """Press one key as printed on the caps: ``3``, ``Enter``, ``F9``, ``Alt+1``; then pause."""
        self.keys += 1
        *held, name = key.split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for modifier in held:
            modifiers |= _MODIFIERS[modifier]
        code = _KEYS.get(name)
        target = self._window.windowHandle()
        if code is not None:
            QTest.keyClick(target, code, modifiers)
        else:
            _type(self._window, name, modifiers)
        self._cut_power_in_time()
        self._pause()

    def tap(self, key: str) -> None:
        """Press a key on whatever has the keyboard, past the scanner's router that would wait to be sure."""
        target = QApplication.focusWidget() or self._window
        code = _KEYS.get(key)
        QTest.keyClick(target, key if code is None else code)  # type: ignore[arg-type]

    def _pause(self) -> None:
        """Let the pause go by that tells a person from a gun, without sitting it out."""
        for router in self._window.findChildren(WedgeRouter):
            router.pass_pause()
        self.pump()

    def _cut_power_in_time(self) -> None:
        if self.cut_at is not None and self.keys + self.scans >= self.cut_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def type(self, text: str) -> None:
        """Type as a person does."""
        for character in text:
            self.press(character)

    def pump(self) -> None:
        """Let the window work off what has come."""
        work_off()

    def catch_up(self, bench: Bench) -> None:
        """Wait until the window shows what was done so far."""
        seen: list[None] = []
        bench.submit(bench, seen.append, lambda act: None)
        self.wait_until(lambda: bool(seen), "the window has caught up")
        self.pump()

    def wait_until(
        self, condition: Callable[[], bool], what: str, said: Callable[[], object] = lambda: ""
    ) -> None:
        """Let the window work until ``condition`` holds; AssertionError says ``what`` never came.

        ``said`` is what the window says instead.
        """
        work_until(condition, lambda: f"waited in vain until {what} {said()}")


def _type(
    window: QWidget, character: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press the key of a character; the stubs do not know that QTest takes text for a window too."""
    QTest.keyClick(window.windowHandle(), character, held)  # type: ignore[call-overload]
