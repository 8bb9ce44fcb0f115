"""The recipient signs on the screen instead of on paper, under exactly what is recorded (VER-5, VER-6)."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.documents.signing import verify_records
from app.domain.signature import Drawn, SignatureNotBound
from app.domain.signed_records import RECORDS
from app.domain.visit import VisitState
from app.storage import journal
from app.storage.screenings import consent_record
from app.ui.kit.buttons import ActionButton
from app.ui.kit.signature_pad import SignaturePad
from app.ui.screening.consent_view import ConsentView
from app.ui.screening.sign_sheet import SignSheet
from tests.documents.rendering import text
from tests.factories import DOCTOR, NURSE
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.people import somebody
from tests.ui.registration.rig import LARGE, SMALL, DeskRig
from tests.ui.screening.steps import ALL_NO, begin, examination, product_key, record, screened, woman

LEFT = Qt.MouseButton.LeftButton


def sheet(rig: DeskRig) -> SignSheet | None:
    return next((each for each in rig.screening.findChildren(SignSheet) if each.isVisible()), None)


def draw(rig: DeskRig, pad: SignaturePad) -> None:
    """Write something like a name with the mouse: two strokes over the line."""
    wide, high = pad.width(), pad.height()
    for top in (high // 4, high // 2):
        QTest.mousePress(pad, LEFT, pos=QPoint(wide // 5, top))
        for step in range(1, 13):
            QTest.mouseMove(pad, QPoint(wide // 5 + step * wide // 20, top + (step % 3) * high // 10))
        QTest.mouseRelease(pad, LEFT, pos=QPoint(wide * 4 // 5, top))
    rig.settle()


def sign(rig: DeskRig) -> None:
    """Open the sheet with its key, sign, take the signature with Enter."""
    rig.press("F9")
    open_sheet = sheet(rig)
    assert open_sheet is not None, "no sheet to sign on"
    draw(rig, open_sheet.pad)
    rig.press("Enter")
    assert sheet(rig) is None


def planning(rig: DeskRig) -> Any:
    visit = begin(rig, woman())
    rig.press(*ALL_NO, "Alt+1", product_key(rig, "FLU4-1"), "F11")
    return visit


def signed(rig: DeskRig) -> Drawn | None:
    return examination(rig).draft.drawn


def verified(rig: DeskRig) -> int:
    return sum(verify_records(journal.events_of(rig.bench.read(), RECORDS)).values())


def consent(rig: DeskRig) -> ConsentView:
    return rig.screening.consent


def test_a_decision_signed_on_the_screen_is_printed_and_recorded_with_its_ink(
    rig: DeskRig, qtbot: QtBot
) -> None:
    visit = planning(rig)
    rig.press("F9", "Enter")
    open_sheet = sheet(rig)
    assert open_sheet is not None, "a slip of the hand is no signature"
    words = "".join(label.text() for label in open_sheet.findChildren(type(open_sheet.title)))
    assert "沈知夏（本人）" in words, "the sheet says who signs what"
    assert "同意医学建议：建议接种" in words
    draw(rig, open_sheet.pad)
    assert open_sheet.pad.strokes()
    rig.press("F9")
    assert open_sheet.pad.strokes() == (), "F9 on the sheet takes the ink away"
    rig.press("Esc")
    assert sheet(rig) is None
    assert signed(rig) is None

    sign(rig)
    signatures, drawn = examination(rig).signatures, signed(rig)
    assert signatures.ink.isVisible()
    assert "已在屏幕上签名" in signatures.ink.accessibleName()
    assert not signatures.recipient.isVisible()
    assert drawn is not None
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("F10")
    (form,) = (rig.site.store.path.parent / "sheets").glob("form-*.pdf")
    found = text(form.read_bytes())
    assert f"校验{drawn.signature.digest[:12]}" in found
    assert found.count("受种者屏幕签名") == 1, "the ink is in the place of the signature"

    rig.press("Esc", "Up", "Down", "Alt+1")
    assert signed(rig) is not None, "looking at the questions again leaves it"
    rig.press("Enter")
    kept = record(rig, visit)["signatures"]
    assert (kept["recipient"]["name"], kept["recipient"]["means"]) == ("沈知夏", "drawn")
    assert len(kept["recipient"]["strokes"]) == 2
    assert kept["doctor"]["means"] == "paper"
    assert verified(rig) == 1


def test_medical_advice_against_is_signed_the_same_way(rig: DeskRig) -> None:
    """疫苗管理法 art. 45."""
    visit = begin(rig, woman())
    rig.press(*ALL_NO, "Alt+3")
    rig.type("对疫苗成分严重过敏")
    rig.press("Tab")
    rig.type("请到变态反应科就诊")
    rig.press("F11")
    sign(rig)
    rig.press("Enter")
    assert rig.state(visit) is VisitState.NOT_ADVISED
    assert verified(rig) == 1


def test_nothing_is_signed_that_could_not_be_recorded(rig: DeskRig) -> None:
    begin(rig, woman())
    rig.press(*ALL_NO, "Alt+1", "F9")
    assert sheet(rig) is None
    assert len(rig.refusals) == 1


def change_answer(rig: DeskRig) -> None:
    rig.press("Esc", "Up", "1")
    rig.type("昨天发热")
    rig.press("Enter", "Alt+1")


def change_decision(rig: DeskRig) -> None:
    rig.press("Alt+2")


def change_product(rig: DeskRig) -> None:
    rig.press(product_key(rig, "HEPB-10"))


def change_signer(rig: DeskRig) -> None:
    examination(rig).signatures.signer.setText("别人")
    rig.settle()


def change_relation(rig: DeskRig) -> None:
    examination(rig).signatures.relation.setText("姐姐")
    rig.settle()


def test_whatever_is_changed_afterwards_takes_the_signature_away_and_says_so(rig: DeskRig) -> None:
    planning(rig)
    for change in (change_signer, change_relation, change_product, change_decision, change_answer):
        sign(rig)
        change(rig)
        assert signed(rig) is None, change.__name__
        assert not examination(rig).signatures.ink.isVisible()
        assert examination(rig).signatures.recipient.isVisible()
        assert "重签" in examination(rig).bar.signatures[1].accessibleName()
        assert not examination(rig).signatures.record.isEnabled()
        if change is change_decision:
            rig.press("Alt+1")


def test_paper_takes_the_place_of_the_screen(rig: DeskRig) -> None:
    visit = planning(rig)
    sign(rig)
    rig.press("F12")
    assert signed(rig) is None
    rig.press("Enter")
    assert record(rig, visit)["signatures"]["recipient"]["means"] == "paper"


def test_another_doctor_cannot_record_what_was_signed_before_the_first(rig: DeskRig) -> None:
    visit = planning(rig)
    sign(rig)
    rig.site.as_user(DOCTOR)
    member = rig.site.desk.user
    assert member is not None
    rig.site.desk.user = type(member)(**{**vars(member), "name": "另一位"})
    rig.press("Enter")
    assert [type(refusal) for refusal in rig.refusals] == [SignatureNotBound]
    assert rig.state(visit) is VisitState.REGISTERED


def test_the_consent_is_signed_on_the_screen_and_printed_with_both_signatures(
    rig: DeskRig, qtbot: QtBot
) -> None:
    visit = planning(rig)
    sign(rig)
    rig.press("Enter")
    assert not consent(rig).print.isVisible()
    sign(rig)
    assert consent(rig).ink.isVisible()
    assert consent(rig).print.window() is rig.shell
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("F10")
    (form,) = (rig.site.store.path.parent / "sheets").glob("form-*.pdf")
    found = text(form.read_bytes())
    assert found.count("受种者屏幕签名") == 2
    drawn = consent(rig).form(agreed=True).drawn
    assert drawn is not None
    assert f"校验{drawn.signature.digest[:12]}" in found
    assert "询问医生：赵清和" in found

    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["signature"]["means"] == "drawn"
    assert kept["screening_id"] == record(rig, visit)["screening_id"]
    assert verified(rig) == 2


def test_a_registrar_may_have_the_consent_signed_as_well(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.site.as_user(NURSE)
    sign(rig)
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    assert verified(rig) == 1


def test_a_ticket_scanned_over_the_sheet_does_not_lend_the_signature_to_another(rig: DeskRig) -> None:
    other = screened(rig, somebody("沈知秋", sequence=31), "HEPB-10")
    rig.press("Esc")
    screened(rig, woman(), "HEPB-10")
    rig.press("F9")
    open_sheet = sheet(rig)
    assert open_sheet is not None
    rig.scan_ticket(other)
    shown = consent(rig).encounter
    assert shown is not None
    assert shown.encounter_id == other.encounter_id
    consent(rig).signer.setText("沈知夏")
    draw(rig, open_sheet.pad)
    (take,) = (each for each in open_sheet.findChildren(ActionButton) if each.text() == "签好了")
    take.click()
    rig.settle()
    assert sheet(rig) is None
    assert not consent(rig).ink.isVisible()


def test_another_name_under_the_consent_takes_the_signature_away(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    sign(rig)
    consent(rig).signer.setText("沈知秋")
    assert not consent(rig).ink.isVisible()
    assert "重签" in consent(rig).told.text()
    rig.press("Alt+1")
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["signature"]["means"] == "paper"


def test_what_was_signed_holds_for_no_other_plan_and_for_no_refusal(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    sign(rig)
    rig.press("F11", "Alt+1", product_key(rig, "HEPB-10"), "F11", "F12", "Enter")
    assert consent(rig).isVisible()
    assert not consent(rig).ink.isVisible(), "signed for one plan it is not there for the next"
    sign(rig)
    rig.press("Alt+2", "1")
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert (kept["agreed"], kept["signature"]["means"]) == (False, "paper")


@pytest.mark.usefixtures("dressed")
def test_every_step_of_signing_fits(rig: DeskRig) -> None:
    planning(rig)
    sign(rig)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(examination(rig).signatures, scrolls=False) == {}
    rig.press("F9")
    for size in (LARGE, SMALL):
        rig.resize(size)
        open_sheet = sheet(rig)
        assert open_sheet is not None
        assert not open_sheet.scrolls
        assert faults(open_sheet, scrolls=False) == {}
    rig.press("Esc", "Enter")
    sign(rig)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert consent(rig).print.isVisible()
        assert faults(consent(rig), scrolls=False) == {}
