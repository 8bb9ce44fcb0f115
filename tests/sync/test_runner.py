"""The sync thread: it wakes when told, waits without work, and lets nobody wait for it."""

import queue
import threading
from collections.abc import Callable, Iterator
from random import Random

import pytest

from app.sync.engine import SyncEngine
from app.sync.runner import SyncRunner, SyncStillBusy
from app.sync.state import Idle, Offline, SyncState
from app.sync.transport import CentreUnreachable
from tests.sync.local_journal import LocalJournal
from tests.sync.paper_centre import PaperCentre

PATIENCE_S = 20


class Link:
    """The way to a paper centre: can be down, can hang until somebody cancels."""

    def __init__(self, centre: PaperCentre) -> None:
        self.centre = centre
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self.asked = threading.Event()
        self.deaf = False
        self.cancelled = False
        self.closed = False

    def exchange(self, request: bytes) -> bytes:
        self.asked.set()
        self.open.wait(PATIENCE_S)
        if self.down or self.cancelled:
            raise CentreUnreachable("cut")
        return self.centre.exchange(request)

    def cancel(self) -> None:
        if not self.deaf:
            self.cancelled = True
            self.open.set()

    def close(self) -> None:
        self.closed = True


class Running:
    """A runner on a real thread, and the states it shows."""

    def __init__(self) -> None:
        self.journal = LocalJournal()
        self.link = Link(PaperCentre(self.journal.clock))
        self.states: queue.Queue[SyncState] = queue.Queue()
        engine = SyncEngine(
            self.journal.device_id,
            self.journal,
            self.link,
            self.journal.clock,
            Random(3).randbytes,
            self.states.put,
        )
        self.runner = SyncRunner(engine, self.link)

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
