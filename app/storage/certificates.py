"""Certificates and their prints in the store."""

import json

from sqlite_utils import Database

from app.domain.journal import Event, Json


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
    """Return a certificate by its number, with ``superseded``, or None."""
    row = db.execute("select body, superseded from certificate where number = ?", [number]).fetchone()
    return json.loads(row[0]) | {"superseded": bool(row[1])} if row else None


def newest_of(db: Database, patient_id: str) -> Json | None:
    """Return a person's standing certificate, or None."""
    row = db.execute(
        "select body from certificate where patient_id = ? and not superseded", [patient_id]
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
