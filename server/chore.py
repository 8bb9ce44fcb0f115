"""Work of the centre that nobody waits for: a thread beside the requests looks whether there is any."""

import threading
import time
from collections.abc import Callable

import psycopg

from server.clerk import log_bug
from server.database import Database, open_database

LOOK_S = 30.0
"""Between two looks where nothing is handed in."""
QUIET_S = 0.25
"""So long nobody has handed anything in: devices come first."""
LONGEST_S = 600.0
"""Longer than that no work is put off because the centre is never quiet; then it is done to its end."""

Stopping = Callable[[], bool]
"""Whether the centre is to end, or devices have come: then work is broken off at the next good place."""


class Chore:
    """A thread of the centre."""

    def __init__(
        self,
        dsn: str,
        name: str,
        do: Callable[[Database, Stopping], object],
        handed_in_s: Callable[[], float] = lambda: float("-inf"),
    ) -> None:
        """``do`` does what there is to do, and leaves off early when told to.

        ``handed_in_s``: when something was last handed in that may bring work, on the monotonic clock; now,
        while the centre is at it.
        """
        self._dsn = dsn
        self._do = do
        self._handed_in_s = handed_in_s
        self._closing = threading.Event()
        self._begun_s = float("-inf")
        """When the work under way, or the last, began."""
        self._gives_way = True
        """Whether it is broken off when devices come."""
        self._thread = threading.Thread(target=self._work, name=name)

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the piece under way."""
        self._closing.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._begun_s = time.monotonic()
            try:
                with open_database(self._dsn) as database:
                    self._do(database, self._is_called_off)
            except psycopg.OperationalError:
                pass  # the requests say so; here there is time
            except Exception as bug:  # noqa: BLE001 - an outer edge: a bug here must not end the centre
                log_bug(bug)
            self._gives_way = self._rest()

    def _is_called_off(self) -> bool:
        return self._closing.is_set() or (self._gives_way and self._handed_in_s() > self._begun_s)

    def _rest(self) -> bool:
        """Return when it is time to look again, or soon after something was handed in.

        False: because the work was put off for the longest time.
        """
        while not self._closing.wait(QUIET_S):
            now_s, handed_in_s = time.monotonic(), self._handed_in_s()
            due = self._begun_s < handed_in_s or now_s - self._begun_s >= LOOK_S
            if due and handed_in_s <= now_s - QUIET_S:
                return True
            if now_s - self._begun_s >= LONGEST_S:
                return False
        return True
