"""What the doctor has in front of them, of those waiting and of the visit that is opened: read once."""

from functools import partial

from sqlite_utils import Database

from app.domain.codes import CitizenNumber, ScannedCode, TicketCode
from app.domain.people import Patient
from app.domain.visit import Encounter
from app.storage import catalogue, conditions, encounters, immunizations, patients
from app.storage.site import running_session
from app.ui.bench import Bench
from app.ui.screening.examination import Case
from app.ui.screening.waiting_view import Waiting
from app.ui.texts.conditions import conditions_words
from app.ui.texts.forecast import together_words
from app.workflows import screening
from app.workflows.forecast import forecast_of, proposal_for, visit_plan


def case_of(bench: Bench, encounter: Encounter, patient: Patient) -> Case:
    """Return a visit with what the schedule says of its person today."""
    db, user = bench.read(), bench.desk.user
    forecast = forecast_of(db, patient, bench.desk.today())
    products = tuple(catalogue.all_products(db))
    return Case(
        encounter=encounter,
        patient=patient,
        products=products,
        proposed=partial(proposal_for, forecast, patient),
        together=lambda picked: together_words(visit_plan(forecast, products, picked), forecast.rules),
        today=bench.desk.today(),
        doctor=user.name if user else "",
        returned_because=screening.returned_because(db, encounter.encounter_id),
        conditions=conditions_words(forecast.conditions),
    )


def waiting_of(db: Database, encounter: Encounter, *, begun: bool) -> Waiting:
    """Return a visit in the queue with what is known of its person."""
    return Waiting(
        encounter=encounter,
        patient=patients.get_patient(db, encounter.patient_id),
        doses=immunizations.history_of(db, encounter.patient_id),
        stated=conditions.statements_of(db, encounter.patient_id),
        returned_because=screening.returned_because(db, encounter.encounter_id),
        begun=begun,
    )


def find_visit(db: Database, code: ScannedCode) -> Encounter | None:
    """Return the visit of a ticket, or the open one of a document's person."""
    if isinstance(code, TicketCode):
        return encounters.find_by_token(db, code.token)
    session = running_session(db)
    if isinstance(code, CitizenNumber) and session:
        for patient in patients.find_by_number(db, code.text):
            return encounters.find_open_visit(db, session.session_id, patient.patient_id)
    return None
