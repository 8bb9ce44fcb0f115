"""Observation (留观): thirty minutes from the injection, computed from stored instants alone."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.domain.clock import CHINA
from app.domain.refusals import Refusal

OVERDUE_AFTER = timedelta(minutes=1)
"""A person still sitting this long after the time is shown as overdue (未放行)."""


class ObservationState(StrEnum):
    """What the board shows; truth table in docs/states.md."""

    OBSERVING = "observing"
    DUE = "due"
    OVERDUE = "overdue"
    ALARM = "alarm"
    RELEASED = "released"
    LEFT_EARLY = "left_early"


@dataclass(frozen=True)
class Observation:
    """One person's observation, from the records."""

    encounter_id: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    ended_early: bool = False
    alarm_at: datetime | None = None
    """Set while an alarm is open; an alarm closed by a doctor leaves it None."""


class Look(StrEnum):
    """What a person looks at before letting somebody go; no device can."""

    FEELS_WELL = "feels_well"
    SITE_NORMAL = "site_normal"


@dataclass(unsafe_hash=True)
class NotLookedAt(Refusal):
    """Nobody goes before a person has looked at them and at the place of the injection."""

    missing: tuple[Look, ...]


@dataclass(unsafe_hash=True)
class StillObserving(Refusal):
    """Release before the thirty minutes are over; leaving early is another act with a reason."""

    due_at: datetime
    minutes_left: int


@dataclass(unsafe_hash=True)
class AlreadyEnded(Refusal):
    """The observation has been ended before."""

    ended_at: datetime


@dataclass(unsafe_hash=True)
class AlarmOpen(Refusal):
    """Nobody leaves while their alarm has not been closed by a doctor."""

    alarm_at: datetime


@dataclass(unsafe_hash=True)
class ClockInDoubt(Refusal):
    """The wall clock disagrees with the monotonic one; a person must confirm the time first."""

    wall_at: datetime
    expected_at: datetime


def state_of(observation: Observation, now: datetime) -> ObservationState:
    """Return the state at an instant; nothing is stored, so a restart loses nothing."""
    if observation.ended_at is not None:
        return ObservationState.LEFT_EARLY if observation.ended_early else ObservationState.RELEASED
    if observation.alarm_at is not None:
        return ObservationState.ALARM
    if now < observation.due_at:
        return ObservationState.OBSERVING
    return ObservationState.OVERDUE if now >= observation.due_at + OVERDUE_AFTER else ObservationState.DUE


