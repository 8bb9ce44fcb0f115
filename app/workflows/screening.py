"""Screening (预检): the doctor asks, decides and signs; the recipient is told and agrees or declines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.journal import Json
from app.domain.people import Patient, age_on, is_minor
from app.domain.raised import ScreeningRule, check_considered, raised_by
from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.standing import Standing
from app.domain.screening import (
    SELF,
    GuardianMustSign,
    Plan,
    QuestionAnswer,
    ScreeningForm,
    check_asked,
    check_form,
)
from app.domain.signature import (
    Drawn,
    SignatureMeans,
    Signed,
    check_bound,
    identity_hash,
    signature_body,
)
from app.domain.signed_records import content_of, decision_of, signer_in
from app.domain.vial import check_age
from app.domain.visit import AlreadyInVisit, Encounter, VisitState, require_state
from app.storage import catalogue, encounters, patients, screenings
from app.storage.screening_rules import screening_rules
from app.workflows.desk import Act, Case
from app.workflows.forecast import forecast_of, packs_in_use, proposal_for

PAPER = SignatureMeans.PAPER


@dataclass(frozen=True)
class FormText:
    """The exact text that was shown: its id, version and SHA-256 (N2023 6.3.4)."""

    text_id: str
    version: str
    sha256: str


@dataclass(frozen=True)
class ConsentForm:
    """What the recipient or guardian was told and decided."""

    text: FormText
    agreed: bool
    signed_by: str
    relation: str
    """本人, or the guardian's relation."""
    reason: str = ""
    """Why they declined; a refusal must be recordable (VER-7)."""
    drawn: Drawn | None = None
    """The signature on the screen; without one paper was signed."""


@dataclass(unsafe_hash=True)
class SignerMissing(Refusal):
    """Nobody is named who signed the consent."""


@dataclass(unsafe_hash=True)
class DoseNumberOutOfRange(Refusal):
    """No series has such a dose number."""

    dose_number: int


@dataclass(unsafe_hash=True)
class DepartureUnexplained(Refusal):
    """The plan is not what the schedule says, and the doctor has not noted why (VER-5)."""

    vaccine_name: str
    dose_number: int
    proposed: int
    """The dose number that the schedule would give."""
    standing: Standing
    earliest_on: date | None


@dataclass(unsafe_hash=True)
class DeclineReasonMissing(Refusal):
    """The consent was declined and nobody noted why (VER-7)."""


LAST_DOSE_NUMBER = 20
NOT_YET_CALLED = (VisitState.REGISTERED, VisitState.SCREENED, VisitState.READY)
DECIDED_AGAINST = (VisitState.DEFERRED, VisitState.NOT_ADVISED, VisitState.DECLINED)
"""A decision against may be taken back the same day, as long as no new visit has been opened."""


def record_screening(act: Act, encounter_id: str, form: ScreeningForm, questions: FormText) -> str:
    """Record the eleven answers and the doctor's decision; returns the screening's id.

    Only a doctor may (VER-5, SITE-8). Both sign on paper or on the screen, the doctor first. A screening made
    again supersedes the one before. What the answers raise for the planned product, and how it departs from
    the schedule, is recorded with what the doctor noted on it. Raises the refusals of ``check_form``,
    ``check_asked`` and ``check_considered``, DepartureUnexplained, AlreadyInVisit where a visit that ended
    has been followed by another, and SignatureNotBound where anything was changed after a signature was
    drawn.
    """
    act.require("record_screening")
    patient, body = _screening_body(act, encounter_id, form, questions)
    _sign_decision(body, patient, form.doctor_drawn)
    _sign(body, patient, form.drawn)
    screening_id = act.new_id()
    body |= {"screening_id": screening_id, "recorded_at": act.at}
    act.append("screening.recorded", body, person=patient.patient_id)
    return screening_id


def screening_to_sign(case: Case, encounter_id: str, form: ScreeningForm, questions: FormText) -> Signed:
    """Return what the recipient puts their name under now; raises what ``record_screening`` would."""
    case.require("record_screening")
    patient, body = _screening_body(case, encounter_id, form, questions)
    _sign_decision(body, patient, form.doctor_drawn)
    return content_of(body, patient.patient_id, identity_hash(patient.document_number), case.at)


