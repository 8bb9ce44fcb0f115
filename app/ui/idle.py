"""Whether anybody is at the desk: the last key, click or scan, by the running time of the machine."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QWindow

_HANDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)


class IdleWatch(QObject):
    """Looks at one window; ``monotonic`` is the clock's, so that setting the time locks nobody out or in."""

    def __init__(self, window: QWindow, monotonic: Callable[[], float]) -> None:
        super().__init__(window)
        self._monotonic = monotonic
        self._last = monotonic()
        window.installEventFilter(self)

    @property
    def seconds(self) -> float:
        """Return for how long nobody has touched anything."""
        return self._monotonic() - self._last

    def touch(self) -> None:
        """Somebody is there: a scan that came in by no key, or a sign-in."""
        self._last = self._monotonic()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a hand and let everything pass."""
        if event.type() in _HANDS:
            self.touch()
        return False
