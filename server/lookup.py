"""Online look-up: an enrolled device sees a person's valid doses if it says why, and that is written down."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import class_row

from app.domain.clock import instant_text
from app.domain.ids import Randomness, uuid7
from app.domain.refusals import Refusal
from app.sync.lookup import SHORTEST_REASON, FoundDose, FoundPerson, LookUp
from server.database import Database
from server.devices import Device

MOST_PEOPLE = 20
"""Told at once; so many persons of one document are a mistake somewhere."""


@dataclass(unsafe_hash=True)
class LookUpReasonMissing(Refusal):
    """No reason was stated; nothing was looked up."""


@dataclass(unsafe_hash=True)
class LookUpSiteForeign(Refusal):
    """The device does not speak for the site it asks for; nothing was looked up."""


@dataclass(frozen=True)
class _Dose:
    """A row of immunization."""

    immunization_id: str
    vaccine_code: str | None
    product_code: str | None
    lot_number: str | None
    expires_on: date | None
    dose_number: int | None
    occurred_at: datetime | None

    def found(self) -> FoundDose:
        return FoundDose(
            self.immunization_id,
            self.vaccine_code,
            self.product_code,
            self.lot_number,
            None if self.expires_on is None else self.expires_on.isoformat(),
            self.dose_number,
            None if self.occurred_at is None else instant_text(self.occurred_at),
        )


def look_up(
    database: Database, device: Device, asked: LookUp, now: datetime, random: Randomness
) -> tuple[FoundPerson, ...]:
    """Return the persons of a document with their valid doses, and write that they were shown.

    Both in one transaction: what could not be written is not told. Raises LookUpReasonMissing or
    LookUpSiteForeign.
    """
    reason = asked.reason.strip()
    if len(reason) < SHORTEST_REASON or not asked.user_id.strip() or not asked.document_number:
        raise LookUpReasonMissing
    if asked.site not in device.sites:
        raise LookUpSiteForeign
    with database.transaction():
        people = _find(database, asked)
        database.execute(
            "insert into look_up values (%s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s)",
            (
                device.device_id, uuid7(now, random), asked.site, asked.user_id, reason, asked_hash(asked),
                [person.patient_id for person in people], sum(len(person.doses) for person in people), now,
            ),
        )  # fmt: skip
    return people


def asked_hash(asked: LookUp) -> bytes:
    """Return what the book keeps of the document asked for."""
    return hashlib.sha256(f"{asked.document_type} {asked.document_number}".encode()).digest()


def _find(database: Database, asked: LookUp) -> tuple[FoundPerson, ...]:
    rows = database.execute(
        """
        select person_id::text, name, sex, birth_on from person
        where document_number = %s and coalesce(document_type, '') = %s order by person_id limit %s
        """,
        (asked.document_number, asked.document_type, MOST_PEOPLE),
    ).fetchall()
    return tuple(
        FoundPerson(
            person_id, name, sex, None if born is None else born.isoformat(), _doses(database, person_id)
        )
        for person_id, name, sex, born in rows
    )


def _doses(database: Database, person_id: str) -> tuple[FoundDose, ...]:
    with database.cursor(row_factory=class_row(_Dose)) as cursor:
        rows = cursor.execute(
            """
            select immunization_id::text, vaccine_code, product_code, lot_number, expires_on, dose_number,
                occurred_at
            from immunization
            where person_id = %s and recorded_hlc is not null and voided_hlc is null
            order by occurred_at, immunization_id
            """,
            (person_id,),
        )
        return tuple(row.found() for row in rows)
