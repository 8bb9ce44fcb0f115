"""From where an interval counts."""

from datetime import date

from app.domain.schedule.case import Case, Record
from app.domain.schedule.progress import Progress
from app.domain.schedule.series_dose import AllowableInterval, IntervalRule


def reference_day(
    case: Case, progress: Progress, rule: IntervalRule | AllowableInterval, before: Record | None
) -> date | None:
    """Return the day from which an interval counts, None when there is none (CALCDTINT-1, -2, -8, -9).

    ``before`` is the dose that is judged; None asks for a dose to come.
    """
    if rule.from_previous:
        return progress.previous()
    if rule.from_dose is not None:
        return progress.day_of_target(rule.from_dose)
    if isinstance(rule, AllowableInterval):
        return None
    if rule.from_observation is not None:
        observed = case.observed.get(rule.from_observation)
        return observed.on if observed else None
    return _most_recent(case, progress, rule.from_most_recent, before)


def _most_recent(
    case: Case, progress: Progress, codes: tuple[str, ...], before: Record | None
) -> date | None:
    for record in reversed(case.records):
        if before is not None and record.place >= before.place:
            continue
        if record.code in codes and not record.dose.sub_standard and not progress.inadvertent(record):
            return record.day
    return None
