"""What a run of events comes to, and its text: the same on both sides, however torn the events (SYN-2)."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.condensed import CONDITION_COLUMNS, DOSE_COLUMNS, Condensed, condense, read_lines, write_lines
from app.domain.journal import ClockQuality, Event, Json
from app.sync.frame import MAX_EVENT_BYTES
from tests.strategies import json_values, texts

PERSON: Json = {
    "patient_id": "0190a0b0-0000-7000-8000-000000000001", "name": "陈知雨", "sex": "2",
    "birth_on": "2020-02-29",
    "document_type": "citizen_card", "document_number": "100101202002290021", "phone": "10078038634",
    "address": "云溪镇", "population_group": "学龄前儿童", "readings": ["chenzhiyu", "czy"], "booklet": True,
    "guardian": {"name": "陈安", "relation": "母亲", "phone": "10078038635"}, "proxy": None,
}  # fmt: skip
DOSE: Json = {
    "immunization_id": "0190a0b0-0000-7000-8000-000000000002", "patient_id": PERSON["patient_id"],
    "vaccine_code": "0301", "vaccine_name": "脊灰灭活疫苗", "product_code": "IPV-5", "dose_number": 1,
    "lot_number": "202604A", "trace_code": "81234560000000000001", "site_name": "云溪镇接种点",
    "occurred_at": "2026-11-23T01:00:00.000Z",
}  # fmt: skip
COPIED: Json = DOSE | {
    "immunization_id": "0190a0b0-0000-7000-8000-000000000005", "product_code": "", "lot_number": "",
    "trace_code": None, "evidence": "booklet",
}  # fmt: skip
JUDGED: Json = {
    "low_id": PERSON["patient_id"], "high_id": DOSE["immunization_id"], "is_one": True,
    "kept_id": DOSE["immunization_id"], "judged_at": "2026-11-23T01:00:00.000Z",
}  # fmt: skip
STATED: Json = {
    "condition_id": "0190a0b0-0000-7000-8000-000000000003", "patient_id": PERSON["patient_id"],
    "code": "preterm", "title": "早产", "since": None, "until": "2026-02-01", "note": "", "reason": "更正",
    "status": "stated", "supersedes": "0190a0b0-0000-7000-8000-000000000004",
    "recorded_at": "2026-11-23T01:00:00.000Z", "recorded_by": "郭医生",
}  # fmt: skip
KINDS = {"patient.registered": PERSON, "patient.amended": PERSON, "immunization.recorded": DOSE,
         "immunization.voided": DOSE, "patient.judged": JUDGED, "condition.recorded": STATED,
         "past_dose.recorded": COPIED, "past_dose.withdrawn": COPIED}  # fmt: skip


def event(kind: str, body: Json, hlc: int = 1, number: int = 0) -> Event:
    event_id = f"0190a0b0-0000-7000-8000-{number:012}"
    return Event(event_id, 1, hlc, 0, ClockQuality(0), kind, 1, "1001010001", "台", "u", None, body)


@st.composite
def told(draw: st.DrawFn) -> Event:
    """An event of others, whole or torn."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    whole = KINDS[kind]
    torn = draw(st.dictionaries(st.sampled_from(sorted(whole)), json_values | texts, max_size=2))
    return event(kind, whole | torn, draw(st.integers(0, 2**62)), draw(st.integers(0, 99)))


@given(st.lists(told(), max_size=8))
def test_its_text_says_the_same_whatever_the_events(events: list[Event]) -> None:
    condensed = condense(events)
    lines = write_lines(condensed)
    assert read_lines(lines) == condensed
    assert all(b"\n" not in line and len(line) < MAX_EVENT_BYTES for line in lines)


def test_whole_events_are_not_left_out() -> None:
    condensed = condense([event(kind, body, number) for number, (kind, body) in enumerate(KINDS.items())])
    assert [person.body for person in condensed.people] == [PERSON]
    assert condensed.doses == tuple(tuple(body[name] for name in DOSE_COLUMNS) for body in (DOSE, COPIED))
    assert condensed.voids == (DOSE["immunization_id"], COPIED["immunization_id"])
    assert condensed.conditions == (tuple(STATED[name] for name in CONDITION_COLUMNS),)
    (judged,) = condensed.judgements
    assert (judged.is_one, judged.kept_id, judged.by) == (True, DOSE["immunization_id"], "u")


@given(st.permutations(range(5)))
def test_the_newest_word_on_a_person_stands_in_any_order(order: list[int]) -> None:
    events = [event("patient.amended", PERSON | {"phone": str(hlc)}, hlc) for hlc in order]
    (person,) = condense(events).people
    assert (person.hlc, person.body["phone"]) == (4, "4")


def test_no_line_is_longer_than_an_event_may_be_however_much_is_told() -> None:
    bodies = [
        PERSON | {"patient_id": f"0190a0b0-0000-7000-8000-{number:012}", "address": "长" * 20_000}
        for number in range(12)
    ]
    condensed = condense([event("patient.registered", body) for body in bodies])
    lines = write_lines(condensed)
    assert len(lines) > 1
    assert max(map(len, lines)) < MAX_EVENT_BYTES
    assert read_lines(lines) == condensed


@given(
    json_values
    | st.dictionaries(st.sampled_from(["people", "doses", "voids", "judgements", "conditions"]), json_values)
)
def test_any_other_text_is_refused_and_nothing_else_happens(value: object) -> None:
    try:
        read = read_lines([json.dumps(value).encode()])
    except ValueError:
        return
    assert read == Condensed()


@pytest.mark.parametrize("line", [b"", b"[", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match="condensed"):
        read_lines([line])


def test_a_torn_row_condemns_its_text() -> None:
    """The centre wrote it: half of it is not believed."""
    lines = write_lines(condense([event("immunization.recorded", DOSE), replace(event("x", {}), hlc=2)]))
    torn = [line.replace(b'"0301"', b"301") for line in lines]
    with pytest.raises(ValueError, match="condensed"):
        read_lines(torn)
