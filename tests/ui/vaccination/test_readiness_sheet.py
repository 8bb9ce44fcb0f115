"""The day's check of the four at the needle: asked before the first call, by keys alone (SITE-9)."""

from datetime import timedelta

import pytest

from app.domain.readiness import KitItem, Need
from app.domain.visit import VisitState
from app.storage import encounters
from app.storage.readiness import newest_readiness
from app.ui.vaccination.readiness_sheet import ReadinessSheet
from app.workflows.readiness import check_readiness
from tests.factories import DOCTOR, MANAGER
from tests.ui.vaccination.rig import NeedleRig


@pytest.fixture
def ticket(rig: NeedleRig) -> str:
    """The visit of somebody who waits on a day without a check."""
    rig.site.clock.go(minutes=60 * 24)
    encounter = rig.site.ready()
    rig.site.clock.go(minutes=1)
    rig.scan_ticket(encounter)
    return encounter.encounter_id


def sheet(rig: NeedleRig) -> ReadinessSheet:
    opened = rig.page.sheet
    assert isinstance(opened, ReadinessSheet)
    return opened


def overridden(rig: NeedleRig) -> tuple[str, str, str]:
    known = newest_readiness(rig.site.desk.read())
    assert known is not None
    return known.overridden_by, known.approved_by, known.reason


def state(rig: NeedleRig, encounter_id: str) -> VisitState:
    return encounters.get_encounter(rig.site.desk.read(), encounter_id).state


def test_the_first_call_of_a_day_asks_for_the_four(rig: NeedleRig, ticket: str) -> None:
    assert sheet(rig).isVisible()
    assert not any(line.isChecked() for line in sheet(rig).rows.values())
    assert [line.name.text() for line in sheet(rig).kit][:3] == ["急救箱", "氧气袋", "简易呼吸器"]
    assert state(rig, ticket) is VisitState.READY


def test_four_keys_and_enter_open_the_day_and_call_who_waited(rig: NeedleRig, ticket: str) -> None:
    rig.press("1", "2", "3", "4", "Enter")
    assert rig.page.sheet is None
    assert state(rig, ticket) is VisitState.AT_STATION
    known = newest_readiness(rig.site.desk.read())
    assert known is not None
    assert known.seen == frozenset(Need)


def test_what_is_missing_is_said_and_nobody_is_called(rig: NeedleRig, ticket: str) -> None:
    rig.press("1", "2", "4", "Enter")
    assert sheet(rig).isVisible()
    assert state(rig, ticket) is VisitState.READY
    known = newest_readiness(rig.site.desk.read())
    assert known is not None
    assert Need.AMBULANCE not in known.seen


def test_esc_goes_back_and_nothing_was_recorded(rig: NeedleRig, ticket: str) -> None:
    rig.press("1", "Esc")
    assert rig.page.sheet is None
    known = newest_readiness(rig.site.desk.read())
    assert known is not None
    assert known.day < rig.site.desk.today()


def test_a_kit_that_has_run_out_is_named_and_keeps_the_day_shut(rig: NeedleRig) -> None:
    today = rig.site.desk.today()
    rig.site.desk.do(check_readiness, tuple(Need), [KitItem("氧气袋", today)])
    rig.site.clock.go(minutes=60 * 24)
    encounter = rig.site.ready()
    rig.site.clock.go(minutes=1)
    rig.scan_ticket(encounter)
    rig.press("1", "2", "3", "4", "Enter")
    assert sheet(rig).isVisible()
    line = sheet(rig).kit[0]
    line.until.show_day(today + timedelta(days=300))
    rig.press("Enter")
    assert state(rig, encounter.encounter_id) is VisitState.AT_STATION


def test_the_managers_way_needs_the_manager_and_a_reason(rig: NeedleRig, ticket: str) -> None:
    """The nurse's sheet has no such key; the manager's wants a reason, then a colleague's badge."""
    rig.press("F12")
    assert sheet(rig).isVisible()
    rig.press("Esc")
    user = rig.site.desk.user
    rig.site.as_user(MANAGER)
    rig.page.needle.call(ticket)
    rig.settle()
    rig.press("F12")
    assert sheet(rig).isVisible()
    sheet(rig).reason.setText("救护车在途，十分钟到")
    rig.press("F12")
    assert overridden(rig) == ("", "", "")
    rig.second()
    rig.press("F12")
    rig.site.desk.user = user
    assert overridden(rig) == (MANAGER, DOCTOR, "救护车在途，十分钟到")
    assert rig.page.sheet is None
