"""What a merge left to people, as tables; and what they decided, wherever they decided it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from app.domain.condensed import Person, read_judgement
from app.domain.journal import Event, Json
from app.domain.people import Patient
from app.domain.review import (
    JudgedField,
    Judgement,
    PairReason,
    known_values,
    may_be_one,
    pair,
    unknown_to,
    value_of,
)
from app.storage import patients


@dataclass(frozen=True)
class FieldReview:
    """A record was corrected in two places, and neither knew of the other."""

    here: Patient
    """As it stands."""
    there: Patient
    """As the other word has it."""
    field: JudgedField
    value: str
    told_at: datetime
    """When the other word was written, by its own clock."""


@dataclass(frozen=True)
class PairReview:
    """Two records that state one document, or are perhaps one person."""

    here: Patient
    there: Patient
    reason: PairReason
    told_at: datetime


Review = FieldReview | PairReview


def reviews(db: Database, limit: int) -> list[Review]:
    """Return what waits for a decision, the oldest first."""
    fields = db.execute(
        """select patient.body, field_review.body, field, value, field_review.hlc from field_review
        join patient using (patient_id) order by field_review.hlc limit ?""",
        [limit],
    )
    found: list[Review] = [
        FieldReview(_patient(here), _patient(there), JudgedField(field), value, _instant(hlc))
        for here, there, field, value, hlc in fields
    ]
    pairs = db.execute(
        f"""select here.body, coalesce(there.body, pair_review.body), reason, pair_review.hlc {_OPEN_PAIRS}
        order by pair_review.hlc limit ?""",
        [limit],
    )
    found += [
        PairReview(_patient(here), _patient(there), PairReason(reason), _instant(hlc))
        for here, there, reason, hlc in pairs
    ]
    return sorted(found, key=lambda review: review.told_at)[:limit]


def count_reviews(db: Database) -> int:
    """Return how many decisions wait."""
    (fields,) = db.execute("select count(*) from field_review").fetchone()
    (pairs,) = db.execute(f"select count(*) {_OPEN_PAIRS}").fetchone()
    return int(fields + pairs)


_OPEN_PAIRS = """from pair_review join patient as here on here.patient_id = here_id
    left join patient as there on there.patient_id = iif(here_id = low_id, high_id, low_id)
    left join judgement using (low_id, high_id) where judgement.low_id is null"""


def put_amended(db: Database, event: Event) -> None:
    """Keep a correction made here; the journal keeps the record before (REG-8)."""
    patient_id = event.body["patient_id"]
    row = db.execute("select body, hlc from patient where patient_id = ?", [patient_id]).fetchone()
    patients.put_person(db, Person(event.hlc, event.body))
    if row is not None:
        note_words(db, event.body, json.loads(row[0]), row[1])


def note_words(db: Database, newest: Json, other: Json, other_hlc: int) -> None:
    """Note the fields in which the newest word knew nothing of the other; drop what it did know of."""
    patient_id = newest["patient_id"]
    for field in unknown_to(newest, other):
        db.execute(
            "insert or ignore into field_review values (?, ?, ?, ?, ?)",
            [patient_id, field, value_of(other, field), other_hlc, json.dumps(other, ensure_ascii=False)],
        )
    db.conn.executemany(
        "delete from field_review where patient_id = ? and field = ? and value = ?",
        [[patient_id, field, value] for field in JudgedField for value in known_values(newest, field)],
    )


def note_pair(db: Database, here_id: str, told: Person, reason: PairReason) -> None:
    """Note that what was told of somebody is to be compared with a record that is here."""
    body = {key: value for key, value in told.body.items() if key != "readings"}
    db.execute(
        "insert or replace into pair_review values (?, ?, ?, ?, ?, ?)",
        [
            *pair(here_id, body["patient_id"]), here_id, reason, told.hlc,
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip


def settle_documents(db: Database, ids: Iterable[str]) -> None:
    """Drop what was noted of records' documents: nobody else is in doubt of what they state now."""
    db.execute(
        """delete from pair_review where reason = ? and iif(here_id = low_id, high_id, low_id) in
        (select value from json_each(?))""",
        [PairReason.DOCUMENT, json.dumps(list(ids))],
    )


