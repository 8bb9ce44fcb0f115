"""Looking a person up at the centre, with a stated reason; every look-up is written in the centre's book.

One frame asks, by document and with who asks and why; one frame answers with the persons of that document and
their doses. Doses voided since are not told.
"""

from dataclasses import dataclass, fields
from typing import Any

from app.domain.journal import Json, canonical
from app.sync import frame
from app.sync.enrolment import Post
from app.sync.fields import Fields, as_items, as_object
from app.sync.frame import MessageMalformed
from app.sync.transport import CentreDeclined
from app.sync.wire import Declined, read_declined

PATH = "/v1/lookup"
SHORTEST_REASON = 2
"""Characters; a reason is a word at least."""


@dataclass(frozen=True)
class LookUp:
    """Who asks for whose record, and why."""

    site: str
    """The asking site; the device has to be one of its own."""
    user_id: str
    document_type: str
    document_number: str
    reason: str


@dataclass(frozen=True)
class FoundDose:
    """A valid dose at the centre, as the recording site told it; texts are ISO 8601, None where not told."""

    immunization_id: str
    vaccine_code: str | None
    product_code: str | None
    lot_number: str | None
    expires_on: str | None
    dose_number: int | None
    occurred_at: str | None


@dataclass(frozen=True)
class FoundPerson:
    """A person at the centre; the asker checks that it is the one who stands there."""

    patient_id: str
    name: str | None
    sex: str | None
    birth_on: str | None
    doses: tuple[FoundDose, ...] = ()


def look_up(line: Post, asked: LookUp) -> tuple[FoundPerson, ...]:
    """Return the persons of a document, none if the centre knows none.

    Raises CentreDeclined (``LookUpReasonMissing`` …), the refusals of the transport, or MessageMalformed.
    """
    answer = decode_found(line.post(PATH, encode_look_up(asked)))
    if isinstance(answer, Declined):
        raise CentreDeclined(answer.name, answer.reason)
    return answer


def encode_look_up(asked: LookUp) -> bytes:
    """Return the frame that asks."""
    return frame.pack(canonical({"lookup": {item.name: getattr(asked, item.name) for item in fields(asked)}}))


def decode_look_up(data: bytes) -> LookUp:
    """Return what a frame asks; raises a refusal on anything else."""
    asked = Fields.of(frame.unpack(data)[0]).child("lookup")
    return LookUp(**{item.name: asked.text(item.name) for item in fields(LookUp)})


def encode_found(people: tuple[FoundPerson, ...]) -> bytes:
    """Return the frame that answers."""
    return frame.pack(canonical({"found": [_person_items(person) for person in people]}))


def decode_found(data: bytes) -> tuple[FoundPerson, ...] | Declined:
    """Return the persons in a frame, or the centre's no; raises a refusal on anything else."""
    header = Fields.of(frame.unpack(data)[0])
    declined = read_declined(header)
    if declined is not None:
        return declined
    return tuple(_read_person(raw) for raw in as_items(header.value("found"), "found"))


def _person_items(person: FoundPerson) -> Json:
    doses = [{item.name: getattr(dose, item.name) for item in fields(dose)} for dose in person.doses]
    own = {item.name: getattr(person, item.name) for item in fields(person) if item.name != "doses"}
    return {**own, "doses": doses}


def _read_person(raw: object) -> FoundPerson:
    person = Fields(as_object(raw, "found"))
    doses = tuple(_read_dose(dose) for dose in as_items(person.value("doses"), "doses"))
    texts = {name: _optional(person, name) for name in ("name", "sex", "birth_on")}
    return FoundPerson(person.text("patient_id"), **texts, doses=doses)


def _read_dose(raw: object) -> FoundDose:
    dose = Fields(as_object(raw, "doses"))
    number = dose.value("dose_number")
    values: dict[str, Any] = {
        item.name: _optional(dose, item.name) for item in fields(FoundDose) if item.name != "dose_number"
    }
    if values["immunization_id"] is None:
        raise MessageMalformed("immunization_id")
    if number is not None and type(number) is not int:
        raise MessageMalformed("dose_number")
    return FoundDose(**values, dose_number=number)


def _optional(found: Fields, key: str) -> str | None:
    value = found.value(key)
    if value is not None and not isinstance(value, str):
        raise MessageMalformed(key)
    return value
