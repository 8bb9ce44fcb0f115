"""What a child lacks at the door of the kindergarten or school, by the programme in use (APP-8)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.entry_check import EntryCheck, EntryVerdict, TooOldForEntryCheck, check_entry
from app.domain.people import Sex
from app.domain.schedule.choosing import choose
from app.domain.schedule.engine import assess
from app.domain.schedule.history import Dose, Subject
from app.domain.schedule.standing import Standing
from tests.domain.schedule import shipped

PACKS = choose(shipped.PACKS)
BORN = date(2022, 3, 10)
SEPTEMBER = date(2026, 9, 1)
WHOLE = (
    "HepB 2022-03-10", "BCG 2022-03-10", "HepB 2022-04-10", "IPV 2022-05-10", "IPV 2022-06-10",
    "DTaP 2022-06-10", "bOPV 2022-07-10", "DTaP 2022-07-10", "DTaP 2022-08-10", "HepB 2022-09-10",
    "MPSV-A 2022-09-10", "MMR 2022-11-10", "JE-L 2022-11-10", "MPSV-A 2022-12-10", "MMR 2023-09-10",
    "DTaP 2023-09-10", "HepA-L 2023-09-10", "JE-L 2024-03-10", "MPSV-AC 2025-03-10", "bOPV 2026-03-10",
)  # fmt: skip
"""Every dose on its day until four years of age."""


def check(*doses: str, on: date = SEPTEMBER, born: date = BORN) -> EntryCheck:
    history = [Dose(code, date.fromisoformat(day)) for code, day in (one.split() for one in doses)]
    answer = assess(Subject(born, Sex.FEMALE), history, PACKS, on)
    return check_entry(born, answer.evaluations, answer.forecasts, PACKS.on(on), on)


def lacking(found: EntryCheck) -> list[tuple[str, int]]:
    return [(one.vaccine_code, one.dose_number) for one in found.missing]


def test_who_had_every_dose_of_the_age_is_complete() -> None:
    found = check(*WHOLE)
    assert found.verdict is EntryVerdict.COMPLETE
    assert lacking(found) == []
    assert found.unverified


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("HepB 2022-09-10", ("HepB", 3)),
        ("bOPV 2026-03-10", ("bOPV", 4)),
        ("MMR 2023-09-10", ("MMR", 2)),
        ("JE-L 2024-03-10", ("JE-L", 2)),
        ("MPSV-AC 2025-03-10", ("MPSV-AC", 1)),
        ("HepA-L 2023-09-10", ("HepA-L", 1)),
        ("DTaP 2023-09-10", ("DTaP", 4)),
    ],
)
def test_a_dose_of_the_age_that_was_not_given_is_missing(left_out: str, expected: tuple[str, int]) -> None:
    found = check(*(one for one in WHOLE if one != left_out))
    assert lacking(found) == [expected]
    assert found.verdict is EntryVerdict.MISSING
    assert found.missing[0].line.reasons


def test_the_dose_of_a_later_age_is_not_asked_for() -> None:
    """The sixth year brings DTaP and MPSV-AC: not on the day before, but on the birthday."""
    birthday = date(2028, 3, 10)
    assert lacking(check(*WHOLE, on=birthday - timedelta(1))) == []
    assert set(lacking(check(*WHOLE, on=birthday))) == {("DTaP", 5), ("MPSV-AC", 2)}


def test_a_dose_put_off_by_an_interval_is_missing_and_tells_from_when() -> None:
    doses = [one for one in WHOLE if not one.startswith("HepB")]
    (one,) = check(*doses, "HepB 2026-08-20").missing
    assert (one.vaccine_code, one.dose_number, one.standing) == ("HepB", 2, Standing.LATER)
    assert one.line.earliest_on == date(2026, 9, 17)


def test_a_dose_that_does_not_count_is_missing_and_is_named() -> None:
    doses = [one for one in WHOLE if not one.startswith("MMR 2022")]
    found = check(*doses, "MMR 2022-11-09")
    assert ("MMR", 2) in lacking(found)
    (missing,) = (one for one in found.missing if one.vaccine_code == "MMR")
    assert [one.dose.given_on for one in missing.not_counted] == [date(2022, 11, 9)]


def test_what_is_too_late_is_not_asked_for_and_is_said() -> None:
    found = check(*(one for one in WHOLE if not one.startswith("BCG")))
    assert found.verdict is EntryVerdict.COMPLETE
    assert [line.group for line in found.beyond] == ["BCG"]


@pytest.mark.parametrize("record", ["MMR 2021-01-01", "MMR 2027-01-01", "XYZ 2025-01-01", "HepB 2022-03-10"])
def test_a_record_that_cannot_be_right_makes_it_doubtful(record: str) -> None:
    assert check(*WHOLE, record).verdict is EntryVerdict.DOUBTFUL


def test_a_grown_up_is_not_checked() -> None:
    with pytest.raises(TooOldForEntryCheck):
        check(on=date(2040, 3, 10))


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(WHOLE)), st.integers(0, 17 * 365))
def test_complete_means_that_no_dose_is_due_or_late(doses: set[str], days: int) -> None:
    """What the forecast calls late is missing, and what is missing is never done."""
    on = BORN + timedelta(days)
    given_by_then = sorted(one for one in doses if date.fromisoformat(one.split()[1]) <= on)
    found = check(*given_by_then, on=on)
    history = [Dose(code, date.fromisoformat(day)) for code, day in (one.split() for one in given_by_then)]
    lines = assess(Subject(BORN, Sex.FEMALE), history, PACKS, on).forecasts
    missing = {one.line.group for one in found.missing}
    late = {
        line.group
        for line in lines
        if line.past_due_on and line.past_due_on < on and line.earliest_on and line.earliest_on <= on
    }
    assert late <= missing
    assert missing.isdisjoint(line.group for line in lines if line.status == "complete")
