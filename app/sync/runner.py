"""The thread sync runs in: it steps the engine, waits on an event, and never holds up recording."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.domain.refusals import Refusal


class Stepping(Protocol):
    """What is stepped: the engine of sync, or one desk's dealings with another over the LAN."""

    def step(self) -> float:
        """Do what is due; return seconds until something is."""
        ...

    def wake(self, *, forced: bool = False) -> None:
        """Something new was recorded; ``forced``: a person asked."""
        ...


class Line(Protocol):
    """The part of a transport the runner holds: it can break off and let go."""

    def cancel(self) -> None:
        """Break off an exchange under way in another thread."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


@dataclass(unsafe_hash=True)
class SyncStillBusy(Refusal):
    """The sync thread did not end in time; it ends with the program, and nothing of it is lost."""

    waited_s: float


class SyncRunner:
    """Keeps one engine stepping until stopped."""

    def __init__(
        self, engine: Stepping, line: Line, on_rest: Callable[[], None] = lambda: None, name: str = "sync"
    ) -> None:
        """``on_rest`` is called from the thread, of this ``name``, once it stands still after ``pause``."""
        self._engine = engine
        self._line = line
        self._on_rest = on_rest
        self._wake = threading.Event()
        self._new = threading.Event()
        self._forced = threading.Event()
        self._stopping = False
        self._paused = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first exchange leaves at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Tell from any thread that something new was recorded; returns at once."""
        self._new.set()
        self._wake.set()

    def sync_now(self) -> None:
        """Try now, back-off or not, because a person asked; from any thread, returns at once."""
        self._forced.set()
        self._wake.set()

    def pause(self) -> None:
        """Stand still after the exchange under way, until ``resume``; from any thread, returns at once."""
        self._paused = True
        self._wake.set()

    def resume(self) -> None:
        """Go on at once, back-off or not, because a person asked; from any thread."""
        self._paused = False
        self.sync_now()

    def stop(self, timeout_s: float = 15.0) -> None:
        """Break off, end the thread and wait for it; raises SyncStillBusy if a connection attempt hangs."""
        self._stopping = True
        self._wake.set()
        self._line.cancel()
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise SyncStillBusy(timeout_s)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs; False after ``stop`` or a bug (which ``threading.excepthook`` got)."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            while not self._stopping:
                if self._paused:
                    self._rest()
                    continue
                wait = self._engine.step()
                if wait > 0 and self._wake.wait(wait):
                    self._take_wishes()
        finally:
            self._line.close()

    def _rest(self) -> None:
        self._on_rest()
        while self._paused and not self._stopping:
            self._wake.wait()
            self._wake.clear()
        self._take_wishes()

    def _take_wishes(self) -> None:
        self._wake.clear()
        if self._forced.is_set():
            self._forced.clear()
            self._engine.wake(forced=True)
        if self._new.is_set():
            self._new.clear()
            self._engine.wake()
