"""Screening and consent: who was asked what, told what and decided what (VER-5, VER-6, VER-7, VER-8)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.people import Sex, age_on, is_minor
from app.domain.raised import ConsiderationMissing
from app.domain.refusals import Refusal
from app.domain.screening import (
    Answer,
    Decision,
    GuardianMustSign,
    Plan,
    QuestionUnanswered,
    ScreeningForm,
)
from app.domain.vial import AgeOutsideLimits
from app.domain.visit import AlreadyInVisit, Encounter, VisitState, WrongStep
from app.storage import encounters, patients, screenings
from app.workflows import needle, registration, screening
from app.workflows.screening import (
    LAST_DOSE_NUMBER,
    ConsentForm,
    DeclineReasonMissing,
    DoseNumberOutOfRange,
    SignerMissing,
)
from tests.factories import CONSENT, DOCTOR, NURSE, QUESTIONS, all_no
from tests.workflows.copied_site import CopiedSite

AGREED = ConsentForm(CONSENT, True, "曾丽", "本人")
DECLINED = ConsentForm(CONSENT, False, "曾丽", "本人", reason="想再等等")


def form(site: CopiedSite, decision: Decision = Decision.PROCEED, **facts: Any) -> ScreeningForm:
    complete = replace(
        all_no(),
        decision=decision,
        reason="发热",
        advice="不要接种",
        review_on=site.desk.today() + timedelta(days=7),
    )
    return replace(complete, **facts)


def screen(site: CopiedSite, visit: Encounter, filled: ScreeningForm) -> VisitState:
    site.as_user(DOCTOR)
    site.desk.do(screening.record_screening, visit.encounter_id, filled, QUESTIONS)
    return state(site, visit)


def state(site: CopiedSite, visit: Encounter) -> VisitState:
    return encounters.get_encounter(site.desk.read(), visit.encounter_id).state


def entries(site: CopiedSite) -> int:
    return site.desk.read()["journal"].count


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision.PROCEED, VisitState.SCREENED),
        (Decision.DEFER, VisitState.DEFERRED),
        (Decision.DO_NOT, VisitState.NOT_ADVISED),
    ],
)
def test_the_doctors_decision_decides_where_the_visit_stands(
    site: CopiedSite, decision: Decision, expected: VisitState
) -> None:
    assert screen(site, site.registered(), form(site, decision)) is expected


def test_everything_asked_and_answered_is_kept_with_the_text_that_was_shown(site: CopiedSite) -> None:
    """疫苗管理法 art. 45: record truthfully what was asked; N2023 6.3.4: the exact text version."""
    visit = site.registered()
    first, *rest = all_no().answers
    answers = (replace(first, answer=Answer.YES, note="昨天腹泻一次"), *rest)
    screen(site, visit, form(site, answers=answers))
    kept = screenings.screening_record(site.desk.read(), visit.encounter_id)
    assert kept is not None
    assert kept["answers"][0] == ["1", "yes", "昨天腹泻一次"]
    assert len(kept["answers"]) == 11
    assert kept["questions"] == {
        "text_id": QUESTIONS.text_id,
        "text_version": "2023",
        "text_sha256": "0" * 64,
    }
    assert kept["signatures"]["doctor"] == {"staff_id": DOCTOR, "name": "赵清和", "means": "paper"}
    assert kept["signatures"]["recipient"]["means"] == "paper"


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"answers": ()}, QuestionUnanswered),
        ({"plan": Plan("FLU4-1", 0)}, DoseNumberOutOfRange),
        ({"plan": Plan("FLU4-1", LAST_DOSE_NUMBER + 1)}, DoseNumberOutOfRange),
        ({"plan": Plan("DTAP-1", 1)}, AgeOutsideLimits),
    ],
)
def test_a_form_that_is_not_right_is_refused_and_nothing_is_written(
    site: CopiedSite, facts: dict[str, Any], refusal: type[Refusal]
) -> None:
    visit = site.registered()
    site.as_user(DOCTOR)
    before = entries(site)
    with pytest.raises(refusal):
        site.desk.do(screening.record_screening, visit.encounter_id, form(site, **facts), QUESTIONS)
    assert entries(site) == before


@pytest.mark.parametrize(("sex", "allowed"), [(Sex.FEMALE, False), (Sex.UNKNOWN, False), (Sex.MALE, True)])
def test_question_ten_is_not_left_out_for_a_woman_of_child_bearing_age(
    site: CopiedSite, sex: Sex, allowed: bool
) -> None:
    """N2023 annex 5-5: pregnant, or perhaps within three months?"""
    db = site.desk.read()
    people = [patients.get_patient(db, row[0]) for row in db.execute("select patient_id from patient")]
    today = site.desk.today()
    person = next(
        p for p in people if 15 <= age_on(p.birth_on, today).years <= 49 and not is_minor(p.birth_on, today)
    )
    site.desk.do(registration.amend_patient, replace(person, sex=sex), reason="写错了")
    visit = site.registered(person)
    left_out = tuple(
        replace(given, answer=Answer.NOT_APPLICABLE) if given.question_id == "10" else given
        for given in all_no().answers
    )
    site.as_user(DOCTOR)
    if allowed:
        site.desk.do(screening.record_screening, visit.encounter_id, form(site, answers=left_out), QUESTIONS)
    else:
        with pytest.raises(QuestionUnanswered):
            site.desk.do(
                screening.record_screening, visit.encounter_id, form(site, answers=left_out), QUESTIONS
            )


def test_a_screening_made_again_takes_the_place_of_the_first_and_asks_for_consent_again(
    site: CopiedSite,
) -> None:
    ready = site.ready()
    assert screen(site, ready, form(site)) is VisitState.SCREENED
    (standing,) = site.desk.read().execute("select count(*) from screening where not superseded").fetchone()
    (all_of_them,) = site.desk.read().execute("select count(*) from screening").fetchone()
    assert (standing, all_of_them) == (1, 2)


def test_a_decision_against_is_taken_back_while_no_new_visit_followed(site: CopiedSite) -> None:
    visit = site.registered()
    assert screen(site, visit, form(site, Decision.DEFER)) is VisitState.DEFERRED
    assert screen(site, visit, form(site)) is VisitState.SCREENED
    assert screen(site, visit, form(site, Decision.DO_NOT)) is VisitState.NOT_ADVISED
    site.as_user(NURSE)
    site.desk.do(registration.open_visit, visit.patient_id)
    site.as_user(DOCTOR)
    with pytest.raises(AlreadyInVisit):
        site.desk.do(screening.record_screening, visit.encounter_id, form(site), QUESTIONS)


@pytest.mark.parametrize("how_far", ["at_needle", "vaccinated"])
def test_nobody_is_screened_again_behind_the_nurses_back(site: CopiedSite, how_far: str) -> None:
    if how_far == "vaccinated":
        encounter_id = site.vaccinated()["encounter_id"]
    else:
        encounter_id = site.at_needle().encounter_id
    site.as_user(DOCTOR)
    with pytest.raises(WrongStep):
        site.desk.do(screening.record_screening, encounter_id, form(site), QUESTIONS)


@pytest.mark.parametrize(
    ("consent", "expected"), [(AGREED, VisitState.READY), (DECLINED, VisitState.DECLINED)]
)
def test_agreed_goes_on_and_declined_is_recorded(
    site: CopiedSite, consent: ConsentForm, expected: VisitState
) -> None:
    """VER-7: voluntary, so a refusal must be recordable."""
    visit = site.registered()
    screen(site, visit, form(site))
    site.desk.do(screening.record_consent, visit.encounter_id, consent)
    assert state(site, visit) is expected
    kept = screenings.consent_record(site.desk.read(), visit.encounter_id)
    assert kept is not None
    assert kept["signature"] == {"name": "曾丽", "relation": "本人", "means": "paper"}
    assert (kept["text_id"], kept["text_version"]) == (CONSENT.text_id, CONSENT.version)


def test_for_a_child_the_guardian_signs_and_nobody_else(site: CopiedSite) -> None:
    """VER-6; 疫苗管理法 art. 45."""
    child = next(
        person
        for person in (site.patient(min_months=36, index=index) for index in range(30))
        if is_minor(person.birth_on, site.desk.today())
    )
    visit = site.registered(child)
    screen(site, visit, form(site))
    for consent in (AGREED, DECLINED, replace(AGREED, signed_by=child.name, relation="母亲")):
        with pytest.raises(GuardianMustSign):
            site.desk.do(screening.record_consent, visit.encounter_id, consent)
    site.desk.do(screening.record_consent, visit.encounter_id, replace(AGREED, relation="母亲"))
    assert state(site, visit) is VisitState.READY


@pytest.mark.parametrize(
    ("consent", "refusal"),
    [
        (replace(AGREED, signed_by=" "), SignerMissing),
        (replace(DECLINED, reason=""), DeclineReasonMissing),
    ],
)
def test_a_consent_without_signer_or_reason_is_refused(
    site: CopiedSite, consent: ConsentForm, refusal: type[Refusal]
) -> None:
    visit = site.registered()
    screen(site, visit, form(site))
    with pytest.raises(refusal):
        site.desk.do(screening.record_consent, visit.encounter_id, consent)
    assert state(site, visit) is VisitState.SCREENED


def test_nobody_consents_before_the_screening_or_twice(site: CopiedSite) -> None:
    visit = site.registered()
    with pytest.raises(WrongStep):
        site.desk.do(screening.record_consent, visit.encounter_id, AGREED)
    screen(site, visit, form(site))
    site.desk.do(screening.record_consent, visit.encounter_id, AGREED)
    with pytest.raises(WrongStep):
        site.desk.do(screening.record_consent, visit.encounter_id, DECLINED)


def test_the_needle_says_why_it_sent_somebody_back_until_they_are_screened_again(site: CopiedSite) -> None:
    visit = site.at_needle()
    site.desk.do(needle.return_visit, visit.encounter_id, "doctor", "今天身体不舒服")
    assert screening.returned_because(site.desk.read(), visit.encounter_id) == "今天身体不舒服"
    screen(site, visit, form(site))
    assert screening.returned_because(site.desk.read(), visit.encounter_id) == ""


def test_a_grave_answer_asks_for_the_doctors_words_and_keeps_them(site: CopiedSite) -> None:
    """The doctor decides; who, what and why is on record (VER-5)."""
    visit = site.registered()
    answers = tuple(
        replace(given, answer=Answer.YES, note="青霉素") if given.question_id == "3" else given
        for given in all_no().answers
    )
    with pytest.raises(ConsiderationMissing):
        screen(site, visit, form(site, answers=answers))
    assert state(site, visit) is VisitState.REGISTERED
    screen(site, visit, form(site, answers=answers, considered="过敏的是青霉素，疫苗里没有"))
    record = screenings.screening_record(site.desk.read(), visit.encounter_id)
    assert record is not None
    assert record["raised"] == [["component-allergy", "contraindication"]]
    assert record["considered"] == "过敏的是青霉素，疫苗里没有"
    assert record["signatures"]["doctor"]["staff_id"] == DOCTOR


def test_against_a_plan_nothing_has_to_be_considered(site: CopiedSite) -> None:
    answers = tuple(replace(given, answer=Answer.YES, note="有") for given in all_no().answers)
    visit = site.registered()
    assert screen(site, visit, form(site, Decision.DEFER, answers=answers, plan=None)) is VisitState.DEFERRED
    record = screenings.screening_record(site.desk.read(), visit.encounter_id)
    assert record is not None
    assert "raised" not in record
