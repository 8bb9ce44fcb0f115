"""What events say of people and doses: any body is read, none does harm, order of arrival never matters."""

import json
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.journal import ClockQuality, Entry, Event, Json, Stream
from server.copying import copying
from server.database import Database
from server.journal import add_entries
from server.projection import READERS, SemanticError, read
from server.projector import UNPROJECTABLE, project
from tests.server.desk import CLOCK, admit, number, push
from tests.sync.local_journal import LocalJournal

PERSON = "0192f0c0-0000-7000-8000-000000000001"
DOSE = "0192f0c0-0000-7000-8000-000000000002"
PATIENT: Json = {
    "patient_id": PERSON, "name": "赵测试", "sex": "1", "birth_on": "2020-02-29",
    "document_type": "citizen_card", "document_number": "100101202002290013",
}  # fmt: skip
RECORDED: Json = {
    "immunization_id": DOSE, "patient_id": PERSON, "encounter_id": "e-1", "vaccine_code": "HepB",
    "product_code": "HEPB-10", "lot_number": "202511A897", "expires_on": "2028-01-17",
    "trace_code": "89001010000001000000", "dose_number": 2, "occurred_at": "2026-11-23T01:00:00.000Z",
}  # fmt: skip


def event(kind: str, body: Any, *, at: int = 1, person: str | None = PERSON) -> Event:
    event_id = f"0192f0c0-0000-7000-9000-{at:012d}"
    return Event(event_id, at, at, at, ClockQuality(1), kind, 1, "1001010001", "d", "u", person, body)


def apply(database: Database, *events: Event) -> list[SemanticError]:
    entries = [Entry(Stream("d", "0" * 16), item, b"", b"") for item in events]
    return [error for _, error in project(database, entries)]


def rows(database: Database, table: str) -> list[Any]:
    return database.execute(f"select * from {table} order by 1, 2".encode()).fetchall()


def columns(database: Database, table: str, *names: str) -> list[Any]:
    return database.execute(f"select {', '.join(names)} from {table}".encode()).fetchall()


def test_a_person_and_a_dose_reach_the_centres_tables(database: Database) -> None:
    """CRT-2: what the phone look-up will read."""
    journal = LocalJournal(seed=1)
    admit(database, journal)
    journal.record("patient.registered", PATIENT, person=PERSON)
    journal.record("immunization.recorded", RECORDED, person=PERSON)
    journal.record("adverse_event.drafted", {"patient_id": PERSON, "immunization_id": DOSE}, person=PERSON)
    push(database, journal)
    assert columns(
        database, "person", "person_id::text", "name", "sex", "birth_on::text", "document_number"
    ) == [(PERSON, "赵测试", "1", "2020-02-29", "100101202002290013")]
    names = (
        "person_id::text",
        "immunization_id::text",
        "vaccine_code",
        "trace_code",
        "dose_number",
        "lot_number",
    )
    assert columns(database, "immunization", *names) == [
        (PERSON, DOSE, "HepB", "89001010000001000000", 2, "202511A897")
    ]
    assert columns(database, "adverse_event", "immunization_id::text") == [(DOSE,)]
    assert number(database, "select count(*) from semantic_error") == 0


def test_an_amendment_changes_what_it_names_and_leaves_the_rest(database: Database) -> None:
    apply(database, event("patient.registered", PATIENT))
    apply(database, event("patient.amended", {"patient_id": PERSON, "name": "赵改名"}, at=2))
    assert columns(database, "person", "name", "sex") == [("赵改名", "1")]


def test_a_field_can_be_emptied(database: Database) -> None:
    apply(database, event("patient.registered", PATIENT))
    apply(database, event("patient.amended", {"patient_id": PERSON, "document_number": None}, at=2))
    assert columns(database, "person", "document_type", "document_number") == [("citizen_card", None)]


HISTORY = (
    event("patient.registered", PATIENT, at=1),
    event("patient.amended", {"patient_id": PERSON, "name": "二"}, at=2),
    event("patient.amended", {"patient_id": PERSON, "name": "三", "sex": "2"}, at=3),
    event("immunization.recorded", RECORDED, at=4),
    event("immunization.voided", {"immunization_id": DOSE, "reason": "录错"}, at=5),
)


