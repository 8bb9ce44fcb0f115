"""What the other sites of the area recorded, as tables: their people are found here, their doses count.

Nothing of it can be believed to be well formed, and it comes in any order: an event that cannot be read is
left in its page, each row follows the newest event that speaks of it, and the same event twice is the same as
once.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.identity import DocumentType
from app.domain.journal import Event, Json
from app.domain.people import MANDATORY
from app.storage import patients

_PERSON_KINDS = frozenset({"patient.registered", "patient.amended"})
_PERSON_TEXTS = tuple(key for key in MANDATORY if key not in ("sex", "birth_on"))
_DOSE_TEXTS = ("vaccine_code", "vaccine_name", "lot_number", "site_name")
_MISFIT = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

Document = tuple[str, str]


def put_elsewhere(db: Database, events: Sequence[Event]) -> None:
    """Bring the tables up to date with events of others; the same path for one and for a whole page."""
    people: dict[str, Event] = {}
    doses: list[list[object]] = []
    voids: list[list[object]] = []
    for event in events:
        try:
            if event.kind in _PERSON_KINDS:
                _note_newest(people, event)
            elif event.kind == "immunization.recorded":
                doses.append(_dose_row(event))
            elif event.kind == "immunization.voided":
                voids.append([_id(event.body, "immunization_id")])
        except _MISFIT:
            continue
    if people:
        _put_people(db, people)
    db.conn.executemany(
        """insert into dose_elsewhere (immunization_id, patient_id, trace_code, occurred_at, event_id, body)
        values (?, ?, ?, ?, ?, ?) on conflict do update set patient_id = excluded.patient_id,
        trace_code = excluded.trace_code, occurred_at = excluded.occurred_at, event_id = excluded.event_id,
        body = excluded.body""",
        doses,
    )
    db.conn.executemany(
        """insert into dose_elsewhere (immunization_id, voided) values (?, 1)
        on conflict do update set voided = 1""",
        voids,
    )


def doses_of(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses that count and were given at other sites, the oldest first."""
    rows = db.execute(
        """select body from dose_elsewhere where patient_id in
            (select ? union select patient_id from same_person where kept_id = ?)
        and not voided and not exists (select 1 from immunization
            where immunization.immunization_id = dose_elsewhere.immunization_id)
        order by occurred_at""",
        [patient_id, patient_id],
    )
    return [json.loads(body) for (body,) in rows]


def use_of_code(db: Database, trace_code: str) -> tuple[int, str | None]:
    """Return how many doses count under a code at other sites and when the first was given."""
    count, first = db.execute(
        """select count(*), min(occurred_at) from dose_elsewhere where trace_code = ? and not voided
        and not exists (select 1 from immunization
            where immunization.immunization_id = dose_elsewhere.immunization_id)""",
        [trace_code],
    ).fetchone()
    return count, first


def _note_newest(people: dict[str, Event], event: Event) -> None:
    body = event.body
    _id(body, "patient_id")
    for key in _PERSON_TEXTS:
        _text(body, key)
    DocumentType(body["document_type"])
    patients.read_patient(body)
    for reading in body.get("readings", ()):
        if not isinstance(reading, str):
            raise TypeError
    held = people.get(body["patient_id"])
    if held is None or (event.hlc, event.id) > (held.hlc, held.id):
        people[body["patient_id"]] = event


def _dose_row(event: Event) -> list[object]:
    body = event.body
    for key in _DOSE_TEXTS:
        _text(body, key)
    code = body.get("trace_code")
    if not (code is None or isinstance(code, str)) or type(body["dose_number"]) is not int:
        raise TypeError
    read_instant(body["occurred_at"])
    return [
        _id(body, "immunization_id"), _id(body, "patient_id"), code, body["occurred_at"], event.id,
        json.dumps(body, ensure_ascii=False),
    ]  # fmt: skip


def _id(body: Json, key: str) -> str:
    """Return an id if it is one in its only spelling: nobody else's row is found by another."""
    value = _text(body, key)
    if str(UUID(value)) != value:
        raise ValueError
    return value


def _text(body: Json, key: str) -> str:
    value = body[key]
    if not isinstance(value, str):
        raise TypeError
    return value


def _put_people(db: Database, people: dict[str, Event]) -> None:
    """Keep who is not known here, and what is newer of those who are; one document is one person."""
    held: dict[str, int] = dict(
        _rows(db, "select patient_id, hlc from patient where patient_id in ({})", people)
    )
    owners = _owners(db, [_document(event) for event in people.values()])
    added, changed, same = [], [], []
    for patient_id, event in people.items():
        owner = owners.setdefault(_document(event), patient_id)
        if patient_id in held:
            if owner == patient_id and event.hlc > held[patient_id]:
                changed.append(event)
        elif owner == patient_id:
            added.append(event)
        else:
            same.append([patient_id, owner])
    patients.add_people(db, added)
    for event in changed:
        patients.put_amended(db, event)
    db.conn.executemany("insert or replace into same_person values (?, ?)", same)


def _owners(db: Database, documents: Collection[Document]) -> dict[Document, str]:
    """Return by document who has it here."""
    rows = _rows(
        db,
        "select document_type, document_number, patient_id from patient where document_number in ({})",
        {number for _, number in documents},
    )
    return {(kind, number): patient_id for kind, number, patient_id in rows}


def _document(event: Event) -> Document:
    return event.body["document_type"], event.body["document_number"]


def _rows(db: Database, question: str, values: Iterable[str]) -> list[Any]:
    """Return the rows of a question with a list in it; a page has no more values than SQLite takes."""
    wanted = list(values)
    marks = ", ".join("?" for _ in wanted)
    return list(db.execute(question.format(marks), wanted))
