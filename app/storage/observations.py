"""Observations and adverse events in the store; every timer is two stored instants."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.domain.journal import Event, Json
from app.domain.observation import ClockMark, Observation
from app.storage import encounters


@dataclass(frozen=True)
class Seat:
    """One person in the observation area, as the board shows them."""

    observation: Observation
    ticket_number: str
    patient_id: str
    patient_name: str
    sex: str
    birth_on: str
    vaccine_name: str
    dose_number: int
    alarm_signs: str
    ended_by: str


def put_ended(db: Database, event: Event) -> None:
    """Keep who let the person go and when, and whether it was before the time."""
    body = event.body
    db.execute(
        """update observation set ended_at = ?, ended_by = ?, ended_early = ?, end_note = ?
        where encounter_id = ?""",
        [body["ended_at"], event.user, int(body["early"]), body["note"], body["encounter_id"]],
    )
    encounters.change(db, body["encounter_id"], ended=1, ended_early=int(body["early"]))


def put_reopened(db: Database, event: Event) -> None:
    """Keep that a release was taken back."""
    db.execute(
        """update observation set ended_at = null, ended_by = '', ended_early = 0, end_note = ''
        where encounter_id = ?""",
        [event.body["encounter_id"]],
    )
    encounters.change(db, event.body["encounter_id"], ended=0, ended_early=0)


def put_alarm(db: Database, event: Event) -> None:
    """Keep an alarm; it stays open until a doctor closes it."""
    body = event.body
    db.execute(
        """update observation set alarm_at = ?, alarm_by = ?, alarm_signs = ?, alarm_closed_at = null,
        alarm_closed_by = '' where encounter_id = ?""",
        [body["alarm_at"], event.user, body["signs"], body["encounter_id"]],
    )


def put_alarm_closed(db: Database, event: Event) -> None:
    """Keep which doctor closed the alarm."""
    db.execute(
        "update observation set alarm_closed_at = ?, alarm_closed_by = ? where encounter_id = ?",
        [event.body["closed_at"], event.user, event.body["encounter_id"]],
    )


def put_clock_confirmed(db: Database, event: Event) -> None:
    """Move the timers of those still sitting with a confirmed clock jump; their doses keep their instants."""
    jump = timedelta(milliseconds=event.body["jump_ms"])
    rows = db.execute("select encounter_id, started_at, due_at from observation where ended_at is null")
    for encounter_id, started_at, due_at in rows.fetchall():
        moved = [instant_text(read_instant(text) + jump) for text in (started_at, due_at)]
        db.execute(
            "update observation set started_at = ?, due_at = ? where encounter_id = ?", [*moved, encounter_id]
        )


def find_observation(db: Database, encounter_id: str) -> Observation | None:
    """Return a visit's observation, or None before the dose."""
    row = db.execute(
        f"select {_OBSERVATION} from observation where encounter_id = ?", [encounter_id]
    ).fetchone()
    return _observation(row) if row else None


def board(db: Database, session_id: str, ended_since: datetime) -> list[Seat]:
    """Return everybody still observed, and those of this session who left since, by leaving time."""
    rows = db.execute(
        f"""select {_OBSERVATION}, ticket_number, encounter.patient_id, patient.name, patient.sex,
        patient.birth_on, json_extract(immunization.body, '$.vaccine_name'),
        json_extract(immunization.body, '$.dose_number'), alarm_signs, ended_by
        from observation join encounter using (encounter_id) join immunization using (immunization_id)
        join patient on patient.patient_id = encounter.patient_id
        where ended_at is null or (session_id = ? and ended_at >= ?) order by due_at""",
        [session_id, instant_text(ended_since)],
    )
    return [Seat(_observation(row[:7]), *row[7:]) for row in rows]


_OBSERVATION = """observation.encounter_id, started_at, due_at, ended_at, observation.ended_early, alarm_at,
    alarm_closed_at"""


def _observation(row: tuple[str, str, str, str | None, int, str | None, str | None]) -> Observation:
    open_alarm = row[5] if row[5] and not row[6] else None
    return Observation(
        encounter_id=row[0],
        started_at=read_instant(row[1]),
        due_at=read_instant(row[2]),
        ended_at=read_instant(row[3]) if row[3] else None,
        ended_early=bool(row[4]),
        alarm_at=read_instant(open_alarm) if open_alarm else None,
    )


def put_adverse_event(db: Database, event: Event) -> None:
    """Keep an adverse event (AEFI) as last stated; the journal keeps the statements before."""
    body = event.body
    db.execute(
        "insert or replace into adverse_event values (?, ?, ?, ?, ?, ?)",
        [
            body["adverse_event_id"], body["immunization_id"], body["encounter_id"], body["status"],
            body["recorded_at"], json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip


def find_adverse_event(db: Database, encounter_id: str) -> Json | None:
    """Return the visit's newest adverse event, or None."""
    row = db.execute(
        "select body from adverse_event where encounter_id = ? order by rowid desc", [encounter_id]
    ).fetchone()
    return json.loads(row[0]) if row else None


def last_clock_mark(db: Database) -> ClockMark | None:
    """Return the wall and monotonic time last seen together, or None at first start."""
    row = db.execute("select wall_at, monotonic from clock_mark").fetchone()
    return ClockMark(read_instant(row[0]), row[1]) if row else None


def put_clock_mark(db: Database, wall_at: str, monotonic: float) -> None:
    """Keep the wall and monotonic time seen together."""
    db.execute("insert or replace into clock_mark values (1, ?, ?)", [wall_at, monotonic])