def decision_to_sign(case: Case, encounter_id: str, form: ScreeningForm, questions: FormText) -> Signed:
    """Return what the doctor puts their name under now; raises what ``record_screening`` would."""
    case.require("record_screening")
    patient, body = _screening_body(case, encounter_id, form, questions)
    return decision_of(body, patient.patient_id, identity_hash(patient.document_number), case.at)


def record_consent(act: Act, encounter_id: str, form: ConsentForm) -> None:
    """Record what was told (告知) and the signed answer (知情同意), agreed or declined (VER-6, VER-7).

    Raises SignerMissing, DeclineReasonMissing, GuardianMustSign, or SignatureNotBound where anything was
    changed after the signature was drawn.
    """
    act.require("record_consent")
    patient, body = _consent_body(act, encounter_id, form)
    if form.drawn is not None:
        body |= _consented_to(act, encounter_id)
    _sign(body, patient, form.drawn)
    body |= {"consent_id": act.new_id(), "recorded_at": act.at}
    act.append("consent.recorded", body, person=patient.patient_id)


def consent_to_sign(case: Case, encounter_id: str, form: ConsentForm) -> Signed:
    """Return what the recipient puts their name under now; raises what ``record_consent`` would."""
    case.require("record_consent")
    patient, body = _consent_body(case, encounter_id, form)
    body |= _consented_to(case, encounter_id)
    return content_of(body, patient.patient_id, identity_hash(patient.document_number), case.at)


def _screening_body(
    case: Case, encounter_id: str, form: ScreeningForm, questions: FormText
) -> tuple[Patient, Json]:
    encounter = encounters.get_encounter(case.db, encounter_id)
    require_state(encounter, *NOT_YET_CALLED, *DECIDED_AGAINST)
    _check_alone(case, encounter)
    check_form(form, case.today)
    patient = patients.get_patient(case.db, encounter.patient_id)
    check_asked(form, patient.sex, age_on(patient.birth_on, case.today).years)
    plan = _checked_plan(case, patient, form.plan) if form.plan else None
    raised = _raised(case, form)
    check_considered(raised, form.considered)
    departure = _departure(case, patient, form)
    doctor = {"staff_id": case.user.staff_id, "name": case.user.name, "means": str(PAPER)}
    return patient, {
        "encounter_id": encounter_id,
        "questions": _text(questions),
        "answers": [[given.question_id, str(given.answer), given.note] for given in form.answers],
        "decision": str(form.decision),
        "reason": form.reason,
        "advice": form.advice,
        "review_on": form.review_on.isoformat() if form.review_on else None,
        "plan": plan,
        **_on_raised(raised),
        **departure,
        **({"considered": form.considered.strip()} if raised or departure else {}),
        "signatures": {"doctor": doctor, "recipient": _on_paper(form.signed_by, form.signer_relation)},
    }


def _consent_body(case: Case, encounter_id: str, form: ConsentForm) -> tuple[Patient, Json]:
    encounter = encounters.get_encounter(case.db, encounter_id)
    require_state(encounter, VisitState.SCREENED)
    if not form.signed_by.strip():
        raise SignerMissing()
    if not form.agreed and not form.reason.strip():
        raise DeclineReasonMissing()
    patient = patients.get_patient(case.db, encounter.patient_id)
    _check_guardian(patient, form, case.today)
    return patient, {
        "encounter_id": encounter_id,
        **_text(form.text),
        "agreed": form.agreed,
        "reason": form.reason,
        "signature": _on_paper(form.signed_by, form.relation),
    }


def _consented_to(case: Case, encounter_id: str) -> Json:
    """A signature on the screen binds the screening, and with it the plan, that is consented to."""
    return {"screening_id": screenings.standing_ids(case.db, encounter_id)[0]}


def _on_paper(name: str, relation: str) -> Json:
    return {"name": name, "relation": relation, "means": str(PAPER)}


