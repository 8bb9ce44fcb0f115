"""Forks, rewound devices and a restored database at the real centre: nothing lost, nothing counted twice."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

import psycopg
import pytest

from app.domain.journal import parse
from app.sync import wire
from app.sync.engine import SyncEngine
from app.sync.frame import MessageTooLarge
from app.sync.recovery import CentreRestored, StreamForked, StreamRewound, haves
from app.sync.state import Idle
from server.database import Database, open_database
from server.incarnation import begin_incarnation, incarnation_of
from server.ingest import Job, ingest
from tests.server.desk import CLOCK, job_of, number, peer_of, push, push_of, take
from tests.sync.local_journal import LocalJournal

LATER = CLOCK.now() + timedelta(days=1)


class Desk:
    """The centre's transaction as a transport."""

    def __init__(self, database: Database, journal: LocalJournal) -> None:
        self.database = database
        self.journal = journal

    def exchange(self, request: bytes) -> bytes:
        job = Job(peer_of(self.journal.device_id), request)
        (answer,) = ingest(self.database, incarnation_of(self.database), [job], CLOCK.now())
        assert isinstance(answer, wire.Answer)
        return wire.encode_answer(answer)

    def sync(self) -> tuple[object, ...]:
        """Run until there is something to wait for; return what was put in order."""
        engine = SyncEngine(
            self.journal.device_id, self.journal, self, self.journal.clock, self.journal.random.randbytes
        )
        while engine.step() == 0:
            pass
        assert isinstance(engine.state, Idle), engine.state
        return engine.state.recovered


def ids_of(*journals: LocalJournal) -> set[str]:
    return {
        event_id for journal in journals for stream in journal.entries for event_id in journal.ids(stream)
    }


def claimed(database: Database) -> set[str]:
    return {str(row[0]) for row in database.execute("select event_id from event_home")}


def test_the_centre_tells_the_highest_of_a_devices_marks_that_is_its_own(
    database: Database, journal: LocalJournal
) -> None:
    clone = journal.copy(seed=2)
    journal.record_many(4)
    push(database, journal)
    clone.record_many(6)
    epoch = clone.stream.epoch
    marks = haves(11, 2, lambda seq: clone.hash_at(clone.stream, seq))
    assert [seq for seq, _ in marks] == [2, 3, 7, 9, 10, 11]
    hello = wire.Hello(clone.device_id, {epoch: 11}, {epoch: marks})
    request = wire.encode_request(wire.Request(hello))
    (answer,) = ingest(database, "0" * 16, [Job(peer_of(clone.device_id), request)], CLOCK.now())
    assert isinstance(answer, wire.Answer)
    assert wire.decode_answer(wire.encode_answer(answer)) == answer
    assert answer.welcome.standings[epoch].match == 3


def test_an_ack_beyond_the_push_is_proved_by_the_hash_at_its_last_event(
    database: Database, journal: LocalJournal
) -> None:
    push(database, journal)
    assert push(database, journal, count=3) == wire.Ack(
        journal.stream.epoch, 5, journal.hash_at(journal.stream, 5), (wire.ReceiptRun(1, 3, CLOCK.now()),),
        None, journal.hash_at(journal.stream, 3),
    )  # fmt: skip


def test_a_cloned_disk_and_its_original_are_both_held_whole(
    database: Database, journal: LocalJournal
) -> None:
    """SYN-1."""
    Desk(database, journal).sync()
    clone = journal.copy(seed=2)
    journal.record_many(3)
    Desk(database, journal).sync()
    clone.record_many(4)
    told = Desk(database, clone).sync()
    assert told == (StreamForked(journal.stream.epoch, 8, 4),)
    assert claimed(database) == ids_of(journal, clone)
    assert number(database, "select count(*) from semantic_error") == 0


def test_a_restored_device_with_new_work_loses_nothing(database: Database, journal: LocalJournal) -> None:
    backup = journal.copy(seed=2)
    journal.record_many(3)
    Desk(database, journal).sync()
    backup.record_many(9)
    Desk(database, backup).sync()
    assert claimed(database) == ids_of(journal, backup)


def test_a_rewound_device_begins_a_new_epoch(database: Database, journal: LocalJournal) -> None:
    backup = journal.copy(seed=2)
    journal.record_many(3)
    Desk(database, journal).sync()
    assert Desk(database, backup).sync() == (StreamRewound(journal.stream.epoch, 8, 5),)
    assert backup.stream != journal.stream


@pytest.fixture
def older_copy(dsn: str, postgres: str, database: Database, journal: LocalJournal) -> Iterator[str]:
    """A backup of the centre's database from when it held five events; the device has gone on since."""
    Desk(database, journal).sync()
    database.close()
    name = dsn.rsplit("/", 1)[1]
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create database {name}_copy template {name}".encode())
    yield dsn + "_copy"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"drop database {name}_copy with (force)".encode())


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "not declared"])
def test_a_centre_restored_from_an_older_copy_of_its_database_is_given_all_it_lost(
    older_copy: str, dsn: str, journal: LocalJournal, declared: bool
) -> None:
    """SYN-1: also when nobody told the centre that it was restored; the standings alone give it away."""
    clone = journal.copy(seed=2)
    with open_database(dsn) as lost:
        journal.record_many(3)
        Desk(lost, journal).sync()
        clone.record_many(2)
        Desk(lost, clone).sync()
        journal.record_many(2)
        Desk(lost, journal).sync()
    with open_database(older_copy) as restored:
        if declared:
            begin_incarnation(restored, LATER, Random(4).randbytes)
        told = CentreRestored(incarnation_of(restored)) if declared else None
        assert Desk(restored, journal).sync() == ((told,) if told else ())
        assert Desk(restored, clone).sync() == ((told,) if told else ())
        assert claimed(restored) == ids_of(journal, clone)
        assert Desk(restored, journal).sync() == ()
        data = [bytes(row[0]) for row in restored.execute("select data from journal")]
        assert {parse(each).id for each in data} == ids_of(journal, clone)


def test_a_restored_centre_begins_another_incarnation(database: Database) -> None:
    first = incarnation_of(database)
    assert begin_incarnation(database, LATER, Random(4).randbytes) != first
    assert incarnation_of(database) != first


def test_a_hello_that_names_too_many_marks_is_declined(database: Database, journal: LocalJournal) -> None:
    epoch = journal.stream.epoch
    marks = tuple((seq, bytes(32)) for seq in range(1, wire.MAX_HAVES + 2))
    job = Job(
        peer_of(journal.device_id),
        wire.encode_request(wire.Request(wire.Hello(journal.device_id, {epoch: 5}, {epoch: marks}))),
    )
    good = job_of(journal, push_of(journal))
    (refused,) = take(database, [job])
    assert refused == MessageTooLarge("haves", wire.MAX_HAVES)
    assert isinstance(take(database, [good])[0], wire.Answer)
