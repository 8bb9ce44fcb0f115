"""How far a patient has come along one series: every dose held against the target dose that was next."""

from collections.abc import Sequence

from app.domain.schedule.answers import DoseStatus, Reason
from app.domain.schedule.case import Case, Record
from app.domain.schedule.judging import judge
from app.domain.schedule.packs import Rules, Ruling
from app.domain.schedule.progress import Judged, Progress
from app.domain.schedule.series_dose import SkipContext
from app.domain.schedule.skipping import can_skip

EXTRANEOUS = (Reason("series_complete"),)


def walk(case: Case, ruling: Ruling, records: Sequence[Record], complete: frozenset[str]) -> Progress:
    """Return the series with every dose judged; ``complete`` are the series groups already complete."""
    progress = Progress(ruling, list(records), complete)
    rules: Rules | None = None
    for record in records:
        if record.rules is not rules:  # mostly the same pack as for the dose before
            rules = record.rules
            then = case.packs.ruling(ruling.antigen.antigen, ruling.series.series_id, rules, ruling)
        _take(case, progress, record, then)
    return progress


def _take(case: Case, progress: Progress, record: Record, then: Ruling) -> None:
    """Judge one dose by the series as it was ``then``."""
    doses, by = progress.ruling.series.doses, then.judged_by(record.day)
    if record.dose.sub_standard:
        reason = Reason("sub_standard", {"condition": record.dose.sub_standard})
        progress.judged.append(Judged(record, progress.at + 1, DoseStatus.SUB_STANDARD, (reason,), by))
        return
    while progress.at < len(doses):
        dose = (then.series.doses if progress.at < len(then.series.doses) else doses)[progress.at]
        if dose.skips and can_skip(case, progress, dose, SkipContext.EVALUATION, record.day, record):
            progress.at += 1
            continue
        judged = judge(case, progress, record, dose, then, by)
        progress.judged.append(judged)
        if judged.status is DoseStatus.VALID:
            progress.satisfy(record, dose)
        return
    progress.judged.append(Judged(record, None, DoseStatus.EXTRANEOUS, EXTRANEOUS, by))
