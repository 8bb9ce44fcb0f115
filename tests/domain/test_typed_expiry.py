"""An expiry typed from a label: a day, or a month through its last day (domain.md, Appendix B)."""

from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vial import ExpiryUnreadable, read_expiry


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_way_a_day_is_printed_means_that_day(day: date) -> None:
    for printed in ("%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y %m %d"):
        assert read_expiry(day.strftime(printed)) == day


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_month_lasts_through_its_last_day(day: date) -> None:
    last = monthrange(day.year, day.month)[1]
    assert read_expiry(day.strftime("%Y%m")) == day.replace(day=last)


@pytest.mark.parametrize(
    "typed", ["", "2028", "20281301", "20270229", "202813", "2028123", "明年", "２０２８１２"]
)
def test_what_is_no_date_is_refused_as_it_was_typed(typed: str) -> None:
    with pytest.raises(ExpiryUnreadable) as refused:
        read_expiry(typed)
    assert refused.value.typed == typed
