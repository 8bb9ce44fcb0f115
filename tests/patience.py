"""Waiting for what the program does in its own time, however slow or broken off the machine is."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop
from pytestqt.qtbot import QtBot

PATIENCE_S = 90.0
_LONGEST_ROUND_S = 0.5
"""Of a round that took longer, the rest was no work of the program: the machine stood still."""
_GLANCE_S, _LONGEST_GLANCE_S = 0.001, 0.016
"""Between two looks; each look in vain is followed by a longer pause: what waits long burns no processor."""


class Patience:
    """So many seconds in which the machine worked; a machine that stood still is not held against anybody."""

    def __init__(self, seconds: float = PATIENCE_S) -> None:
        self._left, self._seen = seconds, monotonic()

    def is_over(self) -> bool:
        """Return whether they have gone by; to be asked in every round of waiting."""
        now = monotonic()
        self._left -= min(now - self._seen, _LONGEST_ROUND_S)
        self._seen = now
        return self._left <= 0


def work_until(condition: Callable[[], Any], said: Callable[[], str]) -> None:
    """Let the window work until ``condition`` holds; AssertionError says what never came."""
    patience, glance = Patience(), _GLANCE_S
    while not condition():
        assert not patience.is_over(), said()
        work_off()
        glance = min(1.25 * glance, _LONGEST_GLANCE_S)
        sleep(glance)  # in Python: QTest.qWait keeps the interpreter from the threads behind


def work_off() -> None:
    """Let the windows work off what has come."""
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)


class PatientBot(QtBot):
    """pytest-qt's, with more patience than five seconds by the clock on the wall."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        """Let the windows work until the condition holds; there is one patience for all."""
        assert timeout == 0
        work_until(callback, lambda: "waited in vain")

    def waitSignal(self, signal: Any, *, timeout: int = int(PATIENCE_S * 1000), **how: Any) -> Any:
        """Wait for a signal, as pytest-qt does."""
        return super().waitSignal(signal, timeout=timeout, **how)
