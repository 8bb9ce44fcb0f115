"""A new site is filled from long runs, condensed, and goes on event by event (SYN-2)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.condensed import condense, read_lines
from app.domain.feed import START
from app.domain.journal import Event, encode
from app.storage import elsewhere, feed, patients, projections
from app.storage.journal import current_stream
from app.sync import wire
from app.sync.engine import SyncEngine
from app.sync.frame import codec_of
from app.sync.pages import Pull
from app.sync.state import Idle
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.sync.transport import CentreUnreachable
from server import feed_block
from server.database import Database
from server.devices import Device
from server.feed import read_feeds
from server.ingest import Job, ingest
from tests.domain.test_condensed import told
from tests.factories import SmallSite
from tests.server.desk import CLOCK, admit, admit_device, number, peer_of, push
from tests.storage.test_elsewhere import one_dose, tables
from tests.sync.local_journal import SITE, LocalJournal

TOLD = 2450


class Line:
    """Carries requests to the centre; may be cut after so many."""

    def __init__(self, database: Database, device_id: str) -> None:
        self._database = database
        self._device_id = device_id
        self.left = 10_000

    def exchange(self, request: bytes) -> bytes:
        if not self.left:
            raise CentreUnreachable("cut")
        self.left -= 1
        (answer,) = ingest(self._database, "0" * 16, [Job(peer_of(self._device_id), request)], CLOCK.now())
        assert isinstance(answer, wire.Answer)
        return wire.encode_answer(answer, codec_of(request))


@pytest.fixture
def giver(database: Database, monkeypatch: pytest.MonkeyPatch) -> LocalJournal:
    """Another site's device: it registered one person and gave them more doses than anybody gets."""
    monkeypatch.setattr(feed_block, "BLOCK", 200)
    journal = LocalJournal(1)
    admit(database, journal)
    patient_id, (registered, dose) = one_dose()
    journal.record(registered.kind, registered.body, person=patient_id)
    for place in range(1, TOLD):
        give(journal, dose.body, place)
    for after in range(0, TOLD, 1000):
        push(database, journal, after, min(1000, TOLD - after))
    return journal


def give(journal: LocalJournal, body: dict[str, object], place: int) -> None:
    journal.record(
        "immunization.recorded", body | {"immunization_id": str(UUID(int=place)), "trace_code": None}
    )


@pytest.fixture
def line(database: Database, small_site: SmallSite) -> Line:
    """The line of the new site's device, enrolled."""
    device_id = current_stream(small_site.desk.read()).device_id
    admit_device(database, device_id)
    return Line(database, device_id)


def engine_of(site: SmallSite, line: Line) -> SyncEngine:
    stream = current_stream(site.desk.read())
    inbox = StoreInbox(site.store, site.clock)
    return SyncEngine(stream.device_id, StoreOutbox(site.store), line, site.clock, site.random, inbox=inbox)


def settle(engine: SyncEngine) -> None:
    engine.wake(forced=True)
    while engine.step() == 0:
        pass


def pages(site: SmallSite) -> list[tuple[int, int]]:
    """Return the length of each page kept, and whether it was condensed."""
    return list(
        site.desk.read().execute("select next_pos - base_pos, condensed from feed_page order by page_id")
    )


def test_a_new_site_is_filled_and_holds_what_event_by_event_would_have_brought(
    database: Database, small_site: SmallSite, giver: LocalJournal, line: Line
) -> None:
    engine = engine_of(small_site, line)
    settle(engine)
    assert isinstance(engine.state, Idle)
    patient_id, (_, dose) = one_dose()
    db = small_site.desk.read()
    assert len(elsewhere.doses_of(db, patient_id)) == TOLD - 1
    assert patients.get_patient(db, patient_id).patient_id == patient_id
    assert (200, 1) in pages(small_site)
    before = tables(small_site)
    small_site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert tables(small_site) == before
    assert feed.verify(db) == TOLD
    give(giver, dose.body, TOLD)
    push(database, giver, TOLD)
    settle(engine)
    assert len(elsewhere.doses_of(db, patient_id)) == TOLD
    assert pages(small_site)[-1][1] == 0


def test_a_fill_that_is_cut_goes_on_where_it_was(
    small_site: SmallSite, giver: LocalJournal, line: Line
) -> None:
    line.left = 4
    settle(engine_of(small_site, line))
    held = pages(small_site)
    assert 0 < sum(length for length, _ in held) < TOLD
    line.left = 100
    settle(engine_of(small_site, line))
    assert pages(small_site)[: len(held)] == held
    assert sum(length for length, _ in pages(small_site)) > TOLD - 1
    assert feed.verify(small_site.desk.read()) == TOLD


def test_a_run_is_made_once_and_one_too_heavy_comes_as_events(
    database: Database, giver: LocalJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Device("d", frozenset({SITE}))
    first, again = (read_feeds(database, reader, {}, Pull()).page for _ in range(2))
    assert first == again
    assert first is not None
    assert first.condensed
    assert number(database, "select count(*) from feed_block") == 1
    database.execute("delete from feed_block")
    monkeypatch.setattr(feed_block, "MOST_BYTES", 10)
    for _ in range(2):
        page = read_feeds(database, reader, {}, Pull()).page
        assert page is not None
        assert not page.condensed
        assert page.next == START.after(page.lines)


def test_a_run_of_another_length_is_neither_sent_nor_taken_for_made(
    database: Database, giver: LocalJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older centre made shorter ones: taken for whole, what they lack would never be asked for."""
    reader = Device("d", frozenset({SITE}))
    for length in (200, 100):
        monkeypatch.setattr(feed_block, "BLOCK", length)
        assert feed_block.missing_blocks(database)[0][1] == 0
        page = read_feeds(database, reader, {}, Pull()).page
        assert page is not None
        run = read_lines(page.lines)
        assert len(run.people) + len(run.doses) == page.next.pos == length


@given(
    st.lists(told(), max_size=4).flatmap(
        lambda few: st.lists(st.sampled_from(few), max_size=12) if few else st.just(few)
    )
)
def test_a_run_says_what_its_events_say_one_by_one(happened: list[Event]) -> None:
    assert feed_block.run_of([encode(event) for event in happened]) == condense(happened)
