"""Makes the long runs of the feeds before anybody asks for them, beside the requests."""

import threading

import psycopg

from server import feed_block
from server.database import open_database
from server.intake import log_bug

LOOK_S = 30.0
"""Between two looks for a run that has become full; whoever asks earlier has it made there and then."""


class Condenser:
    """A thread of the centre."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="condenser")

    def open(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the run under way."""
        self._closing.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                self._make_all()
            except psycopg.OperationalError:
                pass  # the requests say so; here there is time
            except Exception as bug:  # noqa: BLE001 - an outer edge: a bug here must not end the centre
                log_bug(bug)
            self._closing.wait(LOOK_S)

    def _make_all(self) -> None:
        with open_database(self._dsn) as database:
            for area, start in feed_block.missing_blocks(database):
                if self._closing.is_set():
                    return
                feed_block.read_block(database, area, start)
