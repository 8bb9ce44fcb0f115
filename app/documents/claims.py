"""What a certificate's signed claims say: facts to claims when writing.

The newest coded COVID-19 dose goes under sub-claim 1 (EU DCC 1.3, which holds exactly one entry); every
other dose goes under sub-claim -6 in the WHO's names for a digital vaccination certificate, so that nothing
printed stays unsigned.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from app.documents.romanise import latin_name, machine_readable, split_name
from app.domain.certificate import COUNTRY, CertificateDose, CertificateFacts, uvci
from app.domain.identity import DocumentType
from app.domain.people import Sex

DCC, DVC = 1, -6
DCC_VERSION, DVC_VERSION = "1.3.0", "1"
COVID_19 = "840539006"
"""SNOMED CT, DCC value set *disease-agent-targeted*."""
ISSUER_LIMIT, NAME_LIMIT = 80, 80

_INACTIVATED, _VIRAL_VECTOR = "1157024006", "29061000087103"
DCC_PRODUCTS: Mapping[str, tuple[str, str]] = {
    "CoronaVac": (_INACTIVATED, "Sinovac-Biotech"),
    "BBIBP-CorV": (_INACTIVATED, "ORG-100020693"),
    "WIBP-CorV": (_INACTIVATED, "Sinopharm-WIBP"),
    "Convidecia": (_VIRAL_VECTOR, "ORG-100013793"),
}
"""Product code to (vaccine type, market holder) of the EU value sets; other products have no code."""
_SEX = {Sex.MALE: "male", Sex.FEMALE: "female", Sex.UNKNOWN: "unknown", Sex.UNSTATED: "unknown"}
_DOCUMENT_TYPES: Mapping[str, str] = {
    DocumentType.CITIZEN_CARD: "NI",
    DocumentType.HOUSEHOLD_BOOK: "NI",
    DocumentType.PASSPORT: "PPN",
}
"""HL7 v2-0203: national identifier, passport; anything else is U, unspecified."""


def health_claim(facts: CertificateFacts) -> dict[int, Any]:
    """Return claim -260 for a certificate."""
    covid = _newest_coded(facts.doses)
    claim: dict[int, Any] = {DCC: _dcc(facts, covid)} if covid else {}
    others = [dose for dose in facts.doses if dose is not covid]
    return {**claim, DVC: _dvc(facts, others)} if others else claim


def _newest_coded(doses: Iterable[CertificateDose]) -> CertificateDose | None:
    coded = [dose for dose in doses if dose.dcc_product in DCC_PRODUCTS]
    return max(coded, key=lambda dose: (dose.occurred_on, dose.dose_number), default=None)


def _dcc(facts: CertificateFacts, dose: CertificateDose) -> dict[str, Any]:
    kind, market_holder = DCC_PRODUCTS[dose.dcc_product]
    entry = {
        "tg": COVID_19,
        "vp": kind,
        "mp": dose.dcc_product,
        "ma": market_holder,
        "dn": dose.dose_number,
        "sd": max(dose.series_doses, 1),
        "dt": dose.occurred_on.isoformat(),
        "co": COUNTRY,
        "is": _nfc(facts.site_name)[:ISSUER_LIMIT],
        "ci": uvci(facts.number),
    }
    return {
        "ver": DCC_VERSION,
        "nam": _dcc_name(facts),
        "dob": facts.holder.birth_on.isoformat(),
        "v": [entry],
    }


def _dcc_name(facts: CertificateFacts) -> dict[str, str]:
    surname, given = split_name(facts.holder.name)
    latin = latin_name(facts.holder.name, facts.holder.latin_name)
    name = {
        "fn": _nfc(surname),
        "gn": _nfc(given),
        "fnt": machine_readable(latin.surname),
        "gnt": machine_readable(latin.given),
    }
    return {label: text[:NAME_LIMIT] for label, text in name.items() if text or label == "fnt"}


def _dvc(facts: CertificateFacts, doses: Iterable[CertificateDose]) -> dict[str, Any]:
    holder = facts.holder
    content = {
        "n": _nfc(holder.name),
        "dob": holder.birth_on.isoformat(),
        "s": _SEX[holder.sex],
        "nt": holder.nationality,
        "vx": [_vx(dose) for dose in doses],
        "v": DVC_VERSION,
        "ci": uvci(facts.number),
    }
    if holder.document_number and not facts.document_masked:
        content |= {
            "id": holder.document_number,
            "dt": _DOCUMENT_TYPES.get(holder.document_type, "U"),
        }
    return content


def _vx(dose: CertificateDose) -> dict[str, Any]:
    return {
        "vp": dose.product_code or dose.vaccine_code,
        "dn": dose.dose_number,
        "dt": dose.occurred_on.isoformat(),
        "bo": dose.lot_number,
        "is": _nfc(dose.site_name),
    }


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
