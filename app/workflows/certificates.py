"""Certificates (凭证): what is stated, issued under a number, and every print logged (CRT-1)."""

from dataclasses import dataclass, replace
from datetime import date

from app.domain.audit import Access, Purpose, check_purpose
from app.domain.certificate import (
    CertificateDose,
    CertificateFacts,
    CertificateHolder,
    check_certifiable,
    new_number,
)
from app.domain.clock import local_day, read_instant
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.storage import certificates, immunizations, journal, patients
from app.workflows.desk import Act


@dataclass(unsafe_hash=True)
class CertificateOutdated(Refusal):
    """Since it was prepared its doses have changed, or its number or serial has been used."""

    number: str


def prepare_certificate(act: Act, patient_id: str, *, masked: bool = False) -> CertificateFacts:
    """Return what a new certificate states, under a fresh number; raises NoDoseToCertify.

    Nothing is written: the caller signs it and hands both to ``issue_certificate``.
    """
    act.require("prepare_certificate")
    patient, site = patients.get_patient(act.db, patient_id), act.site
    facts = CertificateFacts(
        number=new_number(journal.current_stream(act.db).device_id, act.random),
        serial=_next_serial(act),
        version=certificates.next_version(act.db, patient_id),
        issued_at=act.now,
        site_name=site.name,
        enquiry_phone=site.enquiry_phone,
        holder=CertificateHolder(
            name=patient.name,
            birth_on=patient.birth_on,
            sex=patient.sex,
            document_type=patient.document_type,
            document_number=patient.document_number,
            phone=patient.phone,
            address=patient.address,
            nationality=patient.nationality,
        ),
        doses=tuple(_dose(record) for record in immunizations.receipted_of_patient(act.db, patient_id)),
        document_masked=masked,
        practice=site.practice,
    )
    check_certifiable(facts)
    return facts


def issue_certificate(
    act: Act, patient_id: str, facts: CertificateFacts, signed_text: str | None, key_id: str | None
) -> None:
    """Record an issued certificate; ``signed_text`` is None at a workstation that is not enrolled.

    Raises CertificateOutdated: no sheet states a dose that was taken back while somebody looked at it.
    """
    act.require("issue_certificate")
    standing = tuple(_dose(record) for record in immunizations.receipted_of_patient(act.db, patient_id))
    used = certificates.find_certificate(act.db, facts.number)
    if used or _what_was_given(standing) != _what_was_given(facts.doses):
        raise CertificateOutdated(facts.number)
    body = {
        "number": facts.number,
        "patient_id": patient_id,
        "version": facts.version,
        "issued_at": act.at,
        "signed_text": signed_text,
        "key_id": key_id,
        "immunization_ids": [
            record["immunization_id"] for record in immunizations.of_patient(act.db, patient_id)
        ],
        "masked": facts.document_masked,
    }
    act.append("certificate.issued", body, person=patient_id)


def issue_and_print(
    act: Act,
    patient_id: str,
    facts: CertificateFacts,
    signed_text: str | None,
    key_id: str | None,
    target: str,
) -> None:
    """Record the issue and its first sheet in one transaction: never a sheet without its certificate."""
    issue_certificate(act, patient_id, facts, signed_text, key_id)
    record_print(act, patient_id, facts, target)


def issue_and_save(
    act: Act,
    patient_id: str,
    facts: CertificateFacts,
    signed_text: str | None,
    key_id: str | None,
    purpose: Purpose,
    words: str,
) -> None:
    """Record the issue and that the sheet leaves the program as a file, which says who, when, why (SEC-4).

    Raises ReasonTooShort, and what ``issue_and_print`` raises.
    """
    act.require("issue_and_save")
    check_purpose(purpose, words)
    issue_and_print(act, patient_id, facts, signed_text, key_id, "export")
    said = "：".join(part for part in (f"凭证 {facts.serial}", words.strip()) if part)
    act.note(Access.EXPORTED, patient_id, purpose, words=said)


def record_print(act: Act, patient_id: str, facts: CertificateFacts, target: str) -> None:
    """Record that a sheet went to a printer or a file (``target``), under its serial number.

    Raises CertificateOutdated when another sheet has got the serial meanwhile.
    """
    act.require("record_print")
    if certificates.is_printed(act.db, facts.serial):
        raise CertificateOutdated(facts.number)
    body = {
        "serial": facts.serial,
        "number": facts.number,
        "printed_at": act.at,
        "target": target,
        "masked": facts.document_masked,
    }
    act.append("certificate.printed", body, person=patient_id)


def _next_serial(act: Act) -> str:
    day = f"{act.today:%Y%m%d}"
    return f"{day}-{certificates.prints_on(act.db, day) + 1:04d}"


def _what_was_given(doses: tuple[CertificateDose, ...]) -> list[CertificateDose]:
    """Return the doses without their receipts, which may come while a sheet is looked at."""
    return [replace(dose, receipted_at=None) for dose in doses]


def _dose(record: Json) -> CertificateDose:
    occurred_on: date = local_day(read_instant(record["occurred_at"]))
    receipted = record["receipted_at"]
    return CertificateDose(
        vaccine_code=record["vaccine_code"],
        vaccine_name=record["full_name"],
        specification=record["specification"],
        dose_number=record["dose_number"],
        series_doses=record["series_doses"],
        occurred_on=occurred_on,
        market_holder=record["market_holder"],
        lot_number=record["lot_number"],
        site_name=record["site_name"],
        receipted_at=read_instant(receipted) if receipted else None,
        product_code=record["product_code"],
    )
