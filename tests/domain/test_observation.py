"""Observation: states row by row as docs/states.md says, minutes as a law, and a time no hand sets."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import (
    CLOCK_TOLERANCE,
    AlarmOpen,
    AlreadyEnded,
    ClockMark,
    Look,
    NotLookedAt,
    Observation,
    ObservationState,
    StillObserving,
    TimeUnreadable,
    TrustedTime,
    alarm_minutes,
    card_version,
    check_leave_early,
    check_looked_at,
    check_open,
    check_release,
    clock_doubt,
    follow,
    minutes_left,
    moved,
    share_left,
    state_of,
    taken_ahead,
    time_of_day,
    trusted_now,
)
from app.domain.refusals import Refusal
from tests.clocks import ManualClock
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


# A time no hand sets ---------------------------------------------------------------------------


def reading(clock: ManualClock) -> ClockMark:
    return ClockMark(clock.now(), clock.monotonic())


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


def test_the_first_reading_of_all_is_believed(clock: ManualClock) -> None:
    assert clock_doubt(None, reading(clock)) is None
    assert trusted_now(None, reading(clock)) == START


@pytest.mark.parametrize("by", [timedelta(hours=2), timedelta(hours=-2), timedelta(days=400)])
def test_a_jump_is_told_while_people_sit_by_the_running_time(clock: ManualClock, by: timedelta) -> None:
    """Ux.md rule 20: a clock jump is shown and asks a person."""
    trusted = follow(None, reading(clock))
    clock.go(minutes=5)
    clock.jump(by)
    doubt = clock_doubt(trusted, reading(clock))
    assert doubt is not None
    assert doubt.expected_at == START + timedelta(minutes=5) == trusted_now(trusted, reading(clock))
    assert doubt.wall_at - doubt.expected_at == by


def test_the_doubt_is_over_when_the_clock_is_set_right(clock: ManualClock) -> None:
    trusted = follow(None, reading(clock))
    clock.jump(timedelta(hours=2))
    trusted = follow(trusted, reading(clock))
    clock.jump(timedelta(hours=-2))
    assert clock_doubt(trusted, reading(clock)) is None


def test_small_steps_are_forgiven_until_they_add_up(clock: ManualClock) -> None:
    trusted = follow(None, reading(clock))
    for _ in range(2):
        clock.jump(timedelta(seconds=14))
        trusted = follow(trusted, reading(clock))
        assert clock_doubt(trusted, reading(clock)) is None
        assert trusted_now(trusted, reading(clock)) == clock.now()
    clock.jump(timedelta(seconds=14))
    assert clock_doubt(trusted, reading(clock)) is not None


def test_after_a_restart_the_time_the_machine_was_off_is_the_walls_to_tell(clock: ManualClock) -> None:
    trusted = follow(None, reading(clock))
    clock.go(minutes=12)
    clock.reboot()
    assert clock_doubt(trusted, reading(clock)) is None
    assert trusted_now(trusted, reading(clock)) == START + timedelta(minutes=12)


def test_a_clock_set_back_across_a_restart_is_noticed(clock: ManualClock) -> None:
    """Domain.md §1.6: if the wall clock went backwards, ask."""
    trusted = follow(None, reading(clock))
    clock.reboot()
    clock.jump(timedelta(days=-2000))
    now = trusted_now(trusted, reading(clock))
    assert clock_doubt(trusted, reading(clock)) is not None
    assert now == START + timedelta(seconds=clock.monotonic()), "no earlier than the mark, and running on"


def test_a_dead_clock_battery_is_healed_by_setting_the_clock(clock: ManualClock) -> None:
    """The machine was off for eight minutes nobody knows of: setting the clock brings them back."""
    trusted = follow(None, reading(clock))
    clock.go(minutes=8)
    clock.reboot()
    clock.jump(timedelta(days=-2000))
    trusted = follow(trusted, reading(clock))
    clock.go(minutes=1)
    clock.jump(timedelta(days=2000))
    assert clock_doubt(trusted, reading(clock)) is None
    assert trusted_now(trusted, reading(clock)) == START + timedelta(minutes=9)


@pytest.mark.parametrize("by", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_doubt_nobody_answered_outlives_a_restart(clock: ManualClock, by: timedelta) -> None:
    trusted = follow(None, reading(clock))
    clock.jump(by)
    trusted = follow(trusted, reading(clock))
    clock.go(minutes=3)
    clock.reboot()
    doubt = clock_doubt(trusted, reading(clock))
    assert doubt is not None
    assert doubt.expected_at == START + timedelta(minutes=3)


def test_a_clock_put_right_while_the_machine_was_off_needs_no_answer(clock: ManualClock) -> None:
    trusted = follow(None, reading(clock))
    clock.jump(timedelta(hours=2))
    trusted = follow(trusted, reading(clock))
    clock.go(minutes=3)
    clock.jump(timedelta(hours=-2))
    clock.reboot()
    assert clock_doubt(trusted, reading(clock)) is None


def test_a_dose_recorded_on_a_wrong_clock_is_known_for_it(clock: ManualClock) -> None:
    trusted = follow(None, reading(clock))
    assert taken_ahead(trusted, reading(clock)) == timedelta()
    clock.jump(timedelta(hours=-3))
    wrong = reading(clock)
    clock.go(minutes=1)
    assert taken_ahead(follow(trusted, reading(clock)), wrong) == timedelta(hours=-3)


@pytest.mark.parametrize("row", table("The clock"), ids=lambda row: f"{row['machine']} {row['wall clock']}")
def test_the_table_of_the_clock_holds(row: Row, clock: ManualClock) -> None:
    jumps = {"in step": 0, "not before the mark": 1, "ahead": 2, "behind": -2, "before the mark": -2}
    for earlier in YES_NO if row["earlier doubt"] == "*" else [row["earlier doubt"]]:
        clock = ManualClock(START)
        known = timedelta(hours=5) if earlier == "yes" else timedelta()
        trusted = follow(None, reading(clock))
        if row["wall clock"] == "as wrong as before" or (earlier == "yes" and row["machine"] == "running"):
            clock.jump(known)
            trusted = follow(trusted, reading(clock))
            if row["machine"] == "running":
                clock.jump(-known)
        if row["machine"] == "restarted":
            clock.reboot()
        clock.jump(timedelta(hours=jumps.get(row["wall clock"], 0)))
        doubt = clock_doubt(trusted, reading(clock))
        assert (doubt is not None) == (row["asks"] == "yes")
        at = trusted_now(trusted, reading(clock))
        expected = {
            "wall": clock.now(),
            "running": START,
            "at least the mark": START + timedelta(seconds=clock.monotonic()),
            "wall less the jump": clock.now() - known,
        }[row["time people sit by"]]
        assert at == expected


@dataclass
class Machine:
    """A machine with people sitting by its clock; keeps the true time beside it, which no jump changes."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(START))
    true_s: float = 0.0
    trusted: TrustedTime | None = None
    seats: list[tuple[float, Observation, ClockMark]] = field(default_factory=list)
    """True second of the injection, the timers as stored, the reading they were begun at."""
    settled: int = 0
    """The seats before this one have been moved to the clock last confirmed or booted with."""
    ahead: dict[int, timedelta] = field(default_factory=dict)

    def look(self) -> None:
        """Mark the clock, as the watch does every minute and at every jump."""
        now = reading(self.clock)
        if self.trusted is not None and now.monotonic < self.trusted.monotonic:
            self.ahead = {place: by for place in range(len(self.seats)) if (by := self.behind(place))}
            self.settled = len(self.seats)
        self.trusted = follow(self.trusted, now)

    def go(self, seconds: float) -> None:
        self.clock.go(seconds)
        self.true_s += seconds
        self.look()

    def jump(self, by: timedelta) -> None:
        self.clock.jump(by)
        self.look()

    def reboot(self) -> None:
        self.true_s += 5
        self.clock.go(5)
        self.clock.reboot()
        self.look()
        self.go(1)  # nobody can press the button again sooner

    def sit(self) -> None:
        begun = reading(self.clock)
        observation = Observation(str(len(self.seats)), begun.wall_at, begun.wall_at + timedelta(minutes=30))
        self.seats.append((self.true_s, observation, begun))

    def confirm(self) -> None:
        assert self.trusted is not None
        jump = self.trusted.jump
        self.seats = [
            (true_s, moved(observation, jump - self.behind(place)), begun)
            for place, (true_s, observation, begun) in enumerate(self.seats)
        ]
        self.settled, self.ahead = len(self.seats), {}
        self.trusted = follow(None, reading(self.clock))

    def behind(self, place: int) -> timedelta:
        if place < self.settled:
            return self.ahead.get(place, timedelta())
        assert self.trusted is not None
        return taken_ahead(self.trusted, self.seats[place][2])

    def errors(self) -> list[float]:
        """Return by how many seconds each timer is wrong."""
        now = trusted_now(self.trusted, reading(self.clock))
        return [
            (moved(observation, -self.behind(place)).due_at - now).total_seconds()
            - (1800 - (self.true_s - true_s))
            for place, (true_s, observation, _) in enumerate(self.seats)
        ]


