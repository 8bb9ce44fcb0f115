"""The doctor states a special condition by keys alone; person and forecast show it (VER-5)."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QWidget

from app.domain.audit import Access
from app.domain.conditions import ConditionForm
from app.storage import audit
from app.storage.audit import Wanted
from app.storage.conditions import statements_of
from app.ui.kit.text import Text
from app.ui.registration.forecast_list import told_of
from app.ui.screening.conditions_sheet import ConditionsSheet
from app.workflows.conditions import record_condition
from app.workflows.forecast import forecast_of, vocabulary
from tests.factories import DOCTOR, NURSE
from tests.ui.kit.screen_rules import cut_texts, outside
from tests.ui.registration.people import child, register
from tests.ui.registration.rig import SMALL, DeskRig
from tests.ui.screening.steps import begin, come, examination


def sheet(rig: DeskRig) -> ConditionsSheet:
    """Return the sheet that is open."""
    (found,) = [one for one in rig.page.findChildren(ConditionsSheet) if one.isVisible()]
    return found


def choose(rig: DeskRig, code: str) -> None:
    """Walk down the list of conditions to one."""
    steps = list(vocabulary()).index(code) + 1 - sheet(rig).code.currentIndex()
    rig.press(*(("Down",) * steps if steps > 0 else ("Up",) * -steps))


def test_keys_alone_state_a_condition_and_the_questions_go_on(rig: DeskRig) -> None:
    visit = begin(rig, child(born=rig.site.desk.today() - timedelta(275)))
    rig.press("2", "2", "Alt+0")
    choose(rig, "immune_deficient")
    rig.press("Tab", "Tab", "Tab")
    rig.type("省儿童医院诊断")
    rig.press("Enter")
    (stated,) = statements_of(rig.bench.read(), visit.patient_id)
    assert (stated.code, stated.note, stated.recorded_by) == (
        "immune_deficient", "省儿童医院诊断", rig.bench.desk.user.name if rig.bench.desk.user else "",
    )  # fmt: skip
    case = examination(rig).case
    assert case is not None
    assert case.conditions == "特殊情况：免疫缺陷"
    assert examination(rig).draft.answered_count() == 3  # question 10 is not put to a child
    assert examination(rig).current_id == "3"


def test_a_correction_is_taken_up_by_its_key_and_asks_for_the_reason(rig: DeskRig) -> None:
    visit = begin(rig, child(born=rig.site.desk.today() - timedelta(275)))
    rig.site.desk.do(record_condition, visit.patient_id, ConditionForm("preterm"))
    rig.press("Alt+0", "Alt+1", "F12")
    assert len(statements_of(rig.bench.read(), visit.patient_id)) == 1
    assert "要写原因" in sheet(rig).said
    rig.type("记错了人")
    rig.press("F12")
    first, second = statements_of(rig.bench.read(), visit.patient_id)
    assert not first.stands
    assert (second.supersedes, second.reason) == (first.condition_id, "记错了人")
    rig.press("Alt+0")
    assert sheet(rig).rows == []
    assert any("撤销“早产”" in words for words in shown_texts(sheet(rig)))


def test_what_is_closed_by_a_condition_stands_on_a_card_with_its_why(rig: DeskRig) -> None:
    visit = come(rig, child(born=rig.site.desk.today() - timedelta(275)))
    rig.site.desk.do(record_condition, visit.patient_id, ConditionForm("immune_deficient"))
    rig.settle()
    selected = rig.screening.waiting.selected
    assert selected is not None
    told = told_of(forecast_of(rig.bench.read(), selected.patient, rig.site.desk.today()))
    assert told[0].dose == "特殊情况：免疫缺陷"
    assert told[0].when == "由医生决定"
    (mmr,) = [one for one in told if one.dose == "麻腮风"]
    assert (mmr.when, mmr.edition) == ("不种", "未核实")
    assert "免疫缺陷" in mmr.why


def test_who_is_no_doctor_is_told_so_in_the_sheet(rig: DeskRig) -> None:
    visit = come(rig)
    rig.site.as_user(NURSE)
    rig.settle()
    rig.press("Alt+0")
    choose(rig, "preterm")
    rig.press("Enter")
    assert sheet(rig).said
    assert statements_of(rig.bench.read(), visit.patient_id) == ()


@pytest.mark.usefixtures("dressed")
def test_the_sheet_fits_the_smallest_screen(rig: DeskRig) -> None:
    patient = register(rig.site, child(born=rig.site.desk.today() - timedelta(275)))
    rig.site.as_user(DOCTOR)
    for code in ("preterm", "immune_deficient", "hiv_exposed"):
        form = ConditionForm(code, patient.birth_on, None, "省儿童医院 2026 年出具的诊断证明")
        rig.site.desk.do(record_condition, patient.patient_id, form)
    rig.site.registered(patient)
    rig.site.as_user(DOCTOR)
    rig.resize(SMALL)
    rig.press("Alt+0", "Alt+2")
    assert not sheet(rig).scrolls
    assert outside(sheet(rig)) == []
    assert cut_texts(sheet(rig)) == []


def shown_texts(root: QWidget) -> list[str]:
    """Return the words of the labels that are shown."""
    return [one.text() for one in root.findChildren(Text) if one.isVisible()]


def test_who_looks_at_conditions_from_the_queue_stands_in_the_trail(rig: DeskRig) -> None:
    """SEC-5: what a person is ill with is read by name."""
    visit = come(rig, child(born=rig.site.desk.today() - timedelta(275)))
    rig.site.as_user(NURSE)
    rig.press("Alt+0")
    assert sheet(rig)
    wanted = Wanted(accesses=(Access.READ,), staff_id=NURSE, patient_ids=[visit.patient_id])
    assert audit.count(rig.bench.read(), wanted) == 1
