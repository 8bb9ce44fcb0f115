"""The feed of an area on PostgreSQL: one order, nothing missed, nobody else's (SYN-1, SYN-2, SEC-1)."""

import threading
from dataclasses import replace
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.feed import SHARED_KINDS, START, FeedPosition
from app.domain.journal import encode, parse
from app.sync import wire
from app.sync.pages import Feeds, Page, Pull
from server import feed
from server.database import Database, open_database
from server.devices import Device
from server.feed import PAGE_BYTES, put_into_area, read_feeds
from server.ingest import Job, ingest
from server.migrate import FOLDER
from tests.server.desk import CLOCK, POSITIONS, admit, number, peer_of, push, push_of, take
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
    heads = "select * from area_head order by 1"
    before = [database.execute(query).fetchall() for query in (POSITIONS, heads)]
    database.execute("drop table area_feed, area_head, site_area")
    with database.transaction():
        for step in ("0005_area_feed.sql", "0015_feed_runs.sql"):
            database.execute((FOLDER / step).read_bytes())
    assert [database.execute(query).fetchall() for query in (POSITIONS, heads)] == before
    assert any(digest < 0 for *_, digest in before[0])


def test_positions_of_before_become_runs(database: Database) -> None:
    """Step 15: a row ends before another stream, before a number that does not rise, and with 2,000."""
    database.execute("drop table area_feed, area_head, site_area")
    database.execute((FOLDER / "0005_area_feed.sql").read_bytes())
    database.execute(
        """
        insert into area_feed select '镇', n, case when n > 4050 then 'b' else 'a' end, 'e',
            case when n > 3000 then n - 7 else n * 3 end, hashint8extended(n, 0)
            from generate_series(1, 4100) n
        union all select '乡', n, (n % 2)::text, 'e', n, -n from generate_series(1, 3) n
        """
    )
    before = database.execute("select * from area_feed order by area, pos").fetchall()
    with database.transaction():
        database.execute((FOLDER / "0015_feed_runs.sql").read_bytes())
    assert database.execute(POSITIONS).fetchall() == before
    ends = database.execute("select area, last_pos from area_feed order by 1, 2").fetchall()
    assert ends == [*(("乡", n) for n in (1, 2, 3)), *(("镇", n) for n in (2000, 3000, 4000, 4050, 4100))]


def test_what_one_push_adds_is_one_row(database: Database) -> None:
    """Performance.md, row 1: whatever of a visit is nobody else's business stands between."""
    giver = nurse(database, 1)
    give(giver, 3)
    push(database, giver)
    assert database.execute("select last_pos, seqs from area_feed").fetchall() == [(3, [2, 4, 6])]


@pytest.fixture
def three(database: Database) -> Database:
    """Return a database that knows three devices."""
    for seed in range(3):
        nurse(database, seed)
    return database


KINDS = st.lists(st.sampled_from(["condition.recorded"] * 3 + ["check.confirmed"]), min_size=1, max_size=8)
WHO = st.sampled_from([0, 0, 0, 1, 1, 2])
PUSHES = st.lists(st.tuples(WHO, KINDS), min_size=1, max_size=6)
ASKED = st.tuples(WHO, st.integers(0, 12), st.integers(0, 12), st.integers(1, 4))


@given(PUSHES, st.lists(ASKED, min_size=4, max_size=10), st.sampled_from([1, 900, PAGE_BYTES]))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_page_from_anywhere_is_what_stands_there(
    three: Database,
    pushes: list[tuple[int, list[str]]],
    asked: list[tuple[int, int, int, int]],
    most: int,
) -> None:
    """SYN-2: wherever a row of the feed begins and ends, whoever asks, and however much of it is its own."""
    for table in ("area_feed", "area_head", "journal", "event_home", "device_cursor"):
        three.execute(f"delete from {table}".encode())
    givers = [LocalJournal(seed, site=SITE) for seed in range(3)]
    told = list[tuple[LocalJournal, int, bytes]]()
    for who, kinds in pushes:
        giver = givers[who]
        (local,) = giver.streams()
        for kind in kinds:
            giver.record(kind)
        push(three, giver, local.last_seq)
        pending = giver.pending(giver.stream, local.last_seq, len(kinds))
        told += [
            (giver, one.seq, one.data)
            for one, kind in zip(pending, kinds, strict=True)
            if kind in SHARED_KINDS
        ]
    ends = [START.after(data for _, _, data in told[:end]) for end in range(len(told) + 1)]
    for who, tip, start, limit in asked:
        asker = givers[who]
        tips = {asker.stream.epoch: tip}
        device = Device(asker.device_id, frozenset({SITE}))
        begin = min(start, len(told))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(feed, "PAGE_BYTES", most)
            page = read_feeds(three, device, tips, Pull({SITE: ends[begin]}, limit)).page
        own = [giver is asker and seq <= tip for giver, seq, _ in told]
        all_own = begin + len(list(takewhile(bool, own[begin:])))
        if begin == len(told):
            assert page is None
        elif all_own == len(told) or all_own - begin >= limit:
            assert page == Page(SITE, ends[begin], ends[all_own], ends[all_own].minus(ends[begin]))
        else:
            assert page is not None
            lines, end, weight = list[bytes](), begin, 0
            counted = START
            while end < min(begin + limit, len(told)):
                data = told[end][2]
                if own[end]:
                    counted = counted.plus(ends[end + 1].minus(ends[end]))
                elif lines and weight + len(data) > most:
                    break
                else:
                    lines.append(data)
                    weight += len(data)
                end += 1
            assert page == Page(SITE, ends[begin], ends[end], counted, tuple(lines))


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
