"""A dose found wrong after the five minutes: voided with keys alone, both versions seen (REG-8, CRT-1)."""

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.journal import Json
from app.domain.observation import Look
from app.domain.visit import VisitState
from app.storage import certificates, encounters, immunizations
from app.ui.certificate.page import CertificatePage
from app.ui.certificate.records_sheet import RecordsSheet
from app.ui.certificate.void_sheet import REASONS, VoidSheet
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.table import Marked, RecordTable
from app.ui.kit.text import Text
from app.ui.registration.page import RegistrationPage
from app.workflows import observation
from app.workflows.needle import call_ticket
from tests.factories import DOCTOR, NURSE, OBSERVER, SmallSite
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import LONGEST_NAME, number_of, register, somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig

S = TypeVar("S", bound=QWidget)


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """Registration and certificates in one window, a nurse at the desk."""
    small_site.as_user(NURSE)
    rig = DeskRig(small_site, qtbot, [CertificatePage, RegistrationPage])
    yield rig
    rig.close()


def page_of(rig: DeskRig) -> CertificatePage:
    page = rig.shell.stations["certificate"]
    assert isinstance(page, CertificatePage)
    return page


def given(rig: DeskRig, name: str = "欧阳予安") -> Json:
    """Give somebody a dose and let ten minutes pass; their certificate is at the front."""
    dose = rig.site.vaccinated(register(rig.site, somebody(name)))
    rig.site.clock.go(minutes=10)
    rig.shell.go_to("certificate", dose["encounter_id"])
    rig.settle()
    return dose


def printed(rig: DeskRig, qtbot: QtBot) -> str:
    """Print the sheet that is shown and return its serial."""
    page = page_of(rig)
    qtbot.waitUntil(lambda: page.made is not None)
    assert page.made is not None
    serial = page.made.facts.serial
    with qtbot.waitSignal(rig.bench.announced):
        rig.press("Enter")
    qtbot.waitUntil(lambda: page.made is not None)
    return serial


def sheet(rig: DeskRig, kind: type[S]) -> S:
    """Return the sheet of this kind that is open."""
    (found,) = (each for each in page_of(rig).findChildren(kind) if each.isVisible())
    return found


def words_of(sheet: QWidget) -> str:
    return "\n".join(text.text() for text in sheet.findChildren(Text) if text.isVisible())


def test_a_wrong_dose_is_voided_with_keys_alone_and_stands_struck_through(rig: DeskRig, qtbot: QtBot) -> None:
    dose = given(rig)
    serial = printed(rig, qtbot)
    rig.press("F9", "Enter", "Enter")
    assert "还没有写原因。没有作废。" in words_of(sheet(rig, VoidSheet))
    rig.press("Esc")
    assert not page_of(rig).records.is_open
    assert rig.focus is page_of(rig).scan_box.edit
    assert rig.events("immunization.voided") == []
    assert len(immunizations.history_of(rig.bench.read(), dose["patient_id"])) == 1

    rig.press("F9", "Enter")
    said = words_of(sheet(rig, VoidSheet))
    for expected in (
        "欧阳予安",
        dose["vaccine_name"],
        dose["lot_number"],
        "第 1 剂",
        "已印 1 张",
        "留观计时",
    ):
        assert expected in said
    assert number_of() not in said, "no more of a document than its tail"
    rig.press("2", "Enter")
    assert rig.events("immunization.voided") == [], "one alone voids nothing"
    rig.second()
    rig.press("Enter")
    db = rig.bench.read()
    (told,) = immunizations.recorded_here(db, dose["patient_id"])
    assert (told["status"], told["void_reason"]) == (immunizations.VOIDED, REASONS[1])
    assert (told["voided_by"], told["void_approved_by"]) == (NURSE, DOCTOR)
    assert immunizations.history_of(db, dose["patient_id"]) == []
    assert encounters.get_encounter(db, dose["encounter_id"]).state is VisitState.CANCELLED
    assert certificates.newest_of(db, dose["patient_id"]) is None
    page = page_of(rig)
    qtbot.waitUntil(lambda: not page.print_button.isEnabled())
    assert f"{serial}　已失效" in words_of(page)
    assert rig.refusals == [], "that there is nothing left to print is no mistake of anybody's"
    rig.press("F9")
    (listed,) = rows(sheet(rig, RecordsSheet))
    assert isinstance(listed[1], Marked)
    assert listed[1].struck, "it stays in the list"
    rig.press("Enter")
    assert "已经作废" in words_of(sheet(rig, RecordsSheet))
    assert len(rig.events("immunization.voided")) == 1
    rig.press("Esc", "F2")
    rig.scan(number_of())
    (row,) = rows(rig.registration)
    assert [getattr(cell, "struck", False) for cell in row] == [True, True, True, True, False]
    assert row[-1] == f"作废：{REASONS[1]}"


