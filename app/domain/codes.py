"""Codes: what a scan can be, and the arithmetic of each kind (domain.md §2)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from app.domain.ids import CROCKFORD
from app.domain.refusals import Refusal

GS = "\x1d"
"""The separator after a GS1 field of free length, as scanners send it (FNC1 in the symbol)."""
TICKET_PREFIX = "VXT1:"
TICKET_TOKEN_LENGTH = 10
CERTIFICATE_PREFIX = "HC1:"
LONGEST_CODE = 4296
"""The most characters a QR code of version 40 holds (ISO/IEC 18004)."""

_CROCKFORD_CHARACTER = f"[{CROCKFORD}]"
_TOKEN = re.compile(f"{_CROCKFORD_CHARACTER}{{{TICKET_TOKEN_LENGTH}}}")
_CERTIFICATE_NUMBER = re.compile(f"{_CROCKFORD_CHARACTER}{{4,9}}-{_CROCKFORD_CHARACTER}{{4,9}}")
_DATE = re.compile(r"(\d\d)(\d\d)(\d\d)", re.ASCII)
_GTIN_ELEMENT = re.compile(r"\(01\)(\d{14})", re.ASCII)
_TRACE_CODE = re.compile(r"\d{20}", re.ASCII)


@dataclass(frozen=True)
class TraceCode:
    """A domestic 20-digit trace code (追溯码).

    It carries neither lot nor expiry, and no check digit is public: only its length can be verified.
    """

    code: str

    @property
    def product_code7(self) -> str:
        """Return the 药品标识码, the first 7 digits; it differs for each package level."""
        return self.code[:7]

    @property
    def serial13(self) -> str:
        """Return the 序列号, the last 13 digits."""
        return self.code[7:]


@dataclass(frozen=True)
class Gs1Code:
    """A GS1 code: a product number of 14 digits and whatever else the label says."""

    gtin: str
    lot_number: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    produced_on: date | None = None


@dataclass(frozen=True)
class TicketCode:
    """A queue ticket of this site: a random token, no personal data."""

    token: str


@dataclass(frozen=True)
class CitizenNumber:
    """An 18-character number of a person, verified and normalised."""

    text: str


@dataclass(frozen=True)
class CertificateText:
    """The whole signed text of a certificate's QR code, ``HC1:`` included; not verified yet."""

    text: str


@dataclass(frozen=True)
class CertificateNumber:
    """The printed number of a certificate, ``CN7K-Q2M9XD4H8``."""

    text: str


@dataclass(frozen=True)
class UnknownCode:
    """A readable code of no known kind: a dose with it is kept, flagged and verified later."""

    text: str


ScannedCode = (
    TraceCode | Gs1Code | TicketCode | CitizenNumber | CertificateText | CertificateNumber | UnknownCode
)


@dataclass(unsafe_hash=True)
class NothingRead(Refusal):
    """The scan is empty."""


@dataclass(unsafe_hash=True)
class CodeTooLong(Refusal):
    """More characters than any printed code holds."""

    length: int
    longest: int


@dataclass(unsafe_hash=True)
class UnreadableCode(Refusal):
    """A character that no code has, mostly the work of an input method; positions count from 1."""

    character: str
    position: int


@dataclass(unsafe_hash=True)
class TicketDamaged(Refusal):
    """The code says that it is a ticket, but its token is not one."""

    token: str


@dataclass(unsafe_hash=True)
class SeparatorMissing(Refusal):
    """The scanner dropped the separator (GS) after a field of free length, so where it ends is unknown."""

    ai: str
    value: str


@dataclass(unsafe_hash=True)
class BadGs1Date(Refusal):
    """A GS1 date that is no day of the calendar."""

    ai: str
    digits: str


@dataclass(unsafe_hash=True)
class BadGs1CheckDigit(Refusal):
    """The last digit of the GTIN does not follow from the others."""

    gtin: str
    given: str
    expected: str


@dataclass(unsafe_hash=True)
class Gs1NotUnderstood(Refusal):
    """A GS1 code whose rest has no known meaning."""

    rest: str


@dataclass(unsafe_hash=True)
class Gs1Contradicts(Refusal):
    """A GS1 code that says one thing twice, differently: mostly two scans glued together."""

    ai: str
    values: tuple[str, ...]


def read_trace_code(text: str) -> TraceCode | None:
    """Return the trace code if the text is 20 digits; nothing else about it can be verified offline."""
    return TraceCode(text) if _TRACE_CODE.fullmatch(text) else None


def kind_of(text: str) -> str | None:
    """Return which part of a vial's identification says the product: 药品标识码 or GTIN-14; else None."""
    if trace := read_trace_code(text):
        return trace.product_code7
    element = _GTIN_ELEMENT.match(text)
    return element[1] if element else None


def read_ticket(text: str) -> TicketCode | None:
    """Return the ticket if the text says it is one; raises TicketDamaged."""
    if not text.startswith(TICKET_PREFIX):
        return None
    token = text.removeprefix(TICKET_PREFIX)
    if not _TOKEN.fullmatch(token):
        raise TicketDamaged(token)
    return TicketCode(token)


def ticket_text(ticket: TicketCode) -> str:
    """Return what the QR code of the ticket holds."""
    return TICKET_PREFIX + ticket.token


def read_certificate_number(text: str) -> CertificateNumber | None:
    """Return the certificate number if the text has its shape: two groups of 4 to 9 base-32 characters."""
    return CertificateNumber(text) if _CERTIFICATE_NUMBER.fullmatch(text) else None


def check_gtin(gtin: str) -> str:
    """Return a GTIN-14 whose check digit is right; raises BadGs1CheckDigit (GS1 Gen. Specs 7.9.1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(gtin[:13]))
    expected = str(-total % 10)
    if gtin[13] != expected:
        raise BadGs1CheckDigit(gtin, given=gtin[13], expected=expected)
    return gtin


def gs1_date(ai: str, digits: str, *, on: date) -> date:
    """Return the day that YYMMDD means, seen from ``on``; day 00 is the last day of the month.

    The century is the one that puts the year between 49 years past and 50 years ahead (GS1 Gen. Specs
    7.12). Raises BadGs1Date.
    """
    parts = _DATE.fullmatch(digits)
    if parts is None:
        raise BadGs1Date(ai, digits)
    year, month, day = map(int, parts.groups())
    ahead = (year - on.year) % 100
    full_year = on.year + (ahead if ahead <= 50 else ahead - 100)
    try:
        return date(full_year, month, day or monthrange(full_year, month)[1])
    except ValueError:
        raise BadGs1Date(ai, digits) from None


@dataclass(unsafe_hash=True)
class CodeOfNoUse(Refusal):
    """A code was read, but it is none that this program knows."""


@dataclass(unsafe_hash=True)
class ScanBrokenOff(Refusal):
    """Keys came as fast as a scanner's, but make no whole code: a part is missing, or the line end."""

    length: int
