"""Months that lack the day: the table of docs/decisions/0014, and what holds for every length."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.schedule.duration import Arithmetic, Duration, read_duration

DECISION = Path(__file__).parents[3] / "docs/decisions/0014-the-schedule-is-cdsi.md"


def _day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007


def _rows() -> list[tuple[date, str, date, date]]:
    rows = []
    for line in DECISION.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and re.fullmatch(r"[\d, ]+ \w+ \d{4}", cells[0]):
            numbers, month = re.fullmatch(r"([\d, ]+) (\w+ \d{4})", cells[0]).groups()  # type: ignore[union-attr]
            rows += [
                (_day(f"{number.strip()} {month}"), cells[1], _day(cells[2]), _day(cells[3]))
                for number in numbers.split(",")
            ]
    return rows


@pytest.mark.parametrize(("day", "length", "by_law", "by_cdsi"), _rows())
def test_a_month_without_the_day_ends_as_the_decision_says(
    day: date, length: str, by_law: date, by_cdsi: date
) -> None:
    assert read_duration(length).after(day, Arithmetic.CIVIL_CODE) == by_law
    assert read_duration(length).after(day, Arithmetic.CDSI) == by_cdsi


def test_the_table_of_the_decision_was_read() -> None:
    assert len(_rows()) == 7


@pytest.mark.parametrize(
    ("text", "months", "days"),
    [
        ("0 days", 0, 0),
        ("6 months - 4 days", 6, -4),
        ("1 year", 12, 0),
        ("16 years - 4 months", 188, 0),
        ("5 months + 4 weeks", 5, 28),
        ("10 weeks - 4 days", 0, 66),
    ],
)
def test_lengths_are_read_as_the_schedules_write_them(text: str, months: int, days: int) -> None:
    assert read_duration(text) == Duration(months, days)


@pytest.mark.parametrize(
    "text", ["1 month", "2 months", "1 year", "6 months - 4 days", "5 months + 28 days", "0 days", "1 day"]
)
def test_a_length_is_said_as_it_is_written(text: str) -> None:
    assert str(read_duration(text)) == text


@pytest.mark.parametrize(
    "text", ["", "6", "months", "6 moons", "6 months 4 days", "- 6 months", "6 months -"]
)
def test_what_is_no_length_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):
        read_duration(text)


days = st.dates(date(1900, 1, 1), date(2100, 1, 1))
lengths = st.builds(Duration, st.integers(0, 1200), st.integers(-30, 400))


@given(length=lengths)
def test_what_a_length_says_is_read_back(length: Duration) -> None:
    if length.months or length.days >= 0:
        assert read_duration(str(length)) == length


@given(day=days, length=lengths, arithmetic=st.sampled_from(Arithmetic))
def test_a_later_day_never_ends_earlier(day: date, length: Duration, arithmetic: Arithmetic) -> None:
    assert length.after(day, arithmetic) <= length.after(day + timedelta(1), arithmetic)


@given(day=days, length=lengths)
def test_the_law_is_at_most_three_days_before_cdsi_and_never_after(day: date, length: Duration) -> None:
    ours, theirs = (length.after(day, arithmetic) for arithmetic in Arithmetic)
    assert timedelta(0) <= theirs - ours <= timedelta(3)


@given(day=days, length=lengths)
def test_weeks_and_days_are_counted_exactly(day: date, length: Duration) -> None:
    whole = Duration(0, length.days)
    assert whole.after(day, Arithmetic.CIVIL_CODE) - day == timedelta(length.days)


@pytest.mark.parametrize("arithmetic", list(Arithmetic))
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 2, date(2025, 3, 31)),
        (date(2025, 1, 30), 3, date(2025, 4, 30)),
        (date(2025, 12, 31), 12, date(2026, 12, 31)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 2, 28), 12, date(2026, 2, 28)),
        (date(2, 3, 5), -12, date(1, 3, 5)),
        (date(1, 3, 5), -12, date.min),
        (date(2998, 5, 1), 3, date(2998, 8, 1)),
        (date(2998, 5, 1), 24, date(2999, 12, 31)),
    ],
)
def test_a_day_that_the_month_has_stays_that_day(
    day: date, months: int, expected: date, arithmetic: Arithmetic
) -> None:
    assert Duration(months, 0).after(day, arithmetic) == expected


def test_no_length_leads_beyond_the_last_day_there_is() -> None:
    """A history may hold any date that can be written."""
    for length in (Duration(0, 1), Duration(1, 0), Duration(12, 7)):
        assert length.after(date.max, Arithmetic.CIVIL_CODE) == date(2999, 12, 31)
