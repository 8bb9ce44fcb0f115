"""The three questions: does each dose count, what is due, and both with all the reasons."""

from collections.abc import Sequence
from datetime import date

from app.domain.schedule.answers import Assessment, DoseEvaluation, GroupForecast, Reason, SeriesStatus
from app.domain.schedule.case import Case
from app.domain.schedule.grouping import group_forecast
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.outlook import Outlook, look_ahead
from app.domain.schedule.packs import Packs, Ruling
from app.domain.schedule.relevance import is_relevant
from app.domain.schedule.selecting import best_of
from app.domain.schedule.summing_up import AntigenOutcome, sum_up
from app.domain.schedule.walk import walk


def assess(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> Assessment:
    """Return the whole answer for ``patient`` on the day ``on``; the order of ``history`` does not matter."""
    case = Case(patient, history, packs, on)
    outcomes = _outcomes(case)
    return Assessment(on, sum_up(case, outcomes), _lines(case, outcomes))


def evaluate(patient: Subject, history: Sequence[Dose], packs: Packs) -> tuple[DoseEvaluation, ...]:
    """Return what each dose counts for, in the order given, as seen on the day of the last one."""
    last = max((dose.given_on for dose in history), default=patient.birth_on)
    case = Case(patient, history, packs, last)
    return sum_up(case, _outcomes(case))


def forecast(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> tuple[GroupForecast, ...]:
    """Return what is due next in each vaccine group, seen from the day ``on``."""
    case = Case(patient, history, packs, on)
    return _lines(case, _outcomes(case))


def _outcomes(case: Case) -> dict[str, AntigenOutcome]:
    """Return every antigen of today's rules, and those of ended programmes of which a dose was given."""
    outcomes = {name: _antigen(case, name, rulings) for name, rulings in case.rules.by_antigen.items()}
    for rules in case.packs.ended(case.on):
        for name in rules.by_antigen.keys() & case.by_antigen.keys():
            outcomes[name] = _closed(_antigen(case, name, rules.by_antigen[name]))
    return outcomes


def _lines(case: Case, outcomes: dict[str, AntigenOutcome]) -> tuple[GroupForecast, ...]:
    groups = case.rules.groups
    for rules in case.packs.ended(case.on):
        groups = rules.groups | groups
    lines = []
    for group in groups.values():
        best = [one for name in group.antigens if name in outcomes for one in outcomes[name].best]
        if best:
            lines.append(group_forecast(case, group, best))
    return tuple(lines)


def _antigen(case: Case, name: str, rulings: Sequence[Ruling]) -> AntigenOutcome:
    records = case.by_antigen.get(name, [])
    outlooks: list[Outlook] = []
    for ruling in rulings:
        if is_relevant(case, ruling.series, ruling.pack):
            complete = frozenset(
                one.progress.ruling.series.selection.series_group
                for one in outlooks
                if one.status is SeriesStatus.COMPLETE
            )
            outlooks.append(look_ahead(case, walk(case, ruling, records, complete)))
    return AntigenOutcome(records, outlooks, best_of(case, outlooks) if outlooks else [])


def _closed(outcome: AntigenOutcome) -> AntigenOutcome:
    for outlook in outcome.best:
        if outlook.status is SeriesStatus.NOT_COMPLETE:
            outlook.status = SeriesStatus.NOT_RECOMMENDED
            ended = outlook.progress.ruling.pack.valid_to
            outlook.reasons = [Reason("programme_ended", {"on": ended})]
            outlook.earliest = outlook.recommended = outlook.past_due = outlook.latest = None
    return outcome
