"""What nobody waits for is done as soon as the centre is quiet after something was handed in."""

import threading
import time

import pytest

from server import chore
from server.chore import Chore
from server.database import Database
from server.feed_block import read_block

LONGEST_S = 30.0


class Counter:
    """Work that counts how often it was done."""

    def __init__(self) -> None:
        self.times = threading.Semaphore(0)

    def do(self, database: Database, stopping: chore.Stopping) -> None:
        self.times.release()


def test_a_chore_looks_again_once_it_is_quiet_after_something_was_handed_in(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Performance.md, row 2: a device far behind finds the long runs made."""
    monkeypatch.setattr(chore, "QUIET_S", 0.01)
    counter, handed_in = Counter(), [float("-inf")]
    work = Chore(dsn, "counting", counter.do, lambda: handed_in[0])
    work.open()
    try:
        assert counter.times.acquire(timeout=LONGEST_S), "at the start"
        for _ in range(2):
            # handed in after the look before has ended, whenever that is
            deadline_s = time.monotonic() + LONGEST_S
            again = False
            while not again and time.monotonic() < deadline_s:
                handed_in[0] = time.monotonic()
                again = counter.times.acquire(timeout=0.1)
            assert again
    finally:
        work.close()


def test_two_who_want_one_long_run_get_the_same(database: Database) -> None:
    assert read_block(database, "nobody's", 0) == read_block(database, "nobody's", 0)
