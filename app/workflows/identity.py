"""Who sits at the needle: the document shown is compared with the one on file of the person called."""

from sqlite_utils import Database

from app.domain.checklist import PERSON_BOUND_ITEMS, OtherPersonsDocument
from app.domain.identity import mask_number, normalise_number
from app.domain.people import Patient
from app.domain.visit import Encounter, VisitState, require_state
from app.storage import encounters, needle, patients
from app.workflows.desk import Act
from app.workflows.needle import withdraw_item


def check_identity(act: Act, encounter_id: str, number: str) -> None:
    """Record that the document shown is the one on file; raises OtherPersonsDocument (七对: 姓名)."""
    act.require("check_identity")
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, VisitState.AT_STATION)
    shown, on_file = normalise_number(number), patients.get_patient(act.db, encounter.patient_id)
    if shown != on_file.document_number:
        raise _other_persons_document(act.db, encounter, on_file, shown)
    act.append(
        "identity.verified",
        {"encounter_id": encounter_id, "verified_at": act.at},
        person=encounter.patient_id,
    )


def note_other_document(act: Act, encounter_id: str, refusal: OtherPersonsDocument) -> int:
    """Record that somebody else's document was shown; returns how often that came this month.

    Who sits there is in doubt: the name is said again and the recipient confirms again.
    """
    act.require("note_other_document")
    encounter = encounters.get_encounter(act.db, encounter_id)
    require_state(encounter, VisitState.AT_STATION)
    name = type(refusal).__name__
    act.append(
        "identity.refused",
        {"encounter_id": encounter_id, "refusal": name, "at": act.at},
        person=encounter.patient_id,
    )
    confirmed = needle.confirmations(act.db, encounter_id)
    for item in PERSON_BOUND_ITEMS:
        if item in confirmed:
            withdraw_item(act, encounter_id, item)
    return needle.refused_this_month(act.db, name, act.now)


def _other_persons_document(
    db: Database, encounter: Encounter, on_file: Patient, shown: str
) -> OtherPersonsDocument:
    owner = next(iter(patients.find_by_number(db, shown)), None)
    visit = encounters.find_open_visit(db, encounter.session_id, owner.patient_id) if owner else None
    return OtherPersonsDocument(
        ticket_number=encounter.ticket_number,
        on_file=mask_number(on_file.document_number),
        shown=mask_number(shown),
        shown_name=owner.name if owner else "",
        shown_ticket=visit.ticket_number if visit else "",
    )
