"""A device that pulls rests whatever the centre says, or leaves out, of its feeds (SYN-1, SYN-2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.feed import START, FeedPosition
from app.domain.journal import Stream
from app.sync import wire
from app.sync.engine import SyncEngine
from app.sync.inbox import Offer
from app.sync.outbox import Written
from app.sync.pages import MAX_FINDINGS, Feedback, Finding, Page
from app.sync.recovery import StreamRewound
from app.sync.state import Idle, Offline
from tests.sync.local_journal import LocalJournal
from tests.sync.one_site import Site, answering
from tests.sync.paper_centre import PaperCentre


class NothingHeld:
    """An inbox into which nothing has come yet."""

    def positions(self) -> Mapping[str, FeedPosition]:
        return {}

    def keep(self, page: Page) -> Written:
        raise AssertionError("no page was sent")

    def make_findable(self) -> None:
        pass

    def ends(self, area: str) -> Sequence[FeedPosition]:
        return []

    def withdraw(self, area: str, after: FeedPosition) -> None:
        raise AssertionError("nothing is held")

    def keep_tail(self, stream: Stream, after: int, events: Sequence[bytes]) -> int:
        raise AssertionError("no tail was sent")

    def next_offer(self) -> Offer | None:
        return None

    def offered(self, page_id: int) -> None:
        raise AssertionError("nothing was offered")

    def feedback(self) -> FeedPosition:
        return START

    def heard_all(self) -> None:
        pass

    def keep_feedback(self, told: Feedback) -> None:
        raise AssertionError("no feedback was sent")


class WithoutFeeds(PaperCentre):
    """A centre of an older release: it passes over what it does not know."""

    def take(self, request: wire.Request) -> wire.Answer:
        return replace(super().take(request), feeds=None, offered=0)


class Hearing(NothingHeld):
    """An inbox that says what it heard, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._heard = START

    def feedback(self) -> FeedPosition:
        return self._heard

    def keep_feedback(self, told: Feedback) -> None:
        self.said.append(f"{len(told.findings)} findings")
        self._heard = told.next

    def heard_all(self) -> None:
        self.said.append("all")

    def make_findable(self) -> None:
        self.said.append("everybody can be found")


class Pulling(Site):
    """A device that asks for feeds."""

    inbox = NothingHeld()

    def hear(self) -> Hearing:
        """Begin again with an inbox that says what it heard."""
        self.inbox = hearing = Hearing()
        self.engine = self.new_engine()
        return hearing

    def new_engine(self) -> SyncEngine:
        journal = self.journal
        return SyncEngine(
            journal.device_id, journal, self.centre, self.clock, journal.random.randbytes, inbox=self.inbox
        )


def test_a_restored_device_does_not_ask_an_old_centre_for_its_tail_for_ever() -> None:
    journal = LocalJournal()
    site = Pulling(journal, WithoutFeeds(journal.clock))
    journal.record_many(3)
    site.sync()
    backup = Pulling(journal.copy(seed=9), site.centre)
    journal.record_many(4)
    site.sync()
    state = backup.sync()
    assert isinstance(state, Idle)
    assert state.recovered == (StreamRewound(journal.stream.epoch, 7, 3),)


def test_the_feed_is_asked_for_at_once_after_a_stream_parted_with_nothing_to_carry_on() -> None:
    """The centre was restored between two questions: what it says of the stream is in order by the second."""
    journal = LocalJournal()
    site = Pulling(journal, WithoutFeeds(journal.clock))
    journal.record_many(3)
    site.sync()
    epoch = journal.stream.epoch
    wrong = wire.Standing(3, bytes(32))
    agreed = wire.Standing(3, bytes(32), match=3)
    for standing in (wrong, agreed):
        welcome = wire.Welcome(site.centre.incarnation, journal.clock.now(), {epoch: standing})
        site.centre.faults.append(answering(wire.Answer(welcome)))
    before = len(site.centre.requests)
    site.sync()
    assert [request.pull is not None for request in site.centre.requests[before:]] == [True]
    assert site.engine.step() > 0, "and then it rests"


def test_the_last_findings_say_in_the_same_run_that_there_are_no_others() -> None:
    """What a receipt called unfit and no finding names is filed by then: nobody waits for a next run."""
    journal = LocalJournal()
    site = Pulling(journal, PaperCentre(journal.clock))
    inbox = site.hear()
    for number in range(MAX_FINDINGS + 2):
        site.centre.find(journal.device_id, Finding(f"{number}", "name", "missing"))
    site.sync()
    assert inbox.said[1:-1] == [f"{MAX_FINDINGS} findings", "2 findings", "all"]


def test_a_run_begins_and_ends_with_everybody_findable_even_one_that_reaches_nobody() -> None:
    journal = LocalJournal()
    site = Pulling(journal, PaperCentre(journal.clock))
    inbox = site.hear()
    site.centre.exchanges_left = 0
    assert isinstance(site.sync(), Offline)
    assert inbox.said == ["everybody can be found"] * 2
