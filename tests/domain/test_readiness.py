"""The four before the day's first injection (SITE-9, domain.md §11.1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.readiness import KitItem, Need, NotReady, Readiness, missing, require_ready

TODAY = date(2026, 11, 23)
GOOD = (KitItem("急救箱", TODAY),)


def test_all_four_seen_today_let_the_day_begin() -> None:
    require_ready(Readiness(TODAY, frozenset(Need), GOOD), TODAY)


@given(seen=st.frozensets(st.sampled_from(Need)), good_for=st.integers(-3, 3))
def test_the_day_begins_when_nothing_at_all_is_missing_and_never_else(
    seen: frozenset[Need], good_for: int
) -> None:
    kit = (KitItem("急救箱", TODAY + timedelta(days=good_for)),)
    readiness = Readiness(TODAY, seen, kit)
    complete = seen == frozenset(Need) and good_for >= 0
    assert (missing(readiness, TODAY) == ()) is complete
    if not complete:
        with pytest.raises(NotReady):
            require_ready(readiness, TODAY)


def test_yesterdays_check_and_yesterdays_manager_count_no_more() -> None:
    yesterday = TODAY - timedelta(days=1)
    for readiness in (
        None,
        Readiness(yesterday, frozenset(Need), GOOD),
        Readiness(yesterday, frozenset(), (), overridden_by="u-1", reason="救护车在途"),
    ):
        with pytest.raises(NotReady) as caught:
            require_ready(readiness, TODAY)
        assert caught.value.missing == tuple(Need)


def test_a_kit_without_a_single_thing_is_no_kit() -> None:
    assert missing(Readiness(TODAY, frozenset(Need), ()), TODAY) == (Need.EMERGENCY_KIT,)


def test_what_has_run_out_is_named() -> None:
    kit = (KitItem("急救箱", TODAY), KitItem("氧气袋", TODAY - timedelta(days=1)))
    with pytest.raises(NotReady) as caught:
        require_ready(Readiness(TODAY, frozenset(Need), kit), TODAY)
    assert (caught.value.missing, caught.value.expired) == ((Need.EMERGENCY_KIT,), ("氧气袋",))


def test_a_manager_of_today_answers_for_what_is_missing() -> None:
    require_ready(Readiness(TODAY, frozenset(), (), overridden_by="u-1", reason="救护车在途"), TODAY)
