"""What the engine says: whether each dose counts, what is due in each group, always with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.schedule.history import Dose


class DoseStatus(StrEnum):
    """Whether a dose counts (CDSi)."""

    VALID = "valid"
    NOT_VALID = "not_valid"
    EXTRANEOUS = "extraneous"
    """More than the series needs."""
    SUB_STANDARD = "sub_standard"
    """Expired, recalled, spilt …: as if not given, but its intervals are not counted from."""

    @property
    def is_wasted(self) -> bool:
        """Return whether the dose has to be given again."""
        return self in (DoseStatus.NOT_VALID, DoseStatus.SUB_STANDARD)


class SeriesStatus(StrEnum):
    """Where a series, or a group, stands."""

    COMPLETE = "complete"
    NOT_COMPLETE = "not_complete"
    IMMUNE = "immune"
    CONTRAINDICATED = "contraindicated"
    AGED_OUT = "aged_out"
    NOT_RECOMMENDED = "not_recommended"


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact, by name, with what it was seen from; no prose."""

    name: str
    """``too_young``, ``interval_too_short`` …; all of them in docs/cli.md."""
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """The rule that decided."""

    pack: str
    edition: str
    before_its_start: bool = False
    """The dose is older than the oldest pack known; that one judged it."""


@dataclass(frozen=True, slots=True)
class AntigenEvaluation:
    """One dose against one antigen, in the series that was chosen."""

    antigen: str
    group: str
    series_id: str
    target_dose: int | None
    """The dose of the series that it was held against, from 1."""
    status: DoseStatus
    reasons: tuple[Reason, ...]
    judged_by: JudgedBy


@dataclass(frozen=True, slots=True)
class DoseEvaluation:
    """One dose of the record."""

    dose: Dose
    status: DoseStatus
    """Valid only if every antigen it holds counts where it is asked for; each antigen says its own."""
    antigens: tuple[AntigenEvaluation, ...]
    reasons: tuple[Reason, ...]
    """Those of the antigens, each once."""
    doubts: tuple[Reason, ...]
    """``before_birth``, ``in_the_future``, ``same_day_same_vaccine``, ``unknown_vaccine``."""


class Offer(StrEnum):
    """How a permitted vaccine stands."""

    SAME_PRODUCT = "same_product"
    """What the series was begun with."""
    PREFERRED = "preferred"
    SUBSTITUTE = "substitute"
    """Another product, where the pack allows it."""


@dataclass(frozen=True, slots=True)
class OfferedVaccine:
    """A vaccine that may be given for the next dose."""

    vaccine_code: str
    offer: Offer
    product_code: str | None = None
    market_holder: str | None = None
    volume_ml: str | None = None


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """The next dose of one series; dates are None where there is none."""

    antigen: str
    group: str
    series_id: str
    status: SeriesStatus
    reasons: tuple[Reason, ...]
    dose_number: int | None = None
    """Number of the next dose among the valid ones, from 1."""
    target_dose: int | None = None
    """Its place in the series, skipped doses counted."""
    series_doses: int = 0
    earliest_on: date | None = None
    recommended_on: date | None = None
    past_due_on: date | None = None
    """The last day on which it is not late."""
    latest_on: date | None = None
    """The last day on which it may be given."""
    vaccines: tuple[OfferedVaccine, ...] = ()
    judged_by: JudgedBy | None = None
    source: str = ""
    """The sentence of the document."""


@dataclass(frozen=True, slots=True)
class GroupForecast:
    """One line for the parent: a vaccine group, what is next and when."""

    group: str
    status: SeriesStatus
    reasons: tuple[Reason, ...]
    series: tuple[SeriesForecast, ...]
    """What it was made from, one for each antigen (and series group)."""
    dose_number: int | None = None
    earliest_on: date | None = None
    recommended_on: date | None = None
    past_due_on: date | None = None
    latest_on: date | None = None
    vaccines: tuple[OfferedVaccine, ...] = ()
    antigens_needed: tuple[str, ...] = ()
    unverified: bool = False
    """Some pack that said so is not signed off: the screen says 未核实."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer for one patient on one day."""

    on: date
    evaluations: tuple[DoseEvaluation, ...]
    """In the order of the history given."""
    forecasts: tuple[GroupForecast, ...]
