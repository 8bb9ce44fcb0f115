"""What the other sites of the area recorded, as tables: their people are found here, their doses count.

It comes in any order: each row follows the newest word on it, and the same word twice is the same as once.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from app.domain.condensed import DOSE_COLUMNS, Condensed, Person
from app.domain.journal import Json
from app.storage import patients

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


def doses_of(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses that count and were given at other sites, the oldest first."""
    rows = db.execute(
        f"""select {_NAMES} from dose_elsewhere where patient_id in
            (select ? union select patient_id from same_person where kept_id = ?)
        and not voided and not {_GIVEN_HERE} order by occurred_at""",
        [patient_id, patient_id],
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
    """Keep who is not known here, and what is newer of those who are; one document is one person."""
    ids = [person.body["patient_id"] for person in people]
    held: dict[str, int] = dict(
        _rows(db, "select patient_id, hlc from patient where patient_id in ({})", ids)
    )
    owners = _owners(db, [_document(person) for person in people])
    added, changed, same = [], [], []
    for patient_id, person in zip(ids, people, strict=True):
        owner = owners.setdefault(_document(person), patient_id)
        if patient_id in held:
            if owner == patient_id and person.hlc > held[patient_id]:
                changed.append(person)
        elif owner == patient_id:
            added.append(person)
        else:
            same.append([patient_id, owner])
    patients.add_people(db, added)
    for person in changed:
        patients.put_person(db, person)
    db.conn.executemany("insert or replace into same_person values (?, ?)", same)


def _owners(db: Database, documents: Collection[Document]) -> dict[Document, str]:
    """Return by document who has it here."""
    rows = _rows(
        db,
        "select document_type, document_number, patient_id from patient where document_number in ({})",
        {number for _, number in documents},
    )
    return {(kind, number): patient_id for kind, number, patient_id in rows}


def _document(person: Person) -> Document:
    return person.body["document_type"], person.body["document_number"]


def _rows(db: Database, question: str, values: Iterable[str]) -> list[Any]:
    """Return the rows of a question with a list in it; a page has no more values than SQLite takes."""
    wanted = list(values)
    marks = ", ".join("?" for _ in wanted)
    return list(db.execute(question.format(marks), wanted))
