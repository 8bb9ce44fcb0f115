"""The exercise of correction (练习更正): a wrong dose is laid, what becomes of it is judged."""

from dataclasses import dataclass
from enum import StrEnum

from sqlite_utils import Database

from app.documents.form_texts import consent_text, screening_questions
from app.domain.checklist import PERSON_ITEMS, Injection, body_sites_of
from app.domain.journal import Json
from app.domain.people import Patient, is_minor
from app.domain.permissions import require_permission
from app.domain.readiness import Need, missing
from app.domain.refusals import Refusal
from app.domain.screening import QUESTION_IDS, SELF, Answer, Decision, Plan, QuestionAnswer, ScreeningForm
from app.domain.staff import StaffMember
from app.domain.vial import CodeSource
from app.practice.people import residents
from app.practice.site import DOCTOR, MANAGER, kit
from app.storage import catalogue, immunizations
from app.storage.immunizations import COMPLETED
from app.storage.readiness import newest_readiness
from app.storage.site import get_site
from app.workflows import immunization, needle, observation, readiness, registration, screening
from app.workflows.desk import Desk, SecondPerson
from app.workflows.needle import HandEntry
from app.workflows.screening import ConsentForm, FormText

PRODUCT = "FLU4-1"
DESK = "练习更正"
"""A needle of its own: whoever stands at the nurse's is in nobody's way."""
DETAILS = ("body_site", "dose_number", "lot_number", "performer")
"""What of a dose is corrected; in an exercise one of them is wrong."""


class Fault(StrEnum):
    """What is wrong with the dose of an exercise."""

    ARM = "arm"
    DOSE_NUMBER = "dose_number"
    LOT = "lot"
    PERSON = "person"
    """It was given to somebody else: no detail, so it is voided."""


class Standing(StrEnum):
    """How far an exercise is."""

    OPEN = "open"
    RIGHT = "right"
    OTHERWISE = "otherwise"
    """Corrected, but not to what was so; it can be corrected again."""
    VOIDED = "voided"
    """Voided, although it was given and only a detail was wrong."""
    KEPT = "kept"
    """Corrected, although this person had no dose at all."""


@dataclass(frozen=True)
class Exercise:
    """One dose, what is wrong with it, and how it was."""

    fault: Fault
    person: Patient
    wrong: Json
    """The record as it was laid."""
    truth: Json
    """The fields of the record that are wrong, as they were in truth; empty where no dose was given."""


@dataclass(frozen=True)
class Judgement:
    """What became of the dose: its versions, the first as it was laid."""

    standing: Standing
    versions: tuple[Json, ...]


@dataclass(unsafe_hash=True)
class NotAtPractice(Refusal):
    """No dose that was never given is laid at a real site."""


def lay_out(desk: Desk, nurse: StaffMember, after: Fault | None = None) -> Exercise:
    """Lay a dose of the nurse's with one fault, another than ``after``, through the ordinary acts.

    Raises NotAtPractice, NotPermitted for who could not correct it, or what refuses an act of the visit.
    """
    db = desk.read()
    if not get_site(db).practice:
        raise NotAtPractice()
    require_permission(nurse, "record_immunization")
    require_permission(nurse, "correct_immunization")
    faults = [fault for fault in Fault if fault is not after]
    fault = faults[desk.random(1)[0] % len(faults)]
    beside = Desk(desk.store, desk.clock, desk.random, DESK)
    if missing(newest_readiness(db), desk.today()):
        beside.do_as(MANAGER, readiness.check_readiness, tuple(Need), kit(desk.today()))
    person = beside.do_as(MANAGER, registration.register_patient, _somebody(desk))
    wrong, truth = _vaccinate(beside, nurse, person, fault)
    beside.do_as(MANAGER, observation.leave_early, wrong["encounter_id"], DESK)
    return Exercise(fault, person, wrong, truth)


