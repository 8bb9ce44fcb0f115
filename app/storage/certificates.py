"""Certificates and their prints in the store."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.storage.receipts import received


def put_issued(db: Database, event: Event) -> None:
    """Keep a certificate; a newer version of the same person's supersedes the one before."""
    body = event.body
    db.execute("update certificate set superseded = 1 where patient_id = ?", [body["patient_id"]])
    db.execute(
        "insert into certificate values (?, ?, ?, ?, 0, ?)",
        [
            body["number"], body["patient_id"], body["version"], body["issued_at"],
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip


def put_printed(db: Database, event: Event) -> None:
    """Keep a line of the print log."""
    body = event.body
    db.execute(
        "insert into certificate_print values (?, ?, ?, ?, ?, ?)",
        [body["serial"], body["number"], body["printed_at"], event.user, body["target"], int(body["masked"])],
    )


def find_certificate(db: Database, number: str) -> Json | None:
    """Return a certificate by its number, with ``superseded``, or None.

    A newer version supersedes it, and so does the voiding of a dose it states.
    """
    row = db.execute(
        f"select body, superseded or {_STATES_VOIDED} from certificate where number = ?", [number]
    ).fetchone()
    return json.loads(row[0]) | {"superseded": bool(row[1])} if row else None


def newest_of(db: Database, patient_id: str) -> Json | None:
    """Return a person's standing certificate, or None."""
    row = db.execute(
        f"select body from certificate where patient_id = ? and not superseded and not {_STATES_VOIDED}",
        [patient_id],
    ).fetchone()
    return json.loads(row[0]) if row else None


def next_version(db: Database, patient_id: str) -> int:
    """Return the version a person's next certificate gets: 1, 2, 3 …"""
    (last,) = db.execute("select max(version) from certificate where patient_id = ?", [patient_id]).fetchone()
    return (last or 0) + 1


def prints_on(db: Database, day: str) -> int:
    """Return how many sheets got a serial beginning with this day (``20260314``)."""
    (count,) = db.execute(
        "select count(*) from certificate_print where serial >= ? and serial < ?", [f"{day}-", f"{day}."]
    ).fetchone()
    return int(count)


def is_printed(db: Database, serial: str) -> bool:
    """Return whether a sheet has got this serial number."""
    return db.execute("select 1 from certificate_print where serial = ?", [serial]).fetchone() is not None


_STATES_VOIDED = """exists (select 1 from json_each(certificate.body, '$.immunization_ids') as stated
    join immunization on immunization_id = stated.value where status <> 'completed')"""
"""A certificate states a dose that was entered in error."""


@dataclass(frozen=True)
class Vaccinated:
    """One person who got a dose in this session and may want it on paper."""

    encounter_id: str
    patient_id: str
    ticket_number: str
    name: str
    vaccine_name: str
    dose_number: int
    occurred_at: datetime
    receipted: bool
    printed: bool


def vaccinated_in(db: Database, session_id: str, limit: int = 50) -> list[Vaccinated]:
    """Return a session's vaccinated people, the latest first."""
    rows = db.execute(
        f"""select encounter_id, patient_id, ticket_number, name, vaccine, number, occurred_at,
        {received("latest")} is not null,
        exists (select 1 from certificate join certificate_print using (number)
            where certificate.patient_id = latest.patient_id and printed_at >= occurred_at)
        from (select encounter_id, encounter.patient_id as patient_id, ticket_number, patient.name as name,
            json_extract(immunization.body, '$.vaccine_name') as vaccine,
            json_extract(immunization.body, '$.dose_number') as number, occurred_at, event_id
            from encounter join immunization using (encounter_id)
            join patient on patient.patient_id = encounter.patient_id
            where session_id = ?1 and status = 'completed' order by occurred_at desc limit ?2) as latest
        order by occurred_at desc limit ?2""",
        [session_id, limit],
    )
    return [
        Vaccinated(
            row[0], row[1], row[2], row[3], row[4], row[5], read_instant(row[6]), bool(row[7]), bool(row[8])
        )
        for row in rows
    ]


def prints_of(db: Database, patient_id: str) -> list[tuple[str, datetime, str]]:
    """Return (serial, printed at, target) of every sheet of a person, the latest first."""
    rows = db.execute(
        """select serial, printed_at, target from certificate_print join certificate using (number)
        where patient_id = ? order by printed_at desc""",
        [patient_id],
    )
    return [(serial, read_instant(at), target) for serial, at, target in rows]


def prints_void(db: Database, patient_id: str) -> set[str]:
    """Return the serials of a person's sheets that state a dose entered in error."""
    rows = db.execute(
        f"""select serial from certificate_print join certificate using (number)
        where patient_id = ? and {_STATES_VOIDED}""",
        [patient_id],
    )
    return {serial for (serial,) in rows}


def prints_stating(db: Database, patient_id: str, immunization_id: str) -> int:
    """Return how many of a person's sheets state a dose."""
    (count,) = db.execute(
        """select count(*) from certificate_print join certificate using (number) where patient_id = ?
        and exists (select 1 from json_each(certificate.body, '$.immunization_ids') where value = ?)""",
        [patient_id, immunization_id],
    ).fetchone()
    return int(count)
