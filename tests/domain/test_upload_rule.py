"""The 24-hour rule of N2023 9.2.4."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.upload_rule import UploadAge, upload_age

GIVEN_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("waited", "age"),
    [
        (timedelta(0), UploadAge.IN_TIME),
        (timedelta(hours=20) - MOMENT, UploadAge.IN_TIME),
        (timedelta(hours=20), UploadAge.SOON),
        (timedelta(hours=24) - MOMENT, UploadAge.SOON),
        (timedelta(hours=24), UploadAge.OVERDUE),
        (timedelta(days=30), UploadAge.OVERDUE),
        (timedelta(hours=-3), UploadAge.IN_TIME),
    ],
)
def test_it_is_amber_from_twenty_hours_and_red_from_twenty_four(waited: timedelta, age: UploadAge) -> None:
    assert upload_age(GIVEN_AT, GIVEN_AT + waited) is age


@given(st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_a_dose_that_waits_longer_never_looks_better(one: timedelta, other: timedelta) -> None:
    order = list(UploadAge)
    sooner, later = (upload_age(GIVEN_AT, GIVEN_AT + waited) for waited in sorted((one, other)))
    assert order.index(sooner) <= order.index(later)
