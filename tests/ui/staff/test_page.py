"""人员: added, trained, let in, handed over, by keyboard alone (STF-1, STF-7, STF-8, SEC-2)."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.domain.audit import Purpose
from app.domain.shifts import Duty
from app.domain.staff import Role, TrainingCertificate
from app.storage.credentials import find_credential
from app.storage.keys import SlotOwner, key_file
from app.storage.opening import give_slot
from app.storage.shifts import last_hand_overs, shifts_on
from app.storage.staff import all_staff, find_staff, find_training
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.form_sheet import FormSheet
from app.ui.second_person import SecondPersonSheet
from app.ui.staff.hand_over import HandOverSheet, RosterSheet
from app.ui.staff.member_sheets import EmergencySheet, GivenPasswordSheet, MemberSheet, TrainingSheet
from app.workflows import staff
from tests.factories import DOCTOR, MANAGER, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.staff.rig import PIN, StaffRig


def test_the_list_says_who_may_inject(rig: StaffRig) -> None:
    """STF-1: without a certificate red, thirty days before its end amber."""
    today = rig.site.desk.today()
    assert "都持证" in rig.page.banner.sentence
    ending = TrainingCertificate("1", "县疾控", today + timedelta(days=9))
    rig.site.desk.do(staff.certify_staff, NURSE, ending)
    rig.page.refresh(frozenset())
    assert rig.rows()[0][3] == f"{ending.expires_on}·还有 9 天"
    assert "周敏的合格证 30 天内到期" in rig.page.banner.sentence
    gone = TrainingCertificate("1", "县疾控", today - timedelta(days=1))
    rig.site.desk.do(staff.certify_staff, NURSE, gone)
    rig.page.refresh(frozenset())
    assert "周敏没有有效的培训合格证，不能接种" in rig.page.banner.sentence
    assert [row[3] for row in rig.rows()].count("—") == 7


def test_somebody_new_gets_roles_and_a_password_shown_once(rig: StaffRig) -> None:
    rig.hand.press("F9")
    sheet = rig.sheet
    assert isinstance(sheet, MemberSheet)
    sheet.name.setText("林巧音")
    sheet.post.setText("护师")
    rig.hand.press("Ctrl+3")
    rig.hand.press("Enter")
    rig.hand.wait_until(lambda: isinstance(rig.sheet, GivenPasswordSheet), "the password is shown")
    given = rig.sheet
    assert isinstance(given, GivenPasswordSheet)
    added = all_staff(rig.bench.read())[-1]
    assert (added.name, added.roles) == ("林巧音", frozenset({Role.VACCINATOR}))
    known = find_credential(rig.bench.read(), added.staff_id)
    assert known is not None
    assert known.must_change
    keys = key_file(rig.site.folder, rig.site.random)
    assert keys.unlock(added.staff_id, given.password).key == rig.site.store.key
    rig.hand.press("Esc")
    assert "林巧音没有有效的培训合格证" in rig.page.banner.sentence


def test_without_name_or_role_nothing_is_saved_and_the_sheet_says_so(rig: StaffRig) -> None:
    rig.hand.press("F9")
    rig.hand.press("Enter")
    rig.settle()
    sheet = rig.sheet
    assert isinstance(sheet, MemberSheet)
    assert "必填" in sheet.fault.text()
    assert sheet.button.isEnabled()


def test_roles_are_changed_and_the_last_manager_stays(rig: StaffRig) -> None:
    rig.mark(DOCTOR)
    rig.hand.press("Enter")
    rig.hand.press("Ctrl+1")
    rig.hand.press("Enter")
    rig.until_said("已保存：赵清和")
    changed = find_staff(rig.bench.read(), DOCTOR)
    assert changed is not None
    assert changed.roles == {Role.DOCTOR, Role.OBSERVER, Role.REGISTRAR}
    rig.mark(MANAGER)
    rig.hand.press("Enter")
    rig.hand.press("Ctrl+6")
    rig.hand.press("Enter")
    rig.settle()
    sheet = rig.sheet
    assert isinstance(sheet, MemberSheet)
    assert "唯一的负责人" in sheet.fault.text()


def test_a_certificate_is_recorded(rig: StaffRig) -> None:
    rig.mark(NURSE)
    rig.hand.press("F10")
    sheet = rig.sheet
    assert isinstance(sheet, TrainingSheet)
    sheet.until.setText("2031")
    rig.hand.press("Enter")
    assert sheet.form.field("until").error
    sheet.number.setText("培 77 号")
    sheet.until.setText("20310501")
    sheet.passed.setText("2026")
    rig.hand.press("Enter")
    assert sheet.form.field("passed").error
    sheet.passed.setText("20261201")
    sheet.round.setText("2026 年第 3 期")
    rig.hand.press("Enter")
    rig.hand.wait_until(lambda: "还没到" in sheet.fault.text(), "an exam that lies ahead")
    sheet.passed.setText("20261101")
    rig.hand.press("Enter")
    rig.until_said("合格证")
    kept = find_training(rig.bench.read(), NURSE)
    assert kept is not None
    assert (kept.number, kept.expires_on.isoformat()) == ("培 77 号", "2031-05-01")
    assert rig.page.certificate.text().startswith("周敏（登记员、接种人员")
    assert "）：合格证 培 77 号" in rig.page.certificate.text()
    assert "2026 年第 3 期　2026-11-01 考核合格" in rig.page.certificate.text()


def test_who_can_handle_a_reaction_is_recorded_and_counted(rig: StaffRig) -> None:
    """STF-4, STF-10: of somebody with no certificate to inject as well."""
    rig.mark("u-hexiaotang")
    before = rig.page.counts.text()
    rig.hand.press("Alt+7")
    sheet = rig.sheet
    assert isinstance(sheet, EmergencySheet)
    rig.hand.press("Enter")
    assert sheet.form.field("trained").error
    sheet.trained.setText("20261101")
    sheet.until.setText("20271031")
    rig.hand.press("Enter")
    rig.until_said("应急处置培训")
    assert rig.rows()[2][4] == "至 2027-10-31"
    assert "应急处置 3 人" in before
    assert "应急处置 4 人" in rig.page.counts.text()


def test_the_register_leaves_with_a_reason_that_stands_in_the_file(rig: StaffRig, tmp_path: Path) -> None:
    """STF-4, SEC-4: who and why in the workbook and in the audit trail; formulas are words."""
    today = rig.site.desk.today()
    strange = TrainingCertificate("=1+1", "县疾控", today + timedelta(days=9), "2026 年第 3 期", today)
    rig.site.desk.do(staff.certify_staff, NURSE, strange)
    rig.hand.press("Alt+8")
    assert isinstance(rig.sheet, ReasonSheet)
    rig.hand.press("Esc")
    file = tmp_path / "名册.xlsx"
    rig.page.register_out.take_out(file, Purpose.OTHER, "区里核对持证人数")
    rig.until_said("已导出 9 人的名册")
    (sheet,) = load_workbook(file).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert "苏晚晴" in sheet.oddFooter.center.text
    assert "区里核对持证人数" in str(rows[2][0])
    assert "持证 2 人，其中 30 天内到期 1 人" in str(rows[1][0])
    until = str(strange.expires_on)
    assert rows[4][3:8] == ("=1+1", "县疾控", "2026 年第 3 期", str(today), until)
    assert sheet["D5"].data_type == "s"
    line = rig.bench.read().execute("select words from audit where access = 'exported'").fetchone()
    assert line == ("人员资格名册：区里核对持证人数",)


def test_who_is_removed_has_neither_row_nor_slot(rig: StaffRig) -> None:
    give_slot(rig.site.store, SlotOwner(MANAGER, "苏晚晴", "负责人"), "Anfang-2026", rig.site.random)
    rig.mark(DOCTOR)
    rig.hand.press("F11")
    rig.hand.wait_until(
        lambda: isinstance(rig.page.findChild(GivenPasswordSheet), GivenPasswordSheet), "given"
    )
    rig.hand.press("Esc")
    rig.hand.press("F12")
    rig.hand.press("Enter")
    rig.until_said("已移除：赵清和")
    assert "赵清和" not in [row[0] for row in rig.rows()]
    assert DOCTOR not in {owner.staff_id for owner in key_file(rig.site.folder, rig.site.random).owners()}


@pytest.mark.parametrize("staff_id", ["u-fangxunzhi", "u-zhongshenyan", NURSE])
def test_who_manages_nobody_has_no_keys_for_it(rig: StaffRig, staff_id: str) -> None:
    """STF-9; the workflow refuses as well (tests/workflows/test_roles.py)."""
    rig.as_user(staff_id)
    for key in ("F9", "Enter", "F10", "F11", "F12", "Alt+5"):
        rig.hand.press(key)
        rig.settle()
        assert not [one for one in rig.page.findChildren(SecondPersonSheet) if one.isVisible()]
    assert rig.page.roster_button.isHidden()


def test_a_pin_is_set_and_a_plain_one_is_refused(rig: StaffRig) -> None:
    rig.hand.press("Alt+2")
    rig.hand.type("123456")
    rig.hand.press("Tab")
    rig.hand.type("123456")
    rig.hand.press("Enter")
    sheet = rig.sheet
    assert isinstance(sheet, FormSheet)
    rig.hand.wait_until(lambda: "连号" in sheet.fault.text(), "refused")
    rig.hand.press("Esc")
    rig.hand.press("Alt+2")
    rig.hand.type(PIN)
    rig.hand.press("Tab")
    rig.hand.type(PIN)
    rig.hand.press("Enter")
    rig.until_said("PIN 已设好")


def test_a_badge_is_scanned_in_and_a_vial_is_none(rig: StaffRig) -> None:
    rig.hand.press("Alt+3")
    rig.shell.take_scan(rig.site.vials("FLU4-1")[0])
    assert "不能当工牌" in rig.said[-1]
    rig.shell.take_scan("EMP-0001-7731")
    rig.until_said("工牌已登记")
    known = find_credential(rig.bench.read(), MANAGER)
    assert known is not None
    assert known.has_badge


def test_a_hand_over_is_confirmed_by_both_and_the_desk_changes_hands(rig: StaffRig) -> None:
    """STF-8: what is open stands on the sheet."""
    rig.with_pin(DOCTOR)
    visit = rig.site.at_needle()
    rig.as_user(NURSE)
    rig.hand.press("Alt+4")
    sheet = rig.sheet
    assert isinstance(sheet, HandOverSheet)
    sheet.who.setCurrentIndex(sheet.who.findText("赵清和　医生"))
    sheet.secret.setText("999000")
    rig.hand.press("Enter")
    rig.hand.wait_until(lambda: "PIN 不对" in sheet.fault.text(), "a wrong PIN")
    assert last_hand_overs(rig.bench.read(), 1) == []
    sheet.secret.setText(PIN)
    rig.hand.press("Enter")
    rig.until_said("已交班给赵清和")
    (kept,) = last_hand_overs(rig.bench.read(), 1)
    assert (kept.given_by, kept.taken_by, kept.work.called) == (NURSE, DOCTOR, (visit.ticket_number,))
    assert rig.site.desk.user is not None
    assert rig.site.desk.user.staff_id == DOCTOR


def test_nobody_hands_over_to_an_inspector_or_to_themselves(rig: StaffRig) -> None:
    rig.hand.press("Alt+4")
    sheet = rig.sheet
    assert isinstance(sheet, HandOverSheet)
    names = [sheet.who.itemText(place).split("　")[0] for place in range(sheet.who.count())]
    assert names == ["周敏", "赵清和", "何晓棠", "许令仪", "陆守仓", "梁信安"]


def test_a_day_is_planned(rig: StaffRig) -> None:
    """STF-7: one leads, one is on duty."""
    rig.hand.press("Alt+5")
    sheet = rig.sheet
    assert isinstance(sheet, RosterSheet)
    morning = {button.member.staff_id: button for button in sheet.buttons if button.part.value == "morning"}
    morning[NURSE].click()
    for _ in range(2):
        morning[MANAGER].click()
    rig.hand.press("Enter")
    rig.until_said("11-23 的班已排好")
    today, *_ = shifts_on(rig.bench.read(), rig.site.desk.today())
    assert dict(today.duties) == {NURSE: Duty.ON_DUTY, MANAGER: Duty.LEADER}
    rig.hand.press("Alt+5")
    assert [one.duty for one in rig.sheet.buttons if one.duty] == [Duty.ON_DUTY, Duty.LEADER]  # type: ignore[attr-defined]


def test_the_night_is_handed_to_somebody_the_next_day_is_planned_too(rig: StaffRig) -> None:
    """STF-7: duty goes round the clock; a roster made on the day itself is none."""
    rig.hand.press("Alt+5")
    rig.hand.press("Alt+6")
    rig.until_said("11-23 的班已排好")
    sheet = rig.sheet
    assert isinstance(sheet, RosterSheet)
    assert "2026-11-24" in sheet.title.text()
    next(button for button in sheet.buttons if button.member.staff_id == NURSE).click()
    rig.hand.press("Enter")
    rig.until_said("11-24 的班已排好")
    today = rig.site.desk.today()
    assert [dict(shift.duties) for shift in shifts_on(rig.bench.read(), today)] == [{}, {}, {}]
    assert dict(shifts_on(rig.bench.read(), today + timedelta(days=1))[0].duties) == {NURSE: Duty.ON_DUTY}


KEYS = ("", "F9", "Enter", "F10", "F12", "Alt+7", "Alt+8", "Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5")


@pytest.mark.usefixtures("dressed")
def test_nothing_is_cut_small_nameless_or_overlapping(rig: StaffRig) -> None:
    """Rules 21 to 25."""
    found = {}
    for key in KEYS:
        if key:
            rig.hand.press(key)
        for size in ((1366, 732), (1280, 684)):
            rig.shell.resize(*size)
            rig.settle()
            if wrong := faults(rig.page, scrolls=key == "Alt+5"):
                found[key, size] = wrong
        if key:
            rig.hand.press("Esc")
    assert found == {}
