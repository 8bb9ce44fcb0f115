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
from tests.factories import NURSE, OBSERVER
from tests.ui.registration.people import somebody
from tests.ui.registration.rig import DeskRig
from tests.ui.screening.steps import examination, product_key, record, screened, woman


def consent(rig: DeskRig) -> ConsentView:
    return rig.screening.consent


@pytest.mark.parametrize(("product_code", "name"), [("HEPB-10", "programme"), ("FLU4-1", "non-programme")])
def test_the_exact_text_follows_the_decision_and_is_recorded_with_the_answer(
    rig: DeskRig, product_code: str, name: str
) -> None:
    """VER-6, N2023 6.3.2: what is told for money differs from what is told for the programme."""
    visit = screened(rig, woman(), product_code)
    assert consent(rig).isVisible()
    assert visit.ticket_number in rig.screening.toast.accessibleName()
    text = consent_text(programme=name == "programme")
    shown = consent(rig).body.toPlainText()
    for section in text.sections:
        assert section.heading in shown
        for paragraph in section.paragraphs:
            assert paragraph in shown
    assert text.declaration in shown

    rig.press("Alt+1")
    assert rig.state(visit) is VisitState.READY
    kept = consent_record(rig.bench.read(), visit.encounter_id)
    assert kept is not None
    assert kept["agreed"] is True
    assert kept["signature"] == {"name": "沈知夏", "relation": "本人", "means": "paper"}
    path: Path = RESOURCES / "consents" / f"consent-{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (kept["text_id"], kept["text_version"]) == (content["id"], content["version"])
    assert kept["text_sha256"] == hashlib.sha256(canonical(content)).hexdigest()
    questions = json.loads((RESOURCES / "forms" / "screening-questions.json").read_text(encoding="utf-8"))
    asked = record(rig, visit)["questions"]
    assert asked["text_sha256"] == hashlib.sha256(canonical(questions)).hexdigest()
    assert rig.screening.waiting.isVisible(), "the next is called"
    assert "请去接种台" in rig.screening.toast.accessibleName()

    rig.undo()
    assert examination(rig).isVisible(), "Ctrl+Z opens the screening again"
    rig.press("Alt+1", product_key(rig, product_code), "F11", "F12", "Enter")
    assert rig.state(visit) is VisitState.SCREENED


def test_only_a_clear_answer_of_a_named_person_counts(rig: DeskRig) -> None:
    """SignerMissing."""
    visit = screened(rig, woman())
    rig.press("Enter", "Enter")
    assert rig.state(visit) is VisitState.SCREENED, "Enter alone consents to nothing"
    bar = consent(rig).body.verticalScrollBar()
    rig.press("Down", "Down")
    assert bar.value() > 0, "the keyboard scrolls the text"
    rig.press("Alt+2", "Esc")
    assert rig.state(visit) is VisitState.SCREENED
    assert consent(rig).isVisible(), "Esc on the reasons goes back to the text"
    consent(rig).signer.clear()
    rig.press("Alt+1")
    assert [type(refusal) for refusal in rig.refusals] == [SignerMissing]
    assert rig.state(visit) is VisitState.SCREENED
    rig.press("Enter")
    assert consent(rig).isVisible()


def test_declining_ends_the_visit_with_its_reason_or_any_other_that_is_written(rig: DeskRig) -> None:
    people = (woman(), somebody("沈知秋", sequence=31), somebody("沈知冬", sequence=33))
    for person, key, reason in zip(
        people, ("1", "3", ""), ("担心不良反应", "改天再种", "下周出远门"), strict=True
    ):
        visit = screened(rig, person)
        rig.press("Alt+2")
        if key:
            rig.press(key)
        else:
            rig.press(*["Tab"] * 5)
            rig.type(reason)
            rig.press("Enter")
        assert rig.state(visit) is VisitState.DECLINED
        kept = consent_record(rig.bench.read(), visit.encounter_id)
        assert kept is not None
        assert (kept["agreed"], kept["reason"]) == (False, reason)


def test_a_visit_that_lacks_its_consent_opens_at_the_text_for_doctor_and_registrar_alone(
    rig: DeskRig,
) -> None:
    """NotPermitted; a registrar may hear the answer as well as a doctor."""
    visit = screened(rig, woman())
    rig.press("Esc")
    assert rig.screening.waiting.isVisible()
    assert "知情同意" in rig.screening.waiting.open.text()
    rig.press("Enter")
    assert consent(rig).isVisible()
    rig.site.as_user(OBSERVER)
    rig.press("Alt+1")
    assert [type(refusal) for refusal in rig.refusals] == [NotPermitted]
    rig.press("Enter", "Esc")
    assert rig.screening.waiting.isVisible()
    rig.site.as_user(NURSE)
    rig.scan_ticket(visit)
    assert consent(rig).isVisible(), "without the doctor, the same text"
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
