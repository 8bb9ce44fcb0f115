"""开诊: what is lacking and who sees to it; a day begun and ended by keys (SITE-9, APP-4, STF-1)."""

from datetime import timedelta

from app.domain.shifts import Duty, Part
from app.domain.staff import EmergencyTraining, Role, StaffMember
from app.storage.site import running_session
from app.ui.opening.session_sheets import CloseSheet, OpenSheet
from app.workflows.observation import leave_early
from app.workflows.shifts import plan_day
from app.workflows.staff import amend_staff, train_for_emergencies
from tests.factories import MANAGER, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.stock.rig import FridgeRig

LONG = "阿卜杜热西提·买买提吐尔逊·艾合麦提江"


def test_a_new_site_is_told_what_comes_first(new_rig: FridgeRig) -> None:
    new_rig.open("Ctrl+O")
    page = new_rig.opening
    assert [step.is_done for step in page.steps] == [False] * 4
    assert "离第一针还差 4 样" in page.banner.sentence
    assert "苏晚晴" in page.session.words.text()
    assert faults(page) == {}


def test_the_manager_begins_the_day_and_ends_it(rig: FridgeRig) -> None:
    site = rig.site
    waiting = site.registered()
    site.as_user(MANAGER)
    rig.open("Ctrl+O")
    rig.press("F10")
    sheet = rig.sheet
    assert isinstance(sheet, CloseSheet)
    assert not sheet.is_blocked
    assert faults(rig.page) == {}
    newcomer = site.registered(site.patient(index=1))
    assert newcomer.ticket_number != waiting.ticket_number
    site.as_user(MANAGER)
    rig.press("Enter")
    sheet = rig.sheet
    assert isinstance(sheet, CloseSheet)
    assert newcomer.ticket_number in sheet.fault.text()
    rig.press("Enter")
    assert running_session(rig.bench.read()) is None
    rig.press("F9")
    assert isinstance(rig.sheet, OpenSheet)
    assert rig.sheet.name.text() == "11月23日上午"
    rig.press("Enter")
    session = running_session(rig.bench.read())
    assert session is not None
    assert session.name == "11月23日上午"


def test_nobody_is_left_in_the_hall(rig: FridgeRig) -> None:
    site = rig.site
    dose = site.vaccinated()
    site.as_user(MANAGER)
    rig.open("Ctrl+O")
    rig.press("F10")
    sheet = rig.sheet
    assert isinstance(sheet, CloseSheet)
    assert sheet.is_blocked
    assert faults(rig.page) == {}
    rig.press("Enter")
    assert rig.sheet is None, "Enter goes back"
    assert running_session(rig.bench.read()) is not None
    site.desk.do(leave_early, dose["encounter_id"], "赶车")
    rig.press("F10", "Enter")
    assert running_session(rig.bench.read()) is None


def test_a_session_of_yesterday_is_told_and_todays_asked_for(rig: FridgeRig) -> None:
    site = rig.site
    rig.open("Ctrl+O")
    site.clock.jump(timedelta(hours=24))
    rig.bench.tick()
    assert "开到现在" in rig.opening.banner.sentence
    rig.as_user(NURSE)
    rig.shell.go_to("stock", None)
    rig.shell.start()
    assert any("还没有收诊" in said for said in rig.said)
    rig.as_user(MANAGER)
    rig.press("Ctrl+O", "F10", "Enter")
    assert isinstance(rig.sheet, OpenSheet)
    assert rig.sheet.name.text() == "11月24日上午"


def test_a_day_without_anybody_for_a_reaction_is_warned_of_and_begins(rig: FridgeRig) -> None:
    """STF-10: who is on duty counts; the day goes on."""
    rig.open("Ctrl+O")
    assert "应急处置 周敏" in rig.opening.staff.words.text()
    rig.as_user(MANAGER)
    rig.site.desk.do(plan_day, rig.site.desk.today(), {Part.MORNING: {"u-hexiaotang": Duty.ON_DUTY}})
    rig.opening.refresh(frozenset())
    assert "没有人有有效的应急处置培训" in rig.opening.staff.words.text()
    assert rig.opening.staff.is_done
    assert faults(rig.page) == {}
    today = rig.site.desk.today()
    rig.site.desk.do(train_for_emergencies, "u-hexiaotang", EmergencyTraining(today, today))
    rig.opening.refresh(frozenset())
    assert "应急处置 何晓棠" in rig.opening.staff.words.text()


def test_who_may_not_open_is_told_who_may(rig: FridgeRig) -> None:
    rig.open("Ctrl+O")
    rig.press("F10", "Enter")
    rig.as_user(NURSE)
    rig.press("Ctrl+O")
    page = rig.opening
    assert not page.session.button.isVisible()
    assert "苏晚晴" in page.banner.sentence
    rig.press("F9")
    assert rig.sheet is None


def test_nothing_is_cut_at_either_size(rig: FridgeRig) -> None:
    rig.site.desk.do(amend_staff, StaffMember(MANAGER, LONG, "负责人", frozenset(Role)))
    rig.open("Ctrl+O")
    for key in ("", "F10", "Alt+3"):
        if key:
            rig.press(key)
        for size in ((1366, 732), (1280, 684)):
            rig.shell.resize(*size)
            rig.settle()
            assert faults(rig.page) == {}, (key, size)
        if rig.sheet is not None:
            rig.press("Esc")
