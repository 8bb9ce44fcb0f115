"""Screenings and consents in the store."""

import json
from collections.abc import Sequence

from sqlite_utils import Database

from app.domain.checklist import Screened
from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.domain.screening import Decision
from app.storage import encounters, planned_doses


def put_screening(db: Database, event: Event) -> None:
    """Keep a screening; one made again supersedes the one before."""
    body = event.body
    encounter_id = body["encounter_id"]
    db.execute("update screening set superseded = 1 where encounter_id = ?", [encounter_id])
    db.execute(
        "insert into screening values (?, ?, ?, ?, ?, 0, ?)",
        [
            body["screening_id"], encounter_id, body["decision"], event.user, body["recorded_at"],
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip
    plans = [body["plan"], *body.get("also", ())] if body["plan"] else []
    planned_doses.put_plans(db, encounter_id, plans)
    encounters.change(db, encounter_id, decision=body["decision"], consented=None, returned_because="")


def put_consent(db: Database, event: Event) -> None:
    """Keep what was told and whether the person agreed."""
    body = event.body
    db.execute(
        "insert into consent values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            body["consent_id"], body["encounter_id"], int(body["agreed"]), body["text_id"],
            body["text_version"], body["text_sha256"], body["recorded_at"],
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip
    agreed = planned_doses.put_answer(
        db, body["encounter_id"], body.get("product_code"), agreed=body["agreed"]
    )
    encounters.change(db, body["encounter_id"], consented=agreed)


def find_screened(db: Database, encounter_id: str) -> Screened | None:
    """Return what the checklist needs of the standing screening, or None."""
    row = db.execute(
        """select screening.decision, performer, recorded_at, encounter.consented from screening
        join encounter using (encounter_id) where encounter_id = ? and not superseded""",
        [encounter_id],
    ).fetchone()
    return Screened(Decision(row[0]), row[1], read_instant(row[2]), bool(row[3])) if row else None


def screening_record(db: Database, encounter_id: str) -> Json | None:
    """Return the standing screening as it was recorded, or None."""
    row = db.execute(
        "select body from screening where encounter_id = ? and not superseded", [encounter_id]
    ).fetchone()
    return json.loads(row[0]) if row else None


def standing_ids(
    db: Database, encounter_id: str, product_code: str | None = None
) -> tuple[str | None, str | None]:
    """Return the ids of the standing screening and of the newest consent, each None where there is none.

    With a product the consent is one that speaks of it, or of all that was planned.
    """
    row = db.execute(
        """select (select screening_id from screening where encounter_id = ?1 and not superseded),
        (select consent_id from consent where encounter_id = ?1
            and coalesce(json_extract(body, '$.product_code') = ?2, true) order by rowid desc)""",
        [encounter_id, product_code],
    ).fetchone()
    return row[0], row[1]


def newest_of_patients(db: Database, patient_ids: Sequence[str]) -> dict[str, Json]:
    """Return the newest standing screening of each of these people who has one, whatever visit it was."""
    marks = ", ".join("?" for _ in patient_ids)
    rows = db.execute(
        f"""select patient_id, screening.body from encounter join screening using (encounter_id)
        where patient_id in ({marks}) and not superseded order by recorded_at""",
        [*patient_ids],
    )
    newest = dict(rows.fetchall())
    return {patient_id: json.loads(body) for patient_id, body in newest.items()}


def superseded_record(db: Database, encounter_id: str) -> Json | None:
    """Return the newest screening of a visit that no longer stands, or None."""
    row = db.execute(
        """select body from screening where encounter_id = ? and superseded
        order by rowid desc""",
        [encounter_id],
    ).fetchone()
    return json.loads(row[0]) if row else None


def consent_record(db: Database, encounter_id: str) -> Json | None:
    """Return the newest consent as it was recorded, or None."""
    row = db.execute(
        # In the order of the journal: the clock may have been set back between two consents.
        "select body from consent where encounter_id = ? order by rowid desc",
        [encounter_id],
    ).fetchone()
    return json.loads(row[0]) if row else None
