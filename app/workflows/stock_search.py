"""Which lot of the stock a vial's code belongs to (domain.md §2)."""

from dataclasses import replace

from sqlite_utils import Database

from app.domain.catalogue import Lot, PackLevel
from app.domain.codes import Gs1Code, TraceCode
from app.domain.vial import CartonScanned, CodeNotInStock
from app.storage import catalogue


def find_in_stock(db: Database, code: TraceCode | Gs1Code) -> tuple[Lot, int, str | None]:
    """Return the lot, the doses in the pack and the identification; raises CartonScanned, CodeNotInStock."""
    if isinstance(code, Gs1Code):
        return _find_gs1(db, code)
    pack = catalogue.find_pack(db, code.code)
    if pack is None:
        named = catalogue.find_product_of(db, code.product_code7)
        if named is not None and named[1] is not PackLevel.UNIT:
            raise CartonScanned(code.code, named[1])
        raise CodeNotInStock(code.code)
    if pack.level is not PackLevel.UNIT:
        raise CartonScanned(code.code, pack.level)
    lot = catalogue.find_lot(db, pack.lot_id)
    assert lot is not None, "a pack code references its lot"
    return lot, pack.doses, pack.code


def _find_gs1(db: Database, code: Gs1Code) -> tuple[Lot, int, str | None]:
    """A GS1 code may carry lot and expiry itself; of two dates the earlier counts.

    Without a serial it identifies no vial: counted under the lot, the first dose would use up all of it.
    """
    text = f"(01){code.gtin}(21){code.serial}" if code.serial else f"(01){code.gtin}(10){code.lot_number}"
    found = catalogue.find_product_of(db, code.gtin)
    if found is None or code.lot_number is None:
        raise CodeNotInStock(text)
    product, level, _ = found
    if level is not PackLevel.UNIT:
        raise CartonScanned(text, level)
    lot = catalogue.find_lot_by_number(db, product.product_code, code.lot_number)
    if lot is None:
        raise CodeNotInStock(text)
    expires_on = min(lot.expires_on, code.expires_on or lot.expires_on)
    return replace(lot, expires_on=expires_on), product.doses_per_pack, text if code.serial else None
