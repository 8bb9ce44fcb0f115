"""Observation: states row by row as docs/states.md says, and minutes as a law."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import (
    AlarmOpen,
    AlreadyEnded,
    Look,
    NotLookedAt,
    Observation,
    ObservationState,
    StillObserving,
    TimeUnreadable,
    alarm_minutes,
    card_version,
    check_leave_early,
    check_looked_at,
    check_open,
    check_release,
    minutes_left,
    moved,
    share_left,
    state_of,
    time_of_day,
)
from app.domain.refusals import Refusal
from tests.domain.state_tables import Row, expanded, is_complete, table

START = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)
DUE = START + timedelta(minutes=30)
YES_NO = ["yes", "no"]
TIMES = {
    "before due": (START, DUE - timedelta(microseconds=1)),
    "due": (DUE, DUE + timedelta(seconds=59, microseconds=999_999)),
    "a minute over": (DUE + timedelta(minutes=1), DUE + timedelta(hours=5)),
}
VALUES = {"ended": YES_NO, "before the time": YES_NO, "alarm": YES_NO, "time": list(TIMES)}
TABLE = table("Observation")
SITTING = Observation("e", START, DUE)


def observation_of(row: Row) -> Observation:
    return replace(
        SITTING,
        ended_at=DUE if row["ended"] == "yes" else None,
        ended_early=row["before the time"] == "yes",
        alarm_at=START if row["alarm"] == "yes" else None,
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["state"] + " " + row["time"])
def test_every_row_of_the_table_gives_its_state_at_both_edges(row: Row) -> None:
    """OBS-1: state from records alone."""
    for case in expanded([row], VALUES):
        for at in TIMES[case["time"]]:
            assert state_of(observation_of(case), at) == row["state"], (case, at)


def test_the_table_covers_every_combination_exactly_once() -> None:
    assert is_complete(TABLE, VALUES)


def test_every_state_has_a_row() -> None:
    assert {row["state"] for row in TABLE} == set(ObservationState)


def refusal_of(row: Row, act: str) -> str:
    """Return what a person in the state of ``row`` hears when they ask for ``act``."""
    state = next(known for known in TABLE if known["state"] == row["state"])
    case = expanded([state], VALUES)[-1]
    observation, at = observation_of(case), TIMES[case["time"]][0]
    try:
        if act == "release":
            check_release(observation, at)
        elif act == "leave early":
            check_leave_early(observation)
        else:
            check_open(observation)
    except Refusal as refusal:
        return type(refusal).__name__
    return "yes"


@pytest.mark.parametrize("act", ["release", "leave early", "raise an alarm"])
@pytest.mark.parametrize("row", table("Who may do what"), ids=lambda row: row["state"])
def test_each_state_allows_what_the_table_says(row: Row, act: str) -> None:
    assert refusal_of(row, act) == row[act]


def test_release_a_second_too_soon_says_when_it_is_time() -> None:
    """N2023 8.1: thirty minutes, then leave."""
    with pytest.raises(StillObserving) as refusal:
        check_release(SITTING, DUE - timedelta(seconds=1))
    assert refusal.value.facts() == {"due_at": DUE, "minutes_left": 1}


def test_nobody_leaves_under_an_open_alarm() -> None:
    alarmed = replace(SITTING, alarm_at=START)
    for check in (lambda: check_release(alarmed, DUE), lambda: check_leave_early(alarmed)):
        with pytest.raises(AlarmOpen):
            check()


def test_whoever_has_left_cannot_leave_again() -> None:
    with pytest.raises(AlreadyEnded):
        check_leave_early(replace(SITTING, ended_at=DUE))


def test_a_release_needs_both_looks_and_names_the_missing_one() -> None:
    check_looked_at(list(Look))
    with pytest.raises(NotLookedAt) as refusal:
        check_looked_at([Look.FEELS_WELL])
    assert refusal.value.missing == (Look.SITE_NORMAL,)


seconds = st.floats(min_value=-3600, max_value=7200, allow_nan=False)


@given(seconds)
def test_minutes_are_rounded_up_before_the_time_and_down_after_it(second: float) -> None:
    at = DUE + timedelta(seconds=second)
    left, shown = (DUE - at).total_seconds(), minutes_left(SITTING, at)
    if left > 0:
        assert 60 * (shown - 1) < left <= 60 * shown
    else:
        assert 60 * shown >= left > 60 * (shown - 1)


@given(seconds)
def test_zero_minutes_are_shown_exactly_while_due(second: float) -> None:
    at = DUE + timedelta(seconds=second)
    assert (minutes_left(SITTING, at) == 0) == (state_of(SITTING, at) is ObservationState.DUE)


@given(seconds)
def test_the_ring_is_full_at_the_injection_empty_when_due_and_never_more(second: float) -> None:
    share = share_left(SITTING, DUE + timedelta(seconds=second))
    assert 0 <= share <= 1
    assert share_left(SITTING, START) == 1
    assert share_left(SITTING, DUE) == 0


def test_minutes_since_an_alarm_never_run_backwards() -> None:
    alarmed = replace(SITTING, alarm_at=START + timedelta(minutes=5))
    assert alarm_minutes(alarmed, START) == 0
    assert alarm_minutes(alarmed, START + timedelta(minutes=7, seconds=10)) == 2


def test_timers_of_who_has_left_are_not_moved() -> None:
    by = timedelta(hours=2)
    gone = replace(SITTING, ended_at=DUE)
    assert moved(gone, by) == gone
    assert moved(replace(SITTING, alarm_at=START), by).alarm_at == START + by


@pytest.mark.parametrize(
    ("typed", "shown"), [("9:41", 41), ("0941", 41), ("09：41", 41), ("9.41", 41), ("9 42", 42)]
)
def test_a_time_of_day_is_read_as_people_write_it(typed: str, shown: int) -> None:
    """OBS-5: times of the call, the transfer, the drug are typed in a hurry."""
    now = datetime(2026, 11, 23, 1, 42, 20, tzinfo=UTC)
    assert time_of_day(typed, now) == datetime(2026, 11, 23, 1, shown, tzinfo=UTC)


def test_a_time_later_than_now_was_yesterday() -> None:
    now = datetime(2026, 11, 22, 16, 10, tzinfo=UTC)  # ten past midnight in China
    assert time_of_day("23:55", now) == datetime(2026, 11, 22, 15, 55, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "24:00", "9:60", "九点", "941x", "1:2", "12345"])
def test_what_is_no_time_of_day_is_refused(typed: str) -> None:
    with pytest.raises(TimeUnreadable):
        time_of_day(typed, START)


def test_two_texts_of_an_emergency_card_have_two_versions() -> None:
    assert card_version("平卧") != card_version("平卧。")
    assert len(card_version("")) == 6
