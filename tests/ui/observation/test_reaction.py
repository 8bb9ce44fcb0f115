"""A reaction at the observation station: signs, the red bar, the emergency card, the times, the report."""

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from app.domain.audit import Access
from app.domain.observation import AlarmOpen, ObservationState, TimeUnreadable
from app.domain.permissions import NotPermitted
from app.domain.visit import VisitState
from app.practice.site import EMERGENCY_CARD, SITE
from app.storage import audit, observations
from app.storage.audit import Wanted
from app.storage.encounters import get_encounter
from app.ui.kit.chip import Chip
from app.ui.kit.text import Text
from app.ui.kit.theme import dress_window
from app.ui.texts import sentence_of
from app.workflows import observation, site_setup
from app.workflows.desk import Act
from tests.factories import DOCTOR, MANAGER, OBSERVER
from tests.ui.observation.rig import ObservationRig


def alarmed(rig: ObservationRig) -> str:
    """Seat somebody and raise an alarm by keys."""
    encounter_id = rig.seat(minutes_ago=9)
    rig.page.select(encounter_id)
    rig.press("F11", "3", "5", "Enter")
    return encounter_id


def draft(rig: ObservationRig, encounter_id: str) -> dict[str, str]:
    found = observations.find_adverse_event(rig.site.desk.read(), encounter_id)
    assert found is not None
    return found


def test_f11_raises_an_alarm_with_a_draft_of_the_report_that_only_a_doctor_closes(
    rig: ObservationRig,
) -> None:
    """OBS-3: recognised and handled at once. Ux.md rule 19: the bar never dismisses itself."""
    encounter_id = rig.seat(minutes_ago=9)
    bar, report = rig.page.reactions.bar, rig.page.reactions.report
    rig.press("r", "F10", "F9")
    assert not report.sheet.isVisible(), "without a reaction they do nothing"
    assert not rig.page.reactions.card.isVisible()
    assert rig.refusals == []
    rig.press("F11", "3", "Esc")
    assert rig.person(encounter_id).state is ObservationState.OBSERVING
    assert not bar.isVisible(), "Esc raises nothing"

    rig.press("F11", "3", "5", "Enter")
    assert rig.person(encounter_id).state is ObservationState.ALARM
    assert draft(rig, encounter_id)["signs"] == "面色苍白、头晕、心慌"
    assert bar.isVisible()
    assert bar.accessibleName().startswith(f"{rig.visit(encounter_id).ticket_number} 请找医生")
    assert "面色苍白、头晕、心慌" in bar.accessibleName()

    rig.go(minutes=30)
    rig.press("1", "2", "Enter")
    assert isinstance(rig.refusals[-1], AlarmOpen), "nobody is released under an alarm"
    assert rig.state(encounter_id) is VisitState.OBSERVING

    rig.go(minutes=120)
    rig.press("Esc", "F9")
    assert isinstance(rig.refusals[-1], NotPermitted)
    assert "医生" in sentence_of(rig.refusals[-1]).happened
    rig.press("Enter")
    assert bar.isVisible()
    rig.site.as_user(DOCTOR)
    rig.press("F9")
    assert not bar.isVisible()
    assert rig.person(encounter_id).state is ObservationState.OVERDUE, "back on the board"
    assert rig.events("observation.alarm_closed")[0].user == DOCTOR
    rig.press("r")
    assert report.sheet.isVisible(), "after the alarm R opens the report again"


def test_an_alarm_needs_no_sign_at_all(rig: ObservationRig) -> None:
    """Seconds count: F11 and Enter are enough."""
    encounter_id = rig.seat()
    rig.press("F11", "Enter")
    assert rig.person(encounter_id).state is ObservationState.ALARM


