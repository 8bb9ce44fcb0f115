"""The real centre under faults: cut links, doubled and late messages, kill -9 between and amid requests."""

from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sync.state import Idle, Offline
from server.database import Database
from tests.server.centre_process import CentreProcess, held
from tests.server.desk import number
from tests.server.proxy import Proxy
from tests.server.wired_site import Background, WiredSite
from tests.sync.local_journal import LocalJournal

seeds = count(1000)


@pytest.fixture(scope="module")
def bad_link(shared_centre: CentreProcess) -> Iterator[Proxy]:
    proxy = Proxy(shared_centre.port)
    yield proxy
    proxy.close()


cuts = st.tuples(st.sampled_from(["up", "down"]), st.integers(0, 4000))
repeats = st.lists(st.integers(0, 30), max_size=3)
Move = tuple[int, tuple[str, int] | None, list[int], bool]
"""Events recorded, where the link is cut, which old requests arrive again, whether the program restarts."""
moves = st.tuples(st.integers(0, 30), st.none() | cuts, repeats, st.booleans())


@given(st.lists(moves, min_size=1, max_size=10))
@settings(max_examples=15, deadline=None)
def test_cut_doubled_late_and_restarted_every_event_is_there_once_and_receipted_as_committed(
    shared_centre: CentreProcess, bad_link: Proxy, history: list[Move]
) -> None:
    """SYN-1, SYN-5."""
    site = WiredSite(shared_centre, LocalJournal(next(seeds)), bad_link.url)
    for recorded, cut, repeated, restarted in history:
        site.journal.record_many(recorded)
        if cut is not None:
            bad_link.cut(*cut)
        site.sync()
        bad_link.heal()
        for late in repeated:
            site.resend(late)
        if restarted:
            site.restart()
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    site.close()


@pytest.mark.parametrize("after", [0, 100, 800, 1400, 2100, 6000])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_link_cut_at_any_byte_costs_one_batch_at_most(
    shared_centre: CentreProcess, bad_link: Proxy, direction: str, after: int
) -> None:
    """Performance.md row 8."""
    site = WiredSite(shared_centre, LocalJournal(next(seeds)), bad_link.url)
    site.journal.record_many(50)
    bad_link.cut(direction, after)
    cut_short = site.sync()
    bad_link.heal()
    assert isinstance(cut_short, Offline) or after >= 2100
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    assert len(site.sent) <= 2
    site.close()


def test_a_centre_killed_between_requests_has_all_it_acknowledged(
    centre: CentreProcess,
) -> None:
    site = WiredSite(centre, LocalJournal(next(seeds)))
    for _ in range(3):
        site.journal.record_many(7)
        assert isinstance(site.sync(), Idle)
        centre.kill()
        site.journal.record_many(5)
        assert isinstance(site.sync(), Offline)
        centre.start()
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    site.close()


def waiting_for_lock(database: Database) -> bool:
    return number(database, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'") > 0


def test_a_centre_killed_amid_a_transaction_has_kept_nothing_of_it_and_takes_it_again(
    centre: CentreProcess,
) -> None:
    """Acknowledged means committed: the kill falls after the request is read and before its commit."""
    site = WiredSite(centre, LocalJournal(next(seeds)))
    site.journal.record_many(3)
    site.sync()
    site.journal.record_many(4)
    with centre.database() as database, centre.database() as watcher:
        with database.transaction():
            database.execute("lock table event_home in exclusive mode")
            runner = Background(site)
            while not waiting_for_lock(watcher):
                assert runner.running
            centre.kill()
            runner.join()
        assert isinstance(site.engine.state, Offline)
        assert len(held(database, site.journal)) == 3
    centre.start()
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    site.close()


def test_a_centre_killed_amid_a_request_takes_it_whole_later(centre: CentreProcess) -> None:
    proxy = Proxy(centre.port)
    site = WiredSite(centre, LocalJournal(next(seeds)), proxy.url)
    site.journal.record_many(200)
    proxy.cut("up", 600)
    assert isinstance(site.sync(), Offline)
    centre.kill()
    centre.start()
    proxy.heal()
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    site.close()
    proxy.close()


def test_without_its_database_the_centre_asks_to_come_back(centre: CentreProcess, postgres: str) -> None:
    site = WiredSite(centre, LocalJournal(next(seeds)))
    site.journal.record()
    name = centre.dsn.rsplit("/", 1)[1]
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false".encode())
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        state = site.sync()
        assert isinstance(state, Offline)
        assert type(state.cause).__name__ == "CentreBusy"
        admin.execute(f"alter database {name} allow_connections true".encode())
    assert isinstance(site.sync(), Idle)
    assert site.in_step()
    site.close()
