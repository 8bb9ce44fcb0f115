"""Which of the series of an antigen goes on (CDSi 8)."""

from collections.abc import Callable, Iterable
from datetime import date

from app.domain.schedule.answers import DoseStatus, SeriesStatus
from app.domain.schedule.case import Case
from app.domain.schedule.outlook import Outlook
from app.domain.schedule.series import Selection, Series, SeriesType

_NEVER = date.max


def best_of(case: Case, outlooks: list[Outlook]) -> list[Outlook]:
    """Return the series that go on, at most one of each series group (table 8-14)."""
    if len(outlooks) == 1 and _is_alone(case, outlooks[0]):
        return outlooks
    prioritized = {}
    for group in dict.fromkeys(_selection(one).series_group for one in outlooks):
        found = _prioritized(case, [one for one in outlooks if _selection(one).series_group == group])
        if found is not None:
            prioritized[group] = found
    return [one for one in prioritized.values() if _is_best(one, prioritized)]


def _is_alone(case: Case, outlook: Outlook) -> bool:
    """The usual case, said at once: one standard series, the default of its group, for the patient's age."""
    series = _series(outlook)
    return series.type is SeriesType.STANDARD and series.selection.default and _old_enough(case, outlook)


def _series(outlook: Outlook) -> Series:
    return outlook.progress.ruling.series


def _selection(outlook: Outlook) -> Selection:
    return outlook.progress.ruling.series.selection


def _complete(outlook: Outlook) -> bool:
    return outlook.status is SeriesStatus.COMPLETE


def _is_best(outlook: Outlook, prioritized: dict[str, Outlook]) -> bool:
    if _complete(outlook):
        return True
    equivalent = [prioritized[name] for name in _series(outlook).equivalent_groups if name in prioritized]
    if any(_complete(one) for one in equivalent) or _series(outlook).type is SeriesType.EVALUATION_ONLY:
        return False
    return _series(outlook).type is SeriesType.RISK or all(
        _series(one).type is not SeriesType.RISK for one in equivalent
    )


def _prioritized(case: Case, group: list[Outlook]) -> Outlook | None:
    """Table 8-3: the one series of a series group."""
    group = [one for one in group if _old_enough(case, one)]
    group = [one for one in group if one.status is not SeriesStatus.CONTRAINDICATED] or group  # SELECTB-24
    scorable = _scorable(case, group)
    defaults = [one for one in group if _selection(one).default]
    if not scorable:
        return defaults[0] if defaults else None
    if len(scorable) == 1:
        return scorable[0]
    complete = [one for one in scorable if _complete(one)]
    if complete:
        return _highest(complete, [_points(complete, _valid_doses, 1)])
    going = [one for one in scorable if _in_process(one)]
    if going:
        return _highest(going, _process_points(going))
    if defaults and defaults[0] in scorable and not any(_valid_doses(one) for one in scorable):
        return defaults[0]
    return _highest(scorable, _start_points(scorable))


def _old_enough(case: Case, outlook: Outlook) -> bool:
    earliest = _selection(outlook).min_age_to_start
    if earliest is None or outlook.progress.satisfied or _series(outlook).type is SeriesType.RISK:
        return True
    return case.on >= case.age_day(earliest, outlook.progress.ruling.pack)


def _in_process(outlook: Outlook) -> bool:
    return outlook.status is SeriesStatus.NOT_COMPLETE and bool(outlook.progress.satisfied)


def _valid_doses(outlook: Outlook) -> int:
    return len(outlook.progress.satisfied)


def _scorable(case: Case, group: list[Outlook]) -> list[Outlook]:
    """SELECTSCORE-2."""
    hopeful = [one for one in group if one.status is not SeriesStatus.AGED_OUT] or group
    highest = min(
        (_selection(one).priority for one in hopeful if _series(one).type is SeriesType.RISK), default=""
    )
    any_valid = any(_valid_doses(one) for one in group)
    default = any(_selection(one).default for one in group)
    return [
        one
        for one in group
        if (_series(one).type is SeriesType.RISK and _selection(one).priority == highest)
        or (_series(one).type is SeriesType.STANDARD and _standard_scorable(case, one, any_valid, default))
        or (_series(one).type is SeriesType.EVALUATION_ONLY and _complete(one))
    ]


def _standard_scorable(case: Case, outlook: Outlook, any_valid: bool, default: bool) -> bool:
    if not outlook.progress.satisfied:
        return not any_valid and not default
    latest = _selection(outlook).max_age_to_start
    first = min(record.day for _, record, _ in outlook.progress.satisfied)
    return latest is None or first < case.age_day(latest, outlook.progress.ruling.pack)


def _highest(outlooks: list[Outlook], points: Iterable[list[int]]) -> Outlook:
    """SELECTBEST-1, -2; without a preference the order of the pack decides."""
    scores = [sum(column) for column in zip(*points, strict=True)]
    best = max(scores)
    tied = [one for one, score in zip(outlooks, scores, strict=True) if score == best]
    return min(tied, key=lambda one: _selection(one).preference or 99)


def _points(outlooks: list[Outlook], worth: Callable[[Outlook], int], points: int) -> list[int]:
    """The highest alone gets the points, several of them none, the others lose them."""
    values = [worth(one) for one in outlooks]
    top = max(values)
    won = points if values.count(top) == 1 else 0
    return [won if value == top else -points for value in values]


def _flag(outlooks: list[Outlook], asked: Callable[[Outlook], bool], points: int) -> list[int]:
    return [points if asked(one) else -points for one in outlooks]


def _process_points(outlooks: list[Outlook]) -> Iterable[list[int]]:
    """Table 8-9."""
    yield _flag(outlooks, _product_path_kept, 2)
    yield _flag(outlooks, _completable, 3)
    yield _points(outlooks, _valid_doses, 2)
    yield _points(outlooks, lambda one: -_missing(one), 2)
    yield _points(outlooks, lambda one: -(_finish(one) if _completable(one) else _NEVER).toordinal(), 1)


def _start_points(outlooks: list[Outlook]) -> Iterable[list[int]]:
    """Table 8-11."""
    yield _points(outlooks, lambda one: -(one.earliest or _NEVER).toordinal(), 1)
    yield _flag(outlooks, _completable, 1)
    yield _flag(outlooks, lambda one: not _selection(one).product_path, 1)


def _product_path_kept(outlook: Outlook) -> bool:
    """SELECTB-23, -2."""
    return _selection(outlook).product_path and all(
        judged.status is DoseStatus.VALID for judged in outlook.progress.judged
    )


def _missing(outlook: Outlook) -> int:
    """SELECTB-5, of a series under way: it has a next dose."""
    return len(_series(outlook).doses) - (outlook.target or 0)


def _finish(outlook: Outlook) -> date:
    """SELECTB-12: the earliest day plus the minimum intervals of what remains."""
    if outlook.earliest is None or outlook.target is None:
        return _NEVER
    day, pack = outlook.earliest, outlook.progress.ruling.pack
    for dose in _series(outlook).doses[outlook.target + 1 :]:
        days = [
            rule.min.after(day, pack.arithmetic) for rule in dose.intervals if rule.min and rule.from_previous
        ]
        day = max(days, default=day)
    return day


def _completable(outlook: Outlook) -> bool:
    """SELECTB-3."""
    return _finish(outlook) < (outlook.finish_before or _NEVER)
