"""Every version of a person's record written here: who entered what, when, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from app.domain.journal import parse
from app.domain.people import Patient
from app.storage.patients import RECORDS_OF_ONE, read_patient


@dataclass(frozen=True)
class Version:
    """A record as somebody left it."""

    patient: Patient
    at: datetime
    by: str
    """Staff id."""
    reason: str
    """Why it was changed; empty for a new record, and where nothing was wrong before."""
    new: bool
    """The person was put on file by it."""


def versions_of(db: Database, patient_id: str) -> list[Version]:
    """Return the versions of a person written at this site, the oldest first (REG-8)."""
    ids = [each for (each,) in db.execute(RECORDS_OF_ONE, [patient_id])]
    rows = db.execute(
        f"""select data from journal where kind in ('patient.registered', 'patient.amended')
        and cast(data as text) ->> 'person' in ({", ".join("?" for _ in ids)}) order by position""",
        ids,
    ).fetchall()
    events = [parse(data) for (data,) in rows]
    return [
        Version(
            read_patient(event.body),
            datetime.fromtimestamp(event.wall / 1000, UTC),
            event.user,
            str(event.body.get("reason", "")),
            event.kind == "patient.registered",
        )
        for event in events
    ]
