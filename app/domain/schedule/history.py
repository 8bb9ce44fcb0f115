"""What the engine is told: the patient's facts and the doses in the record."""

from dataclasses import dataclass
from datetime import date

from app.domain.people import Sex


@dataclass(frozen=True, slots=True)
class Observed:
    """Something that is true of the patient."""

    code: str
    """A code of the pack's ``observations``."""
    on: date | None = None
    """The day it began or was seen; None is not known."""
    until: date | None = None
    """The last day on which it held."""

    def holds(self, day: date) -> bool:
        """Return whether it is true of the patient on a day."""
        return (self.on is None or self.on <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Subject:
    """Of a patient, what the rules ask for."""

    birth_on: date
    sex: Sex = Sex.UNKNOWN
    observations: tuple[Observed, ...] = ()
    birth_country: str | None = None


SUB_STANDARD = ("lot_expired", "recalled", "cold_chain", "partial")


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose as it stands in the record, however impossible."""

    vaccine_code: str
    given_on: date
    product_code: str | None = None
    market_holder: str | None = None
    quantity_ml: str | None = None
    sub_standard: str | None = None
    """Why it does not count as given, one of ``SUB_STANDARD``."""
    immunization_id: str = ""
    """Comes back with the answer; the engine does not look at it."""