def test_the_bar_counts_minutes_and_names_the_others(rig: ObservationRig) -> None:
    first = alarmed(rig)
    second = rig.seat()
    rig.page.select(second)
    rig.press("F11", "Enter")
    rig.go(minutes=2)
    bar = rig.page.reactions.bar
    tickets = [rig.visit(encounter_id).ticket_number for encounter_id in (first, second)]
    assert bar.accessibleName().startswith(f"{tickets[1]} 请找医生"), "the selected one"
    assert f"另有 {tickets[0]}" in bar.accessibleName()
    assert "已过 2 分钟" in bar.accessibleName()
    rig.page.select(first)
    assert bar.accessibleName().startswith(tickets[0])
    rig.site.as_user(DOCTOR)
    rig.press("F9")
    assert bar.isVisible()
    assert bar.accessibleName().startswith(tickets[1])
    assert [event.body["encounter_id"] for event in rig.events("observation.alarm_closed")] == [first]


def test_f10_shows_the_sites_own_card_with_its_version_and_whom_to_call(rig: ObservationRig) -> None:
    """OBS-4, OBS-5, SITE-10, domain.md §7.5."""
    alarmed(rig)
    rig.press("F10")
    card = rig.page.reactions.card
    assert card.isVisible()
    assert card.words.text() == EMERGENCY_CARD
    seen = " ".join(label.text() for label in card.findChildren(type(card.words)))
    for shown in (SITE.paired_hospital, SITE.paired_hospital_phone, SITE.emergency_card_approval, "版本"):
        assert shown in seen
    assert rig.page.reactions.bar.isVisible(), "the bar stays above the card"
    rig.press("Esc")
    assert not card.isVisible()
    assert rig.page.scan_box.edit.hasFocus()


def test_times_and_doses_are_written_on_the_card_and_kept_in_the_draft_at_once(rig: ObservationRig) -> None:
    """OBS-5: transfer record; domain.md §7.5: times of onset, call, transfer, drug.

    Domain.md, ground rule 5: a dose is whatever staff type, never computed.
    """
    encounter_id = alarmed(rig)
    rig.press("F10", "Alt+1")
    card = rig.page.reactions.card
    assert all(line.text() == "" for line in card.lines.values())
    rig.go(minutes=1)
    rig.press("Alt+2")
    rig.go(minutes=3)
    rig.press("Alt+4", "Alt+3")
    kept = draft(rig, encounter_id)
    times = [kept[name] for name in ("onset_at", "called_120_at", "adrenaline_at", "transferred_at")]
    assert [text[11:16] for text in times] == ["01:09", "01:10", "01:13", "01:13"]
    assert card.times["called_120_at"].edit.text() == "09:10"
    assert "已保存在本机 09:13" in card.saved.text()

    write(rig, card.lines["adrenaline_dose"], "0.3 mg 肌注（赵清和口述）")
    write(rig, card.lines["adrenaline_by"], "周敏")
    assert draft(rig, encounter_id)["adrenaline_dose"] == "0.3 mg 肌注（赵清和口述）"
    assert draft(rig, encounter_id)["adrenaline_by"] == "周敏"
    rig.press("Esc", "F10")
    assert card.lines["adrenaline_by"].text() == "周敏"

    line = card.times["onset_at"].edit
    write(rig, line, "9点")
    assert isinstance(rig.refusals[-1], TimeUnreadable)
    assert line.text() == "09:09", "the one before is kept"
    rig.press("Enter")
    write(rig, line, "9:05")
    assert draft(rig, encounter_id)["onset_at"][11:16] == "01:05"
    write(rig, line, "")
    assert draft(rig, encounter_id)["onset_at"] == ""


def test_a_site_without_a_card_is_told_so(rig: ObservationRig) -> None:
    rig.site.as_user(MANAGER)
    bare = replace(SITE, emergency_card="", emergency_card_approval="", paired_hospital="")

    def configure(act: Act) -> None:
        site_setup.configure_site(act, bare)

    rig.bench.desk.do(configure)
    rig.site.as_user(OBSERVER)
    alarmed(rig)
    rig.press("F10")
    assert rig.page.reactions.card.words.text().startswith("本单位尚未录入急救卡")