def minutes_left(observation: Observation, now: datetime) -> int:
    """Return whole minutes still to sit, rounded up; 0 from the due instant on, then negative."""
    seconds = (observation.due_at - now).total_seconds()
    return int(-(-seconds // 60)) if seconds > 0 else -int(-seconds // 60)


def share_left(observation: Observation, now: datetime) -> float:
    """Return the part of the time still to sit, 1.0 at the injection and 0.0 from the due instant on."""
    whole = (observation.due_at - observation.started_at).total_seconds()
    left = (observation.due_at - now).total_seconds()
    return min(1.0, max(0.0, left / whole)) if whole > 0 else 0.0


def check_release(observation: Observation, now: datetime) -> None:
    """Pass a person whose time is over; raises AlreadyEnded, AlarmOpen or StillObserving (N2023 8.1)."""
    check_open(observation)
    if observation.alarm_at is not None:
        raise AlarmOpen(observation.alarm_at)
    if now < observation.due_at:
        raise StillObserving(observation.due_at, minutes_left(observation, now))


def check_open(observation: Observation) -> None:
    """Pass an observation that has not ended; raises AlreadyEnded."""
    if observation.ended_at is not None:
        raise AlreadyEnded(observation.ended_at)


def check_leave_early(observation: Observation) -> None:
    """Pass an observation that a person may break off; raises AlreadyEnded or AlarmOpen."""
    check_open(observation)
    if observation.alarm_at is not None:
        raise AlarmOpen(observation.alarm_at)


def check_looked_at(looks: Iterable[Look]) -> None:
    """Pass when a person has looked at everything; raises NotLookedAt (N2023 8.1, 8.2)."""
    seen = frozenset(looks)
    if missing := tuple(look for look in Look if look not in seen):
        raise NotLookedAt(missing)


def moved(observation: Observation, by: timedelta) -> Observation:
    """Return the observation with its timers on another clock; a person who has left keeps the instants."""
    if not by or observation.ended_at is not None:
        return observation
    alarm_at = observation.alarm_at and observation.alarm_at + by
    return replace(
        observation,
        started_at=observation.started_at + by,
        due_at=observation.due_at + by,
        alarm_at=alarm_at,
    )


def alarm_minutes(observation: Observation, now: datetime) -> int:
    """Return whole minutes since the open alarm, never less than 0."""
    since = observation.alarm_at or now
    return max(0, int((now - since).total_seconds() // 60))


REPORT_WITHIN = timedelta(hours=48)
"""A suspected reaction goes to the county centre within this time of being found (domain.md §7.4, [2ND])."""
URGENT_WITHIN = timedelta(hours=2)
"""Suspected death, severe disability, a cluster, major social impact (domain.md §7.4, [2ND])."""


@dataclass(unsafe_hash=True)
class TimeUnreadable(Refusal):
    """What was typed is no time of day."""

    given: str


_TIME = re.compile(r"(\d{1,2})[:：. ]?(\d{2})", re.ASCII)


def time_of_day(typed: str, now: datetime) -> datetime:
    """Return the last instant up to ``now`` at which the clocks in China showed ``typed`` (9:41, 0941).

    A minute ahead still counts as now. Raises TimeUnreadable.
    """
    found = _TIME.fullmatch(typed.strip())
    hour, minute = (int(part) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise TimeUnreadable(typed.strip())
    at = now.astimezone(CHINA).replace(hour=hour, minute=minute, second=0, microsecond=0)
    if at > now + timedelta(minutes=1):
        at -= timedelta(days=1)
    return at.astimezone(UTC)


def card_version(text: str) -> str:
    """Return six characters that differ when the text of an emergency card does."""
    return hashlib.sha256(text.encode()).hexdigest()[:6].upper()


CLOCK_TOLERANCE = timedelta(seconds=30)
"""The wall clock may stray this far in all, since the machine started, before a person is asked."""


@dataclass(frozen=True)
class ClockMark:
    """A wall instant and the monotonic seconds read with it."""

    wall_at: datetime
    monotonic: float


@dataclass(frozen=True)
class TrustedTime:
    """A time no hand sets: it walks with the monotonic clock, whatever is done to the wall clock."""

    at: datetime
    monotonic: float
    """Read together with ``at``."""
    jump: timedelta = timedelta()
    """How far the wall clock stood ahead of ``at`` then."""
    exact: bool = True
    """False after a restart that found the wall clock set back: ``at`` is the least it can be."""


def follow(trusted: TrustedTime | None, now: ClockMark) -> TrustedTime:
    """Return the trusted time at a reading of both clocks; the first reading of all is believed.

    A smaller monotonic value means another boot. How long the machine was off then only the wall clock knows.
    """
    if trusted is None:
        return TrustedTime(now.wall_at, now.monotonic)
    if now.monotonic < trusted.monotonic:
        return _after_boot(trusted, now)
    at = trusted.at + timedelta(seconds=now.monotonic - trusted.monotonic)
    if not trusted.exact and now.wall_at >= at - CLOCK_TOLERANCE:
        return TrustedTime(now.wall_at, now.monotonic)
    return TrustedTime(at, now.monotonic, now.wall_at - at, trusted.exact)


def _after_boot(trusted: TrustedTime, now: ClockMark) -> TrustedTime:
    """Return the earliest time that can be: nobody is let go too soon.

    A jump nobody had confirmed before the boot may still be in the wall clock, or have been put right.
    """
    least = trusted.at + timedelta(seconds=now.monotonic)
    known = trusted.jump if abs(trusted.jump) > CLOCK_TOLERANCE else timedelta()
    for at in sorted({now.wall_at, now.wall_at - known}):
        if at >= least - CLOCK_TOLERANCE:
            return TrustedTime(at, now.monotonic, now.wall_at - at, trusted.exact or at == now.wall_at)
    return TrustedTime(least, now.monotonic, now.wall_at - least, exact=False)


def clock_doubt(trusted: TrustedTime | None, now: ClockMark) -> ClockInDoubt | None:
    """Return why the wall clock cannot be believed now, or None (domain.md §1.6, ux.md rule 20)."""
    seen = follow(trusted, now)
    if abs(seen.jump) <= CLOCK_TOLERANCE:
        return None
    return ClockInDoubt(wall_at=now.wall_at, expected_at=seen.at)


def trusted_now(trusted: TrustedTime | None, now: ClockMark) -> datetime:
    """Return the time people sit by: the wall time while it keeps step, else the trusted one."""
    doubt = clock_doubt(trusted, now)
    return doubt.expected_at if doubt else now.wall_at


def taken_ahead(trusted: TrustedTime, reading: ClockMark) -> timedelta:
    """Return how far ahead the wall clock was when a dose of this boot was recorded; zero while in step."""
    at = trusted.at + timedelta(seconds=reading.monotonic - trusted.monotonic)
    ahead = reading.wall_at - at
    return ahead if abs(ahead) > CLOCK_TOLERANCE else timedelta()
