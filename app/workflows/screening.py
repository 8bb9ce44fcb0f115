"""Screening (预检): the doctor asks, decides and signs; the recipient is told and agrees or declines."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.catalogue import Product
from app.domain.journal import Json
from app.domain.people import Patient, age_on, is_minor
from app.domain.raised import ScreeningRule, check_considered, raised_by
from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.standing import Standing
from app.domain.schedule.together import Placed, Shot, arrange
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
from app.domain.signed_records import content_of, signer_in
from app.domain.vial import check_age
from app.domain.visit import AlreadyInVisit, Encounter, VisitState, require_state
from app.storage import catalogue, encounters, patients, planned_doses, screenings
from app.storage.screening_rules import screening_rules
from app.workflows.desk import Act, Case
from app.workflows.forecast import PersonForecast, forecast_of, packs_in_use, proposal_for

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
    product_code: str = ""
    """Which of several planned vaccines it is about."""


@dataclass(unsafe_hash=True)
class NotToBeAnswered(Refusal):
    """Of several planned vaccines the consent names none that is still to be answered."""

    product_code: str


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

    Only a doctor may (VER-5, SITE-8). The doctor signs on paper, the recipient there or on the screen. A
    screening made again supersedes the one before. What the answers raise for the planned product, and how
    it departs from the schedule, is recorded with what the doctor noted on it. Raises the refusals of
    ``check_form``, ``check_asked`` and ``check_considered``, DepartureUnexplained, AlreadyInVisit where a
    visit that ended has been followed by another, and SignatureNotBound where anything was changed after
    the signature was drawn.
    """
    act.require("record_screening")
    patient, body = _screening_body(act, encounter_id, form, questions)
    _sign(body, patient, form.drawn)
    screening_id = act.new_id()
    body |= {"screening_id": screening_id, "recorded_at": act.at}
    act.append("screening.recorded", body, person=patient.patient_id)
    return screening_id


def screening_to_sign(case: Case, encounter_id: str, form: ScreeningForm, questions: FormText) -> Signed:
    """Return what the recipient puts their name under now; raises what ``record_screening`` would."""
    case.require("record_screening")
    patient, body = _screening_body(case, encounter_id, form, questions)
    return content_of(body, patient.patient_id, identity_hash(patient.document_number), case.at)


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
    raised = _raised(case, form)
    check_considered(raised, form.considered)
    plans = _checked_plans(case, patient, encounter_id, form)
    departs = any("schedule" in plan for plan in plans)
    doctor = {"staff_id": case.user.staff_id, "name": case.user.name, "means": str(PAPER)}
    return patient, {
        "encounter_id": encounter_id,
        "questions": _text(questions),
        "answers": [[given.question_id, str(given.answer), given.note] for given in form.answers],
        "decision": str(form.decision),
        "reason": form.reason,
        "advice": form.advice,
        "review_on": form.review_on.isoformat() if form.review_on else None,
        **_planned(plans),
        **_on_raised(raised),
        **({"considered": form.considered.strip()} if raised or departs else {}),
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
        **_product_answered(case, encounter_id, form),
        **_text(form.text),
        "agreed": form.agreed,
        "reason": form.reason,
        "signature": _on_paper(form.signed_by, form.relation),
    }


def _product_answered(case: Case, encounter_id: str, form: ConsentForm) -> Json:
    """Return which of several planned vaccines is answered; raises NotToBeAnswered."""
    planned = planned_doses.open_doses(case.db, encounter_id)
    if len(planned) == 1:
        return {}
    if form.product_code not in {dose.product_code for dose in planned if dose.consented is None}:
        raise NotToBeAnswered(form.product_code)
    return {"product_code": form.product_code}


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
    """Return what the answers raise for any of the planned products, each question once."""
    found = [rule for plan in _plans(form) for rule in raised_for(case.db, form.answers, plan.product_code)]
    return tuple(dict.fromkeys(found))


def _plans(form: ScreeningForm) -> tuple[Plan, ...]:
    return (form.plan, *form.also) if form.plan else ()


def _departure(
    patient: Patient, forecast: PersonForecast, product: Product, plan: Plan, considered: str
) -> Json:
    """Return how a plan differs from the schedule, if it does; raises DepartureUnexplained."""
    proposal = proposal_for(forecast, patient, product)
    if not proposal.departs(plan.dose_number):
        return {}
    assert proposal.standing is not None, "without a standing nothing differs"
    facts = (proposal.dose_number, proposal.standing, proposal.earliest_on)
    if not considered.strip():
        raise DepartureUnexplained(product.vaccine_name, plan.dose_number, *facts)
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


def _checked_plans(case: Case, patient: Patient, encounter_id: str, form: ScreeningForm) -> list[Json]:
    """Return the plans in the order in which they are given, each with its body site.

    Raises DoseNumberOutOfRange, AgeOutsideLimits, DepartureUnexplained, SeriesTwice or NotTogether.
    """
    plans = _plans(form)
    if not plans:
        return []
    forecast = forecast_of(case.db, patient, case.today)
    bodies: dict[str, Json] = {}
    shots: list[Shot] = []
    for plan in plans:
        product = catalogue.get_product(case.db, plan.product_code)
        if not 1 <= plan.dose_number <= LAST_DOSE_NUMBER:
            raise DoseNumberOutOfRange(plan.dose_number)
        check_age(product, age_on(patient.birth_on, case.today))
        departure = _departure(patient, forecast, product, plan, form.considered)
        shots.append(Shot(product.vaccine_code, product.programme, product))
        bodies[product.vaccine_code] = {
            "product_code": plan.product_code, "dose_number": plan.dose_number, **departure,
        }  # fmt: skip
    placed = arrange(shots, forecast.rules, case.today, _given_before(case.db, encounter_id))
    return [bodies[one.shot.vaccine_code] | {"body_site": str(one.body_site)} for one in placed]


def _given_before(db: Database, encounter_id: str) -> list[Placed]:
    """Return what went in at this visit before it came back to the doctor."""
    given = [dose for dose in planned_doses.all_doses(db, encounter_id) if dose.immunization_id]
    products = [catalogue.get_product(db, dose.product_code) for dose in given]
    return [
        Placed(Shot(product.vaccine_code, product.programme, product), dose.body_site)
        for product, dose in zip(products, given, strict=True)
    ]


def _planned(plans: list[Json]) -> Json:
    """Return the first plan, how it departs from the schedule, and the others if there are any.

    One plan alone is written as it always was.
    """
    if not plans:
        return {"plan": None}
    first, *others = plans
    said: Json = {"plan": {key: value for key, value in first.items() if key != "schedule"}}
    if "schedule" in first:
        said["schedule"] = first["schedule"]
    if others:
        said["also"] = others
    return said
