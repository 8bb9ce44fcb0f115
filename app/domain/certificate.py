"""The vaccination certificate (预防接种凭证): what it states, its number, whether the centre has it all."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from app.domain.clock import local_day
from app.domain.ids import CROCKFORD, Randomness, token
from app.domain.people import Sex
from app.domain.refusals import Refusal

COUNTRY = "CN"
"""ISO 3166-1 alpha-2, as claim ``iss`` and inside the identifier."""
PLACE_LENGTH, RANDOM_LENGTH = 4, 9
LUHN_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
"""The 38 characters over which the check character of a UVCI is computed (eHealth Network, Annex 2)."""


@dataclass(frozen=True)
class LatinName:
    """A name in the 26 capital letters; several words are separated by spaces."""

    surname: str
    given: str


@dataclass(frozen=True)
class CertificateHolder:
    """The person a certificate is about, as on file when it is made."""

    name: str
    birth_on: date
    sex: Sex
    document_type: str
    """A value of ``identity.DocumentType``."""
    document_number: str
    recipient_code: str = ""
    """受种者编码, issued by the national system; empty until it is known."""
    phone: str = ""
    address: str = ""
    latin_name: LatinName | None = None
    """As the travel document spells it; None takes the suggested romanisation."""
    nationality: str = "CHN"


@dataclass(frozen=True)
class CertificateDose:
    """One completed dose as the certificate states it."""

    vaccine_code: str
    vaccine_name: str
    specification: str
    dose_number: int
    series_doses: int
    occurred_on: date
    market_holder: str
    lot_number: str
    site_name: str
    receipted_at: datetime | None
    """When the centre confirmed the record; None: not yet, and the sheet says so."""
    product_code: str = ""
    """The catalogue's product; empty for a dose known only by its kind."""
    dcc_product: str = ""
    """Product code of the EU value set for a COVID-19 dose (``CoronaVac`` …); empty for all other doses."""


@dataclass(frozen=True)
class CertificateFacts:
    """Everything one issue of a certificate states, on paper and in its signed code."""

    number: str
    """As ``new_number`` made it; every version has its own, so that the old one can be revoked."""
    serial: str
    """Running number of the print log, e.g. 20260314-0087."""
    version: int
    issued_at: datetime
    site_name: str
    enquiry_phone: str
    holder: CertificateHolder
    doses: tuple[CertificateDose, ...]
    document_masked: bool = False
    """True: the document number is masked on paper and left out of the code."""
    practice: bool = False
    """True: fake people; the sheet and the code say so."""

    @property
    def issued_on(self) -> date:
        """Return the print date (打印日期) in China."""
        return local_day(self.issued_at)

    @property
    def awaiting(self) -> tuple[CertificateDose, ...]:
        """Return the doses the centre has not receipted."""
        return tuple(dose for dose in self.doses if dose.receipted_at is None)

    @property
    def receipted_at(self) -> datetime | None:
        """Return the last receipt when every dose has one, else None: only then may the sheet show green."""
        instants = [dose.receipted_at for dose in self.doses if dose.receipted_at is not None]
        return max(instants) if instants and len(instants) == len(self.doses) else None


@dataclass(unsafe_hash=True)
class NoDoseToCertify(Refusal):
    """The person has no completed dose, so there is nothing to state."""

    name: str


def check_certifiable(facts: CertificateFacts) -> None:
    """Pass facts with at least one dose; raises NoDoseToCertify."""
    if not facts.doses:
        raise NoDoseToCertify(facts.holder.name)


def new_number(workstation: str, random: Randomness) -> str:
    """Return a certificate number such as ``CN7K-Q2M9XD4H8``.

    Four characters derived from the workstation keep two desks apart, nine random ones keep the number from
    being guessed; it holds no personal data, so that number, hash and revocation work without the code.
    """
    digest = sha256(workstation.encode()).digest()
    place = "".join(CROCKFORD[byte & 31] for byte in digest[:PLACE_LENGTH])
    return f"{place}-{token(RANDOM_LENGTH, random)}"


def read_number(text: str) -> str | None:
    """Return the certificate number in a scanned or typed text (I and L read as 1, O as 0), or None."""
    plain = re.sub(r"[\s\-–—]", "", text.upper()).translate(str.maketrans("ILO", "110"))
    if len(plain) != PLACE_LENGTH + RANDOM_LENGTH or not set(plain) <= set(CROCKFORD):
        return None
    return f"{plain[:PLACE_LENGTH]}-{plain[PLACE_LENGTH:]}"


def uvci(number: str) -> str:
    """Return the certificate identifier ``URN:UVCI:01:CN:…#C`` (claim ``ci``) of a certificate number."""
    urn = f"URN:UVCI:01:{COUNTRY}:{number.replace('-', '')}"
    return f"{urn}#{luhn_mod_n(urn)}"


def number_in_uvci(ci: str) -> str | None:
    """Return the certificate number inside an identifier of ours, or None."""
    matched = re.fullmatch(rf"URN:UVCI:01:{COUNTRY}:([0-9A-Z]+)#(.)", ci)
    if matched is None:
        return None
    number = read_number(matched[1])
    return number if number and uvci(number) == ci else None


def luhn_mod_n(text: str) -> str:
    """Return the Luhn mod 38 check character of a UVCI without its ``#C``."""
    size = len(LUHN_ALPHABET)
    total = 0
    for place, character in enumerate(reversed(text)):
        addend = LUHN_ALPHABET.index(character) * (1 if place % 2 else 2)
        total += addend // size + addend % size
    return LUHN_ALPHABET[-total % size]
