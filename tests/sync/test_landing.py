"""The next request leaves before the receipts of the last are durable; until then they count for nothing."""

from collections.abc import Mapping, Sequence

from app.domain.feed import FeedPosition
from app.domain.journal import Stream
from app.sync.engine import SyncEngine
from app.sync.outbox import OutboxUnavailable, Written
from app.sync.pace import FIRST_BATCH
from app.sync.pages import Page
from app.sync.state import Idle, Refused, Working
from app.sync.unfit import UnfitRun
from app.sync.wire import ReceiptRun
from tests.sync.local_journal import LocalJournal
from tests.sync.one_site import Site
from tests.sync.paper_centre import PaperCentre
from tests.sync.test_puller import NothingHeld

MANY = 6 * FIRST_BATCH


class SlowDisk(LocalJournal):
    """A store that writes receipts when they are waited for, and not before."""

    def __init__(self) -> None:
        super().__init__()
        self.full = False

    def record_receipts(
        self, stream: Stream, runs: Sequence[ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        def write() -> None:
            if self.full:
                raise OutboxUnavailable("disk full")
            super(SlowDisk, self).record_receipts(stream, runs)

        return write


def sent_from(site: Site) -> list[int]:
    """Return where each push began."""
    return [request.push.after for request in site.centre.requests if request.push is not None]


def test_a_push_leaves_while_the_receipts_of_the_one_before_are_written() -> None:
    """SYN-2, performance.md row 1."""
    site, receipted = Site(SlowDisk()), list[int]()
    site.journal.record_many(MANY)
    site.centre.faults = [lambda request: receipted.append(len(site.journal.receipted()))] * 3
    assert isinstance(site.sync(), Idle)
    assert receipted == [0, 0, FIRST_BATCH], "one push behind, and never more"
    assert site.in_step()


def test_nothing_is_shown_as_delivered_before_its_receipt_is_durable() -> None:
    """SYN-5."""
    site = Site(SlowDisk())
    site.journal.record_many(MANY)
    told: list[tuple[int, int]] = []

    def look() -> None:
        state = site.engine.state
        if isinstance(state, Working):
            told.append((state.done, len(site.journal.receipted())))

    site.engine._on_change = lambda state: look()
    site.sync()
    assert told
    assert all(done <= durable for done, durable in told)


def test_a_disk_that_fails_behind_the_back_of_the_next_push_is_shown_and_all_is_asked_again() -> None:
    """SYN-5."""
    journal = SlowDisk()
    site = Site(journal)
    journal.record_many(MANY)
    site.engine.wake(forced=True)
    site.engine.step()
    journal.full = True
    site.settle()
    assert isinstance(site.engine.state, Refused)
    assert site.engine.state.refusals == (OutboxUnavailable("disk full"),)
    assert journal.receipted() == []
    journal.full = False
    site.sync()
    assert sent_from(site)[:3] == [0, FIRST_BATCH, 0]
    assert site.in_step()


def test_an_answer_lost_still_lands_the_receipts_of_the_one_before() -> None:
    """SYN-5: a cut costs one push, not two."""
    site = Site(SlowDisk())
    site.journal.record_many(MANY)
    site.engine.wake(forced=True)
    site.engine.step()
    site.centre.lose_answers = 1
    site.settle()
    assert len(site.journal.receipted()) == FIRST_BATCH
    site.sync()
    assert site.in_step()


class SlowInbox(NothingHeld):
    """An inbox that keeps a page when it is waited for, and not before."""

    def __init__(self) -> None:
        self.held: dict[str, FeedPosition] = {}
        self.full = False

    def heard_all(self) -> None:
        pass

    def positions(self) -> Mapping[str, FeedPosition]:
        return dict(self.held)

    def keep(self, page: Page) -> Written:
        def write() -> None:
            if self.full:
                raise OutboxUnavailable("disk full")
            self.held[page.area] = page.next

        return write


BEHIND = 20
"""Three pages: of two events, of eight, and the rest."""


def far_behind() -> tuple[SyncEngine, SlowInbox, PaperCentre]:
    """Return a device of an area in which another one wrote some pages."""
    other = Site()
    for _ in range(BEHIND):
        other.journal.record("immunization.recorded")
    other.sync()
    journal, inbox = LocalJournal(seed=5), SlowInbox()
    engine = SyncEngine(
        journal.device_id, journal, other.centre, journal.clock, journal.random.randbytes, inbox=inbox
    )
    assert engine._puller is not None
    engine._puller._new, engine._puller._batch.size = False, 2
    return engine, inbox, other.centre


def test_the_next_page_is_asked_for_while_the_one_before_is_kept() -> None:
    """SYN-2, performance.md row 2."""
    engine, inbox, centre = far_behind()
    kept: list[int] = []
    centre.faults = [lambda request: kept.append(sum(each.pos for each in inbox.held.values()))] * 3
    while not engine.step():
        pass
    assert kept == [0, 0, 2], "one page behind, and never more"
    assert isinstance(engine.state, Idle)
    assert [each.pos for each in inbox.held.values()] == [BEHIND]


def test_a_page_that_could_not_be_kept_is_asked_for_again_with_what_followed_it() -> None:
    """SYN-1: the position moves with the page or not at all."""
    engine, inbox, _ = far_behind()
    assert not engine.step()
    inbox.full = True
    assert engine.step()
    assert isinstance(engine.state, Refused)
    assert inbox.held == {}
    inbox.full = False
    engine.wake(forced=True)
    while not engine.step():
        pass
    assert [each.pos for each in inbox.held.values()] == [BEHIND]
