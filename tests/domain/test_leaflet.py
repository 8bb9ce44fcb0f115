"""The leaflet of a product makes a dose later than the programme, never earlier; it is named (VER-9)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.leaflet import Leaflet, LeafletInterval, LeafletUnclear, check_leaflet, leaflet_bound
from app.domain.people import Age
from app.domain.vial import AgeOutsideLimits, check_age
from app.storage.catalogue import product_body, read_product
from tests.domain.facts import FLU
from tests.strategies import days

FOUR_WEEKS = Leaflet("流感疫苗说明书", "2025-06", (LeafletInterval("4 weeks"),))
DAY = date(2026, 1, 31)


def test_every_dose_but_the_first_waits_for_the_interval_from_the_newest() -> None:
    assert leaflet_bound(FOUR_WEEKS, [], 1) is None
    found = leaflet_bound(FOUR_WEEKS, [DAY, DAY - timedelta(90)], 3)
    assert found is not None
    assert found[0] == date(2026, 2, 28)
    assert found[1].facts == {"interval": "4 weeks", "since": DAY, "leaflet": "流感疫苗说明书 2025-06"}


def test_an_interval_of_one_dose_is_of_that_dose_alone_and_the_longest_counts() -> None:
    more = (LeafletInterval("1 month", 2), LeafletInterval("6 months", 3))
    leaflet = replace(FOUR_WEEKS, intervals=(*FOUR_WEEKS.intervals, *more))
    bounds = [leaflet_bound(leaflet, [DAY], number) for number in (2, 3, 4)]
    assert [found and found[0] for found in bounds] == [
        date(2026, 2, 28), date(2026, 7, 31), date(2026, 2, 28),
    ]  # fmt: skip


@given(st.lists(days, min_size=1, max_size=4), st.integers(1, 5))
def test_the_bound_is_after_every_dose(given_on: list[date], number: int) -> None:
    found = leaflet_bound(FOUR_WEEKS, given_on, number)
    assert found is not None
    assert all(found[0] >= day + timedelta(28) for day in given_on)


@pytest.mark.parametrize(
    ("leaflet", "field"),
    [
        (Leaflet(" "), "title"),
        (Leaflet("书", "", (LeafletInterval("4 weeks", 1),)), "intervals[0].dose_number"),
        (Leaflet("书", "", (LeafletInterval("4 weeks"), LeafletInterval("soon"))), "intervals[1].min"),
        (Leaflet("书", "", (LeafletInterval("0 days"),)), "intervals[0].min"),
        (Leaflet("书", "", (LeafletInterval("1 month - 40 days"),)), "intervals[0].min"),
    ],
)
def test_a_leaflet_that_cannot_be_held_to_is_refused_with_its_field(leaflet: Leaflet, field: str) -> None:
    with pytest.raises(LeafletUnclear) as caught:
        check_leaflet("FLU4-1", leaflet)
    assert caught.value.field == field
    check_leaflet("FLU4-1", FOUR_WEEKS)
    check_leaflet("FLU4-1", None)


def test_a_product_is_read_back_with_its_leaflet_and_one_written_before_has_none() -> None:
    product = replace(FLU, leaflet=FOUR_WEEKS)
    assert read_product(product_body(product)) == product
    assert read_product({key: value for key, value in product_body(FLU).items() if key != "leaflet"}) == FLU


def test_the_limits_of_age_name_their_leaflet() -> None:
    with pytest.raises(AgeOutsideLimits) as caught:
        check_age(replace(FLU, leaflet=FOUR_WEEKS), Age(2, 24, 0))
    assert caught.value.leaflet == "流感疫苗说明书 2025-06"
