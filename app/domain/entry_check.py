"""The check at kindergarten and school (入托入学查验): is every dose due by today given? (APP-8)"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.people import is_minor
from app.domain.refusals import Refusal
from app.domain.schedule.answers import (
    DoseEvaluation,
    GroupForecast,
    SeriesForecast,
    SeriesStatus,
)
from app.domain.schedule.case import in_force
from app.domain.schedule.numbering import vaccine_dose_number
from app.domain.schedule.packs import Rules
from app.domain.schedule.standing import Standing, standing_of


class EntryVerdict(StrEnum):
    """What the check comes to."""

    COMPLETE = "complete"
    MISSING = "missing"
    DOUBTFUL = "doubtful"
    """The records, or the list, cannot be right as they stand; whatever is missing is said as well."""


@dataclass(frozen=True)
class MissingDose:
    """The next dose of a group of which the age has come and the dose has not."""

    line: GroupForecast
    vaccine_code: str
    """Empty where the rules offer no vaccine now."""
    dose_number: int
    """As the booklet counts; the later ones of the group follow it."""
    standing: Standing
    """LATER: another dose, or another vaccine, was too short a time ago."""
    not_counted: tuple[DoseEvaluation, ...]
    """Doses of the group that were given and do not count."""


@dataclass(frozen=True)
class EntryCheck:
    """What is missing on a day, and what is doubtful."""

    on: date
    missing: tuple[MissingDose, ...]
    beyond: tuple[GroupForecast, ...]
    """Not given, and the age for it is over: nothing is asked for."""
    doubtful: tuple[DoseEvaluation, ...]
    """Doses whose record cannot be right."""
    unverified: bool
    """Some rule behind it is not signed off: the paper says 未核实."""

    @property
    def verdict(self) -> EntryVerdict:
        """Return what it comes to."""
        if self.doubtful:
            return EntryVerdict.DOUBTFUL
        return EntryVerdict.MISSING if self.missing else EntryVerdict.COMPLETE


@dataclass(unsafe_hash=True)
class TooOldForEntryCheck(Refusal):
    """The check, as the programme, is for minors."""

    birth_on: date


def check_entry(
    birth_on: date,
    evaluations: Sequence[DoseEvaluation],
    lines: Sequence[GroupForecast],
    rules: Rules,
    on: date,
) -> EntryCheck:
    """Return the check on the day ``on`` from what the engine said of it; raises TooOldForEntryCheck.

    A dose is due when its routine age has come (``earliest``, else ``min``); where the rules name no age,
    when it may be given. An interval from a late dose puts it off and does not make it less missing.
    """
    if not is_minor(birth_on, on):
        raise TooOldForEntryCheck(birth_on)
    missing = [
        _missing(line, evaluations, rules, on)
        for line in lines
        if any(_is_due(one, birth_on, rules, on) for one in line.series)
    ]
    return EntryCheck(
        on,
        tuple(sorted(missing, key=lambda one: one.line.earliest_on or date.max)),
        tuple(line for line in lines if line.status is SeriesStatus.AGED_OUT),
        tuple(one for one in evaluations if one.doubts),
        any(line.unverified for line in lines),
    )


def _is_due(one: SeriesForecast, birth_on: date, rules: Rules, on: date) -> bool:
    if one.status is not SeriesStatus.NOT_COMPLETE or one.target_dose is None:
        return False
    ruling = rules.rulings[one.antigen, one.series_id]
    ages = in_force(ruling.series.doses[one.target_dose - 1].ages, on)[:1]
    for age in (age.earliest or age.min for age in ages):
        if age is not None:
            return age.after(birth_on, ruling.pack.arithmetic) <= on
    return one.earliest_on is not None and one.earliest_on <= on


def _missing(
    line: GroupForecast, evaluations: Sequence[DoseEvaluation], rules: Rules, on: date
) -> MissingDose:
    number = vaccine_dose_number(line, evaluations, rules) or line.dose_number or 1
    code = line.vaccines[0].vaccine_code if line.vaccines else ""
    refused = (
        one
        for one in evaluations
        if any(part.group == line.group and part.status.is_wasted for part in one.antigens)
    )
    return MissingDose(line, code, number, standing_of(line, on), tuple(refused))
