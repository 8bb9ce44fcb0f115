"""What comes in one push ends as if each event had come by itself, whatever way it is written down."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.journal import Entry, Json, Stream, decode, genesis
from app.sync import wire
from server.copying import copying
from server.database import Database
from server.projector import project, read_new, write_new
from server.stream import Accepted, Cursor, judge
from tests.server.desk import POSITIONS, admit, job_of, number, push, push_of, take
from tests.server.test_projection import DOSE, PATIENT, PERSON, RECORDED
from tests.sync.local_journal import SITE, LocalJournal

TABLES = ("person", "immunization", "stock_dose", "area_head", "event_home")
BOOKS = (
    *TABLES,
    "area_feed",
    "journal",
    "semantic_error",
    "feedback_head",
    "device_cursor",
    "device_contact",
)
TWISTS: list[Json] = [
    {"lot_number": "a\tb\\N\r\n"}, {"name": "\\."}, {"name": ""}, {"sex": 1}, {"birth_on": "2028-02-30"},
    {"dose_number": None}, {"occurred_at": "2026-11-23T09:00:00+08:00"}, {"patient_id": "no uuid"},
    {"occurred_at": "2026-02-30T01:00:00.000Z"}, {"occurred_at": "0000-01-01T01:00:00.000Z"},
    {"document_number": "x" * 2001}, {"vaccine_code": None}, {"expires_on": "9999-12-31"},
    {"trace_code": "a\0"}, {"name": "\\N"}, {"document_type": ...}, {"document_number": ...}, {"name": ...},
]  # fmt: skip
ACTS = {
    "patient.registered": PATIENT,
    "patient.amended": {"patient_id": PERSON, "name": "改"},
    "immunization.recorded": RECORDED,
    "immunization.voided": {"immunization_id": DOSE, "reason": "录错"},
    "encounter.opened": {"note": "\x7f0"},
}


def record(journal: LocalJournal, kind: str, who: int, twist: Json) -> None:
    body = ACTS[kind] | {
        name: f"{value[:-4]}{who:04}"
        for name, value in (("patient_id", PERSON), ("immunization_id", DOSE))
        if name in ACTS[kind]
    }
    body |= {key: value for key, value in twist.items() if key in body}
    said = {key: value for key, value in body.items() if value is not ...}
    journal.record(kind, said, person=PERSON)


def books(database: Database) -> list[Any]:
    """Return all that is told to others, and what is wrong with it."""
    wrong = "select seq, field, reason from semantic_error order by seq, field"
    return [
        *(database.execute(f"select * from {table} order by 1, 2".encode()).fetchall() for table in TABLES),
        database.execute(POSITIONS).fetchall(),
        database.execute(wrong.encode()).fetchall(),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ACTS)), st.integers(1, 40), st.sampled_from([*[{}] * 20, *TWISTS])),
        min_size=1, max_size=14,
    )
)  # fmt: skip
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_push_is_as_many(database: Database, told: list[tuple[str, int, Json]]) -> None:
    """SYN-2: columns, copies and what is done when they do not fit change nothing."""
    database.execute("truncate device, device_certificate, enrolment_code")
    journal = LocalJournal(seed=1)
    admit(database, journal)
    for kind, who, twist in told:
        record(journal, kind, who, twist)
    ends = []
    for size in (len(told), 1):
        database.execute(f"truncate {', '.join(BOOKS)}".encode())
        for after in range(0, len(told), size):
            result = push(database, journal, after, size)
            assert isinstance(result, wire.Ack)
            assert (result.acked, result.refused) == (after + size, None)
        ends.append(books(database))
    assert ends[0] == ends[1]
    database.execute("truncate person, immunization, stock_dose")
    entries = [
        Entry(journal.stream, decode(one.data), one.data, one.hash) for one in journal.entries[journal.stream]
    ]
    project(database, entries)
    assert books(database) == ends[0]


def test_texts_are_copied_to_the_letter(database: Database) -> None:
    texts = ["\\N", "a\\b", "\t", "\r\n", "\\.", '"', "", "赵", "\x7f0", "null"]
    journal = LocalJournal(seed=1)
    for who, text in enumerate(texts):
        record(journal, "patient.registered", who, {"name": text})
    verdict = judge(
        push_of(journal), journal.stream, Cursor(0, genesis(journal.stream)), [SITE], lambda _: b""
    )
    assert isinstance(verdict, Accepted)
    assert verdict.sheaf is not None
    told = read_new([verdict.sheaf])
    with copying(database) as copies:
        write_new(copies, told)
    assert told.marked == []
    assert [name for (name,) in database.execute("select name from person order by person_id")] == texts


@pytest.mark.parametrize("count", [60, pytest.param(10_000, marks=pytest.mark.long)])
def test_one_bad_record_among_many_stops_none_of_the_others(database: Database, count: int) -> None:
    """SYN-2: the year is one PostgreSQL has no instant for, though the event is well formed."""
    journal = LocalJournal(seed=1)
    admit(database, journal)
    for who in range(count):
        year = {"occurred_at": "0001-01-01T00:00:00+14:00"} if who == 33 else {}
        record(journal, "immunization.recorded", who, year)
    for after in range(0, count, 2000):
        assert isinstance(push(database, journal, after), wire.Ack)
    assert number(database, "select count(*) from immunization") == count
    assert number(database, "select count(*) from immunization where occurred_at is null") == 1
    assert number(database, "select count(*) from semantic_error") == 1


def test_an_event_known_from_another_stream_costs_its_neighbours_nothing(database: Database) -> None:
    """SYN-1: of a push that is mostly new, one event was carried on before: it is journalled, not counted."""
    journal = LocalJournal(seed=1)
    admit(database, journal)
    record(journal, "immunization.recorded", 1, {})
    push(database, journal)
    journal.carry_on(journal.stream, 0, Stream(journal.device_id, "c" * 16), journal.clock.now())
    for who in range(2, 12):
        record(journal, "immunization.recorded", who, {})
    result = push(database, journal)
    assert isinstance(result, wire.Ack)
    assert result.acked == 11
    assert number(database, "select count(*) from journal") == 12
    assert number(database, "select count(*) from immunization") == 11
    assert number(database, "select pos from area_head") == 11


def test_an_unfit_event_in_one_push_of_a_group_holds_up_no_other_push(database: Database) -> None:
    journals = [LocalJournal(seed) for seed in (1, 2, 3)]
    for who, journal in enumerate(journals):
        admit(database, journal)
        record(journal, "patient.registered", who, {})
    journals[1].append_bytes("no event", b"{}")
    for answer in take(database, [job_of(journal, push_of(journal)) for journal in journals]):
        assert isinstance(answer, wire.Answer)
        assert isinstance(answer.push, wire.Ack)
        assert answer.push.acked == 1 + len(answer.push.unfit)
    assert number(database, "select count(*) from person") == 3
