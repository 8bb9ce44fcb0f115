"""What one series has ahead: its status and the dates of the next dose (CDSi 7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.schedule.answers import OfferedVaccine, Reason, SeriesStatus
from app.domain.schedule.antigen import Decision
from app.domain.schedule.case import Case, in_force
from app.domain.schedule.duration import Duration
from app.domain.schedule.intervals import reference_day
from app.domain.schedule.offering import offers
from app.domain.schedule.pack import Pack
from app.domain.schedule.progress import Progress
from app.domain.schedule.relevance import contraindications, forbidden_vaccines, immunity, questions
from app.domain.schedule.series_dose import IntervalRule, SeriesDose, SkipContext
from app.domain.schedule.skipping import can_skip

DAY = timedelta(1)


@dataclass(slots=True)
class Outlook:
    """The forecast of one series, with what the selection among series asks for."""

    progress: Progress
    status: SeriesStatus
    reasons: list[Reason] = field(default_factory=list)
    target: int | None = None
    """Index of the target dose that is forecast."""
    dose_number: int | None = None
    earliest: date | None = None
    recommended: date | None = None
    past_due: date | None = None
    latest: date | None = None
    vaccines: tuple[OfferedVaccine, ...] = ()
    finish_before: date | None = None
    """The day of the maximum age of the last target dose."""
    first: bool = False
    """Its date goes before those of the other antigens of the group (FORECASTPRIORITY-1)."""


def look_ahead(case: Case, progress: Progress) -> Outlook:
    """Return what comes next in a series whose past is judged."""
    index = _next_target(case, progress, progress.at, case.on)
    outlook = _need(case, progress, index)
    while outlook.status is SeriesStatus.NOT_COMPLETE and outlook.earliest is not None:
        beyond = _next_target(case, progress, index, outlook.earliest)
        if beyond == index:
            break
        index = beyond
        outlook = _need(case, progress, index)
    oldest = next((age.max for age in progress.ruling.series.doses[-1].ages if age.max is not None), None)
    if oldest is not None:
        outlook.finish_before = case.age_day(oldest, progress.ruling.pack)
    return outlook


def _next_target(case: Case, progress: Progress, index: int, day: date) -> int:
    doses = progress.ruling.series.doses
    while index < len(doses) and doses[index].skips:
        if not can_skip(case, progress, doses[index], SkipContext.FORECAST, day):
            break
        index += 1
    return index


def _need(case: Case, progress: Progress, index: int) -> Outlook:
    """Table 7-10: another dose or none, and why."""
    ruling, doses = progress.ruling, progress.ruling.series.doses
    outlook = Outlook(progress, SeriesStatus.NOT_COMPLETE)
    if index >= len(doses) and progress.satisfied:
        return _closed(outlook, SeriesStatus.COMPLETE, Reason("series_complete"))
    immune = immunity(case, ruling.antigen)
    if immune is not None:
        return _closed(outlook, SeriesStatus.IMMUNE, immune)
    found = list(contraindications(case, ruling.antigen, ruling.pack))
    against = [one for one in found if one.decision is Decision.CONTRAINDICATED]
    forbidden = forbidden_vaccines(case, found, ruling.pack)
    if any(not one.vaccines for one in against) or _all_forbidden(doses, forbidden):
        codes = {"observations": tuple(one.observation for one in against)}
        return _closed(outlook, SeriesStatus.CONTRAINDICATED, Reason("contraindicated", codes))
    if index >= len(doses):
        return _closed(outlook, SeriesStatus.NOT_RECOMMENDED, Reason("not_needed_by_history"))
    outlook.target, dose = index, doses[index]
    outlook.reasons.extend(questions(case, found, dose, ruling.pack))
    _date(case, outlook, dose, forbidden)
    return _within_time(case, outlook, dose)


def _all_forbidden(doses: tuple[SeriesDose, ...], forbidden: frozenset[str]) -> bool:
    """Table 7-7: no vaccine of the whole series is left."""
    wanted = {one.vaccine for dose in doses for one in dose.preferable} if forbidden else set()
    return bool(wanted) and wanted <= forbidden


def _closed(outlook: Outlook, status: SeriesStatus, reason: Reason) -> Outlook:
    outlook.status = status
    outlook.reasons = [reason]
    outlook.earliest = outlook.recommended = outlook.past_due = outlook.latest = None
    outlook.vaccines = ()
    return outlook


def _within_time(case: Case, outlook: Outlook, dose: SeriesDose) -> Outlook:
    if outlook.earliest is None:  # its assumed value is the end of time (table 7-9)
        return _closed(outlook, SeriesStatus.AGED_OUT, Reason("nothing_to_start_from"))
    if dose.season is not None and dose.season.end is not None and case.on > dose.season.end:
        return _closed(outlook, SeriesStatus.NOT_RECOMMENDED, Reason("season_over", {"on": dose.season.end}))
    if outlook.latest is not None and case.on > outlook.latest:
        return _closed(outlook, SeriesStatus.AGED_OUT, Reason("too_old", {"until": outlook.latest}))
    if outlook.latest is not None and outlook.earliest > outlook.latest:
        facts = {"until": outlook.latest, "earliest": outlook.earliest}
        return _closed(outlook, SeriesStatus.AGED_OUT, Reason("cannot_finish_in_time", facts))
    return outlook


def _date(case: Case, outlook: Outlook, dose: SeriesDose, forbidden: frozenset[str]) -> None:
    """FORECASTDTCAN-1, FORECASTDT-1 to -6, FORECASTDN-1."""
    progress, pack = outlook.progress, outlook.progress.ruling.pack
    intervals = [
        (rule, since)
        for rule in in_force(dose.intervals, case.on)
        if (since := reference_day(case, progress, rule, None)) is not None
    ]
    bounds = list(_bounds(case, progress, dose, intervals, forbidden))
    if not bounds:
        return
    outlook.earliest = max(day for day, _ in bounds)
    outlook.reasons.extend(reason for day, reason in bounds if day == outlook.earliest)
    ages = in_force(dose.ages, case.on)[:1]
    early = [case.age_day(age.earliest, pack) for age in ages if age.earliest is not None]
    late = [case.age_day(age.latest, pack) for age in ages if age.latest is not None]
    early = early or [_after(since, rule.earliest, pack) for rule, since in intervals if rule.earliest]
    late = late or [_after(since, rule.latest, pack) for rule, since in intervals if rule.latest]
    outlook.recommended = max(max(early, default=outlook.earliest), outlook.earliest)
    outlook.past_due = max(max(late) - DAY, outlook.earliest) if late else None
    outlook.latest = next((case.age_day(age.max, pack) - DAY for age in ages if age.max is not None), None)
    outlook.dose_number = 1 + sum(
        rule.season is None or record.day >= rule.season.start for _, record, rule in progress.satisfied
    )
    outlook.first = bool(dose.intervals) and all(rule.override for rule in dose.intervals)
    outlook.vaccines = offers(case, progress, dose, forbidden, (outlook.earliest, outlook.recommended))


def _after(day: date, length: Duration, pack: Pack) -> date:
    return length.after(day, pack.arithmetic)


def _bounds(
    case: Case,
    progress: Progress,
    dose: SeriesDose,
    intervals: list[tuple[IntervalRule, date]],
    forbidden: frozenset[str],
) -> Iterator[tuple[date, Reason]]:
    """Yield every day before which the dose must not be given, with its reason."""
    pack = progress.ruling.pack
    for age in in_force(dose.ages, case.on)[:1]:
        if age.min is not None:
            yield case.age_day(age.min, pack), Reason("min_age", {"age": str(age.min)})
    for rule, since in intervals:
        if rule.min is not None:
            facts: dict[str, object] = {"interval": str(rule.min), "since": since}
            if rule.from_observation is not None:
                facts["observation"] = rule.from_observation
            yield _after(since, rule.min, pack), Reason("min_interval", facts)
    if dose.season is not None:
        yield dose.season.start, Reason("season", {"start": dose.season.start})
    for judged in progress.judged[-1:]:
        yield judged.record.day, Reason("not_before_last_dose", {"given_on": judged.record.day})
    conflict = _conflict_end(case, dose, forbidden)
    if conflict is not None:
        yield conflict


def _conflict_end(case: Case, dose: SeriesDose, forbidden: frozenset[str]) -> tuple[date, Reason] | None:
    """Return when the first of the vaccines on offer is free of conflicts, None when one is at once."""
    ends: list[tuple[date, Reason]] = []
    for wanted in dose.preferable:
        if wanted.vaccine in forbidden:
            continue
        longest: tuple[date, Reason] | None = None
        for codes, conflict, pack in case.rules.impacts.get(wanted.vaccine, ()):
            for record in case.records:
                if record.code in codes:
                    end = conflict.end.after(record.day, pack.arithmetic)
                    if longest is None or end > longest[0]:
                        facts = {"vaccine": record.code, "given_on": record.day}
                        longest = end, Reason("conflict", facts)
        if longest is None:
            return None
        ends.append(longest)
    return min(ends, key=lambda found: found[0], default=None)