running = st.floats(min_value=0, max_value=3600).map(lambda s: ("go", s))
jumping = st.one_of(
    st.integers(-36000, 36000), st.integers(-29, 29), st.sampled_from([7200, -7200, 86400 * 365])
).map(lambda s: ("jump", s))
steps = st.lists(
    st.one_of(running, jumping, st.just(("sit", 0)), st.just(("confirm", 0))), min_size=1, max_size=30
)


def play(machine: Machine, step: tuple[str, float]) -> None:
    name, amount = step
    if name == "go":
        machine.go(amount)
    elif name == "jump":
        machine.jump(timedelta(seconds=amount))
    else:
        {"sit": machine.sit, "confirm": machine.confirm, "reboot": machine.reboot}[name]()


@given(steps)
def test_while_the_machine_runs_nobody_gains_or_loses_time_whatever_is_done_to_the_clock(
    played: list[tuple[str, float]],
) -> None:
    """OBS-1, ux.md rule 20: minutes shown are thirty less the true ones, before and after a confirmation.

    The tolerance is the one error: the wall clock may be that far off without a question being asked.
    """
    machine = Machine()
    machine.look()
    machine.sit()
    for step in played:
        play(machine, step)
        assert all(abs(error) <= CLOCK_TOLERANCE.total_seconds() * 2 + 0.001 for error in machine.errors())


