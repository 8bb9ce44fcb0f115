"""Patients (受种者): who they are, how old they are, who decides for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.refusals import Refusal

ADULT_AT_YEARS = 18
"""Below this a guardian decides and signs (民法典 art. 19-20, 27)."""


class Sex(StrEnum):
    """GB/T 2261.1-2003."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"


@dataclass(frozen=True)
class Guardian:
    """The person who decides for a minor."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True)
class Patient:
    """One resident's record (domain.md §5.5)."""

    patient_id: str
    name: str
    sex: Sex
    birth_on: date
    document_type: str
    document_number: str
    phone: str
    address: str
    population_group: str
    nationality: str = "CHN"
    region_code: str = ""
    guardian: Guardian | None = None
    ethnic_group: str = ""
    workplace: str = ""
    household_address: str = ""
    booklet: bool = True
    """False: no booklet (无证), the electronic record stands in for it (domain.md §1.1)."""
    residence: str = ""
    """Where the person lives, a ``Residence`` or empty; household registration differs (REG-11)."""
    proxy: Guardian | None = None
    """Who registered an adult: one phone may stand for a whole family (REG-2)."""


class Residence(StrEnum):
    """Whom a site counts among its own people (REG-9)."""

    HERE = "here"
    NEARBY = "nearby"
    AWAY = "away"
    FLOATING = "floating"


@dataclass(unsafe_hash=True)
class FieldMissing(Refusal):
    """A field that must be filled is empty (REG-5: 100 % of mandatory fields)."""

    fields: tuple[str, ...]


@dataclass(unsafe_hash=True)
class GuardianMissing(Refusal):
    """A minor without guardian, relation or phone."""

    age_years: int


@dataclass(unsafe_hash=True)
class BirthDateInFuture(Refusal):
    """The birth date stated is after today."""

    birth_on: date
    today: date


@dataclass(unsafe_hash=True)
class AlreadyRegistered(Refusal):
    """Somebody with this document is on file (REG-6: duplicate cards below 0.1 %)."""

    patient_id: str
    name: str
    birth_on: date


@dataclass(frozen=True)
class Age:
    """Completed years, months and days."""

    years: int
    months: int
    """Completed months since birth, all of them: 14 for one year and two months."""
    days: int
    """Days since birth, all of them."""


def age_on(birth_on: date, day: date) -> Age:
    """Return the completed age; 31 Jan + 1 month is the last day of February (民法典 art. 202)."""
    months = (day.year - birth_on.year) * 12 + day.month - birth_on.month
    if day < add_months(birth_on, months):
        months -= 1
    return Age(years=months // 12, months=months, days=(day - birth_on).days)


def add_months(day: date, months: int) -> date:
    """Return the corresponding day so many months later, or the last day of that month if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def is_minor(birth_on: date, day: date) -> bool:
    """Return whether a guardian decides on that day."""
    return age_on(birth_on, day).years < ADULT_AT_YEARS


MANDATORY = (
    "name", "sex", "birth_on", "document_type", "document_number", "phone", "address", "population_group",
)  # fmt: skip
"""Domain.md §5.5; the exact national list is open, so this stands in one place."""


def missing_fields(stated: Mapping[str, object]) -> tuple[str, ...]:
    """Return the mandatory fields that are empty, in the order of the form."""
    return tuple(field for field in MANDATORY if not str(stated.get(field) or "").strip())


def check_complete(patient: Patient, today: date) -> None:
    """Pass a filled record; raises FieldMissing, BirthDateInFuture or GuardianMissing."""
    if missing := missing_fields(vars(patient)):
        raise FieldMissing(missing)
    if patient.birth_on > today:
        raise BirthDateInFuture(patient.birth_on, today)
    guardian = patient.guardian
    if is_minor(patient.birth_on, today) and not (
        guardian and guardian.name.strip() and guardian.relation.strip() and guardian.phone.strip()
    ):
        raise GuardianMissing(age_years=age_on(patient.birth_on, today).years)
