"""A series: the doses against an antigen for whom it is meant, and how it is chosen among others."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.people import Sex
from app.domain.schedule.duration import Duration
from app.domain.schedule.series_dose import SeriesDose


class SeriesType(StrEnum):
    """For whom a series is."""

    STANDARD = "standard"
    RISK = "risk"
    """Only for patients of whom an indication is true."""
    EVALUATION_ONLY = "evaluation_only"
    """Judges what was given, is never forecast."""


class RequiredSex(StrEnum):
    """Whom a series is limited to, as a pack writes it."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


SEX_OF = {
    Sex.MALE: RequiredSex.MALE,
    Sex.FEMALE: RequiredSex.FEMALE,
    Sex.UNKNOWN: RequiredSex.UNKNOWN,
    Sex.UNSTATED: RequiredSex.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Indication:
    """An observation that makes a risk series relevant, within an age."""

    observation: str
    begin_age: Duration | None = None
    end_age: Duration | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """How the series stands among those of its group (CDSi *select patient series*)."""

    default: bool = False
    """The one of its group for patients without any dose."""
    product_path: bool = False
    """All doses of one product; else it does not count as on its way."""
    series_group: str = "1"
    """Series of one group are alternatives; the best of each group goes on."""
    priority: str = "A"
    """A before B: which group forecasts when several could."""
    preference: int | None = None
    """1 before 2: among equals the lower one."""
    min_age_to_start: Duration | None = None
    max_age_to_start: Duration | None = None


class Substitution(StrEnum):
    """What may take the place of the product begun with (same product first)."""

    ANY = "any"
    """Any preferable vaccine of the dose."""
    SAME_PLATFORM = "same_platform"
    """The same vaccine code or platform; marked as a substitute."""
    SAME_PRODUCT = "same_product"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Series:
    """One way to be protected from one antigen."""

    series_id: str
    """The same in every edition: a past dose is judged by the series of this id in its day's pack."""
    title: str
    group: str
    """Its vaccine group."""
    doses: tuple[SeriesDose, ...]
    type: SeriesType = SeriesType.STANDARD
    sexes: tuple[RequiredSex, ...] = ()
    """Empty: for all."""
    born_from: date | None = None
    """First birth date of the cohort."""
    born_to: date | None = None
    """Last birth date of the cohort."""
    unless: tuple[str, ...] = ()
    """Not for whom one of these observations is true: another series, of more doses, is theirs."""
    indications: tuple[Indication, ...] = ()
    equivalent_groups: tuple[str, ...] = ()
    """Series groups whose completion makes this one unnecessary."""
    selection: Selection = Selection()
    substitution: Substitution = Substitution.ANY
    source: str = ""
