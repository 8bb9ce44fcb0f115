"""From the series that go on to one line for each vaccine group (CDSi 9)."""

from collections.abc import Iterable
from datetime import date

from app.domain.schedule.answers import (
    GroupForecast,
    OfferedVaccine,
    SeriesForecast,
    SeriesStatus,
)
from app.domain.schedule.case import Case
from app.domain.schedule.outlook import Outlook
from app.domain.schedule.pack import PackStatus, VaccineGroup
from app.domain.schedule.series_dose import SeriesDose

_ORDER = (
    SeriesStatus.CONTRAINDICATED,
    SeriesStatus.AGED_OUT,
    SeriesStatus.NOT_RECOMMENDED,
    SeriesStatus.NOT_COMPLETE,
)
"""Table 9-4, for several antigens: the first that is found. Where not all antigens need be given
together, one that is contraindicated does not hold up the others (as the published case 2016-UC-0003)."""
_SINGLE_ORDER = (
    SeriesStatus.NOT_COMPLETE,
    SeriesStatus.CONTRAINDICATED,
    SeriesStatus.COMPLETE,
    SeriesStatus.IMMUNE,
    SeriesStatus.AGED_OUT,
    SeriesStatus.NOT_RECOMMENDED,
)


def group_forecast(case: Case, group: VaccineGroup, best: list[Outlook]) -> GroupForecast:
    """Return the line of a vaccine group, made of the best series of its antigens."""
    status = _status(group, [one.status for one in best])
    series = tuple(series_forecast(one) for one in best)
    unverified = any(one.progress.ruling.pack.status is not PackStatus.IN_FORCE for one in best)
    reasons = series[0].reasons
    if len(series) > 1:
        reasons = tuple(dict.fromkeys(reason for one in series for reason in one.reasons))
    due = [one for one in best if one.status is SeriesStatus.NOT_COMPLETE]
    if status is not SeriesStatus.NOT_COMPLETE or not due:
        return GroupForecast(group.group, status, reasons, series, unverified=unverified)
    earliest = _earliest(case, due)
    numbers = [_dose_number(best, one.progress.ruling.antigen.antigen) for one in due]
    return GroupForecast(
        group.group,
        status,
        reasons,
        series,
        dose_number=(min if group.administer_full else max)(numbers),
        earliest_on=earliest,
        recommended_on=max(min(_days(one.recommended for one in due)), earliest),
        past_due_on=_past_due([one.past_due for one in due], earliest),
        latest_on=min(_days(one.latest for one in due), default=None),
        vaccines=_vaccines(due),
        antigens_needed=tuple(dict.fromkeys(one.progress.ruling.antigen.antigen for one in due)),
        unverified=unverified,
    )


def series_forecast(outlook: Outlook) -> SeriesForecast:
    """Return what is said of one series."""
    ruling = outlook.progress.ruling
    dose = ruling.series.doses[outlook.target] if outlook.target is not None else None
    return SeriesForecast(
        ruling.antigen.antigen,
        ruling.series.group,
        ruling.series.series_id,
        outlook.status,
        tuple(outlook.reasons),
        dose_number=outlook.dose_number if outlook.status is SeriesStatus.NOT_COMPLETE else None,
        target_dose=None if outlook.target is None else outlook.target + 1,
        series_doses=len(ruling.series.doses),
        earliest_on=outlook.earliest,
        recommended_on=outlook.recommended,
        past_due_on=outlook.past_due,
        latest_on=outlook.latest,
        vaccines=outlook.vaccines,
        judged_by=ruling.by,
        source=dose.source if dose else ruling.series.source,
    )


def _status(group: VaccineGroup, found: list[SeriesStatus]) -> SeriesStatus:
    if len(group.antigens) == 1:
        return next(status for status in _SINGLE_ORDER if status in found)
    if not group.administer_full and SeriesStatus.NOT_COMPLETE in found:
        found = [status for status in found if status is not SeriesStatus.CONTRAINDICATED]
    for status in _ORDER:
        if status in found:
            return status
    immune = all(status is SeriesStatus.IMMUNE for status in found)
    return SeriesStatus.IMMUNE if immune else SeriesStatus.COMPLETE


def _earliest(case: Case, due: list[Outlook]) -> date:
    """SINGLEANTVG-2, MULTIANTVG-1."""
    days = _days(one.earliest for one in due)
    if not any(one.first for one in due):
        of_antigen: dict[str, date] = {}
        for one, day in zip(due, days, strict=True):
            antigen = one.progress.ruling.antigen.antigen
            of_antigen[antigen] = min(day, of_antigen.get(antigen, day))
        return max(of_antigen.values())
    codes = {code for one in due for dose in one.progress.ruling.series.doses for code in _codes(dose)}
    return max([min(days), *(record.day for record in case.records if record.code in codes)])


def _dose_number(best: list[Outlook], antigen: str) -> int:
    """FORECASTDN-1 over all series of the antigen that go on: a dose counts when one of them counts it."""
    return 1 + len(
        {
            record.place
            for one in best
            if one.progress.ruling.antigen.antigen == antigen
            for _, record, rule in one.progress.satisfied
            if rule.season is None or record.day >= rule.season.start
        }
    )


def _codes(dose: SeriesDose) -> list[str]:
    return [one.vaccine for one in dose.preferable] + [one.vaccine for one in dose.allowable]


def _days(days: Iterable[date | None]) -> list[date]:
    return [day for day in days if day is not None]


def _past_due(days: list[date | None], earliest: date) -> date | None:
    known = _days(days)
    return max(min(known), earliest) if known else None


def _vaccines(due: list[Outlook]) -> tuple[OfferedVaccine, ...]:
    return tuple(dict.fromkeys(vaccine for one in due for vaccine in one.vaccines))
