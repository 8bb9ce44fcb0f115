"""One dose of a series: when it may and should be given, with what, and when it is not needed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.schedule.duration import Duration


@dataclass(frozen=True, slots=True)
class AgeRule:
    """The ages of a dose; of several the one in force on the day counts."""

    min: Duration | None = None
    """Minimum age: the earliest to plan for. Without it there is none."""
    abs_min: Duration | None = None
    """Absolute minimum: younger is not valid. Absent: as ``min`` (no grace period)."""
    earliest: Duration | None = None
    """Earliest recommended age. Absent: as ``min``."""
    latest: Duration | None = None
    """Latest recommended age; from that day on it is late. Absent: never late by age."""
    max: Duration | None = None
    """From this age on the dose is no longer given."""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class IntervalRule:
    """A preferable interval. Exactly one of the four ``from_…`` says from where it counts."""

    from_previous: bool = False
    """From the dose given before in this series, valid or not, but for inadvertent ones."""
    from_dose: int | None = None
    """From the dose that satisfied this target dose, counted from 1."""
    from_most_recent: tuple[str, ...] = ()
    """From the most recent dose of one of these vaccine codes, wherever it counted."""
    from_observation: str | None = None
    """From the day of this observation."""
    min: Duration | None = None
    """Minimum interval: the earliest to plan for."""
    abs_min: Duration | None = None
    """Absolute minimum: shorter is not valid. Absent: as ``min``."""
    earliest: Duration | None = None
    """Earliest recommended. Absent: as ``min``."""
    latest: Duration | None = None
    """From that day on it is late."""
    override: bool = False
    """When all intervals of a dose are, its antigen's date goes before that of the others in the group."""
    valid_from: date | None = None
    valid_to: date | None = None
    planned_only: bool = False
    """It is planned around, and no dose given is invalid for it."""


@dataclass(frozen=True, slots=True)
class AllowableInterval:
    """A shorter interval that is accepted when it happened, and never planned for."""

    abs_min: Duration
    from_previous: bool = False
    from_dose: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PreferableVaccine:
    """A vaccine to plan for."""

    vaccine: str
    """Its code in ``vaccines``."""
    begin_age: Duration | None = None
    end_age: Duration | None = None
    """The day of this age is already too old."""
    market_holder: str | None = None
    """Only this holder's product; absent: any."""
    product: str | None = None
    """Only this product (trade name, product code); absent: any."""
    volume_ml: str | None = None
    """Millilitres as text."""
    forecast: bool = True
    """Name it in the forecast."""
    sequential: bool = False
    """Whatever the series was begun with (序贯): no substitute, but what the rule names."""


@dataclass(frozen=True, slots=True)
class AllowableVaccine:
    """A vaccine that counts when it was given, and is not planned for."""

    vaccine: str
    begin_age: Duration | None = None
    end_age: Duration | None = None


class SkipContext(StrEnum):
    """When a skip is looked at."""

    EVALUATION = "evaluation"
    FORECAST = "forecast"
    BOTH = "both"


class Logic(StrEnum):
    """How several answers make one."""

    AND = "and"
    OR = "or"


class SkipKind(StrEnum):
    """What a condition of a skip asks."""

    AGE = "age"
    """Is the patient at least ``begin_age`` and younger than ``end_age``?"""
    COMPLETED_SERIES = "completed_series"
    """Is one of the series groups ``series_groups`` of this antigen complete?"""
    INTERVAL = "interval"
    """Has ``interval`` passed since the previous dose of the series?"""
    VACCINE_COUNT = "vaccine_count"
    """How many doses, by age or date or both, against ``count`` by ``compare``?"""
    OBSERVATION = "observation"
    """Is ``observation`` true of the patient?"""
    BORN = "born"
    """Was the patient born on or after ``start`` and on or before ``end``?"""


class Compare(StrEnum):
    """How a count is held against its figure."""

    MORE = "more"
    EQUAL = "equal"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class SkipCondition:
    """One question of a skip."""

    kind: SkipKind
    begin_age: Duration | None = None
    end_age: Duration | None = None
    start: date | None = None
    end: date | None = None
    """The last day that counts."""
    interval: Duration | None = None
    count: int = 0
    compare: Compare = Compare.MORE
    valid_only: bool = False
    """Count only doses that were valid in this series; else every dose given."""
    vaccines: tuple[str, ...] = ()
    """Count only these codes. Empty: every vaccine of the antigen."""
    series_groups: tuple[str, ...] = ()
    observation: str | None = None


@dataclass(frozen=True, slots=True)
class SkipSet:
    """Conditions that belong together."""

    conditions: tuple[SkipCondition, ...]
    logic: Logic = Logic.AND
    about: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """When the dose is not needed."""

    sets: tuple[SkipSet, ...]
    logic: Logic = Logic.OR
    context: SkipContext = SkipContext.BOTH


@dataclass(frozen=True, slots=True)
class Season:
    """The days of a year's campaign; the forecast begins with it."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A question for the doctor that changes no date: said with the forecast, never silent."""

    code: str
    """A stable word, as ``ppd_negative_first``."""
    text: str
    """The sentence of the source."""
    begin_age: Duration | None = None
    end_age: Duration | None = None
    observation: str | None = None
    """Only when this is true of the patient; absent: always."""
    unless: tuple[str, ...] = ()
    """Not when one of these is true of the patient: the question is answered."""


@dataclass(frozen=True, slots=True)
class SeriesDose:
    """One target dose."""

    ages: tuple[AgeRule, ...] = ()
    intervals: tuple[IntervalRule, ...] = ()
    allowable_intervals: tuple[AllowableInterval, ...] = ()
    preferable: tuple[PreferableVaccine, ...] = ()
    """In the order in which they are offered."""
    allowable: tuple[AllowableVaccine, ...] = ()
    inadvertent: tuple[str, ...] = ()
    """Vaccine codes that never count and from which no interval counts."""
    skips: tuple[Skip, ...] = ()
    recurring: bool = False
    """After it the same dose comes again."""
    season: Season | None = None
    notices: tuple[Notice, ...] = ()
    source: str = ""
    """The sentence of the document that it follows from."""
