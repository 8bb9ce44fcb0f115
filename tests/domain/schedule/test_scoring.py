"""The points of the tables 8-7, 8-9 and 8-11: every one weighed against the others, and what each counts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.schedule.answers import DoseStatus, JudgedBy, SeriesStatus
from app.domain.schedule.case import Case, Record
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.outlook import Outlook
from app.domain.schedule.packs import Packs
from app.domain.schedule.progress import Judged, Progress
from app.domain.schedule.selecting import best_of
from tests.domain.schedule.little_packs import BORN, antigen, dose, pack, series

ON = date(2026, 3, 14)
DAY = timedelta(1)
BY = JudgedBy("little", "1")
CASE = Case(Subject(BORN), [], Packs([]), ON)
SOON, LATER = date(2026, 5, 1), date(2026, 6, 1)


def candidate(
    name: str,
    *,
    valid: int = 2,
    missing: int = 2,
    spoilt: int = 0,
    skipped: int = 0,
    earliest: date | None = SOON,
    before: date | None = None,
    gaps: Sequence[str] = (),
    status: SeriesStatus = SeriesStatus.NOT_COMPLETE,
    first: date = date(2025, 4, 1),
    of: dict[str, Any] | None = None,
    **selection: Any,
) -> Outlook:
    """A series under way: ``valid`` doses counted, ``missing`` to come, the next from ``earliest`` on.

    ``before``: the maximum age of its last dose; ``gaps``: minimum intervals of the doses after the next.
    """
    doses = [dose()] * (valid + skipped + missing - len(gaps)) + [dose(gap=gap) for gap in gaps]
    rules = pack(
        antigen(series(*doses, series_id=name, selection={"default": False} | selection, **of or {}))
    )
    packs = Packs([rules])
    (ruling,) = packs.on(ON).by_antigen["A"]
    given = [Record(n, n, Dose("V", first + n * DAY), packs.on(ON)) for n in range(valid + spoilt)]
    progress = Progress(ruling, given, frozenset(), at=valid)
    progress.satisfied = [(n, record, ruling.series.doses[n]) for n, record in enumerate(given[:valid])]
    statuses = [DoseStatus.VALID] * valid + [DoseStatus.NOT_VALID] * spoilt
    progress.judged = [
        Judged(record, 1, found, (), BY) for record, found in zip(given, statuses, strict=True)
    ]
    open_one = status is SeriesStatus.NOT_COMPLETE
    return Outlook(
        progress,
        status,
        target=valid + skipped if open_one else None,
        earliest=earliest,
        finish_before=before,
    )


def best(*candidates: Outlook) -> list[str]:
    return [one.progress.ruling.series.series_id for one in best_of(CASE, list(candidates))]


def better(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Return who goes on, whatever the order; ``even`` where only the preference decides."""
    found = set()
    for preferred, second in (("one", "other"), ("other", "one")):
        rank = {preferred: 1, second: 2}
        pair = [candidate(name, **({"one": one, "other": other}[name]), preference=rank[name])
                for name in ("one", "other")]  # fmt: skip
        assert best(*pair) == best(*pair[::-1])
        found |= set(best(*pair))
    return found.pop() if len(found) == 1 else "even"


PATH: dict[str, Any] = {"product_path": True}
TOO_LATE: dict[str, Any] = {"before": SOON}
"""Its last dose cannot come in time."""


@pytest.mark.parametrize(
    ("one", "other", "goes_on"),
    [
        ({}, {}, "even"),
        (PATH, {}, "one"),
        (PATH | {"spoilt": 1}, {}, "even"),
        ({}, TOO_LATE, "one"),
        ({}, {"before": SOON + DAY}, "even"),
        ({"valid": 3}, {}, "one"),
        ({"missing": 1}, {}, "one"),
        ({}, {"earliest": LATER}, "one"),
        ({"valid": 3, "missing": 3}, {}, "even"),  # most valid doses against closest to completion
        (PATH, {"valid": 3}, "even"),
        (PATH, {"missing": 1}, "even"),
        (PATH | {"valid": 3} | TOO_LATE, {}, "even"),  # 2 + 2 against 3 + 1
        (PATH | {"valid": 3, "missing": 1} | TOO_LATE, {}, "one"),
        (PATH | TOO_LATE, {}, "other"),
        (PATH, {"earliest": SOON - DAY}, "one"),
        (PATH, {"earliest": SOON - DAY, "valid": 3}, "other"),
    ],
)
def test_series_under_way_are_weighed_as_table_8_9_says(
    one: dict[str, Any], other: dict[str, Any], goes_on: str
) -> None:
    assert better(one, other) == goes_on


