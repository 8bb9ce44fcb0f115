"""The three questions: does each dose count, what is due, and both with all the reasons."""

from collections.abc import Sequence
from datetime import date

from app.domain.schedule.answers import Assessment, DoseEvaluation, GroupForecast, Reason, SeriesStatus
from app.domain.schedule.antigen import Antigen
from app.domain.schedule.case import Case, Record
from app.domain.schedule.grouping import group_forecast
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.outlook import Outlook, look_ahead
from app.domain.schedule.pack import Pack, VaccineGroup
from app.domain.schedule.packs import Packs, Ruling
from app.domain.schedule.relevance import is_relevant
from app.domain.schedule.selecting import best_of
from app.domain.schedule.series import Series
from app.domain.schedule.series_dose import SkipKind
from app.domain.schedule.summing_up import AntigenOutcome, sum_up
from app.domain.schedule.walk import walk


def assess(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> Assessment:
    """Return the whole answer for ``patient`` on the day ``on``; the order of ``history`` does not matter."""
    case = Case(patient, history, packs, on)
    outcomes = {name: _antigen(case, pack, antigen) for name, (pack, antigen) in case.rules.antigens.items()}
    ended = packs.ended(on)
    for name, (pack, antigen) in ended.items():
        outcomes[name] = _closed(_antigen(case, pack, antigen))
    forecasts = []
    for group in {**_ended_groups(ended), **case.rules.groups}.values():
        best = [one for name in group.antigens if name in outcomes for one in outcomes[name].best]
        if any(name in case.rules.antigens or outcomes[name].records for name in group.antigens) and best:
            forecasts.append(group_forecast(case, group, best))
    return Assessment(on, sum_up(case, outcomes), tuple(forecasts))


def evaluate(patient: Subject, history: Sequence[Dose], packs: Packs) -> tuple[DoseEvaluation, ...]:
    """Return what each dose counts for, in the order given, as seen on the day of the last one."""
    last = max((dose.given_on for dose in history), default=patient.birth_on)
    return assess(patient, history, packs, last).evaluations


def forecast(patient: Subject, history: Sequence[Dose], packs: Packs, on: date) -> tuple[GroupForecast, ...]:
    """Return what is due next in each vaccine group, seen from the day ``on``."""
    return assess(patient, history, packs, on).forecasts


def _antigen(case: Case, pack: Pack, antigen: Antigen) -> AntigenOutcome:
    records = [record for record in case.records if _holds(case, record, antigen.antigen, pack)]
    relevant = [series for series in antigen.series if is_relevant(case, series, pack)]
    outlooks: list[Outlook] = []
    for series in sorted(relevant, key=_asks_for_others):
        complete = frozenset(
            one.progress.ruling.series.selection.series_group
            for one in outlooks
            if one.status is SeriesStatus.COMPLETE
        )
        outlooks.append(look_ahead(case, walk(case, Ruling(pack, antigen, series), records, complete)))
    outlooks.sort(key=lambda one: relevant.index(one.progress.ruling.series))
    return AntigenOutcome(antigen, pack, records, outlooks, best_of(case, outlooks))


def _asks_for_others(series: Series) -> bool:
    """Return whether a skip of the series asks for another one to be complete: it comes after the others."""
    return any(
        asked.kind is SkipKind.COMPLETED_SERIES
        for dose in series.doses
        for skip in dose.skips
        for one in skip.sets
        for asked in one.conditions
    )


def _holds(case: Case, record: Record, antigen: str, pack: Pack) -> bool:
    vaccine = case.packs.on(record.day).vaccines.get(record.code) or case.rules.vaccines.get(record.code)
    return vaccine is not None and any(
        one.antigen == antigen and case.within_ages(record.day, one.begin_age, one.end_age, pack)
        for one in vaccine.antigens
    )


def _closed(outcome: AntigenOutcome) -> AntigenOutcome:
    for outlook in outcome.best:
        if outlook.status is SeriesStatus.NOT_COMPLETE:
            outlook.status = SeriesStatus.NOT_RECOMMENDED
            outlook.reasons = [Reason("programme_ended", {"on": outcome.pack.valid_to})]
            outlook.earliest = outlook.recommended = outlook.past_due = outlook.latest = None
    return outcome


def _ended_groups(ended: dict[str, tuple[Pack, Antigen]]) -> dict[str, VaccineGroup]:
    return {group.group: group for pack, _ in ended.values() for group in pack.groups}
