"""Whether a target dose is not needed (CDSi 6.2, 7.1, 7.6)."""

from datetime import date

from app.domain.schedule.answers import DoseStatus
from app.domain.schedule.case import Case, Record, in_force
from app.domain.schedule.progress import Progress
from app.domain.schedule.series_dose import (
    Compare,
    Logic,
    SeriesDose,
    SkipCondition,
    SkipContext,
    SkipKind,
    SkipSet,
)


def can_skip(
    case: Case,
    progress: Progress,
    dose: SeriesDose,
    context: SkipContext,
    day: date,
    before: Record | None = None,
) -> bool:
    """Return whether a target dose may be skipped, seen on ``day``; ``before`` is the dose that is judged."""
    for skip in dose.skips:
        if skip.context not in (context, SkipContext.BOTH):
            continue
        met = [_set_met(case, progress, one, day, before) for one in in_force(skip.sets, day)]
        if met and (all(met) if skip.logic is Logic.AND else any(met)):
            return True
    return False


def _set_met(case: Case, progress: Progress, one: SkipSet, day: date, before: Record | None) -> bool:
    met = (_met(case, progress, asked, day, before) for asked in one.conditions)
    return all(met) if one.logic is Logic.AND else any(met)


def _met(case: Case, progress: Progress, asked: SkipCondition, day: date, before: Record | None) -> bool:
    match asked.kind:
        case SkipKind.AGE:
            return case.within_ages(day, asked.begin_age, asked.end_age, progress.ruling.pack)
        case SkipKind.COMPLETED_SERIES:
            return not progress.complete_groups.isdisjoint(asked.series_groups)
        case SkipKind.INTERVAL:
            return _interval_met(progress, asked, day)
        case SkipKind.OBSERVATION:
            return asked.observation in case.observed
        case SkipKind.BORN:
            return _between(case.birth_on, asked.start, asked.end)
    return _compare(_count(case, progress, asked, before), asked)


def _interval_met(progress: Progress, asked: SkipCondition, day: date) -> bool:
    since = progress.judged[-1].record.day if progress.judged else None
    if since is None or asked.interval is None:
        return False
    return day >= asked.interval.after(since, progress.ruling.pack.arithmetic)


def _between(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def _count(case: Case, progress: Progress, asked: SkipCondition, before: Record | None) -> int:
    if asked.valid_only:
        records = [judged.record for judged in progress.judged if judged.status is DoseStatus.VALID]
    else:
        records = case.records if asked.vaccines else progress.records
        if before is not None:
            records = [record for record in records if record.place < before.place]
    return sum(
        (not asked.vaccines or record.code in asked.vaccines)
        and case.within_ages(record.day, asked.begin_age, asked.end_age, progress.ruling.pack)
        and _between(record.day, asked.start, asked.end)
        for record in records
    )


def _compare(count: int, asked: SkipCondition) -> bool:
    if asked.compare is Compare.MORE:
        return count > asked.count
    return count == asked.count if asked.compare is Compare.EQUAL else count < asked.count
