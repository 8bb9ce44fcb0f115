"""The file that comes with a delivery: which carton holds which packs, of which lot (domain.md §2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, ParseError, fromstring

from app.domain.catalogue import PackLevel
from app.domain.codes import read_trace_code
from app.domain.refusals import Refusal
from app.domain.vial import ExpiryUnreadable, read_expiry

LARGEST = 16 << 20
"""Bytes; 3,500 codes, the most one bill has, take half a megabyte."""


@dataclass(frozen=True)
class FiledPack:
    """One code of the file."""

    code: str
    level: PackLevel
    parent_code: str | None


@dataclass(frozen=True)
class FiledLot:
    """One lot of the file; cartons stand before what is in them."""

    lot_number: str
    expires_on: date
    packs: tuple[FiledPack, ...]


@dataclass(unsafe_hash=True)
class RelationFileUnreadable(Refusal):
    """A file that is no relation file, or says something impossible; ``at`` is the code or lot it is of."""

    at: str


def read_relation_file(content: bytes) -> tuple[FiledLot, ...]:
    """Return the lots of a 码上放心 relation file, at least one; raises RelationFileUnreadable.

    A document type is not accepted: what a file could define in one has no place in a list of codes.
    """
    if len(content) > LARGEST or b"<!" in content.replace(b"<!--", b""):
        raise RelationFileUnreadable("")
    try:
        document = fromstring(content)
    except (ParseError, LookupError, ValueError):
        raise RelationFileUnreadable("") from None
    lots = tuple(_lot(batch) for batch in document.iter("Batch"))
    if not lots:
        raise RelationFileUnreadable("")
    return lots


def _lot(batch: Element) -> FiledLot:
    number = batch.get("batchNo", "").strip()
    packs = sorted(_packs(batch), key=lambda pack: pack.level, reverse=True)
    try:
        expires_on = read_expiry(batch.get("validateDate", ""))
    except ExpiryUnreadable:
        raise RelationFileUnreadable(number) from None
    codes = {pack.code for pack in packs}
    if not number or not packs or len(codes) < len(packs):
        raise RelationFileUnreadable(number)
    for pack in packs:
        if pack.parent_code is not None and pack.parent_code not in codes:
            raise RelationFileUnreadable(pack.code)
    return FiledLot(number, expires_on, tuple(packs))


def _packs(batch: Element) -> Iterator[FiledPack]:
    for code in batch.iter("Code"):
        own, parent = code.get("curCode", "").strip(), code.get("parentCode", "").strip()
        try:
            level = PackLevel(code.get("packLayer", "").strip())
        except ValueError:
            raise RelationFileUnreadable(own) from None
        if read_trace_code(own) is None or own == parent:
            raise RelationFileUnreadable(own)
        yield FiledPack(own, level, parent if parent.strip("0") else None)
