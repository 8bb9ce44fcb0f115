"""The feed of an area on PostgreSQL: one order, nothing missed, nobody else's (SYN-1, SYN-2, SEC-1)."""

import threading
from dataclasses import replace

import pytest

from app.domain.feed import START, FeedPosition
from app.domain.journal import encode, parse
from app.sync import wire
from app.sync.pages import Feeds, Page, Pull
from server.database import Database, open_database
from server.feed import PAGE_BYTES, put_into_area
from server.ingest import Job, ingest
from server.migrate import FOLDER
from tests.server.desk import CLOCK, admit, number, peer_of, push, push_of, take
from tests.sync.local_journal import SITE, LocalJournal

OTHER = "1001010002"


def nurse(database: Database, seed: int, site: str = SITE) -> LocalJournal:
    """Return an enrolled device."""
    journal = LocalJournal(seed, site=site)
    admit(database, journal, site)
    return journal


def give(journal: LocalJournal, count: int = 1) -> None:
    """Record doses, and what is nobody else's business between them."""
    for _ in range(count):
        journal.record("check.confirmed")
        journal.record("immunization.recorded", {"lot_number": "X" * 20})


def ask(
    database: Database,
    journal: LocalJournal,
    pull: Pull | None = None,
    push: wire.Push | None = None,
    offer: tuple[bytes, ...] = (),
) -> Feeds:
    """Send one request and return what it brings of the feeds."""
    tips = {local.stream.epoch: local.last_seq for local in journal.streams()}
    request = wire.Request(wire.Hello(journal.device_id, tips), push, pull or Pull(), offer)
    (answer,) = take(database, [Job(peer_of(journal.device_id), wire.encode_request(request))])
    assert isinstance(answer, wire.Answer)
    assert answer.feeds is not None
    assert answer.offered == len(offer)
    return answer.feeds


def page_of(feeds: Feeds) -> Page:
    assert feeds.page is not None
    return feeds.page


def shared(journal: LocalJournal) -> list[bytes]:
    """Return the events of a device that go into the feed."""
    return [
        event.data
        for entries in journal.entries.values()
        for event in entries
        if parse(event.data).kind == "immunization.recorded"
    ]


def test_a_dose_of_one_site_is_told_to_another_of_its_area_and_nothing_else_is(database: Database) -> None:
    giver, reader = nurse(database, 1), nurse(database, 2)
    give(giver, 3)
    push(database, giver)
    page = page_of(ask(database, reader))
    assert list(page.lines) == shared(giver)
    assert (page.base, page.next, page.own) == (START, START.after(shared(giver)), START)
    assert ask(database, reader, Pull({SITE: page.next})) == Feeds()


def test_one_exchange_brings_a_dose_up_and_moves_its_own_position(database: Database) -> None:
    """One new dose is one round trip (performance.md, row 5): what is the caller's own is only counted."""
    giver = nurse(database, 1)
    give(giver)
    page = page_of(ask(database, giver, push=push_of(giver)))
    assert (page.lines, page.own, page.next) == ((), START.after(shared(giver)), START.after(shared(giver)))


def test_a_run_of_the_callers_own_is_told_at_once_however_long(database: Database) -> None:
    """SYN-2: a site that brings up much is behind on nothing but its own."""
    giver, other = nurse(database, 1), nurse(database, 2)
    give(giver, 5)
    push(database, giver)
    give(other, 2)
    push(database, other)
    own = START.after(shared(giver))
    page = page_of(ask(database, giver, Pull(limit=3)))
    assert (page.base, page.next, page.own, page.lines) == (START, own, own, ())
    page = page_of(ask(database, giver, Pull({SITE: own}, limit=3)))
    assert (page.base, list(page.lines), page.own) == (own, shared(other), START)


def test_what_a_restored_device_no_longer_holds_is_told_in_full(database: Database) -> None:
    giver = nurse(database, 1)
    give(giver, 3)
    push(database, giver)
    told = shared(giver)
    del giver.entries[giver.stream][2:]
    assert list(page_of(ask(database, giver)).lines) == told[1:]


def test_another_area_is_told_nothing_and_can_ask_for_nothing(database: Database) -> None:
    giver, stranger = nurse(database, 1), nurse(database, 2, OTHER)
    give(giver)
    push(database, giver)
    assert ask(database, stranger, Pull({SITE: START}, probes={SITE: (1,)})) == Feeds()


def test_sites_put_into_one_area_are_told_what_was_before(database: Database) -> None:
    here, there = nurse(database, 1), nurse(database, 2, OTHER)
    give(here, 2)
    give(there, 3)
    push(database, here)
    push(database, there)
    assert put_into_area(database, SITE, "镇") == 2
    assert put_into_area(database, OTHER, "镇") == 3
    assert put_into_area(database, OTHER, "镇") == 0
    give(here)
    push(database, here, 4)
    page = page_of(ask(database, there))
    assert (page.area, page.own.pos) == ("镇", 3)
    assert list(page.lines) == shared(here)
    assert page.next == FeedPosition(
        6, sum(START.after([data]).digest for data in shared(here) + shared(there)) % 2**64
    )


