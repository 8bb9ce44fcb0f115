"""One answer for each dose of the record, from what its antigens say."""

from dataclasses import dataclass

from app.domain.schedule.answers import AntigenEvaluation, DoseEvaluation, DoseStatus, Reason
from app.domain.schedule.case import Case, Record
from app.domain.schedule.outlook import Outlook
from app.domain.schedule.progress import Judged


@dataclass(frozen=True, slots=True)
class AntigenOutcome:
    """An antigen: its doses, every series that is for the patient, and those that go on."""

    records: list[Record]
    outlooks: list[Outlook]
    best: list[Outlook]


_SERIES_ORDER = (DoseStatus.VALID, DoseStatus.EXTRANEOUS, DoseStatus.NOT_VALID, DoseStatus.SUB_STANDARD)
"""Of several series that go on, the one that thinks best of a dose speaks."""


def sum_up(case: Case, outcomes: dict[str, AntigenOutcome]) -> tuple[DoseEvaluation, ...]:
    """Return every dose of the history, in the order in which it was entered."""
    by_antigen = {name: _judged(outcome) for name, outcome in outcomes.items()}
    answers = {}
    for record in case.history:
        antigens = tuple(found[record.place] for found in by_antigen.values() if record.place in found)
        answers[record.entry] = _dose(case, record, antigens)
    return tuple(answers[entry] for entry in range(len(answers)))


def _judged(outcome: AntigenOutcome) -> dict[int, AntigenEvaluation]:
    found: dict[int, AntigenEvaluation] = {}
    for outlook in outcome.best or outcome.outlooks[:1]:
        for judged in outlook.progress.judged:
            place = judged.record.place
            if place not in found or _better(judged.status, found[place].status):
                found[place] = _evaluation(outlook, judged)
    return found


def _better(one: DoseStatus, other: DoseStatus) -> bool:
    return _SERIES_ORDER.index(one) < _SERIES_ORDER.index(other)


def _evaluation(outlook: Outlook, judged: Judged) -> AntigenEvaluation:
    ruling = outlook.progress.ruling
    return AntigenEvaluation(
        ruling.antigen.antigen,
        ruling.series.group,
        ruling.series.series_id,
        judged.target,
        judged.status,
        judged.reasons,
        judged.by,
    )


def _dose(case: Case, record: Record, antigens: tuple[AntigenEvaluation, ...]) -> DoseEvaluation:
    doubts = tuple(_doubts(case, record))
    if len(antigens) == 1:
        return DoseEvaluation(record.dose, antigens[0].status, antigens, antigens[0].reasons, doubts)
    reasons = tuple(dict.fromkeys(reason for one in antigens for reason in one.reasons))
    statuses = {one.status for one in antigens}
    for status in (DoseStatus.SUB_STANDARD, DoseStatus.NOT_VALID, DoseStatus.VALID, DoseStatus.EXTRANEOUS):
        if status in statuses:
            return DoseEvaluation(record.dose, status, antigens, reasons, doubts)
    why = [doubt for doubt in doubts if doubt.name in ("before_birth", "in_the_future", "unknown_vaccine")]
    impossible = any(doubt.name != "unknown_vaccine" for doubt in why)
    status = DoseStatus.NOT_VALID if impossible else DoseStatus.EXTRANEOUS
    return DoseEvaluation(record.dose, status, (), tuple(why) or (Reason("protects_in_no_series"),), doubts)


def _doubts(case: Case, record: Record) -> list[Reason]:
    doubts = []
    if record.day < case.birth_on:
        doubts.append(Reason("before_birth", {"birth_on": case.birth_on}))
    if record.day > case.on:
        doubts.append(Reason("in_the_future", {"on": case.on}))
    if case.vaccine(record) is None:
        doubts.append(Reason("unknown_vaccine", {"vaccine": record.code}))
    beside = case.history[max(record.place - 1, 0) : record.place + 2]  # by date and then by code
    twice = [one for one in beside if one.day == record.day and one.code == record.code]
    if len(twice) > 1:
        doubts.append(Reason("same_day_same_vaccine", {"vaccine": record.code}))
    return doubts
