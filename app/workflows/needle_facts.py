"""What the checklist of a visit is computed from, and what else stands against its next dose."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from app.domain.checklist import CheckFacts
from app.domain.refusals import Refusal
from app.domain.visit import Encounter
from app.storage import catalogue, needle, observations, patients, planned_doses, screenings


@dataclass(unsafe_hash=True)
class ReactionOpen(Refusal):
    """A reaction to an earlier dose of this visit has not been closed by a doctor: no further dose."""

    alarm_at: datetime


def check_facts(db: Database, encounter: Encounter, at_hand: str = "") -> CheckFacts:
    """Gather what the checklist is computed from; ``at_hand`` is the product of a vial not yet presented.

    Of several planned doses it is about the one whose vial is there, else about the next.
    """
    dose = planned_doses.next_dose(db, encounter.encounter_id, at_hand)
    presented = needle.find_vial(db, encounter.encounter_id)
    vial, vial_by, vial_at = presented or (None, "", None)
    product_code = dose.product_code if dose else None
    planned = vial.product if vial and vial.product.product_code == product_code else None
    return CheckFacts(
        patient=patients.get_patient(db, encounter.patient_id),
        identity_by=encounter.called_by,
        identity_at=encounter.called_at or encounter.registered_at,
        screened=screenings.find_screened(db, encounter.encounter_id),
        planned=planned or (catalogue.get_product(db, product_code) if product_code else None),
        dose_number=dose.dose_number if dose else None,
        body_site=dose.body_site if dose else None,
        vial=vial,
        vial_by=vial_by,
        vial_at=vial_at,
        confirmations=needle.confirmations(db, encounter.encounter_id),
    )


def check_no_reaction(db: Database, encounter_id: str) -> None:
    """Pass a visit whose earlier dose has raised no alarm that is still open; raises ReactionOpen."""
    observation = observations.find_observation(db, encounter_id)
    if observation and observation.alarm_at:
        raise ReactionOpen(observation.alarm_at)
