"""One device and its centre in one process, time and link in the test's hand."""

from collections.abc import Callable
from concurrent.futures import Future

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.engine import SyncEngine
from app.sync.pushing import Packed
from app.sync.state import SyncState
from tests.sync.local_journal import LocalJournal
from tests.sync.paper_centre import Fault, PaperCentre


class Site:
    """One device and its centre, and everything the screen was shown."""

    def __init__(self, journal: LocalJournal | None = None, centre: PaperCentre | None = None) -> None:
        self.journal = journal or LocalJournal()
        self.clock = self.journal.clock
        self.centre = centre or PaperCentre(self.clock)
        self.shown: list[SyncState] = []
        self.engine = self.new_engine()

    def new_engine(self) -> SyncEngine:
        return SyncEngine(
            self.journal.device_id,
            self.journal,
            self.centre,
            self.clock,
            lambda length: self.journal.random.randbytes(length),
            self.shown.append,
            aside=at_once,
        )

    def settle(self) -> float:
        """Step until there is something to wait for; return for how long."""
        for _ in range(1000):
            wait = self.engine.step()
            if wait:
                return wait
        raise AssertionError("sync never comes to rest")

    def sync(self) -> SyncState:
        """Run now, whatever the back-off says."""
        self.engine.wake(forced=True)
        self.settle()
        return self.engine.state

    def in_step(self) -> bool:
        """Whether the centre holds exactly this device's events and all of them are receipted."""
        stream = self.journal.stream
        held = self.centre.journal.get(stream.epoch, [])
        return (
            held == [entry.data for entry in self.journal.entries[stream]]
            and [event_id for event_id, _ in self.journal.receipted()] == self.journal.ids()
            and [at for _, at in self.journal.receipted()] == self.centre.received.get(stream.epoch, [])
        )


def at_once(work: Callable[[], Packed]) -> Future[Packed]:
    """Do there and then what the program does beside an exchange."""
    done: Future[Packed] = Future()
    try:
        done.set_result(work())
    except Refusal as refusal:
        done.set_exception(refusal)
    return done


def raising(refusal: Refusal) -> Fault:
    def fault(request: bytes) -> bytes | None:
        raise refusal

    return fault


def answering(answer: wire.Answer | wire.Declined) -> Fault:
    return lambda request: wire.encode_answer(answer)
