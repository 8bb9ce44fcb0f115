"""The desk where requests wait: shared commits, and each request still by itself."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime

import pytest

from app.sync import wire
from server.clerk import CentreFailed, Reply, RoomLacking
from server.database import Database
from server.ingest import Job
from server.intake import SMALL_BYTES, WAITING_BYTES, Intake
from server.peer import Peer
from tests.server.centre_process import held
from tests.server.desk import admit, job_of, number, push_of
from tests.sync.local_journal import LocalJournal

AT = datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC)
WAIT_S = 30


class Desk:
    """A desk that opens when told, so that requests can wait together first."""

    def __init__(self, dsn: str) -> None:
        self.intake = Intake(dsn, "0" * 16, lambda: AT)
        self.opened = False

    def submit(self, job: Job) -> "Future[Reply]":
        return self.intake.submit(job)

    def open(self) -> None:
        self.opened = True
        self.intake.open()

    def close(self) -> None:
        if self.opened:
            self.opened = False
            self.intake.close()


@pytest.fixture
def desk(database: Database, dsn: str) -> Iterator[Desk]:
    """Return a closed desk on a migrated database."""
    desk = Desk(dsn)
    yield desk
    desk.close()


def devices(database: Database, count: int, events: int = 3) -> list[LocalJournal]:
    journals = [LocalJournal(seed) for seed in range(count)]
    for journal in journals:
        admit(database, journal)
        journal.record_many(events)
    return journals


def answered(reply: "Future[Reply]") -> wire.Answer:
    frame = reply.result(WAIT_S)
    assert isinstance(frame, bytes)
    answer = wire.decode_answer(frame)
    assert isinstance(answer, wire.Answer)
    return answer


def acked(reply: "Future[Reply]") -> int:
    push = answered(reply).push
    assert isinstance(push, wire.Ack)
    return push.acked


def test_requests_that_wait_together_share_few_commits(database: Database, desk: Desk) -> None:
    """Performance.md row 16: what makes single records cheap."""
    journals = devices(database, 60)
    replies = [desk.submit(job_of(journal, push_of(journal))) for journal in journals]
    desk.open()
    assert [acked(reply) for reply in replies] == [3] * 60
    desk.close()
    assert number(database, "select count(distinct xmin::text) from journal") <= 2


def test_receipts_are_in_whole_milliseconds_as_the_wire_carries_them(database: Database, desk: Desk) -> None:
    (journal,) = devices(database, 1)
    desk.open()
    answer = answered(desk.submit(job_of(journal, push_of(journal))))
    assert isinstance(answer.push, wire.Ack)
    assert [run.received_at.microsecond for run in answer.push.receipts] == [123_000]
    assert answer.welcome.server_time.microsecond == 123_000


def test_two_requests_of_one_device_are_taken_one_after_the_other(database: Database, desk: Desk) -> None:
    (journal,) = devices(database, 1, events=6)
    first = desk.submit(job_of(journal, push_of(journal, 0, 3)))
    again = desk.submit(job_of(journal, push_of(journal, 0, 6)))
    desk.open()
    assert {acked(first), acked(again)} <= {3, 6}
    desk.close()
    assert held(database, journal) == [entry.data for entry in journal.entries[journal.stream]]


def test_a_request_that_finds_a_bug_fails_alone_and_is_not_quoted(
    database: Database, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    database.execute("alter table device_cursor add check (acked <> 4)")
    journals = devices(database, 5)
    journals[2].record()
    replies = [desk.submit(job_of(journal, push_of(journal))) for journal in journals]
    desk.open()
    assert replies[2].result(WAIT_S) == CentreFailed()
    assert [acked(reply) for number, reply in enumerate(replies) if number != 2] == [3] * 4
    desk.close()
    assert "CheckViolation" in caplog.text
    assert "Failing row" not in caplog.text


def test_many_threads_on_the_same_people_do_not_lock_up(database: Database, desk: Desk) -> None:
    journals = devices(database, 12, events=0)
    people = [f"0192f0c0-0000-7000-8000-{number:012d}" for number in range(20)]
    for turn, journal in enumerate(journals):
        for person in people if turn % 2 else reversed(people):
            journal.record("patient.amended", {"patient_id": person, "name": f"n{turn}"}, person=person)
    reached: list[int] = []

    def send(journal: LocalJournal) -> None:
        for after in range(0, 20, 4):
            reached.append(acked(desk.submit(job_of(journal, push_of(journal, after, 4)))))

    desk.open()
    threads = [threading.Thread(target=send, args=(journal,)) for journal in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(reached) == sorted([4, 8, 12, 16, 20] * 12)
    assert number(database, "select count(*) from person") == 20


def test_a_request_is_read_and_answered_while_the_database_keeps_the_one_before(
    database: Database, desk: Desk
) -> None:
    """Performance.md row 16: reading and writing take turns at nothing but the reading."""
    kept, free = devices(database, 2)
    event_id = kept.entries[kept.stream][0].event_id
    with database.transaction(force_rollback=True):
        database.execute("insert into event_home values (%s, 'another', 'centre', 1)", (event_id,))
        desk.open()
        waiting = desk.submit(job_of(kept, push_of(kept)))
        while desk.intake.queued():
            pass  # until it is taken; PostgreSQL will wait for what becomes of the row
        assert acked(desk.submit(job_of(free, push_of(free)))) == 3
        assert not waiting.done()
    assert acked(waiting) == 3


def test_while_a_large_request_is_at_work_the_centre_is_not_called_quiet(
    database: Database, desk: Desk
) -> None:
    """Performance.md rows 1 and 9: the long runs wait until it is."""
    assert desk.intake.large_at_s() == float("-inf")
    desk.submit(Job(Peer("1", b""), bytes(SMALL_BYTES + 1)))
    first_s = desk.intake.large_at_s()
    assert first_s < desk.intake.large_at_s(), "now, as long as one waits or is at work"
    desk.open()
    desk.close()
    assert first_s < desk.intake.large_at_s() == desk.intake.large_at_s()


def test_a_connection_that_died_is_replaced_unnoticed(database: Database, desk: Desk) -> None:
    (journal,) = devices(database, 1)
    job = job_of(journal, push_of(journal))
    desk.open()
    for _ in range(4):
        assert acked(desk.submit(job)) == 3
        database.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


def test_without_a_database_the_caller_is_asked_to_come_back() -> None:
    desk = Desk("postgresql://127.0.0.1:1/nowhere")
    desk.open()
    assert desk.submit(Job(Peer("1", b""), b"x")).result(WAIT_S) == RoomLacking()
    desk.close()


def test_more_than_fits_is_not_taken_in(desk: Desk) -> None:
    large = bytes(WAITING_BYTES // 4)
    for name in range(4):
        desk.submit(Job(Peer(str(name), b""), large))
    with pytest.raises(RoomLacking):
        desk.submit(Job(Peer("5", b""), large))
    desk.submit(Job(Peer("5", b""), b"x"))


def test_a_closed_desk_takes_nothing_in(desk: Desk) -> None:
    desk.open()
    desk.close()
    with pytest.raises(RoomLacking):
        desk.submit(Job(Peer("1", b""), b"x"))
