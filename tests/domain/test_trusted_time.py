"""The time no hand sets: whatever is done to the clock, nobody gains or loses a minute of observation."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.observation import (
    CLOCK_TOLERANCE,
    ClockMark,
    Observation,
    TrustedTime,
    clock_doubt,
    follow,
    moved,
    taken_ahead,
    trusted_now,
)
from tests.clocks import ManualClock
from tests.domain.state_tables import Row, table

START = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)


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
    for earlier in ["yes", "no"] if row["earlier doubt"] == "*" else [row["earlier doubt"]]:
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
