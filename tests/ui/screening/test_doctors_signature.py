"""The doctor signs on the screen before the recipient, and who refuses signs the refusal (VER-5, VER-7)."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.domain.visit import VisitState
from app.storage.screenings import consent_record
from tests.documents.rendering import text
from tests.ui.kit.screen_rules import faults
from tests.ui.registration.rig import LARGE, SMALL, DeskRig
from tests.ui.screening.steps import ALL_NO, begin, examination, product_key, record, screened, woman
from tests.ui.screening.test_signing_on_screen import (
    change_product,
    change_signer,
    draw,
    sheet,
    sign,
    signed,
    verified,
)


def sign_as_doctor(rig: DeskRig) -> None:
    """Open the doctor's sheet with its key, sign, take the signature with Enter."""
    rig.press("Alt+4")
    open_sheet = sheet(rig)
    assert open_sheet is not None, "no sheet to sign on"
    draw(rig, open_sheet.pad)
    rig.press("Enter")


def deciding(rig: DeskRig) -> Any:
    visit = begin(rig, woman())
    rig.press(*ALL_NO, "Alt+1", product_key(rig, "FLU4-1"))
    return visit


def test_the_doctor_signs_on_the_screen_too(rig: DeskRig, qtbot: QtBot) -> None:
    """VER-5: nothing of the decision needs paper."""
    visit = deciding(rig)
    rig.press("Alt+4")
    open_sheet = sheet(rig)
    assert open_sheet is not None
    words = "".join(label.text() for label in open_sheet.findChildren(type(open_sheet.title)))
    assert "赵清和（医生）" in words
    assert "建议接种" in words
    rig.press("Esc")
    sign_as_doctor(rig)
    assert examination(rig).signatures.doctor_ink.isVisible()
    assert not examination(rig).signatures.doctor.isVisible()
    sign(rig)
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("F10")
    (form,) = (rig.site.store.path.parent / "sheets").glob("form-*.pdf")
    found = text(form.read_bytes())
    assert found.count("医生、受种者屏幕签名") == 1
    drawn = examination(rig).draft.doctor_drawn
    assert drawn is not None
    assert f"校验{drawn.signature.digest[:12]}" in found
    rig.press("Enter")
    kept = record(rig, visit)["signatures"]
    assert (kept["doctor"]["means"], kept["recipient"]["means"]) == ("drawn", "drawn")
    assert verified(rig) == 2


def test_what_is_changed_after_the_doctor_signed_is_signed_again(rig: DeskRig) -> None:
    visit = deciding(rig)
    sign_as_doctor(rig)
    sign(rig)
    change_product(rig)
    assert examination(rig).draft.doctor_drawn is None
    assert signed(rig) is None
    assert "未签" in examination(rig).bar.signatures[0].accessibleName()
    assert "Alt+4 重签" in examination(rig).not_ready()
    rig.press("F11", "F12", "Enter")
    assert record(rig, visit)["signatures"]["doctor"]["means"] == "paper"


def test_who_signs_for_the_recipient_is_nothing_of_the_doctors(rig: DeskRig) -> None:
    deciding(rig)
    sign_as_doctor(rig)
    change_signer(rig)
    assert examination(rig).draft.doctor_drawn is not None


def test_a_doctor_who_signs_last_has_the_recipient_sign_under_it(rig: DeskRig) -> None:
    deciding(rig)
    sign(rig)
    sign_as_doctor(rig)
    assert signed(rig) is None
    assert "重签" in examination(rig).not_ready()
    rig.press("F11")
    assert examination(rig).draft.doctor_drawn is None, "paper takes the place of the screen"


@pytest.mark.usefixtures("dressed")
def test_both_inks_have_room(rig: DeskRig) -> None:
    deciding(rig)
    for size in (LARGE, SMALL):
        rig.resize(size)
        assert faults(rig.screening, scrolls=True) == {}
    sign_as_doctor(rig)
    sign(rig)
    for size in (SMALL, LARGE):
        rig.resize(size)
        assert faults(rig.screening, scrolls=True) == {}


@pytest.mark.usefixtures("dressed")
def test_a_refusal_is_signed_on_the_screen_and_printed(rig: DeskRig, qtbot: QtBot) -> None:
    """VER-7: who does not agree puts their hand to that, and the paper shows it."""
    visit = screened(rig, woman())
    rig.press("Alt+2")
    assert faults(rig.screening) == {}
    rig.press("F9", "F10", "2")
    open_sheet = sheet(rig)
    assert open_sheet is not None
    words = "".join(label.text() for label in open_sheet.findChildren(type(open_sheet.title)))
    assert "不同意接种" in words
    assert "要和家人商量" in words
    assert rig.state(visit) is VisitState.SCREENED, "nothing is recorded before it is signed"
    draw(rig, open_sheet.pad)
    with qtbot.waitSignal(rig.bench.delivered):
        rig.press("Enter")
    assert rig.state(visit) is VisitState.DECLINED
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert (kept["agreed"], kept["reason"], kept["signature"]["means"]) == (False, "要和家人商量", "drawn")
    assert verified(rig) == 1
    (form,) = (rig.site.store.path.parent / "sheets").glob("form-*.pdf")
    found = text(form.read_bytes())
    assert "要和家人商量" in found
    assert f"校验{kept['signature']['digest'][:12]}" in found


def test_who_does_not_sign_the_refusal_has_refused_nothing_yet(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+2", "F9", "1", "Esc")
    assert rig.state(visit) is VisitState.SCREENED
    rig.press("Alt+2", "1")
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["signature"]["means"] == "paper"
