"""After an upgrade the journal is read once more by itself, once, whoever starts and whatever breaks off."""

import hashlib
from datetime import timedelta
from itertools import count

import pytest

from server import reproject
from server.database import Database, open_database
from server.projection import PROJECTOR, READERS, TABLES
from tests.server.desk import CLOCK, number, push
from tests.sync.local_journal import LocalJournal

NOW = CLOCK.now()
PEOPLE = "select count(*) from person"
KNOWN = (3, "0e96")
"""The version of the projector and the begin of a digest of what it reads: they change together."""


@pytest.fixture
def behind(database: Database, journal: LocalJournal, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return a centre that holds nine people in its journal and, as after an upgrade, none in its tables."""
    for at in range(9):
        person = f"0192f0c0-0000-7000-8000-{at:012d}"
        body = {"patient_id": person, "name": f"甲{at}", "sex": "1", "birth_on": "2020-02-29"}
        journal.record("patient.registered", body, person=person)
    push(database, journal)
    database.execute("truncate person")
    monkeypatch.setattr(reproject, "BATCH", 4)
    return database


def test_what_an_earlier_release_did_not_read_is_read_at_the_next_start_and_only_then(
    behind: Database,
) -> None:
    reproject.catch_up(behind, NOW, lambda: False)
    assert number(behind, PEOPLE) == 9
    behind.execute("truncate person")
    reproject.catch_up(behind, NOW + timedelta(days=1), lambda: False)
    assert number(behind, PEOPLE) == 0


def test_broken_off_it_goes_on_where_it_was(behind: Database) -> None:
    looks = count()
    reproject.catch_up(behind, NOW, lambda: next(looks) == 1)
    assert number(behind, PEOPLE) == 4
    behind.execute("truncate person")
    reproject.catch_up(behind, NOW, lambda: False)
    assert number(behind, PEOPLE) == 5


def test_who_finds_it_taken_leaves_it_to_the_other_and_waits_for_nobody(behind: Database, dsn: str) -> None:
    reproject.catch_up(behind, NOW, lambda: True)
    with open_database(dsn) as other, other.transaction():
        other.execute("select from projector for update")
        reproject.catch_up(behind, NOW, lambda: False)
        assert number(behind, PEOPLE) == 0
    reproject.catch_up(behind, NOW, lambda: False)
    assert number(behind, PEOPLE) == 9


def test_who_changes_what_is_read_raises_the_version() -> None:
    read = repr([TABLES, sorted(READERS)]).encode()
    assert (PROJECTOR, hashlib.sha256(read).hexdigest()[:4]) == KNOWN
