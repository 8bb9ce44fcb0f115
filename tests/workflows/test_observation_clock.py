"""The observation area under a clock in doubt, restarts and sleep, on a real store."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.observation import (
    ClockInDoubt,
    ObservationState,
    trusted_now,
)
from app.storage import immunizations, observations, projections
from app.workflows import observation
from tests.factories import SmallSite
from tests.workflows.observation_area import LOOKED, doubt, now, reopened, seat, shown, state


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    small_site.desk.do(observation.mark_clock)
    return small_site


def test_nobody_is_released_while_the_clock_is_in_doubt(site: SmallSite) -> None:
    """Ux.md rule 20; domain.md §1.6."""
    encounter_id = seat(site)
    site.clock.go(minutes=5)
    site.clock.jump(timedelta(hours=1))
    assert shown(site) == {encounter_id: 25}
    with pytest.raises(ClockInDoubt):
        site.desk.do(observation.release, encounter_id, LOOKED)


def test_a_confirmed_clock_moves_the_timers_and_leaves_the_dose(site: SmallSite) -> None:
    encounter_id = seat(site)
    dose = immunizations.of_encounter(site.desk.read(), encounter_id)
    site.clock.go(minutes=5)
    site.clock.jump(timedelta(hours=-3))
    asked = doubt(site)
    assert asked is not None
    site.desk.do(observation.confirm_clock, asked)
    assert doubt(site) is None
    assert shown(site) == {encounter_id: 25}
    assert immunizations.of_encounter(site.desk.read(), encounter_id) == dose
    site.clock.go(minutes=25)
    site.desk.do(observation.release, encounter_id, LOOKED)


def test_a_clock_that_jumps_again_while_a_person_is_asked_is_asked_about_anew(site: SmallSite) -> None:
    seat(site)
    site.clock.jump(timedelta(hours=2))
    asked = doubt(site)
    assert asked is not None
    site.clock.jump(timedelta(hours=2))
    with pytest.raises(ClockInDoubt):
        site.desk.do(observation.confirm_clock, asked)


@pytest.mark.parametrize("by", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_dose_given_in_a_doubt_has_its_thirty_minutes_whoever_proves_right(
    site: SmallSite, by: timedelta
) -> None:
    before = seat(site, 0)
    site.clock.go(minutes=10)
    site.clock.jump(by)
    site.desk.do(observation.mark_clock)
    during = seat(site, 1)
    site.clock.go(minutes=5)
    site.desk.do(observation.mark_clock)
    assert shown(site) == {before: 15, during: 25}
    site.clock.jump(-by)
    assert doubt(site) is None, "somebody set the clock right"
    assert shown(site) == {before: 15, during: 25}
    site.clock.jump(by)
    asked = doubt(site)
    assert asked is not None
    site.desk.do(observation.confirm_clock, asked)
    assert shown(site) == {before: 15, during: 25}


def test_a_dose_given_in_a_doubt_keeps_its_minutes_over_a_restart(site: SmallSite) -> None:
    site.clock.jump(timedelta(hours=2))
    site.desk.do(observation.mark_clock)
    during = seat(site)
    site.clock.go(minutes=5)
    site.desk.do(observation.mark_clock)
    site.clock.reboot()
    reopened(site)
    site.desk.do(observation.mark_clock)
    assert doubt(site) is not None
    assert shown(site) == {during: 25}


def test_a_kill_loses_no_second_and_no_alarm(site: SmallSite) -> None:
    """OBS-1: computed from stored instants."""
    encounter_id = seat(site)
    site.desk.do(observation.raise_alarm, encounter_id, "头晕")
    site.clock.go(minutes=7)
    reopened(site)
    assert shown(site) == {encounter_id: 23}
    assert state(site, encounter_id) is ObservationState.ALARM


def test_sleep_counts(site: SmallSite) -> None:
    """The monotonic clock goes on in sleep, so waking up is no jump."""
    encounter_id = seat(site)
    site.clock.go(minutes=90)
    assert doubt(site) is None
    assert shown(site) == {encounter_id: -60}


def test_a_clock_set_back_over_a_restart_is_noticed(site: SmallSite) -> None:
    encounter_id = seat(site)
    site.clock.go(minutes=10)
    site.desk.do(observation.mark_clock)
    site.clock.reboot()
    site.clock.jump(timedelta(hours=-8))
    reopened(site)
    assert doubt(site) is not None
    assert shown(site) == {encounter_id: 20}


def test_the_journal_tells_the_same_timers_again(site: SmallSite) -> None:
    """The projections can be rebuilt at any time: a confirmed clock is in the journal with what it moved."""
    first = seat(site, 0)
    site.desk.do(observation.raise_alarm, first, "头晕")
    site.clock.jump(timedelta(hours=2))
    site.desk.do(observation.mark_clock)
    seat(site, 1)
    asked = doubt(site)
    assert asked is not None
    site.desk.do(observation.confirm_clock, asked)
    before = observations.seated(site.desk.read())
    site.store.write(lambda transaction: projections.rebuild(transaction.db))
    assert observations.seated(site.desk.read()) == before


def test_a_jump_of_this_desk_does_not_move_who_was_injected_at_another(site: SmallSite) -> None:
    encounter_id = seat(site)
    site.store.write(
        lambda transaction: transaction.db.execute("update stream set is_current = 0").fetchall()
    )
    (other,) = observations.seated(site.desk.read())
    assert (other.encounter_id, other.position) == (encounter_id, 0)


def test_a_day_of_marks_does_not_drift(site: SmallSite) -> None:
    for _ in range(300):
        site.clock.go(60.0007)
        site.desk.do(observation.mark_clock)
    known = observations.known_clock(site.desk.read())
    assert known is not None
    drift = trusted_now(known.trusted, now(site)) - site.clock.now()
    assert abs(known.trusted.jump) < timedelta(milliseconds=5)
    assert abs(drift) < timedelta(milliseconds=5)


played = st.lists(
    st.one_of(
        st.tuples(st.just("go"), st.integers(0, 1500)),
        st.tuples(st.just("jump"), st.integers(-20000, 20000)),
        st.tuples(st.just("confirm"), st.just(0)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("reboot"), st.just(0)),
    ),
    max_size=8,
)


@settings(max_examples=10, deadline=None)
@given(played)
def test_on_the_store_nobody_gains_or_loses_time_until_a_reboot_and_never_leaves_too_soon(
    steps: list[tuple[str, int]],
) -> None:
    """OBS-1, ux.md rule 20: the law of tests/domain/test_observation.py through the real acts and tables."""
    with TemporaryDirectory() as folder:
        site = SmallSite(Path(folder))
        site.desk.do(observation.mark_clock)
        play_on_the_store(site, steps)
        site.close()


def play_on_the_store(site: SmallSite, steps: list[tuple[str, int]]) -> None:
    encounter_id, true_s, in_doubt_at_boot = seat(site), 0.0, False
    for name, amount in steps:
        asked = doubt(site)
        if name == "go":
            site.clock.go(amount)
            true_s += amount
        elif name == "jump":
            site.clock.jump(timedelta(seconds=amount))
        elif name == "confirm" and asked:
            site.desk.do(observation.confirm_clock, asked)
        elif name == "restart":
            reopened(site)
        elif name == "reboot":
            in_doubt_at_boot |= asked is not None
            site.clock.go(5)
            site.clock.reboot()
            true_s += 5
        site.desk.do(observation.mark_clock)
        error = shown(site)[encounter_id] - (1800 - true_s) / 60
        assert error > -2.1
        assert in_doubt_at_boot or error < 2.1
