"""Observations and adverse events in the store; every timer is two stored instants."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.domain.journal import Event, Json
from app.domain.observation import ClockMark, Observation, TrustedTime, moved
from app.domain.visit import VisitState
from app.storage import encounters
from app.storage.local import get_setting, put_setting


@dataclass(frozen=True)
class Seat:
    """One person in the observation area, as the board shows them."""

    observation: Observation
    ticket_number: str
    patient_id: str
    patient_name: str
    sex: str
    birth_on: str
    doses: tuple[tuple[str, int], ...]
    """The name and number of each dose of this visit, in the order in which they went in."""
    visit_state: VisitState
    alarm_signs: str
    ended_by: str
    position: int
    """Place of the dose's entry in the journal; 0 for an entry of another device."""
    uptime_ms: int
    """What the monotonic clock said then."""

    @property
    def encounter_id(self) -> str:
        """Return the visit."""
        return self.observation.encounter_id

    @property
    def has_more_to_come(self) -> bool:
        """Return whether another dose of this visit has been planned and neither given nor called off."""
        return self.observation.ended_at is None and self.visit_state is not VisitState.OBSERVING

    @property
    def reading(self) -> ClockMark:
        """Return the two times the observation was begun at."""
        return ClockMark(self.observation.started_at, self.uptime_ms / 1000)


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
    """Move the timers of those still sitting to the confirmed clock; their doses keep their instants."""
    for move in event.body["moves"]:
        observation = find_observation(db, move["encounter_id"])
        if observation is None:
            continue
        placed = moved(observation, timedelta(milliseconds=move["by_ms"]))
        db.execute(
            "update observation set started_at = ?, due_at = ?, clock_moved = 1 where encounter_id = ?",
            [instant_text(placed.started_at), instant_text(placed.due_at), placed.encounter_id],
        )
        if placed.alarm_at:
            db.execute(
                "update observation set alarm_at = ? where encounter_id = ?",
                [instant_text(placed.alarm_at), placed.encounter_id],
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
        f"{_SEATS} where session_id = ? and ended_at >= ? order by due_at, ticket_seq",
        [session_id, instant_text(ended_since)],
    )
    # Two queries: asked in one with "or", the whole table is walked through.
    return sorted([*seated(db), *map(_seat, rows)], key=lambda seat: seat.observation.due_at)


def seated(db: Database) -> list[Seat]:
    """Return everybody still observed, by leaving time."""
    return [_seat(row) for row in db.execute(f"{_SEATS} where ended_at is null order by due_at, ticket_seq")]


def find_seat(db: Database, encounter_id: str) -> Seat | None:
    """Return one person as the board shows them, or None before the dose."""
    row = db.execute(f"{_SEATS} where observation.encounter_id = ?", [encounter_id]).fetchone()
    return _seat(row) if row else None


def _seat(row: tuple[Any, ...]) -> Seat:
    doses = tuple((name, number) for name, number in json.loads(row[12]))
    columns = (*row[7:12], doses, VisitState(row[13]), *row[14:])
    return Seat(_observation(row[:7]), *columns)


_OBSERVATION = """observation.encounter_id, started_at, due_at, ended_at, observation.ended_early, alarm_at,
    alarm_closed_at"""


_SEATS = f"""select {_OBSERVATION}, ticket_number, encounter.patient_id, patient.name, patient.sex,
    patient.birth_on, (select json_group_array(json_array(body ->> '$.vaccine_name',
        body ->> '$.dose_number')) from (select body from immunization as given
        where given.encounter_id = observation.encounter_id and status = 'completed' order by rowid)),
    encounter.state, alarm_signs, ended_by,
    iif(device_id = (select device_id from stream where is_current), position, 0),
    json_extract(cast(data as text), '$.clock_quality.uptime_ms')
    from observation join encounter using (encounter_id) join immunization using (immunization_id)
    join patient on patient.patient_id = encounter.patient_id join journal using (event_id)"""


def _observation(row: tuple[Any, ...]) -> Observation:
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


@dataclass(frozen=True)
class KnownClock:
    """What this machine knows of its clock."""

    trusted: TrustedTime
    position: int
    """Later journal entries were read in this boot, since a person last confirmed the time."""
    ahead: dict[str, timedelta] = field(default_factory=dict)
    """By visit: how far ahead the wall clock was for those seated in an earlier boot."""


_CLOCK = "observation-clock"


def known_clock(db: Database) -> KnownClock | None:
    """Return what is known of the clock, or None at first start."""
    row = db.execute("select wall_at, monotonic from clock_mark").fetchone()
    if row is None:
        return None
    more = json.loads(get_setting(db, _CLOCK))
    jump = timedelta(milliseconds=more["jump_ms"])
    trusted = TrustedTime(read_instant(row[0]), row[1], jump, more["exact"])
    ahead = {encounter_id: timedelta(milliseconds=by) for encounter_id, by in more["ahead"].items()}
    return KnownClock(trusted, more["position"], ahead)


def put_known_clock(db: Database, known: KnownClock) -> None:
    """Keep what is known of the clock; it is this machine's own and not in the journal."""
    trusted = known.trusted
    kept_at = instant_text(trusted.at)
    # The text holds milliseconds: the rest goes to the other half, or a day of marks would lose a second.
    monotonic = trusted.monotonic - (trusted.at - read_instant(kept_at)).total_seconds()
    db.execute("insert or replace into clock_mark values (1, ?, ?)", [kept_at, monotonic])
    more = {
        "jump_ms": milliseconds(trusted.jump),
        "exact": trusted.exact,
        "position": known.position,
        "ahead": {encounter_id: milliseconds(by) for encounter_id, by in known.ahead.items()},
    }
    put_setting(db, _CLOCK, json.dumps(more))


def last_position(db: Database) -> int:
    """Return the place of the journal's newest entry, 0 in an empty one."""
    (last,) = db.execute("select max(position) from journal").fetchone()
    return last or 0


def milliseconds(span: timedelta) -> int:
    """Return a span in whole milliseconds, as bodies hold it."""
    return span // timedelta(milliseconds=1)
