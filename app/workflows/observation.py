"""Observation (留观): release by a named person, leaving early, the alarm and its adverse-event draft."""

from dataclasses import dataclass
from datetime import timedelta

from sqlite_utils import Database

from app.domain.clock import instant_text
from app.domain.journal import Json
from app.domain.observation import (
    ClockInDoubt,
    ClockMark,
    Observation,
    check_clock,
    check_open,
    check_release,
)
from app.domain.refusals import Refusal
from app.domain.staff import Role
from app.storage import encounters, immunizations, observations
from app.workflows.desk import Act

WATCHERS = (Role.OBSERVER, Role.VACCINATOR, Role.DOCTOR)


@dataclass(unsafe_hash=True)
class NotObserved(Refusal):
    """This visit has no dose to be observed after."""

    ticket_number: str


@dataclass(unsafe_hash=True)
class EarlyReasonMissing(Refusal):
    """Leaving early is recorded with its reason."""


@dataclass(unsafe_hash=True)
class NoAlarm(Refusal):
    """There is no open alarm to close."""


def release(act: Act, encounter_id: str, note: str = "") -> None:
    """Let a person go whose thirty minutes are over (OBS-1, N2023 8.1).

    Raises StillObserving, AlarmOpen, AlreadyEnded, or ClockInDoubt until a person has confirmed the time.
    """
    act.require(*WATCHERS)
    if doubt := clock_in_doubt(act.db, ClockMark(act.now, act.monotonic())):
        raise doubt
    check_release(_observation(act, encounter_id), act.now)
    _end(act, encounter_id, early=False, note=note)


def leave_early(act: Act, encounter_id: str, reason: str) -> None:
    """Record that a person left before the time: never silently complete (domain.md §1.6)."""
    act.require(*WATCHERS)
    check_open(_observation(act, encounter_id))
    if not reason.strip():
        raise EarlyReasonMissing()
    _end(act, encounter_id, early=True, note=reason.strip())


def reopen(act: Act, encounter_id: str) -> None:
    """Take a release back: the person sits again, by the same instants."""
    act.require(*WATCHERS)
    _observation(act, encounter_id)
    act.append(
        "observation.reopened",
        {"encounter_id": encounter_id, "at": act.at},
        person=_person(act, encounter_id),
    )


def raise_alarm(act: Act, encounter_id: str, signs: str) -> Json:
    """Open an alarm and an adverse-event draft filled from the dose (OBS-3); returns the draft."""
    act.require(*WATCHERS, Role.REGISTRAR, Role.MANAGER)
    check_open(_observation(act, encounter_id))
    person = _person(act, encounter_id)
    act.append(
        "observation.alarmed",
        {"encounter_id": encounter_id, "alarm_at": act.at, "signs": signs},
        person=person,
    )
    known = observations.find_adverse_event(act.db, encounter_id)
    draft = known or _draft(act, encounter_id, signs)
    if known is None:
        act.append("adverse_event.drafted", draft, person=person)
    return draft


def amend_adverse_event(act: Act, draft: Json) -> None:
    """Record the draft as it stands now: course, measures, call and transfer times."""
    act.require(*WATCHERS)
    act.append("adverse_event.drafted", draft | {"amended_at": act.at}, person=draft["patient_id"])


def close_alarm(act: Act, encounter_id: str) -> None:
    """Close an alarm: only a doctor does (ux.md rule 19)."""
    act.require(Role.DOCTOR)
    if _observation(act, encounter_id).alarm_at is None:
        raise NoAlarm()
    act.append(
        "observation.alarm_closed",
        {"encounter_id": encounter_id, "closed_at": act.at},
        person=_person(act, encounter_id),
    )


def confirm_clock(act: Act, doubt: ClockInDoubt) -> None:
    """Record that a person looked at a clock jump and says the wall time is right now.

    The instants of those still sitting were taken on the other clock: their timers move with the jump, the
    recorded instants of their doses do not.
    """
    act.require(*WATCHERS, Role.REGISTRAR, Role.MANAGER)
    jump = doubt.wall_at - doubt.expected_at
    act.append(
        "clock.confirmed",
        {
            "wall_at": instant_text(doubt.wall_at),
            "expected_at": instant_text(doubt.expected_at),
            "jump_ms": jump // timedelta(milliseconds=1),
        },
    )
    observations.put_clock_mark(act.db, act.at, act.monotonic())


def mark_clock(act: Act) -> None:
    """Keep the two times seen together; raises ClockInDoubt when they fell apart since the last mark."""
    mark = observations.last_clock_mark(act.db)
    now = ClockMark(act.now, act.monotonic())
    if mark is not None:
        check_clock(mark, now)
    observations.put_clock_mark(act.db, act.at, now.monotonic)


def clock_in_doubt(db: Database, now: ClockMark) -> ClockInDoubt | None:
    """Return the doubt about the clock since the last mark, or None."""
    mark = observations.last_clock_mark(db)
    try:
        if mark is not None:
            check_clock(mark, now)
    except ClockInDoubt as doubt:
        return doubt
    return None


def _end(act: Act, encounter_id: str, *, early: bool, note: str) -> None:
    act.append(
        "observation.ended",
        {"encounter_id": encounter_id, "ended_at": act.at, "early": early, "note": note},
        person=_person(act, encounter_id),
    )


def _observation(act: Act, encounter_id: str) -> Observation:
    observation = observations.find_observation(act.db, encounter_id)
    if observation is None:
        raise NotObserved(encounters.get_encounter(act.db, encounter_id).ticket_number)
    return observation


def _person(act: Act, encounter_id: str) -> str:
    return encounters.get_encounter(act.db, encounter_id).patient_id


_COPIED = (
    "immunization_id", "encounter_id", "patient_id", "patient", "vaccine_code", "vaccine_name", "full_name",
    "specification", "dosage_form", "market_holder", "manufacturer", "lot_number", "expires_on", "trace_code",
    "occurred_at", "dose_number", "dose_quantity_ml", "route", "body_site", "performer_name", "site_name",
)  # fmt: skip
"""What the report card takes over from the dose (domain.md §7.4; the card's fields are unverified)."""


def _draft(act: Act, encounter_id: str, signs: str) -> Json:
    dose = immunizations.of_encounter(act.db, encounter_id)
    assert dose is not None, "an observation follows a dose"
    return {key: dose[key] for key in _COPIED} | {
        "adverse_event_id": act.new_id(),
        "status": "draft",
        "found_at": act.at,
        "signs": signs,
        "course": "",
        "measures": "",
        "recorded_at": act.at,
        "reporter": act.user.staff_id,
        "reporter_name": act.user.name,
    }