def test_completable_weighs_more_than_one_of_the_others_and_less_than_two() -> None:
    """A third finishes first, so that no other has the point for it; it has the fewest doses."""
    third = candidate("third", valid=1, missing=3, earliest=SOON - DAY)
    late: dict[str, Any] = {"valid": 2, "missing": 2, **TOO_LATE}
    plain: dict[str, Any] = {"valid": 2, "missing": 2}
    assert best(candidate("path", **PATH, **late), candidate("plain", **plain), third) == ["plain"]
    closest = PATH | late | {"missing": 1}
    assert best(candidate("path", **closest), candidate("plain", **plain), third) == ["path"]


def test_who_shares_the_most_gets_nothing_and_who_has_less_loses() -> None:
    """Three series: two share the most valid doses, the third makes up for it by its product alone."""
    two = [candidate("a", valid=3, missing=2), candidate("b", valid=3, missing=2, preference=1)]
    assert best(*two, candidate("c", valid=2, missing=2, **PATH)) == ["c"]
    even: dict[str, Any] = {"valid": 2, "missing": 3, **PATH}
    assert best(*two, candidate("c", **even)) == ["b"]
    two[1] = candidate("b", valid=3, missing=2, preference=2)
    assert best(*two, candidate("c", **even, preference=1)) == ["c"]


@pytest.mark.parametrize(("before", "goes_on"), [(date(2026, 12, 1), "even"), (date(2026, 12, 2), "one")])
def test_a_series_finishes_after_the_intervals_of_all_its_remaining_doses(before: date, goes_on: str) -> None:
    """SELECTB-12: 1 May, six months and one more; SELECTB-3: before that day, not on it."""
    own = {"missing": 3, "gaps": ["6 months", "1 month"], "before": before}
    too_late = {"missing": 3, "earliest": LATER, "before": LATER}
    assert better(own, too_late) == goes_on


def test_months_to_the_finish_are_counted_as_the_pack_does() -> None:
    """Six months after 31 August is the last of February, not 1 March."""
    own = {"earliest": date(2026, 8, 31), "gaps": ["6 months"], "before": date(2027, 3, 1)}
    assert better(own, {"earliest": LATER, "before": LATER}) == "one"


def test_of_the_next_dose_the_interval_is_in_its_earliest_day_already() -> None:
    own = candidate("own", missing=1, valid=2, before=SOON + DAY)
    assert own.target == 2
    gapped = pack(antigen(series(dose(), dose(), dose(gap="6 months"), series_id="own")))
    (ruling,) = Packs([gapped]).on(ON).by_antigen["A"]
    own.progress.ruling = ruling
    assert best(own, candidate("other", valid=2, missing=1, before=SOON, preference=1)) == ["own"]


def test_the_longest_interval_from_the_dose_before_counts_and_no_other() -> None:
    between = [
        {"from_previous": True, "min": "1 month"},
        {"from_previous": True, "min": "3 months"},
        {"from_dose": 1, "min": "2 years"},
        {"from_previous": True, "abs_min": "4 weeks"},
    ]
    last = dose(intervals=between)
    rules = pack(antigen(series(dose(), dose(), dose(), last, series_id="own", selection={"preference": 2})))
    (ruling,) = Packs([rules]).on(ON).by_antigen["A"]
    for before, goes_on in ((date(2026, 8, 2), "own"), (date(2026, 8, 1), "other")):
        own = candidate("own", before=before)
        own.progress.ruling = ruling
        assert best(own, candidate("other", earliest=date(2026, 9, 1), preference=1)) == [goes_on]


def test_what_was_skipped_is_no_longer_missing() -> None:
    assert better({"skipped": 1, "missing": 1}, {"missing": 2}) == "one"


def test_of_complete_series_the_one_with_more_valid_doses_goes_on() -> None:
    """Table 8-7."""
    done: dict[str, Any] = {"status": SeriesStatus.COMPLETE, "missing": 0, "earliest": None}
    assert better(done, done) == "even"
    assert better(done | {"valid": 3}, done) == "one"
    assert better(done, {"valid": 5, "missing": 1}) == "one", "complete before under way"


NONE: dict[str, Any] = {"valid": 0, "missing": 2}


