"""Who is ready for the needle, in the order of their tickets."""

from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.catalogue import Product
from app.domain.people import Patient
from app.domain.visit import Encounter, VisitState
from app.storage import catalogue, encounters, patients, planned_doses


@dataclass(frozen=True)
class Waiting:
    """One person in the queue of the needle."""

    encounter: Encounter
    patient: Patient
    doses: tuple[tuple[Product, int], ...]
    """What is planned, each with its dose number."""


def waiting_line(db: Database, session_id: str) -> list[Waiting]:
    """Return who is ready for the needle, by ticket."""
    return [_waiting(db, encounter) for encounter in encounters.queue(db, session_id, VisitState.READY)]


def find_ready_visit(db: Database, session_id: str, number: str) -> Encounter | None:
    """Return the visit that is ready for the needle of whoever has this document number, or None."""
    for patient in patients.find_by_number(db, number):
        visit = encounters.find_open_visit(db, session_id, patient.patient_id)
        if visit is not None and visit.state is VisitState.READY:
            return visit
    return None


def _waiting(db: Database, encounter: Encounter) -> Waiting:
    doses = tuple(
        (catalogue.get_product(db, dose.product_code), dose.dose_number)
        for dose in planned_doses.open_doses(db, encounter.encounter_id)
        if dose.consented
    )
    return Waiting(encounter, patients.get_patient(db, encounter.patient_id), doses)
