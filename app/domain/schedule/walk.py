"""How far a patient has come along one series: every dose held against the target dose that was next."""

from collections.abc import Sequence

from app.domain.schedule.answers import DoseStatus, Reason
from app.domain.schedule.case import Case, Record
from app.domain.schedule.judging import judge
from app.domain.schedule.packs import Ruling
from app.domain.schedule.progress import Judged, Progress
from app.domain.schedule.series_dose import SkipContext
from app.domain.schedule.skipping import can_skip

EXTRANEOUS = Reason("series_complete")


def walk(case: Case, ruling: Ruling, records: Sequence[Record], complete: frozenset[str]) -> Progress:
    """Return the series with every dose judged; ``complete`` are the series groups already complete."""
    progress = Progress(ruling, list(records), complete)
    for record in records:
        _take(case, progress, record)
    return progress


def _take(case: Case, progress: Progress, record: Record) -> None:
    antigen, series = progress.ruling.antigen.antigen, progress.ruling.series
    ruling = case.packs.ruling(antigen, series.series_id, record.rules, progress.ruling)
    by = ruling.judged_by(record.day)
    if record.dose.sub_standard:
        reason = Reason("sub_standard", {"condition": record.dose.sub_standard})
        progress.judged.append(Judged(record, progress.at + 1, DoseStatus.SUB_STANDARD, (reason,), by))
        return
    while progress.at < len(series.doses):
        doses = ruling.series.doses
        dose = doses[progress.at] if progress.at < len(doses) else series.doses[progress.at]
        if dose.skips and can_skip(case, progress, dose, SkipContext.EVALUATION, record.day, record):
            progress.skip()
            continue
        progress.judged.append(judge(case, progress, record, dose, ruling, by))
        if progress.judged[-1].status is DoseStatus.VALID:
            progress.satisfy(record, dose)
        return
    progress.judged.append(Judged(record, None, DoseStatus.EXTRANEOUS, (EXTRANEOUS,), by))
