"""Immunizations in the store: recorded, never deleted; a correction supersedes."""

import json
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.storage import elsewhere, encounters, planned_doses
from app.storage.patients import RECORDS_OF_ONE
from app.storage.receipts import received
from app.storage.shape import COMPLETED as COMPLETED
from app.storage.shape import VOIDED as VOIDED


def put_recorded(db: Database, event: Event) -> None:
    """Keep a dose and start its observation; the right version of a wrong one goes on with that one's."""
    body = event.body
    db.execute(
        "insert into immunization values (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, '', '')",
        [
            body["immunization_id"], body["encounter_id"], body["patient_id"], body["vaccine_code"],
            body["lot_number"], body["trace_code"], body["occurred_at"], COMPLETED, event.id,
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip
    if corrected := body.get("corrects"):
        db.execute(
            "update observation set immunization_id = ? where encounter_id = ? and immunization_id = ?",
            [body["immunization_id"], body["encounter_id"], corrected],
        )
        planned_doses.put_corrected(db, corrected, body["immunization_id"])
        return
    db.execute(
        """insert into observation (encounter_id, immunization_id, started_at, due_at) values (?, ?, ?, ?)
        on conflict (encounter_id) do update set immunization_id = excluded.immunization_id,
        started_at = excluded.started_at, due_at = excluded.due_at, ended_at = null, ended_by = '',
        ended_early = 0, end_note = ''""",
        [body["encounter_id"], body["immunization_id"], body["occurred_at"], body["observe_until"]],
    )
    planned_doses.put_given(db, body["encounter_id"], body["product_code"], body["immunization_id"])
    encounters.change(db, body["encounter_id"], vaccinated=1, ended=0, ended_early=0)


def put_voided(db: Database, event: Event) -> None:
    """Keep that a dose was entered in error, and why; its visit is at the needle again, or over.

    Where another dose of the visit counts, the observation is that of the last one. Where another version
    took its place (``corrected_by``) visit and observation go on as they were.
    """
    body = event.body
    encounter_id, immunization_id = body["encounter_id"], body["immunization_id"]
    db.execute(
        """update immunization set status = ?, void_reason = ?, voided_by = ?, void_approved_by = ?
        where immunization_id = ?""",
        [VOIDED, body["reason"], event.user, body.get("approved_by", ""), immunization_id],
    )
    if "corrected_by" in body:
        return
    planned_doses.put_taken_back(db, immunization_id)
    over = {"cancelled": 1} if body.get("visit_over") else {}
    last = of_encounter(db, encounter_id)
    if last is None:
        db.execute(
            "delete from observation where encounter_id = ? and immunization_id = ?",
            [encounter_id, immunization_id],
        )
        encounters.change(db, encounter_id, vaccinated=0, ended=0, ended_early=0, **over)
        return
    # Once a confirmed clock has moved the timers, the later ones stay: nobody is let go too soon.
    db.execute(
        """update observation set immunization_id = ?, started_at = iif(clock_moved, started_at, ?),
        due_at = iif(clock_moved, due_at, ?) where encounter_id = ? and immunization_id = ?""",
        [last["immunization_id"], last["occurred_at"], last["observe_until"], encounter_id, immunization_id],
    )
    encounters.change(db, encounter_id, **over)


def find(db: Database, immunization_id: str) -> Json | None:
    """Return a dose as it was recorded, with ``status`` as it stands, or None."""
    row = db.execute(
        "select body, status from immunization where immunization_id = ?", [immunization_id]
    ).fetchone()
    return json.loads(row[0]) | {"status": row[1]} if row else None


def of_encounter(db: Database, encounter_id: str) -> Json | None:
    """Return the visit's last dose that counts, or None."""
    return next(reversed(all_of_encounter(db, encounter_id)), None)


def all_of_encounter(db: Database, encounter_id: str) -> list[Json]:
    """Return the visit's doses that count, in the order in which they were given.

    That of the journal, for the clock may have been set back between two; a correction stands in the place of
    what it corrects.
    """
    rows = db.execute(
        "select body, status from immunization where encounter_id = ? order by rowid", [encounter_id]
    )
    doses = [json.loads(body) | {"status": status} for body, status in rows]
    place: dict[str, int] = {}
    for number, dose in enumerate(doses):
        place[dose["immunization_id"]] = place.get(dose.get("corrects", ""), number)
    doses.sort(key=lambda dose: place[dose["immunization_id"]])
    return [dose for dose in doses if dose["status"] == COMPLETED]


def of_patient(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses of this site that count, oldest first."""
    rows = db.execute(_OF_PATIENT.format("body"), [patient_id, COMPLETED])
    return [json.loads(body) | {"status": COMPLETED} for (body,) in rows]


def receipted_of_patient(db: Database, patient_id: str) -> list[Json]:
    """Return the same, each with ``receipted_at`` or None."""
    told = f"body, {received('immunization')}"
    rows = db.execute(_OF_PATIENT.format(told), [patient_id, COMPLETED])
    return [json.loads(body) | {"status": COMPLETED, "receipted_at": at} for body, at in rows]


_OF_PATIENT = f"""select {{}} from immunization where patient_id in ({RECORDS_OF_ONE}) and status = ?2
    order by occurred_at"""


def recorded_here(db: Database, patient_id: str) -> list[Json]:
    """Return every dose of a person recorded here, the oldest first, those entered in error among them.

    Each has its ``status`` as it stands; ``void_reason``, ``voided_by`` and ``void_approved_by`` are empty
    where it counts, the last also where one person was enough. Who is an id of staff. ``corrected``: whether
    another version took its place, which then ``corrects`` it.
    """
    rows = db.execute(
        f"""select body, status, void_reason, voided_by, void_approved_by from immunization
        where patient_id in ({RECORDS_OF_ONE}) order by occurred_at, rowid""",
        [patient_id],
    )
    told = ("status", "void_reason", "voided_by", "void_approved_by")
    doses = [json.loads(body) | dict(zip(told, rest, strict=True)) for body, *rest in rows]
    corrected = {dose.get("corrects") for dose in doses}
    return [dose | {"corrected": dose["immunization_id"] in corrected} for dose in doses]


def voided_here(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses recorded here in error, the oldest first, as ``recorded_here`` does."""
    return [dose for dose in recorded_here(db, patient_id) if dose["status"] == VOIDED]


def history_of(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses that count, given here or at another site of the area, the oldest first."""
    doses = [*of_patient(db, patient_id), *elsewhere.doses_of(db, patient_id)]
    return sorted(doses, key=lambda dose: str(dose["occurred_at"]))


def receipted_at(db: Database, immunization_id: str) -> datetime | None:
    """Return when the centre took this dose in, None before."""
    row = db.execute(
        f"select {received('immunization')} from immunization where immunization_id = ?",
        [immunization_id],
    ).fetchone()
    return read_instant(row[0]) if row and row[0] else None


def use_of_code(db: Database, trace_code: str) -> tuple[int, datetime | None]:
    """Return how many doses count under a code, here and elsewhere, and when the first was given."""
    count, first = db.execute(
        "select count(*), min(occurred_at) from immunization where trace_code = ? and status = ?",
        [trace_code, COMPLETED],
    ).fetchone()
    others, first_there = elsewhere.use_of_code(db, trace_code)
    instants = [read_instant(instant) for instant in (first, first_there) if instant]
    return count + others, min(instants, default=None)


def recorded_today(db: Database, session_id: str) -> int:
    """Return how many doses of a session count."""
    (count,) = db.execute(
        """select count(*) from immunization join encounter using (encounter_id)
        where session_id = ? and status = ?""",
        [session_id, COMPLETED],
    ).fetchone()
    return int(count)