def test_in_whatever_order_and_groups_events_arrive_the_tables_end_alike(database: Database) -> None:
    apply(database, *HISTORY)
    expected = [rows(database, table) for table in ("person", "immunization")]
    for order in permutations(HISTORY):
        database.execute("truncate person, immunization")
        apply(database, *order[:2])
        for item in order[2:]:
            apply(database, item)
        assert [rows(database, table) for table in ("person", "immunization")] == expected
    assert columns(database, "person", "name", "sex") == [("三", "2")]
    assert columns(database, "immunization", "void_reason", "vaccine_code") == [("录错", "HepB")]


def test_a_text_is_kept_to_the_letter(database: Database) -> None:
    texts = ['a"b\\c,{}', "null", "", " \t\n", "NULL", "\x01,"]
    for some in (texts, [*texts, None]):
        database.execute("truncate person")
        people = [
            {**PATIENT, "patient_id": f"{PERSON[:-1]}{n}", "document_number": text}
            for n, text in enumerate(some)
        ]
        apply(database, *[event("patient.registered", body, at=at) for at, body in enumerate(people)])
        assert [row[0] for row in columns(database, "person", "document_number")] == some


TWISTS: list[Json] = [
    {"document_number": None}, {"lot_number": 'a"b\\c,{}'}, {"name": "null"}, {"name": ""}, {"sex": 1},
    {"birth_on": "20200229", "expires_on": "2028-02-30"}, {"dose_number": True}, {"dose_number": None},
    {"occurred_at": "2026-11-23T09:00:00+08:00"}, {"patient_id": DOSE.upper()}, {"trace_code": [1]},
]  # fmt: skip


def ids(who: int, *, shared: bool) -> Json:
    """Return whose dose it is, and which: one of the person's own, or the one all share."""
    own = {} if shared else {"immunization_id": f"{DOSE[:-2]}{who:02}"}
    return {"patient_id": f"{PERSON[:-2]}{who:02}", **own}


@given(
    st.lists(st.integers(1, 60), min_size=8, max_size=12),
    st.lists(st.sampled_from(TWISTS), max_size=2),
    st.booleans(),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_many_at_once_say_what_each_says(
    database: Database, people: list[int], twists: list[Json], amended: bool
) -> None:
    """SYN-2: whole columns are read at a time, and nothing in them is read otherwise than alone."""
    twisted = [*twists, *[{}] * len(people)]
    events = [
        event(kind, {**body, **ids(who, shared=amended), **twist}, at=3 * at + place)
        for at, (who, twist) in enumerate(zip(people, twisted, strict=False))
        for place, (kind, body) in enumerate(
            (("patient.registered", PATIENT), ("immunization.recorded", RECORDED), ("patient.amended", {}))
        )
        if body or (amended and at == 0)
    ]
    ends = []
    for groups in ([events], [[item] for item in events]):
        database.execute("truncate person, immunization, stock_dose")
        errors = sorted((error.field, error.reason) for group in groups for error in apply(database, *group))
        ends.append((errors, *(rows(database, name) for name in ("person", "immunization", "stock_dose"))))
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("kind", "body", "errors"),
    [
        ("patient.registered", {}, {"patient_id", "name", "sex", "birth_on"}),
        ("patient.registered", {**PATIENT, "birth_on": "2021-02-29"}, {"birth_on"}),
        ("patient.registered", {**PATIENT, "birth_on": "20200229"}, set()),
        ("patient.registered", {**PATIENT, "name": "a\0b"}, {"name"}),
        ("patient.registered", {**PATIENT, "patient_id": "P-1"}, {"patient_id"}),
        ("patient.amended", {"patient_id": PERSON}, set()),
        ("patient.amended", {"name": "无"}, {"patient_id"}),
        ("immunization.recorded", {**RECORDED, "dose_number": "2"}, {"dose_number"}),
        ("immunization.recorded", {**RECORDED, "dose_number": True}, {"dose_number"}),
        ("immunization.recorded", {**RECORDED, "occurred_at": "2026-11-23T01:00:00"}, {"occurred_at"}),
        ("immunization.recorded", {**RECORDED, "occurred_at": "0001-01-01T00:00:00+14:00"}, {"occurred_at"}),
        ("immunization.recorded", {**RECORDED, "vaccine_code": None}, {"vaccine_code"}),
        ("immunization.voided", {"reason": "录错"}, {"immunization_id"}),
        ("immunization.voided", {"immunization_id": DOSE}, {"reason"}),
        ("adverse_event.drafted", {}, {"patient_id"}),
        ("adverse_event.drafted", [1], {"body"}),
        ("a.kind.of.a.later.version", {"patient_id": 5}, set()),
    ],
)
def test_what_is_missing_or_malformed_is_named_by_its_field(
    kind: str, body: object, errors: set[str]
) -> None:
    assert {error.field for error in read(event(kind, body)).errors} == errors


