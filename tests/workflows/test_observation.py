"""Acts of the observation area on a real store: release, leaving early, the alarm, the clock, restarts."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.journal import Json
from app.domain.observation import (
    AlarmOpen,
    ClockInDoubt,
    ClockMark,
    Look,
    NotLookedAt,
    ObservationState,
    StillObserving,
    clock_doubt,
    minutes_left,
    state_of,
    trusted_now,
)
from app.domain.staff import RoleMissing
from app.domain.visit import VisitState
from app.storage import encounters, immunizations, journal, observations, projections
from app.storage.store import Store
from app.workflows import observation
from app.workflows.desk import Desk
from app.workflows.observation import EarlyReasonMissing, NoAlarm, NoReaction, NotEnded, NotObserved
from tests.domain.state_tables import Row, table
from tests.factories import DOCTOR, KEY, NURSE, OBSERVER, SmallSite

LOOKED = tuple(Look)


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    small_site.desk.do(observation.mark_clock)
    return small_site


def seat(site: SmallSite, index: int = 0) -> str:
    """Return the encounter of somebody who has just been injected."""
    record = site.vaccinated(site.patient(index=index), vial=index)
    site.as_user(OBSERVER)
    return str(record["encounter_id"])


def doubt(site: SmallSite) -> ClockInDoubt | None:
    known = observations.known_clock(site.desk.read())
    return clock_doubt(known.trusted if known else None, now(site))


def now(site: SmallSite) -> ClockMark:
    return ClockMark(site.clock.now(), site.clock.monotonic())


def shown(site: SmallSite) -> dict[str, int]:
    """Return the minutes the board shows, by visit."""
    seen = observation.hall(site.desk.read(), site.clock.now())
    at = trusted_now(seen.clock.trusted if seen.clock else None, now(site))
    return {seat.encounter_id: minutes_left(seat.observation, at) for seat in seen.seats}


def state(site: SmallSite, encounter_id: str) -> ObservationState:
    known = observations.find_observation(site.desk.read(), encounter_id)
    assert known is not None
    return state_of(known, site.clock.now())


def last_event(site: SmallSite, kind: str) -> Json:
    return [event for event in journal.events(site.desk.read()) if event.kind == kind][-1].body


def reopened(site: SmallSite) -> SmallSite:
    """Close the store as a power cut would find it, and open it again."""
    site.store.close()
    site.store = Store(site.folder / "store.db", KEY)
    user = site.desk.user
    site.desk = Desk(site.store, site.clock, site.random, site.desk.name)
    site.desk.user = user
    return site


def test_a_person_is_released_after_thirty_minutes_by_name_with_what_was_looked_at(site: SmallSite) -> None:
    """OBS-1: a named person strictly controls the time (N2023 8.1)."""
    encounter_id = seat(site)
    site.clock.go(minutes=30)
    site.desk.do(observation.release, encounter_id, LOOKED, "走前又问了一遍")
    assert state(site, encounter_id) is ObservationState.RELEASED
    assert encounters.get_encounter(site.desk.read(), encounter_id).state is VisitState.RELEASED
    event = [event for event in journal.events(site.desk.read()) if event.kind == "observation.ended"][-1]
    assert event.user == OBSERVER
    assert event.body["looks"] == ["feels_well", "site_normal"]
    assert event.body["note"] == "走前又问了一遍"


def test_a_second_too_soon_nobody_is_released(site: SmallSite) -> None:
    encounter_id = seat(site)
    site.clock.go(minutes=30, seconds=-1)
    with pytest.raises(StillObserving):
        site.desk.do(observation.release, encounter_id, LOOKED)
    assert state(site, encounter_id) is ObservationState.OBSERVING


def test_nobody_is_released_unseen(site: SmallSite) -> None:
    encounter_id = seat(site)
    site.clock.go(minutes=31)
    with pytest.raises(NotLookedAt):
        site.desk.do(observation.release, encounter_id, [Look.FEELS_WELL])


def test_leaving_early_is_recorded_as_such_with_its_reason(site: SmallSite) -> None:
    """Domain.md §1.6: an exception with time and who, never silently complete."""
    encounter_id = seat(site)
    site.clock.go(minutes=12)
    with pytest.raises(EarlyReasonMissing):
        site.desk.do(observation.leave_early, encounter_id, "  ")
    site.desk.do(observation.leave_early, encounter_id, "家里有急事")
    assert state(site, encounter_id) is ObservationState.LEFT_EARLY
    assert last_event(site, "observation.ended")["note"] == "家里有急事"
    assert encounters.get_encounter(site.desk.read(), encounter_id).state is VisitState.LEFT_EARLY


def test_who_comes_back_sits_on_by_the_same_instants(site: SmallSite) -> None:
    encounter_id = seat(site)
    site.clock.go(minutes=12)
    site.desk.do(observation.leave_early, encounter_id, "家里有急事")
    site.clock.go(minutes=3)
    site.desk.do(observation.reopen, encounter_id)
    assert shown(site) == {encounter_id: 15}


def test_only_the_open_and_those_who_just_left_are_on_the_board(site: SmallSite) -> None:
    first, second = seat(site, 0), seat(site, 1)
    site.desk.do(observation.leave_early, first, "家里有急事")
    assert set(shown(site)) == {first, second}
    site.clock.go(minutes=31)
    assert set(shown(site)) == {second}


def test_a_visit_without_a_dose_has_no_observation(site: SmallSite) -> None:
    encounter = site.registered()
    with pytest.raises(NotObserved):
        site.desk.do(observation.release, encounter.encounter_id, LOOKED)


def bring_to(site: SmallSite, wanted: str) -> str:
    """Return a visit brought to a state of the table."""
    encounter_id = seat(site)
    site.clock.go(minutes={"due": 30, "overdue": 40, "released": 40}.get(wanted, 5))
    if wanted == "alarm":
        site.desk.do(observation.raise_alarm, encounter_id, "头晕")
    if wanted == "released":
        site.desk.do(observation.release, encounter_id, LOOKED)
    if wanted == "left_early":
        site.desk.do(observation.leave_early, encounter_id, "家里有急事")
    return encounter_id


@pytest.mark.parametrize("row", table("Who may do what"), ids=lambda row: row["state"])
def test_each_state_allows_the_acts_the_table_says(site: SmallSite, row: Row) -> None:
    """docs/states.md, on the real store; every act is tried and taken back."""
    encounter_id = bring_to(site, row["state"])
    site.as_user("u-suwanqing")
    acts = {
        "release": (observation.release, (LOOKED,)),
        "leave early": (observation.leave_early, ("家里有急事",)),
        "raise an alarm": (observation.raise_alarm, ("头晕",)),
        "close the alarm": (observation.close_alarm, ()),
        "come back": (observation.reopen, ()),
    }
    for name, (act, arguments) in acts.items():
        heard = "yes"

        def tried(opened: object, act: object = act, arguments: tuple[object, ...] = arguments) -> None:
            act(opened, encounter_id, *arguments)  # type: ignore[operator]
            raise TakenBack

        try:
            site.desk.do(tried)
        except TakenBack:
            pass
        except Exception as refusal:  # noqa: BLE001 - its name is what is compared
            heard = type(refusal).__name__
        assert heard == row[name], name


class TakenBack(Exception):
    """Rolls a successful act back."""


def test_an_alarm_opens_a_draft_filled_from_the_dose(site: SmallSite) -> None:
    """OBS-2, OBS-3."""
    encounter_id = seat(site)
    dose = immunizations.of_encounter(site.desk.read(), encounter_id)
    assert dose is not None
    site.clock.go(minutes=9)
    draft = site.desk.do(observation.raise_alarm, encounter_id, "面色苍白、头晕")
    assert state(site, encounter_id) is ObservationState.ALARM
    assert observations.find_adverse_event(site.desk.read(), encounter_id) == draft
    for copied in (
        "lot_number",
        "expires_on",
        "trace_code",
        "occurred_at",
        "dose_number",
        "route",
        "patient",
    ):
        assert draft[copied] == dose[copied]
    assert (draft["signs"], draft["status"], draft["reporter"]) == ("面色苍白、头晕", "draft", OBSERVER)


def test_a_second_alarm_of_one_person_keeps_the_first_instant_and_the_draft(site: SmallSite) -> None:
    encounter_id = seat(site)
    first = site.desk.do(observation.raise_alarm, encounter_id, "头晕")
    site.clock.go(minutes=4)
    assert site.desk.do(observation.raise_alarm, encounter_id, "呕吐") == first
    known = observations.find_observation(site.desk.read(), encounter_id)
    assert known is not None
    assert known.alarm_at == site.clock.now() - timedelta(minutes=4)


def test_only_a_doctor_closes_an_alarm_and_the_person_sits_on(site: SmallSite) -> None:
    """Ux.md rule 19: 请找医生 goes away only when a doctor closes it."""
    encounter_id = seat(site)
    site.desk.do(observation.raise_alarm, encounter_id, "头晕")
    site.clock.go(minutes=35)
    for nobody in (NURSE, OBSERVER):
        site.as_user(nobody)
        with pytest.raises(RoleMissing):
            site.desk.do(observation.close_alarm, encounter_id)
    with pytest.raises(AlarmOpen):
        site.desk.do(observation.release, encounter_id, LOOKED)
    with pytest.raises(AlarmOpen):
        site.desk.do(observation.leave_early, encounter_id, "家里有急事")
    site.as_user(DOCTOR)
    site.desk.do(observation.close_alarm, encounter_id)
    assert state(site, encounter_id) is ObservationState.OVERDUE
    with pytest.raises(NoAlarm):
        site.desk.do(observation.close_alarm, encounter_id)


def test_staff_write_the_course_into_the_draft_but_never_the_facts_of_the_dose(site: SmallSite) -> None:
    """OBS-5: times and drug as staff state them; nothing is computed (domain.md §7.5)."""
    encounter_id = seat(site)
    draft = site.desk.do(observation.raise_alarm, encounter_id, "头晕")
    written = {"adrenaline_dose": "按医嘱", "called_120_at": "2026-11-23T01:20:00.000Z", "lot_number": "X"}
    amended = site.desk.do(observation.amend_adverse_event, encounter_id, written)
    assert amended["adrenaline_dose"] == "按医嘱"
    assert amended["lot_number"] == draft["lot_number"]
    assert observations.find_adverse_event(site.desk.read(), encounter_id) == amended
    kept = [event for event in journal.events(site.desk.read()) if event.kind == "adverse_event.drafted"]
    assert [event.body["adverse_event_id"] for event in kept] == [draft["adverse_event_id"]] * 2


def test_without_a_reaction_there_is_no_report(site: SmallSite) -> None:
    encounter_id = seat(site)
    with pytest.raises(NoReaction):
        site.desk.do(observation.amend_adverse_event, encounter_id, {"course": "无"})


def test_who_still_sits_has_nothing_to_be_taken_back(site: SmallSite) -> None:
    encounter_id = seat(site)
    with pytest.raises(NotEnded):
        site.desk.do(observation.reopen, encounter_id)


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
