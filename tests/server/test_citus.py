"""The schema stays fit for Citus, the linter that says so bites; with CITUS_DSN the real thing is asked."""

import os

import pytest

from server.database import Database, open_database
from server.distribution import DISTRIBUTED, REFERENCE, distribute
from server.migrate import migrate
from tests.server.citus_rules import lint
from tests.server.desk import CLOCK, admit, number, push
from tests.sync.local_journal import LocalJournal

BREACHES = {
    "create table stray (a integer primary key)": "stray: has no place",
    "drop table look_up": "look_up: is not there",
    "create unique index on journal (event_id)": "journal: key journal_event_id_idx lacks device_id",
    "alter table person add unique (document_number)":
        "person: key person_document_number_key lacks person_id",
    "alter table immunization add exclude using hash (lot_number with =)":
        "immunization: key immunization_lot_number_excl lacks person_id",
    "alter table immunization add constraint leaves foreign key (immunization_id) references person":
        "immunization: foreign key leaves leaves the family",
    "alter table journal add constraint leaves foreign key (event_id) references event_home":
        "journal: foreign key leaves leaves the family",
    "alter table device add constraint leaves foreign key (device_id) references device_contact":
        "device: foreign key leaves leaves the family",
    "create trigger t before insert on journal execute function suppress_redundant_updates_trigger()":
        "journal: trigger t",
    "create rule r as on delete to journal do instead nothing": "journal: rule r",
    "alter table journal add number bigserial": "journal: number is numbered by the database",
    "alter table event_home drop constraint event_home_pkey, alter event_id drop not null":
        "event_home: event_id may be null",
    "alter table device_contact alter device_id type varchar(40)": "device_id: is of several types",
}  # fmt: skip
ALLOWED = [
    "alter table immunization add foreign key (person_id) references person",
    "alter table journal add foreign key (device_id) references device",
    "create index on journal (event_id)",
    "create unique index on journal (hash, device_id)",
]


def test_the_schema_is_fit_for_citus(database: Database) -> None:
    """Sync.md, *The centre*: the rules that keep Citus possible."""
    assert lint(database, DISTRIBUTED, REFERENCE) == []


def test_each_breach_is_told(database: Database) -> None:
    for change, breach in BREACHES.items():
        database.execute("begin")
        database.execute(change.encode())
        assert breach in lint(database, DISTRIBUTED, REFERENCE), change
        database.execute("rollback")


def test_what_citus_would_have_is_no_breach(database: Database) -> None:
    for change in ALLOWED:
        database.execute(change.encode())
    assert lint(database, DISTRIBUTED, REFERENCE) == []


@pytest.mark.skipif(
    "CITUS_DSN" not in os.environ, reason="needs CITUS_DSN, an empty database of a coordinator"
)
def test_the_centre_works_on_citus() -> None:
    """Docs/operations.md, *Citus*."""
    with open_database(os.environ["CITUS_DSN"]) as database:
        migrate(database, CLOCK.now(), os.urandom)
        distribute(database)
        journal = LocalJournal(seed=int.from_bytes(os.urandom(4), "big"))
        admit(database, journal)
        journal.record_many(100)
        for _ in range(2):
            push(database, journal)
        assert number(database, "select count(*) from journal") == 100
        assert number(database, "select waiting from device_contact") == 0
