"""Observation (留观): thirty minutes from the injection, computed from stored instants alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


CLOCK_TOLERANCE = timedelta(seconds=30)


@dataclass(frozen=True)
class ClockMark:
    """A wall instant and the monotonic seconds read with it."""

    wall_at: datetime
    monotonic: float


def clock_jump(mark: ClockMark, now: ClockMark) -> timedelta:
    """Return how far the wall clock moved against the monotonic one since the mark (positive: forwards).

    A smaller monotonic value means another boot: then only a wall clock that went backwards can be told.
    """
    if now.monotonic >= mark.monotonic:
        expected = mark.wall_at + timedelta(seconds=now.monotonic - mark.monotonic)
        return now.wall_at - expected
    return min(now.wall_at - mark.wall_at, timedelta())


def check_clock(mark: ClockMark, now: ClockMark) -> None:
    """Pass when the wall clock kept step; raises ClockInDoubt (domain.md §1.6, ux.md rule 20)."""
    jump = clock_jump(mark, now)
    if abs(jump) > CLOCK_TOLERANCE:
        raise ClockInDoubt(wall_at=now.wall_at, expected_at=now.wall_at - jump)
