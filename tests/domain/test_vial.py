"""The hard facts about a vial, each at its edge (N2023 6.4.2, 10.3.2; domain.md §2.3, §14)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.catalogue import LotStatus, open_vial_minutes
from app.domain.people import Age
from app.domain.refusals import Refusal
from app.domain.vial import (
    AgeOutsideLimits,
    CodeOverused,
    ExpiryUnreadable,
    LotBlocked,
    LotExpired,
    OpenTooLong,
    VialQuarantined,
    WrongProduct,
    check_age,
    check_planned,
    check_usable,
    discard_at,
    read_expiry,
)
from tests.domain.facts import FLU, LOT, NOW, OTHER_PRODUCT, TODAY, VIAL

FIVE_DOSES = replace(VIAL, doses=5, product=replace(FLU, doses_per_pack=5))


def refusal_of(vial: object, now: datetime = NOW, today: date = TODAY) -> Refusal | None:
    try:
        check_usable(vial, now, today)  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal
    return None


@given(st.integers(-400, 400))
def test_a_lot_is_usable_through_the_day_printed_and_not_after(days: int) -> None:
    """有效期至 means through that day (domain.md, Appendix B)."""
    vial = replace(VIAL, lot=replace(LOT, expires_on=TODAY + timedelta(days=days)))
    assert isinstance(refusal_of(vial), LotExpired) is (days < 0)


@pytest.mark.parametrize("status", LotStatus)
def test_only_a_lot_in_use_is_used(status: LotStatus) -> None:
    refusal = refusal_of(replace(VIAL, lot=replace(LOT, status=status, status_reason="温度异常")))
    expected = None if status is LotStatus.IN_USE else LotBlocked("202511A", status, "温度异常")
    assert refusal == expected


def test_a_vial_put_aside_is_stopped() -> None:
    assert refusal_of(replace(VIAL, quarantined=True)) == VialQuarantined("89008080000000000001", "202511A")


@given(doses=st.integers(1, 20), used=st.integers(0, 40))
def test_a_code_is_used_as_often_as_its_pack_has_doses(doses: int, used: int) -> None:
    """domain.md §14.2: n times is legal for n doses, more is an error."""
    refusal = refusal_of(replace(VIAL, doses=doses, doses_used=used))
    assert isinstance(refusal, CodeOverused) is (used >= doses)


def test_a_vial_nobody_could_read_is_not_counted() -> None:
    assert refusal_of(replace(VIAL, trace_code=None, doses_used=0)) is None


@given(live=st.booleans(), leaflet=st.none() | st.integers(1, 600), over=st.integers(-3600, 3600))
@example(live=True, leaflet=None, over=0)
@example(live=False, leaflet=None, over=-1)
def test_an_open_vial_is_thrown_away_after_its_time(live: bool, leaflet: int | None, over: int) -> None:
    """N2023 10.3.2: live 30 minutes, inactivated 60; the leaflet overrides."""
    product = replace(FLU, live=live, open_vial_minutes=leaflet)
    limit = leaflet or (30 if live else 60)
    assert open_vial_minutes(product) == limit
    opened_at = NOW - timedelta(minutes=limit, seconds=over)
    vial = replace(FIVE_DOSES, product=product, opened_at=opened_at, doses_used=1)
    assert discard_at(vial) == opened_at + timedelta(minutes=limit)
    assert isinstance(refusal_of(vial), OpenTooLong) is (over >= 0)


def test_a_closed_vial_and_one_of_a_single_dose_have_no_limit() -> None:
    assert discard_at(FIVE_DOSES) is None
    assert discard_at(replace(VIAL, opened_at=NOW - timedelta(days=1))) is None


def test_another_product_is_refused_with_both_names() -> None:
    check_planned(VIAL, FLU)
    with pytest.raises(WrongProduct) as caught:
        check_planned(VIAL, OTHER_PRODUCT)
    assert (caught.value.planned, caught.value.found) == ("狂犬疫苗", "四价流感疫苗")


def test_the_same_vaccine_in_another_specification_is_another_product() -> None:
    with pytest.raises(WrongProduct):
        check_planned(VIAL, replace(FLU, product_code="FLU4-2", specification="0.25 mL/支"))


@given(st.integers(0, 1500), st.integers(0, 600), st.none() | st.integers(0, 1500))
def test_a_product_is_for_the_ages_within_its_limits(months: int, youngest: int, oldest: int | None) -> None:
    product = replace(FLU, min_age_months=youngest, max_age_months=oldest)
    allowed = youngest <= months and (oldest is None or months <= oldest)
    age = Age(months // 12, months, months * 30)
    if allowed:
        check_age(product, age)
    else:
        with pytest.raises(AgeOutsideLimits):
            check_age(product, age)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20271031", date(2027, 10, 31)),
        ("2027-10-31", date(2027, 10, 31)),
        ("2027年10月31日", date(2027, 10, 31)),
        ("2027.10", date(2027, 10, 31)),
        ("202802", date(2028, 2, 29)),
    ],
)
def test_an_expiry_is_read_as_printed_a_month_through_its_last_day(typed: str, day: date) -> None:
    assert read_expiry(typed) == day


@pytest.mark.parametrize(
    "typed", ["", "2027", "20271301", "20270230", "2027-10-3", "2027１０３１x", "00001031"]
)
def test_an_expiry_that_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(ExpiryUnreadable):
        read_expiry(typed)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_expiry(f"{day:%Y%m%d}") == day
