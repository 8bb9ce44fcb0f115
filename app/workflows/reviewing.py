"""Deciding what a merge left to people (核对): a manager's act, which travels and is asked nowhere again."""

from dataclasses import dataclass

from app.domain.people import AlreadyRegistered, Patient
from app.domain.refusals import Refusal
from app.domain.review import COLUMNS, JudgedField, pair, value_of, values_before
from app.storage import patients, reviews
from app.storage.reviews import FieldReview, PairReview, Review
from app.workflows.desk import Act
from app.workflows.registration import amendment_body

DECIDED = "核对两种写法"
"""Why a record was changed that a merge had asked about."""
MOST_SHOWN = 200
"""Reviews of a list; what is decided makes room for more."""


@dataclass(unsafe_hash=True)
class ReviewSettled(Refusal):
    """What was to be decided is decided: elsewhere, or by a correction."""


def decide_field(act: Act, review: FieldReview, take_other: bool) -> None:
    """Let one of two values of a field stand; raises ReviewSettled or AlreadyRegistered.

    Either way a correction says that both were known, so that no copy of the record is asked about again.
    """
    act.require("decide_field")
    _require_open(act, review)
    held = patients.get_body(act.db, review.here.patient_id)
    other = patients.patient_body(review.there)
    chosen = {key: other[key] for key in COLUMNS[review.field]} if take_other else {}
    known = values_before(held)
    known[review.field] = list(dict.fromkeys([*known[review.field], value_of(other, review.field)]))
    _correct(act, patients.read_patient(held | chosen), known)


def decide_pair(act: Act, review: PairReview, is_one: bool, take_other: bool = False) -> None:
    """Say that two records are of one person, and whose data stands, or of two; raises ReviewSettled.

    Both records stay; the newest decision on a pair counts.
    """
    act.require("decide_pair")
    _require_open(act, review)
    here, there = review.here.patient_id, review.there.patient_id
    low_id, high_id = pair(here, there)
    body = {
        "low_id": low_id,
        "high_id": high_id,
        "is_one": is_one,
        "kept_id": there if take_other else here,
        "judged_at": act.at,
    }
    act.append("patient.judged", body, person=here)
    if is_one and take_other and not patients.is_known(act.db, there):
        held, told = patients.get_body(act.db, here), patients.patient_body(review.there)
        document = {key: held[key] for key in COLUMNS[JudgedField.DOCUMENT]}
        merged = patients.read_patient(told | document | {"patient_id": here})
        _correct(act, merged, values_before(held, told))


def _require_open(act: Act, review: Review) -> None:
    if review not in reviews.reviews(act.db, MOST_SHOWN):
        raise ReviewSettled()


def _correct(act: Act, patient: Patient, known: dict[str, list[str]]) -> None:
    for other in patients.find_by_number(act.db, patient.document_number):
        if other.patient_id != patient.patient_id:
            raise AlreadyRegistered(other.patient_id, other.name, other.birth_on)
    act.append("patient.amended", amendment_body(patient, known, DECIDED), person=patient.patient_id)
