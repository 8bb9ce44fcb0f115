"""Immunizations in the store: recorded, never deleted; a correction supersedes."""

import json
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.storage import elsewhere, encounters
from app.storage.patients import RECORDS_OF_ONE

COMPLETED, VOIDED = "completed", "entered-in-error"


def put_recorded(db: Database, event: Event) -> None:
    """Keep a dose and start its observation; the right version of a wrong one goes on with that one's."""
    body = event.body
    db.execute(
        "insert into immunization values (?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?)",
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
        return
    db.execute(
        """insert into observation (encounter_id, immunization_id, started_at, due_at) values (?, ?, ?, ?)
        on conflict (encounter_id) do update set immunization_id = excluded.immunization_id,
        started_at = excluded.started_at, due_at = excluded.due_at, ended_at = null, ended_by = '',
        ended_early = 0, end_note = ''""",
        [body["encounter_id"], body["immunization_id"], body["occurred_at"], body["observe_until"]],
    )
    encounters.change(db, body["encounter_id"], vaccinated=1, ended=0, ended_early=0)


def put_voided(db: Database, event: Event) -> None:
    """Keep that a dose was entered in error, and why; its visit is at the needle again, or over.

    Where another version took its place (``corrected_by``) visit and observation go on as they were.
    """
    body = event.body
    db.execute(
        "update immunization set status = ?, void_reason = ? where immunization_id = ?",
        [VOIDED, body["reason"], body["immunization_id"]],
    )
    if "corrected_by" in body:
        return
    db.execute(
        "delete from observation where encounter_id = ? and immunization_id = ?",
        [body["encounter_id"], body["immunization_id"]],
    )
    over = {"cancelled": 1} if body.get("visit_over") else {}
    encounters.change(db, body["encounter_id"], vaccinated=0, ended=0, ended_early=0, **over)


def find(db: Database, immunization_id: str) -> Json | None:
    """Return a dose as it was recorded, with ``status`` as it stands, or None."""
    row = db.execute(
        "select body, status from immunization where immunization_id = ?", [immunization_id]
    ).fetchone()
    return json.loads(row[0]) | {"status": row[1]} if row else None


def of_encounter(db: Database, encounter_id: str) -> Json | None:
    """Return the visit's dose that counts, or None."""
    row = db.execute(
        "select body, status from immunization where encounter_id = ? and status = ?",
        [encounter_id, COMPLETED],
    ).fetchone()
    return json.loads(row[0]) | {"status": row[1]} if row else None


def of_patient(db: Database, patient_id: str) -> list[Json]:
    """Return a person's doses of this site that count, oldest first, each with ``receipted_at`` or None."""
    rows = db.execute(
        f"""select body, status, (select min(received_at) from receipt
        where receipt.event_id = immunization.event_id) from immunization
        where patient_id in ({RECORDS_OF_ONE}) and status = ?2 order by occurred_at""",
        [patient_id, COMPLETED],
    )
    return [
        json.loads(body) | {"status": status, "receipted_at": received_at}
        for body, status, received_at in rows
    ]


def recorded_here(db: Database, patient_id: str) -> list[Json]:
    """Return every dose of a person recorded here, the oldest first, those entered in error among them.

    Each has its ``status`` as it stands, its ``void_reason``, empty where it counts, and ``corrected``:
    whether another version took its place, which then ``corrects`` it.
    """
    rows = db.execute(
        f"""select body, status, void_reason from immunization where patient_id in ({RECORDS_OF_ONE})
        order by occurred_at, rowid""",
        [patient_id],
    )
    doses = [json.loads(body) | {"status": status, "void_reason": reason} for body, status, reason in rows]
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
        """select min(received_at) from immunization join receipt using (event_id)
        where immunization_id = ?""",
        [immunization_id],
    ).fetchone()
    return read_instant(row[0]) if row[0] else None


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