def _sign(body: Json, patient: Patient, drawn: Drawn | None) -> None:
    """Put a drawn signature in the place of the one on paper; raises SignatureNotBound."""
    if drawn is None:
        return
    document_hash = identity_hash(patient.document_number)
    content = content_of(body, patient.patient_id, document_hash, drawn.signed_at)
    check_bound(drawn.signature, content)
    signer_in(body).update(signature_body(drawn.signature, content))


def _sign_decision(body: Json, patient: Patient, drawn: Drawn | None) -> None:
    """Put the doctor's drawn signature in the place of the one on paper; raises SignatureNotBound."""
    if drawn is None:
        return
    document_hash = identity_hash(patient.document_number)
    content = decision_of(body, patient.patient_id, document_hash, drawn.signed_at)
    check_bound(drawn.signature, content)
    body["signatures"]["doctor"].update(signature_body(drawn.signature, content))


def _check_guardian(patient: Patient, form: ConsentForm, today: date) -> None:
    """Pass who may decide; raises GuardianMustSign for a minor who signs for themselves."""
    by_self = form.relation.strip() == SELF or form.signed_by.strip() == patient.name
    if by_self and is_minor(patient.birth_on, today):
        raise GuardianMustSign(age_on(patient.birth_on, today).years)


def _check_alone(case: Case, encounter: Encounter) -> None:
    """Pass a visit that no newer one has followed; raises AlreadyInVisit."""
    newest = encounters.newest_visit(case.db, encounter.session_id, encounter.patient_id)
    if newest is not None and newest.encounter_id != encounter.encounter_id:
        raise AlreadyInVisit(newest.ticket_number, newest.state)


def raised_for(
    db: Database, answers: Iterable[QuestionAnswer], product_code: str
) -> tuple[ScreeningRule, ...]:
    """Return the questions that the answers raise for a product; the doctor decides."""
    return raised_by(screening_rules(), answers, catalogue.get_product(db, product_code))


def returned_because(db: Database, encounter_id: str) -> str:
    """Return why the needle sent a visit back to be screened anew; empty if it did not."""
    return encounters.returned_because(db, encounter_id)


def _raised(case: Case, form: ScreeningForm) -> tuple[ScreeningRule, ...]:
    return raised_for(case.db, form.answers, form.plan.product_code) if form.plan else ()


def _departure(case: Case, patient: Patient, form: ScreeningForm) -> Json:
    """Return how the plan differs from the schedule, if it does; raises DepartureUnexplained."""
    if form.plan is None:
        return {}
    product = catalogue.get_product(case.db, form.plan.product_code)
    proposal = proposal_for(forecast_of(case.db, patient, case.today), patient, product)
    if not proposal.departs(form.plan.dose_number):
        return {}
    assert proposal.standing is not None, "without a standing nothing differs"
    facts = (proposal.dose_number, proposal.standing, proposal.earliest_on)
    if not form.considered.strip():
        raise DepartureUnexplained(product.vaccine_name, form.plan.dose_number, *facts)
    return {
        "schedule": {
            "dose_number": proposal.dose_number,
            "standing": str(proposal.standing),
            "earliest_on": proposal.earliest_on.isoformat() if proposal.earliest_on else None,
            "offered": proposal.offered,
            "packs": [name_of(pack) for pack in packs_in_use().packs],
        }
    }


def _on_raised(raised: tuple[ScreeningRule, ...]) -> Json:
    """Nothing is written where nothing was raised: most screenings stay as short as they were."""
    if not raised:
        return {}
    return {
        "raised": [[rule.rule_id, str(rule.weight)] for rule in raised],
        "raised_by": screening_rules().edition,
    }


def _text(text: FormText) -> dict[str, str]:
    return {"text_id": text.text_id, "text_version": text.version, "text_sha256": text.sha256}


def _checked_plan(case: Case, patient: Patient, plan: Plan) -> dict[str, object]:
    product = catalogue.get_product(case.db, plan.product_code)
    if not 1 <= plan.dose_number <= LAST_DOSE_NUMBER:
        raise DoseNumberOutOfRange(plan.dose_number)
    check_age(product, age_on(patient.birth_on, case.today))
    return {
        "product_code": plan.product_code,
        "dose_number": plan.dose_number,
        "body_site": str(product.body_site),
    }
