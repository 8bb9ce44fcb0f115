"""Work of the centre that nobody waits for: a thread beside the requests looks whether there is any."""

import threading
from collections.abc import Callable

import psycopg

from server.database import Database, open_database
from server.intake import log_bug

LOOK_S = 30.0
"""Between two looks."""

Stopping = Callable[[], bool]
"""Whether the centre is to end: then work is broken off at the next good place."""


class Chore:
    """A thread of the centre."""

    def __init__(self, dsn: str, name: str, do: Callable[[Database, Stopping], object]) -> None:
        """``do`` does what there is to do, and leaves off early when told that the centre ends."""
        self._dsn = dsn
        self._do = do
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
            self._closing.wait(LOOK_S)
