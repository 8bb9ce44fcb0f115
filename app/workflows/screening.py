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
    SignatureMeans,
    check_asked,
    check_form,
)
from app.domain.staff import Role
from app.domain.vial import check_age
from app.domain.visit import AlreadyInVisit, Encounter, VisitState, require_state
from app.storage import catalogue, encounters, patients
from app.storage.screening_rules import screening_rules
from app.workflows.desk import Act
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

    Only a doctor may (VER-5, SITE-8). The two signatures are on paper. A screening made again supersedes the
    one before. What the answers raise for the planned product, and how it departs from the schedule, is
    recorded with what the doctor noted on it. Raises the refusals of ``check_form``, ``check_asked`` and
    ``check_considered``, DepartureUnexplained, and AlreadyInVisit where a visit that ended has been followed
    by another.
    """
    act.require(Role.DOCTOR)
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, *NOT_YET_CALLED, *DECIDED_AGAINST)
    _check_alone(act, encounter)
    check_form(form, act.today)
    patient = patients.get_patient(act.db, encounter.patient_id)
    check_asked(form, patient.sex, age_on(patient.birth_on, act.today).years)
    plan = _checked_plan(act, patient, form.plan) if form.plan else None
    raised = _raised(act, form)
    check_considered(raised, form.considered)
    departure = _departure(act, patient, form)
    screening_id = act.new_id()
    body = {
        "screening_id": screening_id,
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
        "signatures": {
            "doctor": {"staff_id": act.user.staff_id, "name": act.user.name, "means": str(PAPER)},
            "recipient": {"name": form.signed_by, "relation": form.signer_relation, "means": str(PAPER)},
        },
        "recorded_at": act.at,
    }
    act.append("screening.recorded", body, person=encounter.patient_id)
    return screening_id


def record_consent(act: Act, encounter_id: str, form: ConsentForm) -> None:
    """Record what was told (告知) and the signed answer (知情同意), agreed or declined (VER-6, VER-7).

    Raises SignerMissing, DeclineReasonMissing or GuardianMustSign.
    """
    act.require(Role.DOCTOR, Role.REGISTRAR)
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, VisitState.SCREENED)
    if not form.signed_by.strip():
        raise SignerMissing()
    if not form.agreed and not form.reason.strip():
        raise DeclineReasonMissing()
    _check_guardian(patients.get_patient(act.db, encounter.patient_id), form, act.today)
    body = {
        "consent_id": act.new_id(),
        "encounter_id": encounter_id,
        **_text(form.text),
        "agreed": form.agreed,
        "reason": form.reason,
        "signature": {"name": form.signed_by, "relation": form.relation, "means": str(PAPER)},
        "recorded_at": act.at,
    }
    act.append("consent.recorded", body, person=encounter.patient_id)


def _check_guardian(patient: Patient, form: ConsentForm, today: date) -> None:
    """Pass who may decide; raises GuardianMustSign for a minor who signs for themselves."""
    by_self = form.relation.strip() == SELF or form.signed_by.strip() == patient.name
    if by_self and is_minor(patient.birth_on, today):
        raise GuardianMustSign(age_on(patient.birth_on, today).years)


def _check_alone(act: Act, encounter: Encounter) -> None:
    """Pass a visit that no newer one has followed; raises AlreadyInVisit."""
    newest = encounters.newest_visit(act.db, encounter.session_id, encounter.patient_id)
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


def _raised(act: Act, form: ScreeningForm) -> tuple[ScreeningRule, ...]:
    return raised_for(act.db, form.answers, form.plan.product_code) if form.plan else ()


def _departure(act: Act, patient: Patient, form: ScreeningForm) -> Json:
    """Return how the plan differs from the schedule, if it does; raises DepartureUnexplained."""
    if form.plan is None:
        return {}
    product = catalogue.get_product(act.db, form.plan.product_code)
    proposal = proposal_for(forecast_of(act.db, patient, act.today), patient, product)
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


def _checked_plan(act: Act, patient: Patient, plan: Plan) -> dict[str, object]:
    product = catalogue.get_product(act.db, plan.product_code)
    if not 1 <= plan.dose_number <= LAST_DOSE_NUMBER:
        raise DoseNumberOutOfRange(plan.dose_number)
    check_age(product, age_on(patient.birth_on, act.today))
    return {
        "product_code": plan.product_code,
        "dose_number": plan.dose_number,
        "body_site": str(product.body_site),
    }
