"""What nobody waits for is done as soon as the centre is quiet after something was handed in."""

import queue
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


def test_a_chore_is_called_off_by_devices_and_waits_until_they_are_done(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Performance.md rows 1 and 9: nothing is condensed beside a push, however long it takes."""
    monkeypatch.setattr(chore, "QUIET_S", 0.01)
    monkeypatch.setattr(chore, "LOOK_S", 0.02)
    handing_in = [float("-inf")]
    begun, called_off = threading.Semaphore(0), threading.Event()

    def do(database: Database, stopping: chore.Stopping) -> None:
        begun.release()
        while not called_off.is_set():
            if stopping():
                called_off.set()

    work = Chore(dsn, "condensing", do, lambda: handing_in[0])
    work.open()
    try:
        assert begun.acquire(timeout=LONGEST_S), "at the start"
        handing_in[0] = float("inf")
        assert called_off.wait(LONGEST_S)
        assert not begun.acquire(timeout=0.1), "it is past the time of a look, and they are still at it"
        handing_in[0] = time.monotonic()
        assert begun.acquire(timeout=LONGEST_S)
    finally:
        called_off.set()
        work.close()


def test_a_chore_that_was_put_off_for_the_longest_time_is_done_whoever_comes(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chore, "QUIET_S", 0.01)
    monkeypatch.setattr(chore, "LONGEST_S", 0.05)
    called_off: queue.Queue[bool] = queue.Queue()
    work = Chore(dsn, "late", lambda _, stopping: called_off.put(stopping()), lambda: float("inf"))
    work.open()
    try:
        assert called_off.get(timeout=LONGEST_S), "at the start devices come first"
        assert not called_off.get(timeout=LONGEST_S), "else it would never be done"
    finally:
        work.close()


def test_two_who_want_one_long_run_get_the_same(database: Database) -> None:
    assert read_block(database, "nobody's", 0) == read_block(database, "nobody's", 0)
