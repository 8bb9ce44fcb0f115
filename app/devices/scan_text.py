"""What a scanner sent, turned into the one thing it is (domain.md §2, ux.md *Scanning*)."""

import re
from datetime import date

from app.domain.codes import (
    CERTIFICATE_PREFIX,
    GS,
    LONGEST_CODE,
    CertificateText,
    CitizenNumber,
    CodeTooLong,
    NothingRead,
    ScannedCode,
    UnknownCode,
    UnreadableCode,
    read_certificate_number,
    read_ticket,
    read_trace_code,
)
from app.domain.identity import check_document, half_width, type_of_number
from app.domain.refusals import Refusal

GS1_AIM_IDS = ("]C1", "]e0", "]d2", "]d8", "]Q3", "]J1")
"""Symbology identifiers that promise GS1 data (ISO/IEC 15424)."""

_AIM_ID = re.compile(r"\][A-Za-z][0-9A-Za-z]", re.ASCII)
_PRODUCT_OR_CARTON = ("00", "01")
"""How 20 digits begin that are GS1 data, if the symbology says so, and no trace code."""
_LINE_ENDS = "\r\n\t"


def read_scan(text: str, *, on: date) -> ScannedCode:
    """Return what the scanned or typed text is; ``on`` is today, for two-digit years and birth dates.

    AIM identifiers (``]d2`` …) are used and stripped, separators (GS, 0x1D) are kept for the GS1 reader.
    Raises the refusals of ``app.domain.codes``. What is readable but of no known kind is an UnknownCode.
    """
    line = text.strip(_LINE_ENDS)
    if len(line) > LONGEST_CODE:
        raise CodeTooLong(len(line), LONGEST_CODE)
    aim_id, body = split_aim_id(line)
    if body.startswith(CERTIFICATE_PREFIX):
        return CertificateText(body)  # Base45 may end in a blank: nothing more is stripped
    code = half_width(body).strip()
    if not code:
        raise NothingRead
    _check_characters(code)
    return _of_known_kind(code, aim_id, on) or UnknownCode(code)


def split_aim_id(text: str) -> tuple[str, str]:
    """Return the AIM identifier, empty if there is none, and the rest."""
    found = _AIM_ID.match(text)
    return (found.group(), text[found.end() :]) if found else ("", text)


def _of_known_kind(code: str, aim_id: str, on: date) -> ScannedCode | None:
    from app.devices.gs1 import read_gs1, with_separators  # biip would cost the first paint 60 ms

    joined = "".join(code.split(" "))  # people copy 20 digits in groups of four
    upper = joined.upper()
    promised = aim_id in GS1_AIM_IDS
    return (
        (None if promised and joined.startswith(_PRODUCT_OR_CARTON) else read_trace_code(joined))
        or read_ticket(upper)
        or _read_citizen_number(upper, on)
        or read_certificate_number(upper)
        or read_gs1(with_separators(code), promised=promised, on=on)
    )


def _read_citizen_number(code: str, on: date) -> CitizenNumber | None:
    try:
        document = check_document(type_of_number(code), code, today=on)
    except Refusal:
        return None
    return CitizenNumber(document.number) if document.birth_on else None


def _check_characters(code: str) -> None:
    for position, char in enumerate(code, start=1):
        if char != GS and not (char.isascii() and char.isprintable()):
            raise UnreadableCode(char, position)
