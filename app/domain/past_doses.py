"""Doses given elsewhere, copied from a paper or another system (补录); they count from then on.

They stand beside what other sites of the area recorded: this site did not give them, so no visit, vial or
certificate of its own follows from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.refusals import Refusal


class Evidence(StrEnum):
    """What a dose was copied from."""

    BOOKLET = "booklet"
    """预防接种证."""
    CERTIFICATE = "certificate"
    """接种凭证."""
    OTHER_SYSTEM = "other_system"
    """Another information system, looked at."""


LONGEST_WORDS = 60
"""Characters of a lot number, of where, and of a reason."""
MOST_DOSES = 9
"""Of one kind: no booklet counts further."""


@dataclass(frozen=True)
class PastDoseForm:
    """What is copied."""

    vaccine_code: str
    given_on: date | None
    dose_number: int | None
    """As the paper counts."""
    evidence: Evidence
    lot_number: str = ""
    """Empty: the paper has none."""
    given_at: str = ""
    """Which site gave it, as the paper says; empty: not known."""


@dataclass(unsafe_hash=True)
class PastDoseUnclear(Refusal):
    """A field that says nothing usable: ``vaccine_code``, ``given_on`` or ``dose_number``."""

    field: str


@dataclass(unsafe_hash=True)
class PastDoseDayWrong(Refusal):
    """It would have been given before birth or after today."""

    given_on: date
    birth_on: date
    today: date


@dataclass(unsafe_hash=True)
class PastDoseKnown(Refusal):
    """A dose of this kind stands on this day already."""

    vaccine_name: str
    given_on: date


@dataclass(unsafe_hash=True)
class PastDoseGone(Refusal):
    """What was to be taken back is no copied dose that counts."""


@dataclass(unsafe_hash=True)
class PastDoseReasonMissing(Refusal):
    """A copied dose is taken back without a reason."""


def check_past_dose(
    form: PastDoseForm,
    known: Mapping[str, str],
    birth_on: date,
    today: date,
    given: Iterable[tuple[str, date]],
) -> None:
    """Pass a dose that may have been given.

    ``known``: the kinds of vaccines by code; ``given``: kind and day of every dose that counts. Whether it
    counts is the schedule's to say. Raises PastDoseUnclear, PastDoseDayWrong or PastDoseKnown.
    """
    if form.vaccine_code not in known:
        raise PastDoseUnclear("vaccine_code")
    if form.given_on is None:
        raise PastDoseUnclear("given_on")
    if form.dose_number is None or not 1 <= form.dose_number <= MOST_DOSES:
        raise PastDoseUnclear("dose_number")
    if not birth_on <= form.given_on <= today:
        raise PastDoseDayWrong(form.given_on, birth_on, today)
    if (form.vaccine_code, form.given_on) in set(given):
        raise PastDoseKnown(known[form.vaccine_code], form.given_on)
