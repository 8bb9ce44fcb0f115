"""Which dose of its vaccine the next one is, as the booklet counts: AC 群流脑第 1 剂, not target dose 4."""

from collections.abc import Sequence

from app.domain.schedule.answers import DoseEvaluation, DoseStatus, GroupForecast
from app.domain.schedule.packs import Rules


def vaccine_dose_number(
    line: GroupForecast, evaluations: Sequence[DoseEvaluation], rules: Rules
) -> int | None:
    """Return one more than the valid doses of what may satisfy the next target dose; None if nothing is due.

    A series that goes from one vaccine to another (流脑 A 群 to A 群 C 群, 百白破 to 白破) begins to count
    again with the other; one whose target dose takes both (脊灰), or another in sequence (序贯), counts on.
    """
    due = next((one for one in line.series if one.target_dose is not None and one.earliest_on), None)
    if due is None or due.target_dose is None:
        return None
    ruling = rules.rulings.get((due.antigen, due.series_id))
    if ruling is None:
        return None
    dose = ruling.series.doses[due.target_dose - 1]
    codes = {one.vaccine for one in dose.preferable} | {one.vaccine for one in dose.allowable}
    counts_on = any(one.sequential for one in dose.preferable)
    return 1 + sum(
        (counts_on or evaluation.dose.vaccine_code in codes)
        and any(one.antigen == due.antigen and one.status is DoseStatus.VALID for one in evaluation.antigens)
        for evaluation in evaluations
    )