def test_pages_are_as_long_as_asked_and_no_longer_than_a_link_bears(database: Database) -> None:
    giver, reader = nurse(database, 1), nurse(database, 2)
    give(giver, 5)
    push(database, giver)
    assert len(page_of(ask(database, reader, Pull(limit=2))).lines) == 2
    heavy = {"lot_number": "X" * 200_000}
    for _ in range(25):
        giver.record("immunization.recorded", heavy)
    push(database, giver, 10, 13)
    push(database, giver, 23)
    page = page_of(ask(database, reader, Pull({SITE: START.after(shared(giver)[:5])})))
    assert PAGE_BYTES * 0.9 < sum(map(len, page.lines)) <= PAGE_BYTES


def test_a_copy_that_differs_can_ask_for_digests_to_find_where(database: Database) -> None:
    giver, reader = nurse(database, 1), nurse(database, 2)
    give(giver, 4)
    push(database, giver)
    data = shared(giver)
    feeds = ask(database, reader, Pull({SITE: FeedPosition(4, 7)}, probes={SITE: (0, 2, 9)}))
    assert feeds.heads == {SITE: START.after(data)}
    assert feeds.digests == {SITE: (0, START.after(data[:2]).digest, START.after(data).digest)}
    assert feeds.page is None


def test_a_centre_that_lost_a_whole_feed_says_so(database: Database) -> None:
    """Left unsaid, a device went on believing in a feed nobody else held, and never offered it."""
    reader = nurse(database, 2)
    held = FeedPosition(3, 7)
    assert ask(database, reader, Pull({SITE: held})) == Feeds({SITE: START})
    assert ask(database, reader, Pull({SITE: held}, probes={SITE: (1, 3)})).digests == {SITE: (0, 0)}


def test_an_offered_event_is_filed_and_told_once_and_its_own_device_may_still_bring_it(
    database: Database,
) -> None:
    """After a restore of the centre only another site may still hold a dose (sync.md, *Regressions*)."""
    giver, keeper, reader = nurse(database, 1), nurse(database, 2), nurse(database, 3)
    give(giver, 2)
    offer = tuple(shared(giver))
    ask(database, keeper, offer=(*offer, b"{}", offer[0]))
    ask(database, reader, offer=offer)
    assert list(page_of(ask(database, reader)).lines) == list(offer)
    push(database, giver)
    assert number(database, "select pos from area_head") == 2
    assert number(database, "select count(*) from event_home") == 4
    assert number(database, "select count(*) from semantic_error where reason = 'reused'") == 0


def test_nobody_can_offer_what_is_another_areas(database: Database) -> None:
    stranger, giver = nurse(database, 1, OTHER), nurse(database, 2)
    give(giver)
    private = giver.event("check.confirmed", {})
    ask(database, stranger, offer=tuple(shared(giver)))
    ask(database, giver, offer=(encode(replace(private, seq=99)),))
    assert number(database, "select count(*) from journal") == 0


def test_a_reader_beside_many_writers_misses_nothing(database: Database, dsn: str) -> None:
    """A cursor over a plain sequence missed 44 % of the rows under eight writers (sync.md)."""
    givers, reader = [nurse(database, seed) for seed in range(1, 5)], nurse(database, 9)
    for giver in givers:
        give(giver, 30)

    def write(giver: LocalJournal) -> None:
        with open_database(dsn) as own:
            for after in range(0, 60, 6):
                push(own, giver, after, 6)

    writers = [threading.Thread(target=write, args=(giver,)) for giver in givers]
    for writer in writers:
        writer.start()
    held, told = START, list[bytes]()
    while any(writer.is_alive() for writer in writers) or held.pos < 120:
        feeds = ask(database, reader, Pull({SITE: held}, limit=7))
        if feeds.page is not None:
            assert feeds.page.base == held
            told += feeds.page.lines
            held = feeds.page.next
    assert sorted(told) == sorted(data for giver in givers for data in shared(giver))
    assert held == START.after(told)


def test_the_feed_is_made_from_a_journal_of_before(database: Database) -> None:
    """Step 5 of the database: digests as signed numbers are those the program computes."""
    giver, there = nurse(database, 1), nurse(database, 2, OTHER)
    give(giver, 40)
    give(there, 3)
    push(database, giver)
    push(database, there)
    positions = "select area, pos, device_id, epoch, seq, digest from area_feed order by area, pos"
    before = (
        database.execute(positions).fetchall(),
        database.execute("select * from area_head order by 1").fetchall(),
    )
    database.execute("drop table area_feed, area_head, site_area")
    with database.transaction():
        database.execute((FOLDER / "0005_area_feed.sql").read_bytes())
    after = (
        database.execute(positions).fetchall(),
        database.execute("select * from area_head order by 1").fetchall(),
    )
    assert after == before
    assert any(digest < 0 for *_, digest in before[0])


@pytest.mark.parametrize("limit", [0, 5_000])
def test_a_limit_out_of_bounds_is_drawn_into_them(database: Database, limit: int) -> None:
    giver, reader = nurse(database, 1), nurse(database, 2)
    give(giver, 2)
    push(database, giver)
    tips = wire.Hello(reader.device_id, {})
    job = Job(peer_of(reader.device_id), wire.encode_request(wire.Request(tips, None, Pull(limit=limit))))
    (answer,) = ingest(database, "0" * 16, [job], CLOCK.now())
    assert isinstance(answer, wire.Answer)
    assert answer.feeds is not None
    assert len(page_of(answer.feeds).lines) == (1 if limit == 0 else 2)
