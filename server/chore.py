"""Work of the centre that nobody waits for: a thread beside the requests looks whether there is any."""

import threading
import time
from collections.abc import Callable

import psycopg

from server.database import Database, open_database
from server.intake import log_bug

LOOK_S = 30.0
"""Between two looks; longer than that no work is put off because the centre is busy."""
QUIET_S = 1.0
"""So long nobody has handed anything in: devices come first."""

Stopping = Callable[[], bool]
"""Whether the centre is to end: then work is broken off at the next good place."""


class Chore:
    """A thread of the centre."""

    def __init__(
        self,
        dsn: str,
        name: str,
        do: Callable[[Database, Stopping], object],
        handed_in_s: Callable[[], float] = lambda: float("-inf"),
    ) -> None:
        """``do`` does what there is to do, and leaves off early when told that the centre ends.

        ``handed_in_s``: when something was last handed in that may bring work, on the monotonic clock.
        """
        self._dsn = dsn
        self._do = do
        self._handed_in_s = handed_in_s
        self._closing = threading.Event()
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
            try:
                with open_database(self._dsn) as database:
                    self._do(database, self._closing.is_set)
            except psycopg.OperationalError:
                pass  # the requests say so; here there is time
            except Exception as bug:  # noqa: BLE001 - an outer edge: a bug here must not end the centre
                log_bug(bug)
            self._rest()

    def _rest(self) -> None:
        """Return when it is time to look again, or soon after something was handed in."""
        begun_s = time.monotonic()
        while not self._closing.wait(QUIET_S):
            now_s, handed_in_s = time.monotonic(), self._handed_in_s()
            if now_s - begun_s >= LOOK_S or begun_s < handed_in_s <= now_s - QUIET_S:
                return
