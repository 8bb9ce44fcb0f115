"""Ages by completed years and months, and records that are complete (REG-5, domain.md §5.5, §14.10)."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import (
    MANDATORY,
    BirthDateInFuture,
    FieldMissing,
    Guardian,
    GuardianMissing,
    add_months,
    age_on,
    check_complete,
    is_minor,
)
from tests.domain.facts import PATIENT, TODAY
from tests.strategies import days

MOTHER = Guardian("曾母", "母亲", "10000000001")


@pytest.mark.parametrize(
    ("birth_on", "day", "years", "months"),
    [
        (date(2024, 2, 29), date(2025, 2, 28), 1, 12),
        (date(2024, 2, 29), date(2025, 2, 27), 0, 11),
        (date(2024, 2, 29), date(2028, 2, 28), 3, 47),
        (date(2024, 2, 29), date(2028, 2, 29), 4, 48),
        (date(2026, 1, 31), date(2026, 2, 27), 0, 0),
        (date(2026, 1, 31), date(2026, 2, 28), 0, 1),
        (date(2026, 1, 31), date(2026, 3, 30), 0, 1),
        (date(2026, 1, 31), date(2026, 3, 31), 0, 2),
        (date(2026, 11, 23), date(2026, 11, 23), 0, 0),
        (date(2008, 11, 23), date(2026, 11, 22), 17, 215),
        (date(2008, 11, 23), date(2026, 11, 23), 18, 216),
    ],
)
def test_ages_are_completed_years_and_months(birth_on: date, day: date, years: int, months: int) -> None:
    """周岁 and 满月龄; a day that does not exist is the last of its month (民法典 art. 202)."""
    age = age_on(birth_on, day)
    assert (age.years, age.months) == (years, months)
    assert age.days == (day - birth_on).days


@given(days, st.integers(-1200, 1200))
def test_months_later_is_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@given(days, st.integers(0, 40_000))
def test_an_age_in_months_is_the_most_that_have_passed(birth_on: date, lived: int) -> None:
    day = birth_on + timedelta(days=lived)
    age = age_on(birth_on, day)
    assert add_months(birth_on, age.months) <= day < add_months(birth_on, age.months + 1)
    assert age.years == age.months // 12


@given(days, st.integers(0, 40_000))
def test_nobody_gets_younger(birth_on: date, lived: int) -> None:
    day = birth_on + timedelta(days=lived)
    assert age_on(birth_on, day).months <= age_on(birth_on, day + timedelta(days=1)).months
    assert age_on(birth_on, day).months >= age_on(birth_on + timedelta(days=1), day).months


def test_a_guardian_decides_until_the_eighteenth_birthday() -> None:
    assert is_minor(date(2008, 11, 24), TODAY)
    assert not is_minor(date(2008, 11, 23), TODAY)


def test_a_complete_record_passes() -> None:
    check_complete(PATIENT, TODAY)


@given(st.sets(st.sampled_from([name for name in MANDATORY if name not in ("sex", "birth_on")]), min_size=1))
def test_every_mandatory_field_that_is_empty_is_named(empty: set[str]) -> None:
    patient = replace(PATIENT, **dict.fromkeys(empty, " \u3000"))  # type: ignore[arg-type]
    with pytest.raises(FieldMissing) as caught:
        check_complete(patient, TODAY)
    assert set(caught.value.fields) == empty


def test_nobody_is_born_tomorrow() -> None:
    child = replace(PATIENT, guardian=MOTHER)
    check_complete(replace(child, birth_on=TODAY), TODAY)
    with pytest.raises(BirthDateInFuture):
        check_complete(replace(child, birth_on=TODAY + timedelta(days=1)), TODAY)


@pytest.mark.parametrize(
    "guardian",
    [None, replace(MOTHER, name=" "), replace(MOTHER, relation=""), replace(MOTHER, phone="")],
)
def test_a_minor_needs_a_guardian_with_relation_and_phone(guardian: Guardian | None) -> None:
    child = replace(PATIENT, birth_on=date(2020, 1, 1))
    check_complete(replace(child, guardian=MOTHER), TODAY)
    with pytest.raises(GuardianMissing) as caught:
        check_complete(replace(child, guardian=guardian), TODAY)
    assert caught.value.age_years == 6
