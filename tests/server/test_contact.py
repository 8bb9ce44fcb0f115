"""What the centre remembers of a call: when, how much the device still holds, what its stream waits at."""

from dataclasses import replace
from datetime import datetime, timedelta

from server.contact import SETTLED_S
from server.database import Database
from tests.server.desk import CLOCK, admit, job_of, number, push, push_of, take
from tests.sync.local_journal import LocalJournal

NOW = CLOCK.now()


def contact(database: Database, journal: LocalJournal) -> tuple[datetime, int]:
    row = database.execute(
        "select heard_at, waiting from device_contact where device_id = %s", (journal.device_id,)
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_what_waits_is_counted_over_all_streams(database: Database) -> None:
    """SYN-1."""
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(4)
    first = journal.stream
    journal.open_stream()
    journal.record_many(3)
    push(database, journal, count=1)
    assert contact(database, journal) == (NOW, 4 + 2)
    journal.stream = first
    push(database, journal)
    assert contact(database, journal) == (NOW, 2)


def test_a_call_that_pushes_nothing_is_a_contact(database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record_many(2)
    take(database, [job_of(journal)])
    assert contact(database, journal) == (NOW, 2)


def test_a_call_with_no_news_is_written_once_a_minute(database: Database) -> None:
    """A no-change sync costs no write."""
    admit(database, journal := LocalJournal(seed=1))
    for seconds, heard in ((0, 0), (SETTLED_S, 0), (SETTLED_S + 1, SETTLED_S + 1)):
        take(database, [job_of(journal)], NOW + timedelta(seconds=seconds))
        assert contact(database, journal) == (NOW + timedelta(seconds=heard), 0)


def test_who_is_not_known_leaves_no_contact(database: Database) -> None:
    take(database, [job_of(LocalJournal(seed=1))])
    assert number(database, "select count(*) from device_contact") == 0


def test_the_event_a_stream_stops_at_is_remembered_with_its_reason(database: Database) -> None:
    admit(database, journal := LocalJournal(seed=1))
    journal.record()
    broken = replace(push_of(journal), head=bytes(32))
    for _ in range(2):
        take(database, [job_of(journal, broken)])
    rows = database.execute("select device_id, epoch, seq, name, reason from refused_event").fetchall()
    assert rows == [(journal.device_id, journal.stream.epoch, 1, "ChainBroken", "hash")]
    assert contact(database, journal) == (NOW, 1)
