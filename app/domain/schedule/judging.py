"""Whether one dose satisfies one target dose: age, intervals, conflicts, vaccine (CDSi 6.3-6.10)."""

from collections.abc import Iterator
from datetime import date

from app.domain.schedule.answers import DoseStatus, JudgedBy, Reason
from app.domain.schedule.case import Case, Record, in_force
from app.domain.schedule.duration import Duration
from app.domain.schedule.intervals import reference_day
from app.domain.schedule.packs import Ruling
from app.domain.schedule.progress import Judged, Progress
from app.domain.schedule.series_dose import IntervalRule, PreferableVaccine, SeriesDose, SkipContext

NOTES = frozenset({"grace_period", "little_volume"})
"""Reasons that say something and refuse nothing."""


def judge(
    case: Case, progress: Progress, record: Record, dose: SeriesDose, ruling: Ruling, by: JudgedBy
) -> Judged:
    """Return what a dose is worth for the target dose ``dose``."""
    number = progress.at + 1
    if record.code in dose.inadvertent:
        reason = Reason("inadvertent_vaccine", {"vaccine": record.code})
        return Judged(record, number, DoseStatus.NOT_VALID, (reason,), by, inadvertent=True)
    reasons: list[Reason] = []
    if progress.judged and progress.judged[-1].record.day == record.day:
        reasons += _twice(progress, record)
    if dose.ages:
        reasons += _age(case, record, dose, ruling)
    if dose.intervals:
        reasons += _intervals(case, progress, record, dose, ruling)
    if record.code in record.rules.impacts:
        reasons += _conflicts(case, progress, record)
    reasons += _vaccine(case, record, dose, ruling)
    status = _status(reasons) if reasons else DoseStatus.VALID
    return Judged(record, number, status, tuple(reasons), by)


def _status(reasons: list[Reason]) -> DoseStatus:
    names = {reason.name for reason in reasons} - NOTES
    if "too_old" in names:
        return DoseStatus.EXTRANEOUS
    return DoseStatus.NOT_VALID if names else DoseStatus.VALID


def _twice(progress: Progress, record: Record) -> Iterator[Reason]:
    """Of one vaccine one dose a day counts, whatever the intervals say: the other is a double entry."""
    for judged in reversed(progress.judged):
        if judged.record.day != record.day:
            return
        if judged.record.code == record.code and judged.status is DoseStatus.VALID:
            yield Reason("same_day_same_vaccine", {"vaccine": record.code})
            return


def _age(case: Case, record: Record, dose: SeriesDose, ruling: Ruling) -> Iterator[Reason]:
    for rule in in_force(dose.ages, record.day)[:1]:
        lowest = rule.min if rule.abs_min is None else rule.abs_min
        if lowest is not None and record.day < case.age_day(lowest, ruling.pack):
            yield _from_day("too_young", lowest, case.age_day(lowest, ruling.pack))
        elif (  # without days of grace the minimum was asked just now
            rule.abs_min is not None
            and rule.min is not None
            and record.day < case.age_day(rule.min, ruling.pack)
        ):
            yield Reason("grace_period", {"age": str(rule.min)})
        if rule.max is not None and record.day >= case.age_day(rule.max, ruling.pack):
            yield Reason("too_old", {"max": str(rule.max), "until": case.age_day(rule.max, ruling.pack)})


def _from_day(name: str, length: Duration, day: date, **facts: object) -> Reason:
    return Reason(name, {"min": str(length), "from": day, **facts})


def _intervals(
    case: Case, progress: Progress, record: Record, dose: SeriesDose, ruling: Ruling
) -> Iterator[Reason]:
    reasons = list(_preferable_intervals(case, progress, record, dose, ruling))
    short = [reason for reason in reasons if reason.name not in NOTES]
    yield from [] if short and _allowable(case, progress, record, dose, ruling) else reasons


