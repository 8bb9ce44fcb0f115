"""Deliveries and what is in the fridge: lots with what came, what was used and what is put aside."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from app.domain.catalogue import Lot, LotStatus, Product
from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.domain.stock_count import Place
from app.storage.catalogue import get_product


@dataclass(frozen=True)
class StockLine:
    """One lot in the fridge, in doses."""

    lot: Lot
    product: Product
    received: int
    used: int
    """Recorded here out of this lot and not voided."""
    aside: int
    """Left in single packs that are put aside; a blocked lot says so by its status."""
    adjusted: int = 0
    """More or less on the shelf than the books said, by counts."""
    aside_adjusted: int = 0
    """The same of what is put aside."""

    @property
    def left(self) -> int:
        """Return what should still lie there and may be used; more used than came in is 0."""
        return max(0, self.book(Place.SHELF))

    @property
    def put_aside(self) -> int:
        """Return what should still lie apart."""
        return max(0, self.book(Place.ASIDE))

    def book(self, place: Place) -> int:
        """Return what the books say lies in a place; less than nothing where more was used than came in."""
        if place is Place.ASIDE:
            return self.aside + self.aside_adjusted
        return self.received - self.used - self.aside + self.adjusted


@dataclass(frozen=True)
class Arrival:
    """One delivery of a lot."""

    received_at: datetime
    received_by: str
    facts: Json


def put_delivery(db: Database, event: Event) -> None:
    """Keep a delivery."""
    body = event.body
    db.execute(
        "insert into delivery values (?, ?, ?, ?, ?)",
        [
            body["delivery_id"], body["lot_id"], body["received_at"], event.user,
            json.dumps(body, ensure_ascii=False),
        ],
    )  # fmt: skip


def arrivals_of(db: Database, lot_id: str) -> list[Arrival]:
    """Return the deliveries of a lot, the newest first."""
    rows = db.execute(
        "select received_at, received_by, body from delivery where lot_id = ? order by received_at desc",
        [lot_id],
    )
    return [Arrival(read_instant(at), by, json.loads(body)) for at, by, body in rows]


_STOCK = """select lot_id, product_code, lot_number, expires_on, status, status_reason,
    (select coalesce(sum(doses), 0) from pack_code where pack_code.lot_id = lot.lot_id and level = '1'),
    (select count(*) from immunization where immunization.lot_number = lot.lot_number
        and json_extract(immunization.body, '$.product_code') = lot.product_code and status = 'completed'),
    (select coalesce(sum(max(0, doses - (select count(*) from immunization
            where trace_code = pack_code.code and status = 'completed'))), 0)
        from pack_code join put_aside using (code) where pack_code.lot_id = lot.lot_id and level = '1'),
    (select coalesce(sum(doses), 0) from stock_movement
        where stock_movement.lot_id = lot.lot_id and place = 'shelf'),
    (select coalesce(sum(doses), 0) from stock_movement
        where stock_movement.lot_id = lot.lot_id and place = 'aside')
    from lot"""


def stock(db: Database) -> list[StockLine]:
    """Return every lot, the first to expire first (FEFO)."""
    return [_line(db, row) for row in db.execute(f"{_STOCK} order by expires_on, lot_number")]


def stock_of(db: Database, lot_id: str) -> StockLine:
    """Return a lot that is known to exist."""
    return _line(db, db.execute(f"{_STOCK} where lot_id = ?", [lot_id]).fetchone())


def _line(db: Database, row: Any) -> StockLine:
    lot = Lot(row[0], row[1], row[2], date.fromisoformat(row[3]), LotStatus(row[4]), row[5])
    return StockLine(lot, get_product(db, lot.product_code), *row[6:])


def first_delivery_at(db: Database) -> datetime | None:
    """Return when the first delivery came in, None before any."""
    (at,) = db.execute("select min(received_at) from delivery").fetchone()
    return read_instant(at) if at else None


def usable_lots(db: Database, today: date) -> int:
    """Return of how many lots something is left that may be injected today."""
    rows = db.execute(f"{_STOCK} where status = 'in_use' and expires_on >= ?", [today.isoformat()])
    return sum(_line(db, row).left > 0 for row in rows)