def write(rig: ObservationRig, line: QLineEdit, text: str) -> None:
    """Type into a line and leave it."""
    line.setFocus()
    line.selectAll()
    line.insert(text)
    line.setModified(True)
    rig.press("Tab")


def test_the_report_carries_the_dose_names_both_deadlines_and_takes_only_the_course(
    rig: ObservationRig,
) -> None:
    """OBS-2; domain.md §7.4 [2ND]: 48 hours, 2 hours, both unverified."""
    encounter_id = alarmed(rig)
    rig.press("F10", "F12")
    report = rig.page.reactions.report
    assert report.sheet.isVisible()
    patient_id = get_encounter(rig.site.desk.read(), encounter_id).patient_id
    user = rig.site.desk.user
    assert user is not None
    wanted = Wanted(accesses=(Access.READ,), staff_id=user.staff_id, patient_ids=[patient_id])
    rig.site.store.write(lambda transaction: None)
    assert audit.count(rig.site.desk.read(), wanted) == 1, "who read the case stands in the trail"
    before = draft(rig, encounter_id)
    shown = {name.text(): value.text() for name, value in report.facts}
    assert shown["批号"] == before["lot_number"]
    assert shown["追溯码"] == before["trace_code"]
    assert report.lines["signs"].text() == "面色苍白、头晕、心慌"
    seen = " ".join(widget.accessibleName() or "" for widget in report.sheet.findChildren(Chip))
    assert "未核实" in seen
    words = [label.text() for label in report.sheet.findChildren(Text)]
    assert any("11 月 25 日 09:09 前（48 小时内）" in text for text in words)
    assert any("11 月 23 日 11:09 前（2 小时内）" in text for text in words)

    report.texts["course"].insertPlainText("09:08 诉头晕，面色苍白。")
    rig.press("Esc")
    assert draft(rig, encounter_id)["course"] == "09:08 诉头晕，面色苍白。", "Esc loses nothing"
    assert rig.page.reactions.card.isVisible(), "back on the card"
    rig.press("F12")
    report.texts["measures"].insertPlainText("平卧，吸氧。")
    rig.press("F12")
    after = draft(rig, encounter_id)
    assert (after["course"], after["measures"]) == ("09:08 诉头晕，面色苍白。", "平卧，吸氧。")
    assert {key: after[key] for key in before if key not in ("course", "measures")} == {
        key: value for key, value in before.items() if key not in ("course", "measures")
    }


def test_keys_of_the_board_do_nothing_under_the_card(rig: ObservationRig) -> None:
    encounter_id = alarmed(rig)
    other = rig.seat(minutes_ago=30)
    rig.page.select(other)
    rig.press("1", "2")
    rig.press("F10", "Enter", "F12", "Esc")
    assert rig.state(other) is VisitState.OBSERVING
    assert rig.state(encounter_id) is VisitState.OBSERVING


def test_who_was_taken_to_hospital_leaves_the_board_after_the_doctor_closed_the_alarm(
    rig: ObservationRig,
) -> None:
    """OBS-5: green channel; the exception is recorded as what it is."""
    encounter_id = alarmed(rig)
    rig.press("F12")
    assert not rig.page.early_sheet.is_open, "an alarm is no way out"
    rig.site.as_user(DOCTOR)
    rig.press("F9", "F12", "6", "Enter")
    assert rig.state(encounter_id) is VisitState.LEFT_EARLY
    assert rig.events("observation.ended")[0].body["note"] == "已转送医院"


def test_an_alarm_stands_after_a_restart(rig: ObservationRig) -> None:
    encounter_id = alarmed(rig)
    assert observation.hall(rig.site.desk.read(), rig.site.clock.now()).seats[0].encounter_id == encounter_id
    fresh = type(rig.page)(rig.bench)
    dress_window(fresh)
    rig.qtbot.addWidget(fresh)
    fresh.show()
    fresh.enter(None)
    assert fresh.reactions.bar.isVisible()