def _preferable_intervals(
    case: Case, progress: Progress, record: Record, dose: SeriesDose, ruling: Ruling
) -> Iterator[Reason]:
    for rule in in_force(dose.intervals, record.day):
        if rule.planned_only:
            continue
        since = reference_day(case, progress, rule, record)
        if since is None:
            continue
        lowest = rule.min if rule.abs_min is None else rule.abs_min
        if lowest is None:
            continue
        day = lowest.after(since, ruling.pack.arithmetic)
        if record.day < day:
            yield _from_day("interval_too_short", lowest, day, since=since, of=_of(rule))
        elif (
            rule.abs_min is not None
            and rule.min is not None
            and record.day < rule.min.after(since, ruling.pack.arithmetic)
        ):
            yield Reason("grace_period", {"interval": str(rule.min), "since": since})


def _of(rule: IntervalRule) -> str:
    if rule.from_previous:
        return "previous"
    if rule.from_dose is not None:
        return f"dose {rule.from_dose}"
    return rule.from_observation or " ".join(rule.from_most_recent)


def _allowable(case: Case, progress: Progress, record: Record, dose: SeriesDose, ruling: Ruling) -> bool:
    rules = in_force(dose.allowable_intervals, record.day)
    for rule in rules:
        since = reference_day(case, progress, rule, record)
        if since is not None and record.day < rule.abs_min.after(since, ruling.pack.arithmetic):
            return False
    return bool(rules)


def _conflicts(case: Case, progress: Progress, record: Record) -> Iterator[Reason]:
    """Of all doses until that day: on one day nobody knows which came first."""
    impacts = record.rules.impacts[record.code]
    for before in case.records:
        if before.day > record.day:
            return
        if before.day == record.day and before.code == record.code:
            continue  # itself, or its double, of which _twice speaks
        for codes, conflict, pack in impacts:
            if before.code not in codes or conflict.context is SkipContext.FORECAST:
                continue
            trusted = progress.status_of(before) in (None, DoseStatus.VALID)
            end = conflict.abs_end if trusted and conflict.abs_end is not None else conflict.end
            ends = end.after(before.day, pack.arithmetic)
            if conflict.begin.after(before.day, pack.arithmetic) <= record.day < ends:
                facts = {"vaccine": before.code, "given_on": before.day, "from": ends}
                yield Reason("conflict", facts)


def _vaccine(case: Case, record: Record, dose: SeriesDose, ruling: Ruling) -> Iterator[Reason]:
    faults = []
    for wanted in dose.preferable:
        if wanted.vaccine == record.code:
            fault = _preferable_fault(case, record, wanted, ruling)
            if fault is None:
                if record.dose.quantity_ml is not None:
                    yield from _volume(record, wanted)
                return
            faults.append(fault)
    for allowed in dose.allowable:
        if allowed.vaccine == record.code:
            if case.within_ages(record.day, allowed.begin_age, allowed.end_age, ruling.pack):
                return
            faults.append("vaccine_outside_its_ages")
    yield Reason(faults[0] if faults else "not_a_vaccine_of_this_dose", {"vaccine": record.code})


def _preferable_fault(case: Case, record: Record, wanted: PreferableVaccine, ruling: Ruling) -> str | None:
    if not case.within_ages(record.day, wanted.begin_age, wanted.end_age, ruling.pack):
        return "vaccine_outside_its_ages"
    dose = record.dose
    if wanted.market_holder and dose.market_holder and wanted.market_holder != dose.market_holder:
        return "another_product"
    if wanted.product and dose.product_code and wanted.product != dose.product_code:
        return "another_product"
    return None


def _volume(record: Record, wanted: PreferableVaccine) -> Iterator[Reason]:
    given, asked = _millilitres(record.dose.quantity_ml), _millilitres(wanted.volume_ml)
    if given is not None and asked is not None and given < asked:
        yield Reason("little_volume", {"given": record.dose.quantity_ml, "asked": wanted.volume_ml})


def _millilitres(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