def test_a_dose_with_a_bad_field_is_still_a_dose(database: Database) -> None:
    """The dose is never lost for its meaning (sync.md)."""
    errors = apply(database, event("immunization.recorded", {**RECORDED, "expires_on": "soon"}))
    assert errors == [SemanticError("expires_on", "malformed")]
    assert columns(database, "immunization", "vaccine_code", "expires_on") == [("HepB", None)]


def test_errors_are_listed_beside_the_journal_and_the_stream_goes_on(database: Database) -> None:
    journal = LocalJournal(seed=1)
    admit(database, journal)
    journal.record("patient.registered", {"name": "无编号"})
    journal.record("patient.registered", PATIENT)
    push(database, journal)
    listed = database.execute("select seq, field, reason from semantic_error order by 1, 2").fetchall()
    assert listed == [(1, "birth_on", "missing"), (1, "patient_id", "missing"), (1, "sex", "missing")]
    assert number(database, "select count(*) from person") == 1


def test_an_event_postgresql_will_not_have_stops_none_of_its_neighbours(database: Database) -> None:
    database.execute("alter table immunization add check (lot_number <> 'poison')")
    other = "0192f0c0-0000-7000-8000-000000000003"
    poison = {**RECORDED, "lot_number": "poison"}
    errors = apply(
        database,
        event("patient.registered", PATIENT, at=1),
        event("immunization.recorded", poison, at=2),
        event("immunization.recorded", {**RECORDED, "immunization_id": other}, at=3),
    )
    assert errors == [UNPROJECTABLE]
    assert number(database, "select count(*) from immunization") == 1
    assert number(database, "select count(*) from person") == 1


def test_a_text_too_long_for_an_index_is_marked_and_stops_nobody(database: Database) -> None:
    """PostgreSQL calls this a limit of its program, not bad data."""
    rare = Random(1)
    number_without_end = "".join(chr(rare.randrange(0x4E00, 0x9FA5)) for place in range(1900))
    errors = apply(
        database,
        event("patient.registered", {**PATIENT, "document_number": number_without_end}, at=1),
        event("immunization.recorded", RECORDED, at=2),
    )
    assert errors == [UNPROJECTABLE]
    assert number(database, "select count(*) from immunization") == 1


ODD = (
    "\0",
    "2026-01-01",
    "9999-12-31T23:59:59-23:59",
    "infinity",
    "NaN",
    "-4713-01-01",
    DOSE,
    *PATIENT.values(),
)
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(ODD)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
stock = {"lot_id", "codes", "code", "status", "vaccine_name"}
fields = st.sampled_from(sorted({*PATIENT, *RECORDED, *stock, "reason", "adverse_event_id"}))
bodies = st.dictionaries(fields, values) | values


@given(st.lists(st.tuples(st.sampled_from(sorted(READERS)), bodies), min_size=1, max_size=8))
def test_no_body_stops_the_projector_or_needs_its_last_resort(
    scratch: Database, contents: list[tuple[str, object]]
) -> None:
    events = [event(kind, body, at=place) for place, (kind, body) in enumerate(contents, start=1)]
    assert UNPROJECTABLE not in apply(scratch, *events)


@pytest.fixture(scope="module")
def scratch(postgres: str) -> Any:
    from server.database import open_database
    from server.migrate import migrate
    from tests.server.conftest import new_database

    with open_database(new_database(postgres)) as connection:
        migrate(connection, CLOCK.now(), lambda length: bytes(length))
        yield connection


def test_errors_name_no_person() -> None:
    """No personal data in what operators list: field names and fixed words only."""
    body = {**PATIENT, "birth_on": "赵测试", "sex": ["赵测试"], "patient_id": "赵测试"}
    assert "赵测试" not in json.dumps(
        [vars(error) for error in read(event("patient.registered", body)).errors]
    )


def test_entries_are_copied_whatever_person_the_envelope_names(database: Database) -> None:
    entry = Entry(Stream("d", "0" * 16), event("note.made", {}, person="nobody"), b"{}", bytes(32))
    with copying(database) as copies:
        add_entries(copies, [entry], CLOCK.now())
    assert columns(database, "journal", "person_id") == [(None,)]
