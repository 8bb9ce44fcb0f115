"""The three questions: does each dose count, what is due, and both with all the reasons."""

from collections.abc import Sequence
from datetime import date

from app.domain.schedule.answers import Assessment, DoseEvaluation, GroupForecast
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.packs import Packs


def assess(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> Assessment:
    """Return the whole answer for ``patient`` on the day ``on``; the order of ``history`` does not matter."""
    raise NotImplementedError


def evaluate(patient: Subject, history: Sequence[Dose], packs: Packs) -> tuple[DoseEvaluation, ...]:
    """Return what each dose counts for, in the order given, as seen on the day of the last one."""
    last = max((dose.given_on for dose in history), default=patient.birth_on)
    return assess(patient, history, packs, last).evaluations


def forecast(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> tuple[GroupForecast, ...]:
    """Return what is due next in each vaccine group, seen from the day ``on``."""
    return assess(patient, history, packs, on).forecasts
