"""Acts of the observation area on a real store: release, leaving early, the alarm."""

from datetime import timedelta

import pytest

from app.domain.observation import (
    AlarmOpen,
    Look,
    NotLookedAt,
    ObservationState,
    StillObserving,
)
from app.domain.permissions import NotPermitted
from app.domain.visit import VisitState
from app.storage import encounters, immunizations, journal, observations
from app.workflows import observation
from app.workflows.observation import EarlyReasonMissing, NoAlarm, NoReaction, NotEnded, NotObserved
from tests.domain.state_tables import Row, table
from tests.factories import DOCTOR, NURSE, OBSERVER, SmallSite
from tests.workflows.observation_area import LOOKED, last_event, seat, shown, state


@pytest.fixture
def site(small_site: SmallSite) -> SmallSite:
    small_site.desk.do(observation.mark_clock)
    return small_site


def test_a_person_is_released_after_thirty_minutes_by_name_with_what_was_looked_at(site: SmallSite) -> None:
    """OBS-1: a named person strictly controls the time (N2023 8.1)."""
    encounter_id = seat(site)
    site.clock.go(minutes=30)
    site.desk.do(observation.release, encounter_id, LOOKED, "走前又问了一遍")
    assert state(site, encounter_id) is ObservationState.RELEASED
    assert encounters.get_encounter(site.desk.read(), encounter_id).state is VisitState.RELEASED
    event = list(journal.events_of(site.desk.read(), ["observation.ended"]))[-1]
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
        with pytest.raises(NotPermitted):
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
    kept = list(journal.events_of(site.desk.read(), ["adverse_event.drafted"]))
    assert [event.body["adverse_event_id"] for event in kept] == [draft["adverse_event_id"]] * 2


def test_without_a_reaction_there_is_no_report(site: SmallSite) -> None:
    encounter_id = seat(site)
    with pytest.raises(NoReaction):
        site.desk.do(observation.amend_adverse_event, encounter_id, {"course": "无"})


def test_who_still_sits_has_nothing_to_be_taken_back(site: SmallSite) -> None:
    encounter_id = seat(site)
    with pytest.raises(NotEnded):
        site.desk.do(observation.reopen, encounter_id)
