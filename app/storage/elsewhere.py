"""What the other sites of the area recorded, and what was copied from papers: people are found, doses count.

It comes in any order: each row follows the newest word on it, and the same word twice is the same as once.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from app.domain.condensed import DOSE_COLUMNS, Condensed, Person, condense
from app.domain.journal import Event, Json
from app.domain.review import COLUMNS, JudgedField, PairReason
from app.storage import conditions, patients, reviews

_GIVEN_HERE = """exists (select 1 from immunization
    where immunization.immunization_id = dose_elsewhere.immunization_id)"""
_NAMES = ", ".join(DOSE_COLUMNS)
_PUT_DOSES = f"""insert into dose_elsewhere ({_NAMES}) values ({", ".join("?" for _ in DOSE_COLUMNS)})
    on conflict do update set {", ".join(f"{name} = excluded.{name}" for name in DOSE_COLUMNS[1:])}"""

Document = tuple[str, str]


def put_elsewhere(db: Database, told: Condensed) -> None:
    """Bring the tables up to date; the same path for one event and for a whole area."""
    if told.people:
        _put_people(db, told.people)
    db.conn.executemany(_PUT_DOSES, told.doses)
    db.conn.executemany(
        """insert into dose_elsewhere (immunization_id, voided) values (?, 1)
        on conflict do update set voided = 1""",
        [[immunization_id] for immunization_id in told.voids],
    )
    reviews.put_judgements(db, told.judgements)
    conditions.put_rows(db, told.conditions)


def put_copied(db: Database, event: Event) -> None:
    """Keep a dose that was copied here from a paper, or that it was taken back: as one of another site."""
    put_elsewhere(db, condense([event]))


def doses_of(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses that count and were given at other sites, the oldest first."""
    rows = db.execute(
        f"""select {_NAMES} from dose_elsewhere where patient_id in ({patients.RECORDS_OF_ONE})
        and not voided and not {_GIVEN_HERE} order by occurred_at""",
        [patient_id],
    )
    return [dict(zip(DOSE_COLUMNS, row, strict=True)) for row in rows]


def use_of_code(db: Database, trace_code: str) -> tuple[int, str | None]:
    """Return how many doses count under a code at other sites and when the first was given."""
    count, first = db.execute(
        f"""select count(*), min(occurred_at) from dose_elsewhere
        where trace_code = ? and not voided and not {_GIVEN_HERE}""",
        [trace_code],
    ).fetchone()
    return count, first


def _put_people(db: Database, people: Sequence[Person]) -> None:
    """Keep who is not known here, and what is newer of those who are; one document is one person.

    What that leaves to people is noted (``app/storage/reviews.py``).
    """
    ids = [person.body["patient_id"] for person in people]
    held: dict[str, int] = dict(
        _rows(db, "select patient_id, hlc from patient where patient_id in ({})", ids)
    )
    clashing = list[tuple[str, Person]]()
    owners = _owners(db, [_document(person) for person in people])
    added, changed, same = [], [], []
    for patient_id, person in zip(ids, people, strict=True):
        owner = owners.setdefault(_document(person), patient_id)
        if owner != patient_id:
            clashing.append((owner, person))
        if patient_id in held:
            if person.hlc != held[patient_id]:
                changed.append(person)
        elif owner == patient_id:
            added.append(person)
        elif not reviews.judged_two(db, patient_id, owner):
            same.append([patient_id, owner])
    patients.add_people(db, added)
    for person in changed:
        _merge(db, person, keeps_document=owners[_document(person)] != person.body["patient_id"])
    db.conn.executemany("insert or replace into same_person values (?, ?)", same)
    _note(db, added, clashing)
    reviews.follow_judgements(db, ids)


def _merge(db: Database, person: Person, *, keeps_document: bool) -> None:
    """Let the newest word on somebody known here stand.

    ``keeps_document``: the document told is somebody else's here, so the one here stays.
    """
    patient_id = person.body["patient_id"]
    text, hlc = db.execute("select body, hlc from patient where patient_id = ?", [patient_id]).fetchone()
    held = json.loads(text)
    told = person.body
    if keeps_document:
        told = told | {key: held[key] for key in COLUMNS[JudgedField.DOCUMENT]}
    if person.hlc > hlc:
        patients.put_person(db, Person(person.hlc, told))
        reviews.note_words(db, told, held, hlc)
    else:
        reviews.note_words(db, held, told, person.hlc)
    if not keeps_document:
        reviews.settle_documents(db, [patient_id])


def _note(db: Database, added: Sequence[Person], clashing: Sequence[tuple[str, Person]]) -> None:
    """Note which of those who came may be somebody who is here, and whose document somebody else has."""
    ids = [person.body["patient_id"] for person in added]
    db.execute(
        "delete from same_person where patient_id in (select value from json_each(?))", [json.dumps(ids)]
    )
    reviews.settle_documents(db, ids)
    reviews.note_namesakes(db, added)
    for owner, person in clashing:
        here = patients.get_patient(db, owner)
        stated = (here.name, here.birth_on.isoformat())
        known = patients.is_known(db, person.body["patient_id"])
        if known or stated != (person.body["name"], person.body["birth_on"]):
            reviews.note_pair(db, owner, person, PairReason.DOCUMENT)
        else:
            reviews.settle_documents(db, [person.body["patient_id"]])


def _owners(db: Database, documents: Sequence[Document]) -> dict[Document, str]:
    """Return by document who has it here; one search for each, for people are many."""
    rows = db.execute(
        """select document_type, document_number, patient_id from json_each(?) as told cross join patient
        on document_type = told.value ->> 0 and document_number = told.value ->> 1""",
        [json.dumps(documents)],
    )
    return {(kind, number): patient_id for kind, number, patient_id in rows}


def _document(person: Person) -> Document:
    return person.body["document_type"], person.body["document_number"]


def _rows(db: Database, question: str, values: Iterable[str]) -> list[Any]:
    """Return the rows of a question with a list in it; a page has no more values than SQLite takes."""
    wanted = list(values)
    marks = ", ".join("?" for _ in wanted)
    return list(db.execute(question.format(marks), wanted))
