"""Receiving (入库): what a scanned pack is, and the act that takes a lot in (STK-5, TRC-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlite_utils import Database

from app.domain.catalogue import LotStatus, PackCode, PackLevel, Product
from app.domain.codes import Gs1Code, TraceCode, kind_of
from app.domain.delivery import (
    Delivery,
    LotRecalled,
    PackOfOtherLot,
    PackOfOtherProduct,
    PackScannedTwice,
    Paper,
    check_delivery,
    is_in_band,
    parent_of,
)
from app.domain.refusals import Refusal
from app.domain.relation_file import FiledLot, RelationFileUnreadable
from app.storage import catalogue
from app.workflows.desk import Act
from app.workflows.site_setup import receive_lot, relate_codes
from app.workflows.stock import kind_code

CODES_AT_ONCE = 1000
"""In one event, so that none of a great delivery is too large for the centre (docs/sync.md)."""
OUT_OF_BAND = "到货温度超限"
"""Why a lot is put aside that arrived too warm or too cold."""


@dataclass(frozen=True)
class Identified:
    """What a scanned code says, and what the catalogue knows of it."""

    code: str
    product: Product
    level: PackLevel
    doses: int
    lot_number: str = ""
    expires_on: date | None = None
    """Only a GS1 label says these two."""


@dataclass(frozen=True)
class Received:
    """What a delivery came to."""

    lot_id: str
    put_aside: bool
    """It arrived outside its band: nobody injects from it before two people have decided."""


@dataclass(unsafe_hash=True)
class PackUnknown(Refusal):
    """No product of this site's catalogue comes in packs of this identification."""

    identification: str


@dataclass(unsafe_hash=True)
class PackReceivedBefore(Refusal):
    """This pack came in with an earlier delivery."""

    code: str
    lot_number: str


@dataclass(unsafe_hash=True)
class PackWithoutSerial(Refusal):
    """The label names its product and perhaps its lot, not this one pack."""

    gtin: str


def identify_pack(db: Database, code: TraceCode | Gs1Code) -> Identified:
    """Return what a scanned pack is; raises PackUnknown, PackReceivedBefore or PackWithoutSerial."""
    known = catalogue.find_product_of(db, kind_code(code))
    if known is None:
        raise PackUnknown(kind_code(code))
    if isinstance(code, TraceCode):
        found = Identified(code.code, *known)
    else:
        if code.serial is None:
            raise PackWithoutSerial(code.gtin)
        text = f"(01){code.gtin}(21){code.serial}"
        found = Identified(text, *known, code.lot_number or "", code.expires_on)
    _check_new(db, found.code)
    return found


def pack_scanned(delivery: Delivery, found: Identified) -> PackCode:
    """Return the next pack of a delivery, in the carton scanned before it.

    Raises PackScannedTwice, PackOfOtherProduct or PackOfOtherLot.
    """
    if any(pack.code == found.code for pack in delivery.packs):
        raise PackScannedTwice(found.code)
    if delivery.product_code not in ("", found.product.product_code):
        raise PackOfOtherProduct(found.product.product_code, delivery.product_code)
    stated = delivery.lot_number.strip()
    if stated and found.lot_number and found.lot_number != stated:
        raise PackOfOtherLot(found.lot_number, stated)
    if found.expires_on and delivery.expires_on and found.expires_on != delivery.expires_on:
        raise PackOfOtherLot(found.expires_on.isoformat(), delivery.expires_on.isoformat())
    parent = parent_of(delivery.packs, found.level, found.doses)
    return PackCode(found.code, found.level, parent, "", found.doses)


def lots_to_come(db: Database, lots: Sequence[FiledLot]) -> tuple[FiledLot, ...]:
    """Return the lots of a relation file that have not come in yet."""
    return tuple(lot for lot in lots if catalogue.find_pack(db, lot.packs[0].code) is None)


def filed_packs(db: Database, lot: FiledLot) -> tuple[Product, tuple[PackCode, ...]]:
    """Return the product and the packs of a lot of a relation file.

    Raises PackUnknown, PackReceivedBefore, PackOfOtherProduct, or RelationFileUnreadable where file and
    catalogue differ on what a code is.
    """
    known: dict[str, Identified] = {}
    packs = []
    for filed in lot.packs:
        prefix = TraceCode(filed.code).product_code7
        found = known.get(prefix) or identify_pack(db, TraceCode(filed.code))
        first = next(iter(known.values()), found)
        known[prefix] = found
        if found.product != first.product:
            raise PackOfOtherProduct(found.product.product_code, first.product.product_code)
        if found.level is not filed.level:
            raise RelationFileUnreadable(filed.code)
        _check_new(db, filed.code)
        packs.append(PackCode(filed.code, filed.level, filed.parent_code, "", found.doses))
    return next(iter(known.values())).product, tuple(packs)


def receive_delivery(act: Act, delivery: Delivery) -> Received:
    """Take a delivery in: its lot, its codes, how it came; what arrived out of its band is put aside.

    Raises what ``check_delivery`` raises, LotFactsDiffer, LotRecalled, PackUnknown where a code is of no
    pack of the product stated, PackReceivedBefore.
    """
    act.require("receive_delivery")
    celsius = check_delivery(delivery, act.today)
    assert delivery.expires_on is not None, "it has been stated"
    product = catalogue.get_product(act.db, delivery.product_code)
    number = delivery.lot_number.strip()
    known = catalogue.find_lot_by_number(act.db, product.product_code, number)
    if known and known.status is LotStatus.RECALLED:
        raise LotRecalled(number, known.status_reason)
    for pack in delivery.packs:
        _check_of(act.db, product, pack.code)
        _check_new(act.db, pack.code)
    lot_id = receive_lot(act, product.product_code, number, delivery.expires_on.isoformat())
    for start in range(0, len(delivery.packs), CODES_AT_ONCE):
        relate_codes(act, lot_id, list(delivery.packs[start : start + CODES_AT_ONCE]))
    in_band = is_in_band(product.storage, celsius)
    act.append(
        "delivery.received",
        {
            "delivery_id": act.new_id(),
            "lot_id": lot_id,
            "supplier": delivery.supplier.strip(),
            "doses": delivery.doses,
            "packs": len(delivery.packs),
            "temperature": str(celsius),
            "in_band": in_band,
            "papers": [str(paper) for paper in Paper if paper in delivery.papers],
            "lot_release_number": delivery.lot_release_number.strip(),
            "received_at": act.at,
        },
    )
    if not in_band:
        body = {"lot_id": lot_id, "status": str(LotStatus.QUARANTINED), "reason": OUT_OF_BAND}
        act.append("lot.status_changed", body)
    return Received(lot_id, not in_band)


def _check_of(db: Database, product: Product, code: str) -> None:
    """Hold what was stated to what the code itself says, by the catalogue or by two people."""
    said = kind_of(code) or code[:7]
    known = catalogue.find_product_of(db, said)
    if known is None or known[0].product_code != product.product_code:
        raise PackUnknown(said)


def _check_new(db: Database, code: str) -> None:
    if pack := catalogue.find_pack(db, code):
        lot = catalogue.find_lot(db, pack.lot_id)
        raise PackReceivedBefore(code, lot.lot_number if lot else "")
