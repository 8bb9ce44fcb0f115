"""The state of one series for one patient: judged doses, satisfied and skipped target doses."""

from dataclasses import dataclass, field
from datetime import date

from app.domain.schedule.answers import DoseStatus, JudgedBy, Reason
from app.domain.schedule.case import Record
from app.domain.schedule.packs import Ruling
from app.domain.schedule.series_dose import SeriesDose


@dataclass(slots=True)
class Judged:
    """One dose and what the series says of it."""

    record: Record
    target: int | None
    """Number of the target dose, from 1."""
    status: DoseStatus
    reasons: tuple[Reason, ...]
    by: JudgedBy
    inadvertent: bool = False


@dataclass(slots=True)
class Progress:
    """A series under way."""

    ruling: Ruling
    records: list[Record]
    """The doses that hold its antigen, in order."""
    complete_groups: frozenset[str]
    """Series groups of the antigen that are complete."""
    at: int = 0
    """Index of the next target dose; the number of doses when there is none."""
    judged: list[Judged] = field(default_factory=list)
    satisfied: list[tuple[int, Record, SeriesDose]] = field(default_factory=list)
    """Index of the target dose, the dose that satisfied it, and the rule."""

    def satisfy(self, record: Record, dose: SeriesDose) -> None:
        """Count a dose; a recurring target dose comes again until a skip leads on."""
        self.satisfied.append((self.at, record, dose))
        if not self.ruling.series.doses[self.at].recurring:
            self.at += 1

    def day_of_target(self, number: int) -> date | None:
        """Return the day on which a target dose, from 1, was satisfied last."""
        days = [record.day for index, record, _ in self.satisfied if index == number - 1]
        return days[-1] if days else None

    def previous(self) -> date | None:
        """Return the day of the last dose from which an interval counts (CALCDTINT-1)."""
        for judged in reversed(self.judged):
            if judged.status in (DoseStatus.VALID, DoseStatus.NOT_VALID) and not judged.inadvertent:
                return judged.record.day
        return None

    def inadvertent(self, record: Record) -> bool:
        """Return whether a dose was the wrong vaccine for this series."""
        return any(judged.inadvertent for judged in self.judged if judged.record is record)

    def status_of(self, record: Record) -> DoseStatus | None:
        """Return what this series said of a dose, None when it said nothing."""
        for judged in self.judged:
            if judged.record is record:
                return judged.status
        return None