def rows(page: QWidget) -> list[tuple[str, ...]]:
    (table,) = page.findChildren(RecordTable)
    return [table.paged.row_at(row) for row in range(table.paged.rowCount())]


def test_one_reason_stands_a_line_or_words_of_ones_own(rig: DeskRig) -> None:
    given(rig)
    rig.press("F9", "Enter", "1", "3")
    asked = sheet(rig, VoidSheet)
    assert asked.reason() == REASONS[2]
    asked.other.setFocus()
    rig.type("2")
    assert asked.reason() == "2", "in the line a digit is a digit"
    rig.second()
    rig.press("Enter")
    (event,) = rig.events("immunization.voided")
    assert event.body["reason"] == "2"


def test_the_arrows_choose_among_several_doses(rig: DeskRig) -> None:
    person = register(rig.site, somebody())
    older = rig.site.vaccinated(person, "RAB-1", 0)
    rig.site.clock.go(minutes=31)
    rig.site.desk.do(observation.release, older["encounter_id"], list(Look))
    rig.site.vaccinated(person, "RAB-1", 1)
    rig.shell.go_to("certificate", older["encounter_id"])
    rig.settle()
    rig.press("F9")
    assert sheet(rig, RecordsSheet).table.currentIndex().row() == 1, "the dose of the visit it came for"
    rig.press("Up", "Down", "Enter", "5")
    rig.second()
    rig.press("Enter")
    (event,) = rig.events("immunization.voided")
    assert event.body["immunization_id"] == older["immunization_id"]


def test_the_workflow_refuses_in_the_sheet_and_a_scan_changes_nobody_under_it(rig: DeskRig) -> None:
    dose = given(rig)
    rig.site.desk.do(observation.raise_alarm, dose["encounter_id"], "呼吸困难")
    other = rig.site.vaccinated(rig.site.patient(), vial=1)
    rig.settle()
    rig.press("F9", "Enter")
    rig.scan_ticket(encounters.get_encounter(rig.bench.read(), other["encounter_id"]))
    assert "欧阳予安" in [text.text for text in page_of(rig).findChildren(FittedText)]
    assert "欧阳予安" in words_of(sheet(rig, VoidSheet))
    rig.press("1")
    rig.second()
    rig.press("Enter")
    assert "报警还没有解除" in sheet(rig, VoidSheet).fault.text()
    rig.site.as_user(OBSERVER)
    rig.press("Enter")
    assert "没有作废" in sheet(rig, VoidSheet).fault.text()
    assert rig.events("immunization.voided") == []


@pytest.mark.usefixtures("dressed")
def test_both_sheets_are_whole_with_the_longest_name(rig: DeskRig, qtbot: QtBot) -> None:
    """ux.md rules 21 to 25."""

    def look(asked: VoidSheet | None = None) -> None:
        for size in (LARGE, SMALL):
            rig.resize(size)
            assert faults(page_of(rig)) == {}
            assert asked is None or not asked.scrolls, "everything is seen at once, the fault too"

    given(rig, LONGEST_NAME)
    printed(rig, qtbot)
    rig.press("F9")
    look()
    rig.press("Enter", "Enter")
    asked = sheet(rig, VoidSheet)
    look(asked)
    rig.press("1", "Enter")
    assert "还要第二个人" in asked.fault.text()
    look(asked)


def test_of_two_doses_of_a_visit_one_is_voided_and_the_other_stands(rig: DeskRig) -> None:
    """REG-8, APP-8: the sheet says beforehand what happens to the other one."""
    patient = register(rig.site, somebody("欧阳予安"))
    rig.site.open_day()
    visit = rig.site.ready(patient, "HEPB-10", "FLU4-1")
    rig.site.desk.do(call_ticket, visit.encounter_id)
    for product in ("HEPB-10", "FLU4-1"):
        rig.site.give(visit.encounter_id, product)
        rig.site.clock.go(minutes=2)
    rig.shell.go_to("certificate", visit.encounter_id)
    rig.settle()
    rig.press("F9", "Enter")
    assert "同一次种的" in words_of(sheet(rig, VoidSheet))
    assert "号票不能再用" not in words_of(sheet(rig, VoidSheet))