def note_namesakes(db: Database, people: Sequence[Person]) -> None:
    """Note whom of those just added somebody here may be as well."""
    told = {person.body["patient_id"]: person for person in people}
    rows = db.execute(_NAMESAKES, [json.dumps(list(told))]).fetchall()
    for patient_id, here_id, here in rows:
        person = told[patient_id]
        if may_be_one(json.loads(here), person.body):
            note_pair(db, here_id, person, PairReason.NAMESAKE)


_NAMESAKES = """select told.patient_id, here.patient_id, here.body from json_each(?)
    cross join patient as told on told.patient_id = json_each.value
    cross join patient as here on here.birth_on = told.birth_on and here.name = told.name
    where here.patient_id <> told.patient_id"""


def put_judged(db: Database, event: Event) -> None:
    """Keep a decision made here."""
    put_judgements(db, [read_judgement(event)])


def put_judgements(db: Database, judgements: Iterable[Judgement]) -> None:
    """Keep decisions on pairs of records and let the records follow; an older one changes nothing."""
    for told in judgements:
        kept = db.execute(
            """insert into judgement values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do update set
            is_one = excluded.is_one, kept_id = excluded.kept_id, hlc = excluded.hlc,
            event_id = excluded.event_id, judged_by = excluded.judged_by, judged_at = excluded.judged_at
            where (excluded.hlc, excluded.event_id) > (judgement.hlc, judgement.event_id)""",
            [
                told.low_id, told.high_id, told.is_one, told.kept_id, told.hlc, told.event_id,
                told.by, told.at,
            ],
        )  # fmt: skip
        if kept.rowcount:
            _follow(db, told.low_id, told.high_id, told.is_one, told.kept_id)


def follow_judgements(db: Database, ids: Iterable[str]) -> None:
    """Let records that came after a decision on them follow it."""
    if db.execute("select 1 from judgement limit 1").fetchone() is None:
        return
    listed = json.dumps(list(ids))
    for row in db.execute(_JUDGED, [listed, listed]).fetchall():
        _follow(db, *row)


_JUDGED = """select low_id, high_id, is_one, kept_id from judgement
    where low_id in (select value from json_each(?)) or high_id in (select value from json_each(?))"""


def judged_two(db: Database, one_id: str, other_id: str) -> bool:
    """Return whether somebody decided that two records are of two people."""
    row = db.execute(
        "select not is_one from judgement where low_id = ? and high_id = ?", pair(one_id, other_id)
    ).fetchone()
    return bool(row and row[0])


def _follow(db: Database, low_id: str, high_id: str, is_one: bool, kept_id: str) -> None:
    """Link two records, or part them."""
    db.execute(
        "delete from same_person where (patient_id, kept_id) in (values (?, ?), (?, ?))",
        [low_id, high_id, high_id, low_id],
    )
    rows = db.execute("select patient_id from patient where patient_id in (?, ?)", [low_id, high_id])
    here = {patient_id for (patient_id,) in rows}
    if not is_one or not here:
        return
    kept = kept_id if kept_id in here else here.pop()
    other = high_id if kept == low_id else low_id
    row = db.execute("select kept_id from same_person where patient_id = ?", [kept]).fetchone()
    root = row[0] if row and row[0] != other else kept
    db.execute("delete from same_person where patient_id = ?", [root])
    db.execute("update same_person set kept_id = ? where kept_id = ?", [root, other])
    db.execute("insert or replace into same_person values (?, ?)", [other, root])


def _patient(body: str) -> Patient:
    return patients.read_patient(json.loads(body))


def _instant(hlc: int) -> datetime:
    """Return the wall time in a hybrid clock; year 9999 is the last there is."""
    return datetime.fromtimestamp(min(hlc >> 16, 253_402_300_799_000) / 1000, UTC)
