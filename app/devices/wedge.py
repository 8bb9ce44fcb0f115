"""Keyboard-wedge scanners: scans are rebuilt from the keys of a window, people's keys pass (SITE-13).

A key that a text field claims goes there at once and is taken out again if it was part of a scan. Any other
character is held until it is clear who typed it, because a page may act on it: a scan must never confirm
a check or press a button.
"""

from typing import ClassVar, NamedTuple
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

from app.devices.burst import LONGEST_GAP_MS, LONGEST_HITCH_MS, Burst
from app.devices.field_snapshot import FieldSnapshot
from app.devices.key_replay import copy_key, is_claimed, shortcut_of
from app.devices.keystroke import Kind, character_of, key_id, kind_of


class _Held(NamedTuple):
    """A key that waits for the decision who typed it."""

    window: QWindow
    event: QKeyEvent


class _BrokenOff(NamedTuple):
    """The beginning of a scan that lost its rest: what follows soon is no code of its own."""

    at: int
    snapshots: list[FieldSnapshot]


class WedgeRouter(QObject):
    """Watches windows and tells scans from typing by the timestamps of the key events."""

    scanned = Signal(str)
    """A whole scan without its line end; GS is kept."""

    rejected = Signal(str)
    """Keys at machine speed that make no scan: too short, too slow or without line end. They did nothing."""

    _all: ClassVar["WeakSet[WedgeRouter]"] = WeakSet()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all.add(self)
        self._burst = Burst()
        self._held: list[_Held] = []
        self._snapshots: list[FieldSnapshot] = []
        self._broken_off: _BrokenOff | None = None
        self._swallowed: set[int] = set()
        self._ended_at = -LONGEST_GAP_MS - 1
        self._passes_next = False
        self._silence = QTimer(self, singleShot=True, interval=LONGEST_GAP_MS + 1)
        self._silence.setTimerType(Qt.TimerType.PreciseTimer)  # a coarse one comes up to a twentieth later
        self._silence.timeout.connect(self._fell_silent)

    def watch_all(self, application: QGuiApplication) -> None:
        """Watch every window from the moment it first has the keyboard."""
        application.focusWindowChanged.connect(self._watch_focused)
        self._watch_focused(application.focusWindow())

    def stop(self) -> None:
        """Watch no more."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            for window in application.allWindows():
                window.removeEventFilter(self)
            application.focusWindowChanged.disconnect(self._watch_focused)
        self._start_anew()

    def watch(self, window: QWindow) -> None:
        """Watch one window, alone: two routers on it would ask each other for ever."""
        for router in self._all:
            if router is not self and shiboken6.isValid(router):
                window.removeEventFilter(router)
        window.installEventFilter(self)

    def pass_pause(self) -> None:
        """Decide now who typed what is held, as when the pause after a person's key has gone by."""
        self._silence.stop()
        self._fell_silent()

    def _watch_focused(self, window: QWindow | None) -> None:
        if window is not None:
            self.watch(window)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return whether this key stays here: part of a scan, or not decided yet."""
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWindow):
            return False
        if self._passes_next:
            self._passes_next = False
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride:
                stays = self._foresee(watched, event)
                if stays:
                    event.accept()  # so that no shortcut takes it and it comes again as a key press
                return stays
            case QEvent.Type.KeyPress:
                return self._press(watched, event)
            case QEvent.Type.KeyRelease:
                return self._release(watched, event)
            case _:
                return False

    def _foresee(self, window: QWindow, event: QKeyEvent) -> bool:
        """Decide before Qt looks for a shortcut."""
        match self._kind(event):
            case Kind.CHARACTER:
                return self._must_hold(window, event)
            case Kind.LINE_END if self._ends_machine(event.timestamp()):
                return True
            case Kind.SHIFTING:
                return False
            case _:
                self._let_go()
                return False

    def _press(self, window: QWindow, event: QKeyEvent) -> bool:
        match self._kind(event):
            case Kind.CHARACTER:
                return self._take_character(window, event)
            case Kind.LINE_END if self._ends_machine(event.timestamp()):
                self._swallowed.add(key_id(event))
                self._end(event.timestamp())
                return True
            case Kind.SHIFTING:
                return False
            case _:
                self._let_go()
                return False

    def _release(self, window: QWindow, event: QKeyEvent) -> bool:
        code = key_id(event)
        if any(key_id(held.event) == code for held in self._held):
            self._held.append(_Held(window, copy_key(event)))
            return True
        if code in self._swallowed:
            self._swallowed.discard(code)
            return True
        return False

    def _take_character(self, window: QWindow, event: QKeyEvent) -> bool:
        holds = self._must_hold(window, event)
        self._burst.add(character_of(event), event.timestamp())
        if holds:
            self._held.append(_Held(window, copy_key(event)))
            self._silence.start()
        else:
            self._remember(window.focusObject())
        return holds

    def _must_hold(self, window: QWindow, event: QKeyEvent) -> bool:
        if not self._burst.goes_on(event.timestamp()):
            self._pause()
        return bool(self._held) or not self._ask(window, event)

    def _kind(self, event: QKeyEvent) -> Kind:
        if event.isAutoRepeat() and self._burst.is_typed_by_repeat(event.timestamp()):
            return Kind.OTHER
        return kind_of(event)

    def _ask(self, window: QWindow, event: QKeyEvent) -> bool:
        self._passes_next = True
        claimed = is_claimed(window, event)
        self._passes_next = False
        return claimed

    def _remember(self, field: QObject) -> None:
        if not any(snapshot.is_of(field) for snapshot in self._snapshots):
            self._snapshots.append(FieldSnapshot(field))

    def _ends_machine(self, at: int) -> bool:
        """Return whether a line end now is a machine's, so that nothing but this router may see it."""
        burst = self._burst
        if burst.goes_on(at):
            held_back = bool(self._held) and burst.is_beyond_fingers()
            return burst.is_scan(at) or held_back or self._is_rest()
        if burst.text:
            return burst.is_ended_late(at)
        second = 0 <= at - self._ended_at <= LONGEST_GAP_MS  # CR LF
        late = self._broken_off is not None and 0 <= at - self._broken_off.at <= LONGEST_HITCH_MS
        return second or late

    def _is_rest(self) -> bool:
        """Return whether the burst is the rest of a scan that broke off, so a part of a code."""
        return self._broken_off is not None and self._burst.follows(self._broken_off.at)

    def _end(self, at: int) -> None:
        """Take the scan, or refuse what is none; a person's keys never come here."""
        burst, snapshots = self._burst, self._snapshots
        whole = burst.goes_on(at) and burst.is_scan(at) and not self._is_rest()
        if self._broken_off and not whole:
            snapshots = snapshots + self._broken_off.snapshots
        self._ended_at, self._broken_off = at, None
        self._forget_held()
        self._start_anew()
        for snapshot in snapshots:
            snapshot.restore()
        if whole:
            self.scanned.emit(burst.text)
        elif burst.text:
            self.rejected.emit(burst.text)

    def _fell_silent(self) -> None:
        # After a busy moment keys may still wait in the system's queue: they come first, and start this anew.
        QCoreApplication.processEvents()
        if not self._silence.isActive():
            self._pause()

    def _pause(self) -> None:
        if self._burst.is_broken_off():
            self._broken_off = _BrokenOff(self._burst.instants[-1], self._snapshots)
        self._let_go()

    def _let_go(self) -> None:
        """No scan: hand over what was held, unless no person could have typed it."""
        held, burst = self._held, self._burst
        if held and burst.is_beyond_fingers():
            self._forget_held()
            held = []
            self.rejected.emit(burst.text)
        self._start_anew()
        for window, event in held:
            self._replay(window, event)

    def _start_anew(self) -> None:
        self._silence.stop()
        self._burst, self._held, self._snapshots = Burst(), [], []

    def _forget_held(self) -> None:
        """Drop the held keys; the releases that are still to come are dropped as well."""
        for _, event in self._held:
            if event.type() == QEvent.Type.KeyPress:
                self._swallowed.add(key_id(event))
            else:
                self._swallowed.discard(key_id(event))

    def _replay(self, window: QWindow, event: QKeyEvent) -> None:
        if not shiboken6.isValid(window):
            return
        if event.type() == QEvent.Type.KeyPress and not self._ask(window, event):
            shortcut = shortcut_of(window, event)
            if shortcut is not None:
                shortcut.activated.emit()
                return
        self._passes_next = True
        QCoreApplication.sendEvent(window, event)
        self._passes_next = False
