"""What the centre says to be in a second place is on a standby or in the archive, nothing else is (SYN-1)."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from app.sync import wire
from server.database import Database, open_database
from server.migrate import migrate
from server.postgres import EmbeddedPostgres, _program
from server.second_place import CLOCKS_APART, durable_to, look_for_second_place
from server.web import utc_now
from tests.clocks import ManualClock
from tests.patience import Patience
from tests.server.desk import admit, job_of, number, push, take
from tests.sync.local_journal import LocalJournal


@contextmanager
def standby(dsn: str, folder: Path, database: Database) -> Iterator[subprocess.Popen[bytes]]:
    """Let somebody else write down the log as it comes, and say so, while the block runs."""
    command = [str(_program("pg_receivewal")), "-D", str(folder), "--synchronous", "-d", dsn]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        streaming = "select count(*) from pg_stat_replication where state = 'streaming'"
        patience = Patience(20)
        while not number(database, streaming):
            assert not patience.is_over(), "nobody follows"
        yield process
    finally:
        process.kill()
        process.wait()


def flushed(database: Database) -> None:
    """Wait until what was committed so far is flushed over there."""
    patience = Patience(20)
    while not number(
        database, "select count(*) from pg_stat_replication where flush_lsn >= pg_current_wal_lsn()"
    ):
        assert not patience.is_over(), "it lags"


def test_without_a_second_place_nothing_is_said_of_one(database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(3)
    push(database, journal)
    look_for_second_place(database, utc_now())
    (answer,) = take(database, [job_of(journal)])
    assert isinstance(answer, wire.Answer)
    assert answer.welcome.durable_to is None
    assert number(database, "select count(*) from wal_mark") == 0, "an idle log stays idle"


def test_what_a_standby_holds_is_told_and_what_it_does_not_is_not(
    database: Database, dsn: str, tmp_path: Path
) -> None:
    admit(database, journal := LocalJournal(seed=1))
    now = ManualClock()
    with standby(dsn, tmp_path, database) as follower:
        journal.record_many(3)
        push(database, journal, at=now.now())
        now.go(minutes=5)
        look_for_second_place(database, now.now())
        assert durable_to(database) is None, "it was not looked since"
        flushed(database)
        look_for_second_place(database, now.now())
        first = durable_to(database)
        assert first is not None
        assert now.now() - timedelta(seconds=90) < first <= now.now() - CLOCKS_APART
        follower.send_signal(signal.SIGSTOP)
        journal.record_many(1)
        push(database, journal, after=3, at=now.now())
        for _ in range(2):
            now.go(minutes=5)
            look_for_second_place(database, now.now())
        assert number(database, "select count(*) from wal_mark") > 1
        assert durable_to(database) == first, "it lags"
    (answer,) = take(database, [job_of(journal)])
    assert isinstance(answer, wire.Answer)
    assert answer.welcome.durable_to == first


def test_what_is_not_committed_yet_is_not_vouched_for(database: Database, dsn: str, tmp_path: Path) -> None:
    """A transaction that began before the mark may commit behind it."""
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(1)
    push(database, journal)
    with standby(dsn, tmp_path, database), psycopg.connect(dsn) as under_way:
        began = utc_now()
        under_way.execute("select txid_current()")
        number(database, "select count(*) from (select pg_sleep(0.05)) as later")
        look_for_second_place(database, utc_now())
        flushed(database)
        look_for_second_place(database, utc_now())
        told = durable_to(database)
        assert told is not None
        assert told <= began - CLOCKS_APART + timedelta(milliseconds=40)


def test_an_idle_centre_makes_one_last_mark_and_then_none(
    database: Database, dsn: str, tmp_path: Path
) -> None:
    """Else each half minute would fill a file of the archive."""
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(1)
    now = ManualClock()
    push(database, journal, at=now.now())
    with standby(dsn, tmp_path, database):
        marks = []
        for _ in range(8):
            look_for_second_place(database, now.now())
            marks.append(str(database.execute("select max(made_at) from wal_mark").fetchone()))
            flushed(database)
            now.go(minutes=1)
        assert marks[0] == marks[1] != marks[2] == marks[-1]
        told = durable_to(database)
        assert told is not None
        assert told > now.now() - timedelta(minutes=8), "the last event is covered"


@pytest.mark.long
def test_what_was_archived_is_told(tmp_path: Path) -> None:
    cluster = EmbeddedPostgres(tmp_path / "cluster")
    with psycopg.connect(cluster.start(), autocommit=True) as connection:
        connection.execute("alter system set archive_mode = on")
        connection.execute("alter system set archive_command = 'true'")
    cluster.stop()
    try:
        with open_database(cluster.start()) as database:
            migrate(database, utc_now(), lambda length: bytes(length))
            admit(database, journal := LocalJournal(seed=1))
            journal.record_many(3)
            push(database, journal)
            look_for_second_place(database, utc_now())
            look_for_second_place(database, utc_now())
            assert durable_to(database) is None
            database.execute("select pg_switch_wal()")
            patience = Patience(20)
            while durable_to(database) is None:
                look_for_second_place(database, utc_now())
                assert not patience.is_over(), "nothing was archived"
    finally:
        cluster.stop()
