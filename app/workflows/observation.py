"""Observation (留观): release by a named person, leaving early, the alarm and its adverse-event draft."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from app.domain.clock import instant_text
from app.domain.journal import Json
from app.domain.observation import (
    CLOCK_TOLERANCE,
    ClockInDoubt,
    ClockMark,
    Look,
    check_leave_early,
    check_looked_at,
    check_open,
    check_release,
    clock_doubt,
    follow,
    moved,
    taken_ahead,
)
from app.domain.refusals import Refusal
from app.storage import encounters, immunizations, observations
from app.storage.observations import KnownClock, Seat, milliseconds
from app.storage.site import get_site, running_session
from app.workflows.desk import Act


@dataclass(unsafe_hash=True)
class NotObserved(Refusal):
    """This visit has no dose to be observed after."""

    ticket_number: str


@dataclass(unsafe_hash=True)
class MoreToCome(Refusal):
    """Another dose of this visit is still planned: given, or called off by a doctor, before anybody goes."""

    ticket_number: str


@dataclass(unsafe_hash=True)
class EarlyReasonMissing(Refusal):
    """Leaving early is recorded with its reason."""


@dataclass(unsafe_hash=True)
class NoAlarm(Refusal):
    """There is no open alarm to close."""


@dataclass(unsafe_hash=True)
class NoReaction(Refusal):
    """No reaction has been recorded for this visit."""


@dataclass(unsafe_hash=True)
class NotEnded(Refusal):
    """The observation has not ended: there is nothing to take back."""


@dataclass(frozen=True)
class Hall:
    """Who sits in the observation area, their timers on the time that can be trusted."""

    seats: tuple[Seat, ...]
    """By leaving time; those who left early follow for as long as they should have stayed."""
    clock: KnownClock | None


def hall(db: Database, now: datetime) -> Hall:
    """Return the board (OBS-1); screens read it after every change and let the time run on by themselves."""
    session = running_session(db)
    left_since = now - timedelta(minutes=get_site(db).observation_minutes)
    seats = observations.board(db, session.session_id if session else "", left_since)
    clock = observations.known_clock(db)
    return Hall(tuple(_placed(seat, clock) for seat in seats), clock)


def release(act: Act, encounter_id: str, looks: Collection[Look], note: str = "") -> None:
    """Let a person go whose thirty minutes are over and whom somebody has looked at (OBS-1, N2023 8.1).

    Raises StillObserving, AlarmOpen, AlreadyEnded, MoreToCome, NotLookedAt, or ClockInDoubt until a person
    has confirmed the time.
    """
    act.require("release")
    clock = observations.known_clock(act.db)
    if doubt := _doubt(clock, _reading(act)):
        raise doubt
    seat = _seat(act, encounter_id)
    check_release(_placed(seat, clock).observation, act.now)
    if seat.has_more_to_come:
        raise MoreToCome(seat.ticket_number)
    check_looked_at(looks)
    _end(act, encounter_id, early=False, note=note, looks=looks)


def leave_early(act: Act, encounter_id: str, reason: str) -> None:
    """Record that a person left before the time: never silently complete (domain.md §1.6).

    Raises AlreadyEnded, AlarmOpen or EarlyReasonMissing.
    """
    act.require("leave_early")
    check_leave_early(_seat(act, encounter_id).observation)
    if not reason.strip():
        raise EarlyReasonMissing()
    _end(act, encounter_id, early=True, note=reason.strip())


def reopen(act: Act, encounter_id: str) -> None:
    """Take a release back, or welcome back who left early: the person sits again, by the same instants.

    Raises NotEnded.
    """
    act.require("reopen")
    if _seat(act, encounter_id).observation.ended_at is None:
        raise NotEnded()
    act.append(
        "observation.reopened",
        {"encounter_id": encounter_id, "at": act.at},
        person=_person(act, encounter_id),
    )


def raise_alarm(act: Act, encounter_id: str, signs: str) -> Json:
    """Open an alarm and an adverse-event draft filled from the dose (OBS-3); returns the draft.

    An alarm that is open already keeps its instant. Raises AlreadyEnded.
    """
    act.require("raise_alarm")
    observation = _seat(act, encounter_id).observation
    check_open(observation)
    person = _person(act, encounter_id)
    alarm_at = instant_text(observation.alarm_at) if observation.alarm_at else act.at
    act.append(
        "observation.alarmed",
        {"encounter_id": encounter_id, "alarm_at": alarm_at, "signs": signs},
        person=person,
    )
    known = observations.find_adverse_event(act.db, encounter_id)
    draft = known or _draft(act, encounter_id, signs)
    if known is None:
        act.append("adverse_event.drafted", draft, person=person)
    return draft


EDITABLE = (
    "signs", "onset_at", "course", "measures", "called_120_at", "transferred_at", "transferred_to",
    "adrenaline_at", "adrenaline_dose", "adrenaline_by", "phoned",
)  # fmt: skip
"""What staff write into the draft; the facts of the dose stay as recorded. Drug, dose and giver are their
own words: the program computes none (domain.md §7.5)."""


def amend_adverse_event(act: Act, encounter_id: str, changes: Mapping[str, str]) -> Json:
    """Record what staff wrote into the draft: course, measures, times; returns the draft as it stands now.

    The journal keeps every statement before. Raises NoReaction.
    """
    act.require("amend_adverse_event")
    draft = observations.find_adverse_event(act.db, encounter_id)
    if draft is None:
        raise NoReaction()
    written = {key: text for key, text in changes.items() if key in EDITABLE}
    amended = draft | written | {"amended_at": act.at, "amended_by": act.user.staff_id}
    act.append("adverse_event.drafted", amended, person=draft["patient_id"])
    return amended


def close_alarm(act: Act, encounter_id: str) -> None:
    """Close an alarm: only a doctor does (ux.md rule 19)."""
    act.require("close_alarm")
    if _seat(act, encounter_id).observation.alarm_at is None:
        raise NoAlarm()
    act.append(
        "observation.alarm_closed",
        {"encounter_id": encounter_id, "closed_at": act.at},
        person=_person(act, encounter_id),
    )


def confirm_clock(act: Act, doubt: ClockInDoubt) -> None:
    """Record that a person looked at a clock jump and says the wall time is right now.

    Those still sitting were seated on another clock: their timers move with it, the recorded instants of
    their doses do not. Raises ClockInDoubt anew when the clock has jumped again since the person was asked.
    """
    act.require("confirm_clock")
    clock, now = observations.known_clock(act.db), _reading(act)
    seen = follow(clock.trusted if clock else None, now)
    if abs(seen.jump - (doubt.wall_at - doubt.expected_at)) > CLOCK_TOLERANCE:
        raise ClockInDoubt(wall_at=now.wall_at, expected_at=seen.at)
    seats = [seat for seat in observations.seated(act.db) if seat.position]
    act.append(
        "clock.confirmed",
        {
            "wall_at": act.at,
            "expected_at": instant_text(seen.at),
            "jump_ms": milliseconds(seen.jump),
            "moves": [
                {"encounter_id": seat.encounter_id, "by_ms": milliseconds(seen.jump - _ahead(seat, clock))}
                for seat in seats
            ],
        },
    )
    trusted = follow(None, now)
    observations.put_known_clock(act.db, KnownClock(trusted, observations.last_position(act.db)))


def mark_clock(act: Act, seen: ClockMark | None = None) -> ClockInDoubt | None:
    """Keep what the two clocks say together; returns the doubt when they have fallen apart.

    Called once a minute and whenever the doubt comes or goes. Needs nobody signed in: it writes no event.
    """
    now = seen or _reading(act)
    known = observations.known_clock(act.db)
    trusted = follow(known.trusted if known else None, now)
    if known is None or now.monotonic < known.trusted.monotonic:
        known = KnownClock(trusted, observations.last_position(act.db), _ahead_before_boot(act.db, known))
    observations.put_known_clock(act.db, replace(known, trusted=trusted))
    return clock_doubt(trusted, now)


def _ahead_before_boot(db: Database, known: KnownClock | None) -> dict[str, timedelta]:
    """Return how far ahead the clock was for those seated on a wrong one before the machine went down."""
    if known is None:
        return {}
    return {seat.encounter_id: by for seat in observations.seated(db) if (by := _ahead(seat, known))}


def _doubt(clock: KnownClock | None, now: ClockMark) -> ClockInDoubt | None:
    return clock_doubt(clock.trusted, now) if clock else None


def _reading(act: Act) -> ClockMark:
    return ClockMark(act.now, act.monotonic())


def _ahead(seat: Seat, clock: KnownClock | None) -> timedelta:
    """Return how far the wall clock stood ahead of the trusted time when a person was seated."""
    if clock is None or not seat.position:
        return timedelta()
    if seat.position > clock.position:
        return taken_ahead(clock.trusted, seat.reading)
    return clock.ahead.get(seat.encounter_id, timedelta())


def _placed(seat: Seat, clock: KnownClock | None) -> Seat:
    return replace(seat, observation=moved(seat.observation, -_ahead(seat, clock)))


def _end(act: Act, encounter_id: str, *, early: bool, note: str, looks: Collection[Look] = ()) -> None:
    act.append(
        "observation.ended",
        {
            "encounter_id": encounter_id,
            "ended_at": act.at,
            "early": early,
            "note": note,
            "looks": [str(look) for look in Look if look in looks],
        },
        person=_person(act, encounter_id),
    )


def _seat(act: Act, encounter_id: str) -> Seat:
    seat = observations.find_seat(act.db, encounter_id)
    if seat is None:
        raise NotObserved(encounters.get_encounter(act.db, encounter_id).ticket_number)
    return seat


def _person(act: Act, encounter_id: str) -> str:
    return encounters.get_encounter(act.db, encounter_id).patient_id


_COPIED = (
    "immunization_id", "encounter_id", "patient_id", "patient", "vaccine_code", "vaccine_name", "full_name",
    "specification", "dosage_form", "market_holder", "manufacturer", "lot_number", "expires_on", "trace_code",
    "occurred_at", "dose_number", "dose_quantity_ml", "route", "body_site", "performer_name", "site_name",
)  # fmt: skip
"""What the report card takes over from the dose (domain.md §7.4; the card's fields are unverified)."""


_COPIED_OF_OTHERS = (
    "immunization_id", "vaccine_code", "vaccine_name", "full_name", "specification", "market_holder",
    "lot_number", "expires_on", "trace_code", "occurred_at", "dose_number", "route", "body_site",
)  # fmt: skip
"""Of the doses that went in at the same visit before: any of them may be what caused it."""


def _draft(act: Act, encounter_id: str, signs: str) -> Json:
    *others, dose = immunizations.all_of_encounter(act.db, encounter_id)
    also = [{key: other[key] for key in _COPIED_OF_OTHERS} for other in others]
    return (
        {key: dose[key] for key in _COPIED}
        | ({"also_given": also} if also else {})
        | {
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
    )
