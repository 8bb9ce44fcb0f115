"""Registration (登记): finding or entering a person and giving them a place in the queue."""

import re
from dataclasses import dataclass, replace
from datetime import date

from app.domain.identity import DocumentType, check_document, half_width, normalise_name
from app.domain.ids import token
from app.domain.people import AlreadyRegistered, Patient, check_complete
from app.domain.refusals import Refusal
from app.domain.review import BEFORE, values_before, values_seen
from app.domain.visit import AlreadyInVisit, Encounter, VisitState, require_state
from app.storage import encounters, patients
from app.workflows.desk import Act
from app.workflows.name_readings import readings

TICKET_TOKEN_LENGTH = 10
TEMPORARY_PREFIX, TEMPORARY_LENGTH = "T-", 8
_TEMPERATURE = re.compile(r"\d\d(\.\d\d?)?", re.ASCII)
WORTH_TELLING_CELSIUS = 37.3
"""From here on the screen asks to tell the doctor; a hint, never a rule."""


@dataclass(unsafe_hash=True)
class TemperatureMissing(Refusal):
    """The site takes temperatures and none was given (REG-12)."""


@dataclass(unsafe_hash=True)
class TemperatureOutOfRange(Refusal):
    """No living person has this temperature: a slip of the hand."""

    given: str


@dataclass(unsafe_hash=True)
class BirthDateDiffers(Refusal):
    """The birth date stated is not the one in the document number."""

    stated: date
    in_number: date


IDENTITY = ("name", "sex", "birth_on", "document_type", "document_number")
"""Who somebody is; the rest of a record is where they live and how they are reached, which changes."""


@dataclass(unsafe_hash=True)
class AmendReasonMissing(Refusal):
    """Name, sex, birth date or document of somebody was changed, and nobody has said why."""

    name: str


def register_patient(act: Act, patient: Patient) -> Patient:
    """Record a new person; their ``patient_id`` is given here, and a temporary number if they have none.

    Raises FieldMissing, BirthDateInFuture, GuardianMissing, AlreadyRegistered, BirthDateDiffers and the
    refusals on name and document.
    """
    act.require("register_patient")
    if patient.document_type == DocumentType.NONE and not patient.document_number.strip():
        number = TEMPORARY_PREFIX + token(TEMPORARY_LENGTH, act.random)
        patient = replace(patient, document_number=number)
    registered = replace(_checked(act, replace(patient, patient_id="")), patient_id=act.new_id())
    body = _body(registered) | {"registered_at": act.at}
    act.append("patient.registered", body, person=registered.patient_id)
    return registered


def amend_patient(act: Act, patient: Patient, seen: Patient | None = None, reason: str = "") -> None:
    """Record the corrected data of a person; both versions stay, with who and why (REG-7, REG-8).

    ``seen`` is the record as the person at the desk had it before them: what they left as it was stays as it
    is by now, and a field that was corrected elsewhere meanwhile is left to a manager (``reviewing``).
    Who somebody is changes with a ``reason`` alone: raises AmendReasonMissing.
    """
    act.require("amend_patient")
    held = patients.get_patient(act.db, patient.patient_id)
    if seen is not None and seen != held:
        untouched = {name for name, value in vars(patient).items() if value == getattr(seen, name)}
        patient = replace(patient, **{name: getattr(held, name) for name in untouched})
    known = values_before(patients.get_body(act.db, patient.patient_id))
    if seen is not None:
        known = values_seen(known, patients.patient_body(seen), patients.patient_body(held))
    checked = _checked(act, patient)
    if not reason.strip() and any(getattr(checked, field) != getattr(held, field) for field in IDENTITY):
        raise AmendReasonMissing(held.name)
    act.append("patient.amended", amendment_body(checked, known, reason.strip()), person=patient.patient_id)


def amendment_body(patient: Patient, before: dict[str, list[str]], reason: str) -> dict[str, object]:
    """Return a correction with the values its author knew to have stood before, by field, and why if told."""
    return _body(patient) | {BEFORE: before} | ({"reason": reason} if reason else {})


def open_visit(act: Act, patient_id: str, temperature: str | None = None) -> Encounter:
    """Give a person the next queue number; raises AlreadyInVisit and the refusals on temperature."""
    act.require("open_visit")
    session = act.session
    if visit := encounters.find_open_visit(act.db, session.session_id, patient_id):
        raise AlreadyInVisit(visit.ticket_number, visit.state)
    temperature = _read_temperature(temperature, required=act.site.takes_temperature)
    number = encounters.last_ticket(act.db, session.session_id) + 1
    encounter_id = act.new_id()
    body = {
        "encounter_id": encounter_id,
        "session_id": session.session_id,
        "patient_id": patient_id,
        "ticket_seq": number,
        "ticket_number": f"A{number:03d}",
        "ticket_token": token(TICKET_TOKEN_LENGTH, act.random),
        "registered_at": act.at,
        "temperature": temperature,
    }
    act.append("encounter.opened", body, person=patient_id)
    return encounters.get_encounter(act.db, encounter_id)


def cancel_visit(act: Act, encounter_id: str, reason: str) -> None:
    """Call a visit off before anything was given; raises WrongStep afterwards."""
    act.require("cancel_visit")
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(
        encounter, VisitState.REGISTERED, VisitState.SCREENED, VisitState.READY, VisitState.AT_STATION
    )
    act.append(
        "encounter.cancelled",
        {"encounter_id": encounter_id, "reason": reason, "cancelled_at": act.at},
        person=encounter.patient_id,
    )


def is_worth_telling(temperature: str) -> bool:
    """Return whether a temperature should be told to the doctor; False for what is no number."""
    try:
        return float(temperature) >= WORTH_TELLING_CELSIUS
    except ValueError:
        return False


def _body(patient: Patient) -> dict[str, object]:
    return patients.patient_body(patient) | {"readings": readings(patient.name)}


def _checked(act: Act, patient: Patient) -> Patient:
    """Return the record as it is kept: name and number normalised, complete, and nobody else's."""
    check_complete(patient, act.today)
    document = check_document(DocumentType(patient.document_type), patient.document_number, today=act.today)
    if document.birth_on and document.birth_on != patient.birth_on:
        raise BirthDateDiffers(stated=patient.birth_on, in_number=document.birth_on)
    for known in patients.find_by_number(act.db, document.number):
        if known.patient_id != patient.patient_id:
            raise AlreadyRegistered(known.patient_id, known.name, known.birth_on)
    return replace(patient, name=normalise_name(patient.name), document_number=document.number)


def _read_temperature(given: str | None, *, required: bool) -> str | None:
    """Return degrees Celsius as they are kept: half-width, with at most two decimals."""
    typed = half_width(given or "").strip()
    if not typed:
        if required:
            raise TemperatureMissing()
        return None
    if not (_TEMPERATURE.fullmatch(typed) and 34 <= float(typed) <= 43):
        raise TemperatureOutOfRange(typed)
    return typed
