"""Shifts: who leads and who is on duty, and what stands open when one person hands over to another."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Part(StrEnum):
    """A part of the day that has its own people; duty goes round the clock (STF-7)."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"


class Duty(StrEnum):
    """What somebody is on a shift: 带班 leads it."""

    LEADER = "leader"
    ON_DUTY = "on_duty"


@dataclass(frozen=True)
class Shift:
    """One part of a day and its people, by staff id."""

    day: date
    part: Part
    duties: tuple[tuple[str, Duty], ...]


@dataclass(frozen=True)
class OpenWork:
    """What is not finished at the moment (STF-8)."""

    observing: tuple[str, ...] = ()
    """Tickets of those who sit under observation."""
    called: tuple[str, ...] = ()
    """Tickets at a needle."""
    waiting: tuple[str, ...] = ()
    """Tickets that wait for the doctor or the needle."""
    vials: tuple[str, ...] = ()
    """Codes of opened vials with doses left."""


@dataclass(frozen=True)
class HandOver:
    """Who handed over to whom, when, and what stood open then."""

    given_by: str
    taken_by: str
    desk: str
    at: str
    note: str
    work: OpenWork