@pytest.mark.parametrize(
    ("one", "other", "goes_on"),
    [
        ({}, {}, "even"),
        ({"earliest": SOON - DAY}, {}, "one"),
        ({"earliest": None}, {}, "other"),
        ({}, TOO_LATE, "one"),
        ({}, PATH, "one"),
        (TOO_LATE | {"earliest": SOON - DAY, "before": SOON - DAY}, {}, "even"),
        (PATH | {"earliest": SOON - DAY}, {}, "even"),
        (PATH, TOO_LATE, "even"),
    ],
)
def test_series_without_a_valid_dose_are_weighed_as_table_8_11_says(
    one: dict[str, Any], other: dict[str, Any], goes_on: str
) -> None:
    assert better(NONE | one, NONE | other) == goes_on


def test_without_a_valid_dose_the_default_goes_on_whatever_its_points() -> None:
    """Table 8-3, the last column."""
    default = candidate("default", **NONE, **PATH, default=True, of={"type": "risk"} | ILL)
    risk = candidate("risk", **NONE, earliest=SOON - DAY, of={"type": "risk"} | ILL)
    assert best(risk, default) == ["default"]


ILL: dict[str, Any] = {"indications": [{"observation": "ill"}]}


def test_of_a_risk_series_that_is_over_the_priority_counts_no_more() -> None:
    """Else an adult would be left with nothing by a series for infants (docs/conformance.md)."""
    over = candidate("over", **NONE, status=SeriesStatus.AGED_OUT, priority="A", of={"type": "risk"} | ILL)
    open_one = candidate("open", **NONE, priority="B", of={"type": "risk"} | ILL)
    assert best(over, open_one) == ["open"]
    assert best(candidate("a", **NONE, priority="A", of={"type": "risk"} | ILL), open_one) == ["a"]


@pytest.mark.parametrize(("day", "goes_on"), [(date(2027, 3, 9), "infant"), (date(2027, 3, 10), "late")])
def test_a_series_is_begun_before_its_maximum_age_to_start(day: date, goes_on: str) -> None:
    """SELECTSCORE-2: by the first valid dose, and not on that day."""
    infant = candidate("infant", valid=3, first=day, max_age_to_start="24 months")
    assert best(infant, candidate("late", first=day)) == [goes_on]


def test_a_standard_series_without_a_valid_dose_is_none_where_another_has_one() -> None:
    assert best(candidate("fresh", **NONE, preference=1), candidate("begun")) == ["begun"]
    assert best(candidate("fresh", **NONE, default=True), candidate("begun")) == ["begun"]


def test_a_series_for_judging_alone_is_none_until_it_is_complete() -> None:
    judging: dict[str, Any] = {"type": "evaluation_only"}
    assert best(candidate("old", of=judging)) == []
    done = candidate("old", of=judging, status=SeriesStatus.COMPLETE, missing=0)
    assert best(done) == ["old"]


def test_without_any_that_can_be_scored_the_default_goes_on() -> None:
    """Table 8-3, the first column: the default has no dose, the other was begun too late."""
    late = candidate("late", first=date(2027, 4, 1), max_age_to_start="24 months")
    assert best(late, candidate("default", **NONE, default=True)) == ["default"]
    assert best(late) == []
    fresh = candidate("fresh", **NONE)
    assert best(late, fresh) == [], "somebody who has a valid dose begins no other by itself"


def test_a_default_of_lower_priority_keeps_a_standard_series_from_being_begun() -> None:
    """SELECTSCORE-2: a standard series without a dose is scored where the group has no default."""
    default = candidate("default", **NONE, default=True, priority="B", of={"type": "risk"} | ILL)
    first = candidate("first", **NONE, of={"type": "risk"} | ILL)
    assert best(default, first, candidate("fresh", **NONE, preference=1)) == ["first"]


@pytest.mark.parametrize(
    ("facts", "goes_on"),
    [
        ({"valid": 0}, []),
        ({"valid": 1}, ["own"]),
        ({"valid": 0, "of": {"type": "risk"} | ILL}, ["own"]),
        ({"valid": 0, "min_age_to_start": "1 year"}, ["own"]),
    ],
)
def test_before_its_age_to_start_a_standard_series_is_not_begun_but_goes_on(
    facts: dict[str, Any], goes_on: list[str]
) -> None:
    """A risk series has its indication for that (docs/conformance.md)."""
    own: dict[str, Any] = {"missing": 2, "min_age_to_start": "50 years"}
    assert best(candidate("own", **own | facts)) == goes_on
