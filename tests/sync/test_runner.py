"""The sync thread: it wakes when told, waits without work, and lets nobody wait for it."""

import queue
import threading
from collections.abc import Callable, Iterator
from random import Random

import pytest

from app.sync.engine import SyncEngine
from app.sync.pace import FIRST_BATCH
from app.sync.runner import SyncRunner, SyncStillBusy
from app.sync.state import Idle, Offline, SyncState
from tests.sync.local_journal import LocalJournal
from tests.sync.paper_centre import PaperCentre
from tests.sync.paper_line import PATIENCE_S, PaperLine


class Running:
    """A runner on a real thread, and the states it shows."""

    def __init__(self) -> None:
        self.journal = LocalJournal()
        self.link = PaperLine(PaperCentre(self.journal.clock))
        self.states: queue.Queue[SyncState] = queue.Queue()
        self.engine = SyncEngine(
            self.journal.device_id,
            self.journal,
            self.link,
            self.journal.clock,
            Random(3).randbytes,
            self.states.put,
        )
        self.runner = SyncRunner(self.engine, self.link)

    def wait_for(self, wanted: Callable[[SyncState], bool]) -> SyncState:
        """Return the first such state; raises queue.Empty when it never comes."""
        while True:
            state = self.states.get(timeout=PATIENCE_S)
            if wanted(state):
                return state


def idle(state: SyncState) -> bool:
    return isinstance(state, Idle)


def offline(state: SyncState) -> bool:
    return isinstance(state, Offline)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    if running.runner.is_alive:
        running.runner.stop()


def test_it_begins_at_once_and_a_nudge_sends_what_is_new(running: Running) -> None:
    """CRT-2: a dose goes up promptly."""
    running.journal.record_many(3)
    running.runner.start()
    running.wait_for(idle)
    running.journal.record()
    running.runner.nudge()
    running.wait_for(idle)
    assert [event_id for event_id, _ in running.journal.receipted()] == running.journal.ids()


def test_recording_never_waits_for_a_link_that_hangs(running: Running) -> None:
    """SYN-5: the nudge returns while an exchange is under way."""
    running.link.open.clear()
    running.runner.start()
    assert running.link.asked.wait(PATIENCE_S)
    running.journal.record()
    running.runner.nudge()
    assert not running.link.open.is_set(), "the exchange still hangs"
    running.link.open.set()
    running.wait_for(idle)
    running.wait_for(idle)
    assert len(running.journal.receipted()) == 1


def test_a_person_can_have_it_try_now_while_it_waits(running: Running) -> None:
    running.link.down = True
    running.journal.record()
    running.runner.start()
    running.wait_for(offline)
    running.link.down = False
    running.runner.sync_now()
    running.wait_for(idle)
    assert len(running.journal.receipted()) == 1


def test_stop_breaks_off_what_hangs_ends_the_thread_and_closes_the_line(running: Running) -> None:
    running.link.open.clear()
    running.runner.start()
    assert running.link.asked.wait(PATIENCE_S)
    running.runner.stop()
    assert not running.runner.is_alive
    assert running.link.closed


def test_stop_while_it_waits_ends_the_thread(running: Running) -> None:
    running.runner.start()
    running.wait_for(idle)
    running.runner.stop()
    assert not running.runner.is_alive


def test_stop_says_so_when_the_thread_does_not_end(running: Running) -> None:
    running.link.deaf = True
    running.link.open.clear()
    running.runner.start()
    assert running.link.asked.wait(PATIENCE_S)
    with pytest.raises(SyncStillBusy):
        running.runner.stop(timeout_s=0.01)
    running.link.open.set()


def resting_after(running: Running, count: int) -> threading.Event:
    """Begin with a line that hangs at the exchange after ``count``; the event is set at each rest."""
    rested = threading.Event()
    running.runner = SyncRunner(running.engine, running.link, rested.set)
    running.link.passes = count
    running.runner.start()
    return rested


def test_a_pause_ends_after_the_exchange_under_way_and_keeps_its_receipts(running: Running) -> None:
    """SYN-2: nothing is broken off, nothing is sent twice."""
    running.journal.record_many(400)
    rested = resting_after(running, 0)
    assert running.link.asked.wait(PATIENCE_S)
    running.runner.pause()
    assert not rested.is_set(), "the exchange is still under way"
    running.link.let_go()
    assert rested.wait(PATIENCE_S)
    assert len(running.journal.receipted()) == FIRST_BATCH
    assert len(running.link.centre.requests) == 1


def test_neither_new_records_nor_a_wish_end_a_pause(running: Running) -> None:
    rested = resting_after(running, 100)
    running.wait_for(lambda state: isinstance(state, Idle) and state.synced_at is not None)
    running.runner.pause()
    assert rested.wait(PATIENCE_S)
    asked = len(running.link.centre.requests)
    running.journal.record()
    running.runner.nudge()
    running.runner.sync_now()
    running.runner.resume()
    running.wait_for(idle)
    assert len(running.journal.receipted()) == 1
    assert len(running.link.centre.requests) == asked + 1, "the pause held until it was ended"


def test_what_was_paused_goes_on_where_it_stood(running: Running) -> None:
    running.journal.record_many(400)
    rested = resting_after(running, 0)
    assert running.link.asked.wait(PATIENCE_S)
    running.runner.pause()
    running.link.let_go()
    assert rested.wait(PATIENCE_S)
    running.runner.resume()
    running.wait_for(idle)
    assert [event_id for event_id, _ in running.journal.receipted()] == running.journal.ids()


def test_a_paused_thread_still_ends(running: Running) -> None:
    rested = resting_after(running, 100)
    running.runner.pause()
    assert rested.wait(PATIENCE_S)
    running.runner.stop()
    assert not running.runner.is_alive
