"""GS1 element strings: the labels ``(01)… (17)… (10)… (21)…`` of a vial or carton, read by biip."""

import re
from datetime import date
from typing import NamedTuple

from biip import ParseConfig, ParseError
from biip.gs1_element_strings import GS1ElementString

from app.domain.codes import (
    GS,
    BadGs1CheckDigit,
    BadGs1Date,
    Gs1Code,
    Gs1Contradicts,
    Gs1NotUnderstood,
    SeparatorMissing,
    check_gtin,
    gs1_date,
)

GTIN, LOT, SERIAL, PRODUCED, EXPIRES = "01", "10", "21", "11", "17"
_LONGEST_FIELD = 20
"""Lot and serial have at most so many characters (GS1 Gen. Specs 3.4.1, 3.5.2)."""
_LIKELY_YEARS = 15
"""An expiry further away than this is digits of a serial number that look like a date."""
_DATES = (PRODUCED, "12", "13", "15", "16", EXPIRES)

# biip would put the century by the clock of the machine; the day is computed here from the digits.
_CONFIG = ParseConfig(gs1_element_strings_verify_date=False)
_LOOKS_LIKE_GS1 = re.compile(r"(1[1-7]\d{6})*01\d{14}", re.ASCII)
_BRACKETED = re.compile(r"\((\d{2,4})\)", re.ASCII)


class _Element(NamedTuple):
    """One application identifier and what stands under it."""

    ai: str
    value: str
    free_length: bool


def with_separators(text: str) -> str:
    """Return the text with a separator before each bracketed AI, if it is the line printed for people."""
    return _BRACKETED.sub(rf"{GS}\1", text) if _BRACKETED.match(text) else text


def read_gs1(text: str, *, promised: bool, on: date) -> Gs1Code | None:
    """Return the GS1 code, or None if the text is something else or names no product.

    ``promised``: the symbology says that the data are GS1. Raises SeparatorMissing, BadGs1CheckDigit,
    BadGs1Date, Gs1Contradicts and Gs1NotUnderstood. Nothing is guessed.
    """
    certain = promised or GS in text
    if not certain and not _LOOKS_LIKE_GS1.match(text):
        return None
    elements, rest = _elements(text.strip(GS))
    found = _by_ai(elements)
    gtin = found.get(GTIN)
    if not certain and rest and not (gtin and _is_gtin(gtin)):
        return None
    if gtin:
        check_gtin(gtin)
    if not certain:
        _check_nothing_swallowed(elements, rest, found, on)
    if rest:
        raise BadGs1Date(rest[:2], rest[2:8]) if rest[:2] in _DATES else Gs1NotUnderstood(rest)
    if not gtin:
        return None
    return Gs1Code(
        gtin=gtin,
        lot_number=found.get(LOT),
        expires_on=_day(found, EXPIRES, on),
        serial=found.get(SERIAL),
        produced_on=_day(found, PRODUCED, on),
    )


def _elements(text: str) -> tuple[list[_Element], str]:
    """Return the elements in their order, and what follows the last one that has a meaning."""
    elements: list[_Element] = []
    while text:
        try:
            read = GS1ElementString.extract(text, config=_CONFIG)
        except ParseError:
            return elements, text
        rest = text[len(read) :]
        if read.ai.separator_required and rest and not rest.startswith(GS):
            return elements, text
        elements.append(_Element(read.ai.ai, read.value, read.ai.separator_required))
        text = rest.lstrip(GS)
    return elements, ""


def _by_ai(elements: list[_Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ai, value, _ in elements:
        if found.setdefault(ai, value) != value:
            raise Gs1Contradicts(ai, (found[ai], value))
    return found


def _check_nothing_swallowed(elements: list[_Element], rest: str, found: dict[str, str], on: date) -> None:
    """Refuse a last field that holds the label of another one: without separators it has no known end."""
    if rest[:2] in (LOT, SERIAL) and len(rest) > 2 + _LONGEST_FIELD:
        raise SeparatorMissing(rest[:2], rest[2:])
    if rest or not elements[-1].free_length:
        return
    ai, value, _ = elements[-1]
    dates = re.findall(r"(?<=.)(?=17(\d{6}))", value)
    swallowed_expiry = EXPIRES not in found and any(_is_likely_expiry(digits, on) for digits in dates)
    swallowed_serial = SERIAL not in found and re.search(r".21.", value)
    swallowed_lot = LOT not in found and EXPIRES in found and re.search(r".10.", value)
    if swallowed_expiry or swallowed_serial or swallowed_lot:
        raise SeparatorMissing(ai, value)


def _is_likely_expiry(digits: str, on: date) -> bool:
    try:
        return abs(gs1_date(EXPIRES, digits, on=on).year - on.year) <= _LIKELY_YEARS
    except BadGs1Date:
        return False


def _is_gtin(digits: str) -> bool:
    try:
        return bool(check_gtin(digits))
    except BadGs1CheckDigit:
        return False


def _day(found: dict[str, str], ai: str, on: date) -> date | None:
    return gs1_date(ai, found[ai], on=on) if ai in found else None
