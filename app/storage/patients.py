"""Patients in the store, and the one search box that finds them (ux.md rule 24)."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from sqlite_utils import Database

from app.domain.condensed import Person
from app.domain.identity import DocumentType
from app.domain.journal import Event, Json
from app.domain.people import Guardian, Patient, Sex
from app.storage import search_terms
from app.storage.search_terms import LAST, folded

_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False)
_KEPT = "coalesce(kept_id, patient_id)"
"""Under whose record somebody is shown who has two."""
RECORDS_OF_ONE = """select coalesce((select kept_id from same_person where patient_id = ?1), ?1)
    union select patient_id from same_person
    where kept_id = coalesce((select kept_id from same_person where patient_id = ?1), ?1)"""
"""Every record of the person of a record."""
TERMS_PER_HIT = 4
"""One person can match by several terms; so many are read for each hit wanted."""
_ANY_DOCUMENT = ", ".join(f"'{kind}'" for kind in DocumentType)


def patient_body(patient: Patient) -> Json:
    """Return a patient as the body of ``patient.registered``."""
    return asdict(patient) | {"birth_on": patient.birth_on.isoformat()}


def read_patient(body: Json) -> Patient:
    """Return the patient that ``patient_body`` wrote; other keys of the body are left alone."""
    known = {key: body[key] for key in Patient.__dataclass_fields__ if key in body}
    told = {
        "sex": Sex(body["sex"]),
        "birth_on": date.fromisoformat(body["birth_on"]),
        "guardian": _contact(body.get("guardian")),
        "proxy": _contact(body.get("proxy")),
    }
    return Patient(**known | told)


def _contact(body: Json | None) -> Guardian | None:
    return Guardian(**body) if body else None


def put_registered(db: Database, event: Event) -> None:
    """Keep a new patient, findable at once."""
    add_people(db, [Person(event.hlc, event.body)])


def add_people(db: Database, people: Sequence[Person]) -> None:
    """Keep people nobody here has heard of; of a great many the terms are put off."""
    put_off = search_terms.put_off(db, len(people))
    db.conn.executemany("insert into patient values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, people))
    if not put_off:
        search_terms.put(db, [person.body["patient_id"] for person in people])


def _row(person: Person) -> list[object]:
    body = person.body
    return [
        body["patient_id"], body["name"], body["sex"], body["birth_on"], body["document_type"],
        body["document_number"], body["phone"], _kept(body), body.get("registered_at", ""), person.hlc,
        search_terms.terms_of(body),
    ]  # fmt: skip


def put_person(db: Database, person: Person) -> None:
    """Keep another word on somebody who is known."""
    body, patient_id = person.body, person.body["patient_id"]
    search_terms.take_back(db, patient_id)
    db.execute(
        """update patient set name = ?, sex = ?, birth_on = ?, document_type = ?, document_number = ?,
        phone = ?, body = ?, hlc = max(hlc, ?), terms = ? where patient_id = ?""",
        [
            body["name"], body["sex"], body["birth_on"], body["document_type"], body["document_number"],
            body["phone"], _kept(body), person.hlc, search_terms.terms_of(body), patient_id,
        ],
    )  # fmt: skip
    search_terms.put(db, [patient_id])


def get_patient(db: Database, patient_id: str) -> Patient:
    """Return a patient who is known to exist."""
    return read_patient(get_body(db, patient_id))


def is_known(db: Database, patient_id: str) -> bool:
    """Return whether somebody has a record here."""
    return db.execute("select 1 from patient where patient_id = ?", [patient_id]).fetchone() is not None


def get_body(db: Database, patient_id: str) -> Json:
    """Return the body of the newest word on a patient who is known to exist."""
    (body,) = db.execute("select body from patient where patient_id = ?", [patient_id]).fetchone()
    read: Json = json.loads(body)
    return read


def find_by_document(db: Database, document_type: str, number: str) -> Patient | None:
    """Return the patient with this document, or None."""
    row = db.execute(
        "select body from patient where document_type = ? and document_number = ?", [document_type, number]
    ).fetchone()
    return read_patient(json.loads(row[0])) if row else None


def find_by_number(db: Database, number: str) -> list[Patient]:
    """Return the patients with this number, whatever the document (card and household book share one)."""
    rows = db.execute(
        f"""select distinct {_KEPT} from patient left join same_person using (patient_id)
        where document_type in ({_ANY_DOCUMENT}) and document_number = ? order by 1""",
        [number],
    )
    return [get_patient(db, patient_id) for (patient_id,) in rows.fetchall()]


def find_namesakes(db: Database, name: str, birth_on: date) -> list[Patient]:
    """Return the people of this name and birth date: perhaps a card made twice (domain.md §5.6)."""
    rows = db.execute(
        """select name, body from patient where birth_on = ? and not exists
            (select 1 from same_person where same_person.patient_id = patient.patient_id)
        order by registered_at""",
        [birth_on.isoformat()],
    )
    wanted = folded(name)
    return [read_patient(json.loads(body)) for named, body in rows.fetchall() if folded(named) == wanted]


def search(db: Database, typed: str, limit: int = 20) -> list[Patient]:
    """Return patients by name, pinyin, initials, birth date, or the tail of document or phone number."""
    term = folded(typed)
    if not term:
        return []
    most = limit * TERMS_PER_HIT
    found = dict.fromkeys(search_terms.find(db, term, most))
    if len(found) < limit and any(map(str.isdigit, term)):
        found |= dict.fromkeys([*_born(db, term, most), *_numbered(db, term, most)])
    kept = _kept_under(db, list(found))
    hits = list(dict.fromkeys(kept.get(patient_id, patient_id) for patient_id in found))[:limit]
    return _get_patients(db, hits)


def _born(db: Database, digits: str, most: int) -> list[str]:
    """Return who was born on a day that begins so, as year, month and day without hyphens."""
    if not digits.isdecimal() or len(digits) > len("20000229"):
        return []
    first = "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
    rows = db.execute(
        f"select patient_id from patient where birth_on >= ? and birth_on < ? order by birth_on limit {most}",
        [first, first + LAST],
    )
    return [patient_id for (patient_id,) in rows]


def _numbered(db: Database, term: str, most: int) -> list[str]:
    """Return whose document number, of whatever kind, begins so."""
    first = term.upper()
    rows = db.execute(
        f"""select patient_id from patient where document_type in ({_ANY_DOCUMENT})
        and document_number >= ? and document_number < ? limit {most}""",
        [first, first + LAST],
    )
    return [patient_id for (patient_id,) in rows]


def _kept_under(db: Database, ids: list[str]) -> dict[str, str]:
    """Return under whose record those are shown who have two."""
    marks = ", ".join("?" for _ in ids)
    return dict(db.execute(f"select patient_id, kept_id from same_person where patient_id in ({marks})", ids))


def _get_patients(db: Database, ids: list[str]) -> list[Patient]:
    """Return the patients with these ids, in their order, at one asking: a search waits at every letter."""
    marks = ", ".join("?" for _ in ids)
    rows = db.execute(f"select patient_id, body from patient where patient_id in ({marks})", ids)
    bodies = dict(rows.fetchall())
    return [read_patient(json.loads(bodies[patient_id])) for patient_id in ids]


def count_patients(db: Database) -> int:
    """Return how many people are on file."""
    (count,) = db.execute("select count(*) from patient").fetchone()
    return int(count)


def _kept(body: Json) -> str:
    kept = body.copy()
    kept.pop("readings", None)
    return _ENCODER.encode(kept)
