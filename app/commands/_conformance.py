"""A published case held against the engine's answer: every difference."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.commands._cdsi_cases import PublishedCase
from app.domain.schedule.answers import DoseEvaluation, DoseStatus, GroupForecast, SeriesStatus
from app.domain.schedule.engine import assess
from app.domain.schedule.packs import Packs


@dataclass(frozen=True)
class Difference:
    """One thing that is not as published."""

    case_id: str
    title: str
    group: str
    what: str
    """``status``, ``dose_number``, ``earliest_on``, ``recommended_on``, ``past_due_on``, or
    ``evaluation 1`` …"""
    expected: str
    found: str


def differences(case: PublishedCase, packs: Packs) -> list[Difference]:
    """Return what the engine says otherwise than the case; empty when all of it agrees."""
    answer = assess(case.patient, case.history, packs, case.on)
    line = next((one for one in answer.forecasts if one.group == case.group), None)
    group = packs.on(case.on).groups.get(case.group)
    antigens = frozenset(group.antigens if group else ())
    found = [*_forecast(case, line), *_evaluations(case, answer.evaluations, antigens)]
    return [Difference(case.case_id, case.title, case.group, *one) for one in found]


def _forecast(case: PublishedCase, line: GroupForecast | None) -> Iterator[tuple[str, str, str]]:
    status = line.status if line else SeriesStatus.NOT_RECOMMENDED
    if status != case.status:
        yield "status", case.status, status
    if case.status != SeriesStatus.NOT_COMPLETE or line is None:
        return
    if case.dose_number is not None and line.dose_number != case.dose_number:
        yield "dose_number", str(case.dose_number), _text(line.dose_number)
    names = ("earliest_on", "recommended_on", "past_due_on")
    days = (line.earliest_on, line.recommended_on, line.past_due_on)
    for name, expected, day in zip(names, case.dates, days, strict=True):
        if expected != day:
            yield name, _text(expected), _text(day)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _evaluations(
    case: PublishedCase, evaluations: tuple[DoseEvaluation, ...], antigens: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    for number, (expected, dose) in enumerate(zip(case.evaluations, evaluations, strict=True), 1):
        status = _status(dose, antigens)
        if expected and expected != status:
            yield f"evaluation {number}", expected, status


def _status(dose: DoseEvaluation, antigens: frozenset[str]) -> DoseStatus:
    """A dose of another group is judged by its own; of the case's group, by its antigens alone."""
    found = {one.status for one in dose.antigens if one.antigen in antigens}
    order = (DoseStatus.SUB_STANDARD, DoseStatus.NOT_VALID, DoseStatus.VALID, DoseStatus.EXTRANEOUS)
    return next((status for status in order if status in found), dose.status)