def judge(db: Database, exercise: Exercise) -> Judgement:
    """Return what became of the dose so far."""
    told = immunizations.recorded_here(db, exercise.person.patient_id)
    versions = [dose for dose in told if dose["immunization_id"] == exercise.wrong["immunization_id"]]
    while follows := [dose for dose in told if dose.get("corrects") == versions[-1]["immunization_id"]]:
        versions += follows
    return Judgement(_standing(exercise, versions), tuple(versions))


def _standing(exercise: Exercise, versions: list[Json]) -> Standing:
    newest = versions[-1]
    if exercise.fault is Fault.PERSON:
        if newest["status"] != COMPLETED:
            return Standing.RIGHT
        return Standing.OPEN if len(versions) == 1 else Standing.KEPT
    if newest["status"] != COMPLETED:
        return Standing.VOIDED
    if len(versions) == 1:
        return Standing.OPEN
    wanted = {field: exercise.wrong[field] for field in DETAILS} | exercise.truth
    return Standing.RIGHT if wanted == {field: newest[field] for field in DETAILS} else Standing.OTHERWISE


def _somebody(desk: Desk) -> Patient:
    """Return a grown-up whom nobody has seen yet."""
    people = residents(40, desk.today(), seed=int.from_bytes(desk.random(6)))
    return next(person for person in people if not is_minor(person.birth_on, desk.today()))


def _vaccinate(beside: Desk, nurse: StaffMember, person: Patient, fault: Fault) -> tuple[Json, Json]:
    """Bring somebody from the door to the dose; returns its record and what of it is wrong."""
    product = catalogue.get_product(beside.read(), PRODUCT)
    lot = next(
        lot for lot in reversed(catalogue.lots_of(beside.read(), PRODUCT)) if lot.expires_on >= beside.today()
    )
    truth: Json = {}
    recorded = lot.lot_number
    dose_number, arm = 1, product.body_site
    if fault is Fault.ARM:
        arm = next(site for site in body_sites_of(product.route) if site is not product.body_site)
        truth = {"body_site": str(product.body_site)}
    elif fault is Fault.DOSE_NUMBER:
        dose_number, truth = 2, {"dose_number": 1}
    elif fault is Fault.LOT:
        recorded, truth = _misread(lot.lot_number), {"lot_number": lot.lot_number}
    visit = _screened(beside, person, Plan(PRODUCT, dose_number), programme=product.programme)
    entry = HandEntry(CodeSource.UNREADABLE, DESK, PRODUCT, recorded, lot.expires_on)
    beside.do_as(nurse, needle.call_ticket, visit)
    second = SecondPerson(DOCTOR, beside.clock.monotonic())
    beside.do_as(nurse, needle.enter_vial, visit, entry, second)
    for item in PERSON_ITEMS:
        beside.do_as(nurse, needle.confirm_item, visit, item)
    injection = Injection(arm, product.route)
    return beside.do_as(nurse, immunization.record_immunization, visit, injection), truth


def _screened(beside: Desk, person: Patient, plan: Plan, *, programme: bool) -> str:
    """Return the visit of somebody registered, screened and willing."""
    visit = beside.do_as(MANAGER, registration.open_visit, person.patient_id).encounter_id
    answers = tuple(QuestionAnswer(question_id, Answer.NO) for question_id in QUESTION_IDS)
    form = ScreeningForm(
        answers, Decision.PROCEED, plan=plan, signed_by=person.name, signer_relation=SELF, considered=DESK
    )
    asked, told = screening_questions().version, consent_text(programme=programme).version
    questions = FormText(asked.text_id, asked.version, asked.sha256)
    beside.do_as(MANAGER, screening.record_screening, visit, form, questions)
    text = FormText(told.text_id, told.version, told.sha256)
    beside.do_as(MANAGER, screening.record_consent, visit, ConsentForm(text, True, person.name, SELF))
    return visit


def _misread(lot_number: str) -> str:
    """Return a number as it is misread: its last digit is another."""
    last = lot_number[-1]
    return lot_number[:-1] + ("1" if last != "1" else "7")