@given(st.lists(st.one_of(running, st.just(("sit", 0)), st.just(("reboot", 0))), max_size=25))
def test_restarts_alone_lose_nothing(played: list[tuple[str, float]]) -> None:
    """Ux.md rule 20: timers are stored instants."""
    machine = Machine()
    machine.look()
    machine.sit()
    for step in played:
        play(machine, step)
        assert all(abs(error) < 0.001 for error in machine.errors())


big = st.one_of(st.integers(7200, 36000), st.integers(-36000, -7200)).map(lambda s: ("jump", s))


@given(
    st.lists(st.one_of(running, big, st.just(("sit", 0))), max_size=8),
    st.lists(st.one_of(running, st.just(("sit", 0)), st.just(("confirm", 0))), max_size=8),
)
def test_a_restart_in_the_middle_of_a_doubt_never_lets_anybody_go_too_soon(
    before: list[tuple[str, float]], after: list[tuple[str, float]]
) -> None:
    """Domain.md §1.6: what cannot be known after a restart is decided for the longer observation."""
    machine = Machine()
    machine.look()
    machine.sit()
    for step in [*before, ("reboot", 0), *after]:
        play(machine, step)
        assert all(error > -CLOCK_TOLERANCE.total_seconds() * 2 - 0.001 for error in machine.errors())
