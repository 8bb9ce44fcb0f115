"""Finding a person by whatever was typed into the one search box, and how they stand today (rule 24)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlite_utils import Database

from app.domain.identity import CheckedDocument, check_document, normalise_number, type_of_number
from app.domain.journal import Json
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.visit import ENDED, Encounter
from app.storage import encounters, patients, screenings
from app.storage.search_terms import folded, is_put_off
from app.storage.site import running_session
from app.workflows.name_match import NameMatch, match_name

MOST_SHOWN = 20
WHOLE_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)


class MatchedBy(StrEnum):
    """Which fact of a person answers to what was typed."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    DOCUMENT = "document"
    PHONE = "phone"


@dataclass(frozen=True)
class Standing:
    """How a person stands today: the visit of this session, and the last advice if it was not 建议接种."""

    visit: Encounter | None = None
    advice: Decision | None = None
    """DEFER or DO_NOT of the newest screening; None when the last advice was to vaccinate, or none."""
    advised_on: str = ""
    review_on: date | None = None

    @property
    def is_in_visit(self) -> bool:
        """Return whether the visit is under way: somebody whose visit has ended may come again."""
        return self.visit is not None and self.visit.state not in ENDED


@dataclass(frozen=True)
class Hit:
    """One person found."""

    patient: Patient
    by: MatchedBy
    match: NameMatch
    standing: Standing


@dataclass(frozen=True)
class Found:
    """Everything the search box says of what was typed."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    """There are others beyond the twenty shown."""
    unknown: CheckedDocument | None = None
    """A whole, possible number of nobody on file: a new record can begin with it."""
    refusal: Refusal | None = None
    """A whole number that is not possible, and why."""
    coming: bool = False
    """Nobody, while people of the area come in who can be found by dates and numbers alone as yet."""


def find_people(db: Database, typed: str, today: date) -> Found:
    """Return who answers to the typed text; a whole document number finds exactly one person or none."""
    number = normalise_number(typed)
    if WHOLE_NUMBER.fullmatch(number):
        return _by_whole_number(db, number, today)
    found = patients.search(db, typed, MOST_SHOWN + 1)
    shown, term = found[:MOST_SHOWN], folded(typed)
    standings = standings_of(db, [patient.patient_id for patient in shown])
    hits = tuple(_hit(patient, term, standings[patient.patient_id]) for patient in shown)
    return Found(hits, more=len(found) > MOST_SHOWN, coming=not hits and is_put_off(db))


def find_person(db: Database, patient_id: str) -> Hit:
    """Return one person who is known to exist, nothing marked."""
    patient = patients.get_patient(db, patient_id)
    return Hit(patient, MatchedBy.NAME, NameMatch(), standings_of(db, [patient_id])[patient_id])


def standings_of(db: Database, patient_ids: Sequence[str]) -> dict[str, Standing]:
    """Return how each of these people stands in the running session, at one asking for all."""
    session = running_session(db)
    visits = encounters.newest_visits(db, session.session_id, patient_ids) if session else {}
    advised = screenings.newest_of_patients(db, patient_ids)
    return {each: _standing(visits.get(each), advised.get(each)) for each in patient_ids}


def _standing(visit: Encounter | None, last: Json | None) -> Standing:
    if last is None or last["decision"] == Decision.PROCEED:
        return Standing(visit)
    review_on = date.fromisoformat(last["review_on"]) if last["review_on"] else None
    return Standing(visit, Decision(last["decision"]), last["recorded_at"], review_on)


def _by_whole_number(db: Database, number: str, today: date) -> Found:
    if known := patients.find_by_number(db, number):
        people = (find_person(db, patient.patient_id) for patient in known)
        return Found(tuple(replace(hit, by=MatchedBy.DOCUMENT) for hit in people))
    try:
        return Found(unknown=check_document(type_of_number(number), number, today=today))
    except Refusal as refusal:
        return Found(refusal=refusal)


def _hit(patient: Patient, term: str, standing: Standing) -> Hit:
    by = _matched_by(patient, term)
    match = match_name(patient.name, term) if by is MatchedBy.NAME else NameMatch()
    return Hit(patient, by, match, standing)


def _matched_by(patient: Patient, term: str) -> MatchedBy:
    number, phone = patient.document_number.lower(), folded(patient.phone)
    if f"{patient.birth_on:%Y%m%d}".startswith(term):
        return MatchedBy.BIRTH_DATE
    if any(tail.startswith(term) for tail in (number[-4:], number[-6:], number)):
        return MatchedBy.DOCUMENT
    if any(tail.startswith(term) for tail in (phone[-4:], phone)):
        return MatchedBy.PHONE
    return MatchedBy.NAME
