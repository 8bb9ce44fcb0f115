"""One writer, one transaction per act: together or not at all (TRC-1)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.domain.journal import Event
from app.storage import journal, projections
from app.storage.local import get_setting, put_setting
from app.storage.store import Store, StoreClosed, Transaction
from app.workflows import registration
from app.workflows.desk import Act
from tests.factories import SmallSite
from tests.storage.bytes_on_disk import make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path)
    yield store
    store.close()


def count(site: SmallSite, table: str) -> int:
    (number,) = site.desk.read().execute(f"select count(*) from {table}").fetchone()
    return int(number)


class BrokenStep(Exception):
    """A bug in a projection."""


def test_a_projection_that_breaks_leaves_no_journal_entry(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test breaks the second step and looks at the first."""

    def broken(db: object, event: Event) -> None:
        raise BrokenStep

    patient = small_site.patient()
    before = [count(small_site, table) for table in ("journal", "encounter")]
    head = journal.current_stream(small_site.desk.read())
    monkeypatch.setitem(projections.PROJECTIONS, "encounter.opened", broken)
    with pytest.raises(BrokenStep):
        small_site.desk.do(registration.open_visit, patient.patient_id)
    assert [count(small_site, table) for table in ("journal", "encounter")] == before
    monkeypatch.undo()
    assert small_site.desk.do(registration.open_visit, patient.patient_id).ticket_number == "A001"
    assert journal.verify(small_site.desk.read())[head] == before[0] + 1


def test_an_act_that_breaks_after_writing_leaves_nothing(small_site: SmallSite) -> None:
    def two_steps(act: Act, patient_id: str) -> None:
        registration.open_visit(act, patient_id)
        raise BrokenStep

    before = [count(small_site, table) for table in ("journal", "encounter")]
    with pytest.raises(BrokenStep):
        small_site.desk.do(two_steps, small_site.patient().patient_id)
    assert [count(small_site, table) for table in ("journal", "encounter")] == before


def test_a_constraint_that_fails_at_commit_leaves_nothing_and_frees_the_writer(store: Store) -> None:
    def late(transaction: Transaction) -> None:
        transaction.db.execute("pragma defer_foreign_keys = on")
        put_setting(transaction.db, "half", "done")
        transaction.db.execute("insert into pack_code values ('1', '1', null, 'no lot', 1)")

    with pytest.raises(dbapi2.IntegrityError):
        store.write(late)
    assert get_setting(store.read(), "half") == ""
    store.write(lambda transaction: put_setting(transaction.db, "whole", "yes"))
    assert get_setting(store.read(), "whole") == "yes"


def test_two_submitters_never_lose_each_others_work(store: Store) -> None:
    def one_more(transaction: Transaction) -> str:
        number = int(get_setting(transaction.db, "number", "0")) + 1
        put_setting(transaction.db, "number", str(number))
        return threading.current_thread().name

    futures: list[Future[str]] = []
    start = threading.Barrier(2)

    def submit_many() -> None:
        start.wait()
        futures.extend([store.submit(one_more) for _ in range(200)])

    threads = [threading.Thread(target=submit_many) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wait(futures)
    assert get_setting(store.read(), "number") == "400"
    assert {future.result() for future in futures} == {"writer"}


def test_each_thread_reads_through_its_own_connection(store: Store) -> None:
    seen: list[object] = []
    thread = threading.Thread(target=lambda: seen.append(store.read()))
    thread.start()
    thread.join()
    assert seen[0] is not store.read()
    assert store.read() is store.read()


def test_a_reader_sees_what_is_committed_and_nothing_of_what_is_under_way(store: Store) -> None:
    seen: list[str] = []

    def look_from_outside(transaction: Transaction) -> None:
        put_setting(transaction.db, "under_way", "yes")
        thread = threading.Thread(target=lambda: seen.append(get_setting(store.read(), "under_way")))
        thread.start()
        thread.join()

    store.write(look_from_outside)
    assert seen == [""]
    assert get_setting(store.read(), "under_way") == "yes"


def test_listeners_hear_the_kinds_of_each_transaction_that_wrote_events(small_site: SmallSite) -> None:
    heard: list[frozenset[str]] = []
    small_site.store.on_committed(heard.append)
    small_site.store.write(lambda transaction: put_setting(transaction.db, "quiet", "yes"))
    small_site.vaccinated()
    assert frozenset({"immunization.recorded"}) in heard
    assert frozenset() not in heard


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_listener_that_breaks_is_reported_and_does_not_stop_the_writer(
    small_site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(kinds: frozenset[str]) -> None:
        raise BrokenStep

    reported: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type))
    small_site.store.on_committed(broken)
    small_site.vaccinated()
    small_site.vaccinated(small_site.patient(index=1), vial=1)
    assert count(small_site, "immunization") == 2
    assert set(reported) == {BrokenStep}


def test_an_answer_nobody_waits_for_any_more_does_not_stop_the_writer(store: Store) -> None:
    hold, held = threading.Event(), threading.Event()

    def wait_here(transaction: Transaction) -> None:
        held.set()
        hold.wait()

    store.submit(wait_here)
    held.wait()
    unwanted = store.submit(lambda transaction: put_setting(transaction.db, "unwanted", "yes"))
    assert unwanted.cancel()
    hold.set()
    store.write(lambda transaction: put_setting(transaction.db, "wanted", "yes"))
    assert get_setting(store.read(), "wanted") == "yes"
    assert get_setting(store.read(), "unwanted") == ""


def keep(name: str) -> Callable[[Transaction], None]:
    return lambda transaction: put_setting(transaction.db, name, "kept")


def test_closing_finishes_what_is_queued(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    futures = [store.submit(keep(str(number))) for number in range(50)]
    store.close()
    assert all(future.done() and future.exception() is None for future in futures)


def test_after_closing_an_act_is_refused_instead_of_waiting_for_ever(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.close()
    with pytest.raises(StoreClosed):
        store.write(lambda transaction: None)
    store.close()
