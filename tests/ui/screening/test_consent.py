"""What is told, word for word, and the answer; a refusal is recordable (VER-6, VER-7)."""

import hashlib
import json
from pathlib import Path

import pytest

from app.documents.form_texts import RESOURCES, consent_text
from app.domain.journal import canonical
from app.domain.permissions import NotPermitted
from app.domain.visit import VisitState
from app.storage.screenings import consent_record
from app.ui.screening.consent_view import ConsentView
from app.workflows.screening import SignerMissing
from tests.factories import DOCTOR, NURSE, OBSERVER
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import examination, product_key, record, screened, woman


def consent(rig: DeskRig) -> ConsentView:
    return rig.screening.consent


def test_the_notice_follows_the_decision_at_once(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    assert consent(rig).isVisible()
    assert visit.ticket_number in rig.screening.toast.accessibleName()


@pytest.mark.parametrize(("product_code", "programme"), [("HEPB-10", True), ("FLU4-1", False)])
def test_the_exact_text_of_the_product_is_shown_whole(
    rig: DeskRig, product_code: str, programme: bool
) -> None:
    """N2023 6.3.2: what is told for money differs from what is told for the programme."""
    screened(rig, woman(), product_code)
    text = consent_text(programme=programme)
    shown = consent(rig).body.toPlainText()
    for section in text.sections:
        assert section.heading in shown
        for paragraph in section.paragraphs:
            assert paragraph in shown
    assert text.declaration in shown


@pytest.mark.parametrize(("product_code", "name"), [("HEPB-10", "programme"), ("FLU4-1", "non-programme")])
def test_what_was_shown_is_recorded_with_version_and_hash(rig: DeskRig, product_code: str, name: str) -> None:
    """VER-6: the exact text version of the form shown is stored."""
    visit = screened(rig, woman(), product_code)
    rig.press("Alt+1")
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    path: Path = RESOURCES / "consents" / f"consent-{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (kept["text_id"], kept["text_version"]) == (content["id"], content["version"])
    assert kept["text_sha256"] == hashlib.sha256(canonical(content)).hexdigest()
    questions = json.loads((RESOURCES / "forms" / "screening-questions.json").read_text(encoding="utf-8"))
    asked = record(rig, visit)["questions"]
    assert asked["text_sha256"] == hashlib.sha256(canonical(questions)).hexdigest()


def test_agreeing_sends_the_person_to_the_needle_and_calls_the_next(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["agreed"] is True
    assert kept["signature"] == {"name": "沈知夏", "relation": "本人", "means": "paper"}
    assert rig.screening.waiting.isVisible()
    assert "请去接种台" in rig.screening.toast.accessibleName()


@pytest.mark.parametrize(("key", "reason"), [("1", "担心不良反应"), ("3", "改天再种")])
def test_declining_ends_the_visit_with_its_reason(rig: DeskRig, key: str, reason: str) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+2", key)
    assert rig.state(visit) is VisitState.DECLINED
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert (kept["agreed"], kept["reason"]) == (False, reason)


def test_any_other_reason_may_be_written(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+2", *["Tab"] * 5)
    rig.type("下周出远门")
    rig.press("Enter")
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["reason"] == "下周出远门"


def test_esc_on_the_reasons_goes_back_to_the_text(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+2", "Esc")
    assert rig.state(visit) is VisitState.SCREENED
    assert consent(rig).isVisible()


def test_enter_alone_consents_to_nothing(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Enter", "Enter")
    assert rig.state(visit) is VisitState.SCREENED


def test_nobody_named_as_signer_is_refused_and_the_text_stays(rig: DeskRig) -> None:
    """SignerMissing."""
    visit = screened(rig, woman())
    consent(rig).signer.clear()
    rig.press("Alt+1")
    assert [type(refusal) for refusal in rig.refusals] == [SignerMissing]
    assert rig.state(visit) is VisitState.SCREENED
    rig.press("Enter")
    assert consent(rig).isVisible()


def test_who_holds_no_role_for_it_is_told_so(rig: DeskRig) -> None:
    """NotPermitted; a registrar may hear the answer as well as a doctor."""
    visit = screened(rig, woman())
    rig.site.as_user(OBSERVER)
    rig.press("Alt+1")
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
    rig.press("Enter")
    rig.site.as_user(NURSE)
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY


def test_a_visit_that_still_lacks_its_consent_opens_at_the_text(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Esc")
    assert rig.screening.waiting.isVisible()
    assert "知情同意" in rig.screening.waiting.open.text()
    rig.press("Enter")
    assert consent(rig).isVisible()
    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY


def test_the_doctor_may_screen_anew_before_the_answer(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("F11")
    assert examination(rig).isVisible()
    assert examination(rig).draft.unanswered() == []
    assert not examination(rig).draft.doctor_signed
    rig.press("Alt+1", product_key(rig, "HEPB-10"), "F11", "F12", "Enter")
    assert record(rig, visit)["plan"]["product_code"] == "HEPB-10"
    assert consent_text(programme=True).sections[0].paragraphs[0] in consent(rig).body.toPlainText()


def test_ctrl_z_after_the_consent_opens_the_screening_again(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Alt+1")
    rig.undo()
    assert examination(rig).isVisible()
    rig.press("Alt+1", product_key(rig, "FLU4-1"), "F11", "F12", "Enter")
    assert rig.state(visit) is VisitState.SCREENED


def test_the_keyboard_scrolls_the_text(rig: DeskRig) -> None:
    screened(rig, woman())
    bar = consent(rig).body.verticalScrollBar()
    rig.press("Down", "Down")
    assert bar.value() > 0


def test_a_registrar_without_the_doctor_sees_the_same_text(rig: DeskRig) -> None:
    visit = screened(rig, woman())
    rig.press("Esc")
    rig.site.as_user(NURSE)
    rig.scan_ticket(visit)
    assert consent(rig).isVisible()
    rig.site.as_user(DOCTOR)
