"""Earlier doses are copied from the booklet at registration; the forecast follows (REG-8, CRT-4)."""

from datetime import date

import pytest

from app.domain.past_doses import PastDoseDayWrong, PastDoseUnclear
from app.storage.immunizations import history_of
from app.ui.registration.past_doses_sheet import PastDosesSheet
from app.ui.texts import sentence_of
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import child, register
from tests.ui.registration.rig import LARGE, SMALL, DeskRig

BORN = date(2025, 3, 10)


def opened(rig: DeskRig) -> PastDosesSheet:
    rig.press("Alt+5")
    sheet = rig.registration.copying.sheet
    assert sheet is not None
    return sheet


def fill(rig: DeskRig, sheet: PastDosesSheet, code: str, day: str) -> None:
    sheet.vaccine.setCurrentIndex(sheet.vaccine.findData(code))
    sheet.given_on.setText(day)
    rig.press("Enter")
    rig.settle()


def test_a_booklet_is_copied_dose_after_dose_and_one_is_taken_back(rig: DeskRig) -> None:
    baby = register(rig.site, child(born=BORN))
    rig.scan(baby.document_number)
    sheet = opened(rig)
    fill(rig, sheet, "DTaP", "20250510")
    assert "请接着抄下一剂" in sheet.said
    assert sheet.number.text() == "2", "the next one of the same kind is proposed"
    fill(rig, sheet, "DTaP", "20250710")
    fill(rig, sheet, "DTaP", "")
    assert sheet.said.startswith(sentence_of(PastDoseUnclear("given_on")).happened)
    fill(rig, sheet, "DTaP", "20250301")
    wrong = PastDoseDayWrong(date(2025, 3, 1), BORN, rig.site.desk.today())
    assert sheet.said.startswith(sentence_of(wrong).happened)
    rig.press("Esc")
    given = history_of(rig.site.desk.read(), baby.patient_id)
    assert [(dose["vaccine_name"], dose["dose_number"]) for dose in given] == [
        ("百白破疫苗", 1),
        ("百白破疫苗", 2),
    ]
    assert rig.registration.copying.sheet is None
    assert any(
        "百白破疫苗 第 3 剂" in card.accessibleName()
        for card in rig.registration.person.history.forecast.cards
    )
    sheet = opened(rig)
    words = [sheet.copied.itemText(place) for place in range(sheet.copied.count())]
    assert [one[:11] for one in words] == ["共 2 剂", "百白破疫苗 第 1 剂", "百白破疫苗 第 2 剂"]
    assert not sheet.take_back.isEnabled()
    sheet.copied.setCurrentIndex(2)
    rig.press("F12")
    rig.settle()
    assert "写原因" in sheet.said
    sheet.reason.setText("抄错了")
    rig.press("F12")
    rig.settle()
    assert len(history_of(rig.site.desk.read(), baby.patient_id)) == 1


def test_without_anybody_shown_nothing_opens(rig: DeskRig) -> None:
    rig.press("Alt+5")
    assert rig.registration.copying.sheet is None


def test_a_record_that_needs_a_reason_is_asked_for_it_first(rig: DeskRig) -> None:
    baby = register(rig.site, child(born=BORN))
    rig.registration.search.show_text(baby.document_number[-4:])
    rig.registration._search_for(baby.document_number[-4:])
    rig.settle()
    rig.press("Alt+5")
    assert rig.registration.copying.sheet is None
    assert rig.registration._why.is_open


@pytest.mark.usefixtures("dressed")
def test_the_sheet_fits(rig: DeskRig) -> None:
    baby = register(rig.site, child(born=BORN))
    rig.scan(baby.document_number)
    sheet = opened(rig)
    for number, day in enumerate(("20250310", "20250410", "20250910"), 1):
        assert sheet.number.text() == str(number) or number == 1
        fill(rig, sheet, "HepB", day)
    rig.press("Esc")
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(rig.registration) == {}
    sheet = opened(rig)
    sheet.copied.setCurrentIndex(1)
    rig.settle()
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(sheet) == {}
