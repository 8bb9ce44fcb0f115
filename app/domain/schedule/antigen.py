"""An antigen: who is immune, who must not be vaccinated, and the series against it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.schedule.duration import Duration
from app.domain.schedule.series import Series


@dataclass(frozen=True, slots=True)
class BornImmune:
    """Everybody born before a day counts as immune, but for some."""

    before: date
    country: str | None = None
    """Only when born there; absent: wherever."""
    unless: tuple[str, ...] = ()
    """Observation codes for whom it does not hold."""


@dataclass(frozen=True, slots=True)
class Immunity:
    """Evidence of immunity."""

    observations: tuple[str, ...] = ()
    born: tuple[BornImmune, ...] = ()


class Decision(StrEnum):
    """What an observation does."""

    CONTRAINDICATED = "contraindicated"
    """The forecast says contraindicated."""
    ASK = "ask"
    """The dates stay; the doctor is asked (precaution, defer)."""


@dataclass(frozen=True, slots=True)
class VaccineAges:
    """A vaccine, within an age."""

    vaccine: str
    begin_age: Duration | None = None
    end_age: Duration | None = None


@dataclass(frozen=True, slots=True)
class Contraindication:
    """An observation that speaks against the antigen, or against some of its vaccines."""

    observation: str
    text: str = ""
    begin_age: Duration | None = None
    end_age: Duration | None = None
    vaccines: tuple[VaccineAges, ...] = ()
    """Empty: against every vaccine with this antigen."""
    decision: Decision = Decision.CONTRAINDICATED


@dataclass(frozen=True, slots=True)
class Antigen:
    """What one is protected from; the unit in which one pack replaces another."""

    antigen: str
    series: tuple[Series, ...]
    title: str = ""
    immunity: Immunity = Immunity()
    contraindications: tuple[Contraindication, ...] = ()
