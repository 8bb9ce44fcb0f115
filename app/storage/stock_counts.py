"""Counts of the fridge: what they found, as the journal tells, and the one under way at this machine.

The count under way is no record: it waits here, scan by scan, so that a power cut costs none of it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlite_utils import Database

from app.domain.clock import read_instant
from app.domain.journal import Event, Json
from app.domain.stock_count import CountLine, Place
from app.storage.deliveries import StockLine, stock, stock_of


@dataclass(frozen=True)
class CountBegun:
    """The count under way."""

    count_id: str
    begun_at: datetime
    begun_by: str
    """Staff id."""


@dataclass(frozen=True)
class StockCount:
    """A count that two people confirmed."""

    count_id: str
    counted_at: datetime
    counted_by: str
    approved_by: str
    facts: Json
    """The body of ``stock.counted``."""


@dataclass(frozen=True)
class Movement:
    """What a count found more or less of a lot."""

    lot_id: str
    place: Place
    doses: int
    reason: str
    moved_at: datetime


@dataclass(frozen=True)
class UnitPack:
    """A smallest pack, by the books."""

    code: str
    doses: int
    used: int
    is_aside: bool


# What counts found


def put_counted(db: Database, event: Event) -> None:
    """Keep a count."""
    body = event.body
    db.execute(
        "insert into stock_count values (?, ?, ?, ?, ?)",
        [body["count_id"], body["at"], event.user, body["approved_by"],
         json.dumps(body, ensure_ascii=False)],
    )  # fmt: skip


def put_adjusted(db: Database, event: Event) -> None:
    """Keep what a count found more or less of a lot."""
    body = event.body
    db.execute(
        "insert into stock_movement values (?, ?, ?, ?, ?, ?, ?)",
        [event.id, body["lot_id"], body["place"], body["doses"], body["reason"], body["count_id"],
         body["at"]],
    )  # fmt: skip


def last_count(db: Database) -> StockCount | None:
    """Return the newest count, None before any."""
    row = db.execute("select * from stock_count order by counted_at desc limit 1").fetchone()
    return _count(row) if row else None


def get_count(db: Database, count_id: str) -> StockCount:
    """Return a count that is known to exist."""
    return _count(db.execute("select * from stock_count where count_id = ?", [count_id]).fetchone())


def _count(row: tuple[str, str, str, str, str]) -> StockCount:
    count_id, at, by, second, body = row
    return StockCount(count_id, read_instant(at), by, second, json.loads(body))


def movements_of(db: Database, lot_id: str) -> list[Movement]:
    """Return what counts found more or less of a lot, the newest first."""
    rows = db.execute(
        """select lot_id, place, doses, reason, moved_at from stock_movement where lot_id = ?
        order by moved_at desc""",
        [lot_id],
    )
    return [Movement(lot, Place(place), doses, why, read_instant(at)) for lot, place, doses, why, at in rows]


# The one under way


def begin(db: Database, begun: CountBegun, begun_at: str) -> None:
    """Begin a count, whatever was left of one before."""
    forget(db)
    db.execute("insert into count_begun values (1, ?, ?, ?)", [begun.count_id, begun_at, begun.begun_by])


def forget(db: Database) -> None:
    """Leave nothing of the count under way."""
    for statement in ("delete from count_begun", "delete from count_line", "delete from count_pack"):
        db.execute(statement)


def find_begun(db: Database) -> CountBegun | None:
    """Return the count under way, None for none."""
    row = db.execute("select count_id, begun_at, begun_by from count_begun").fetchone()
    return CountBegun(row[0], read_instant(row[1]), row[2]) if row else None


def count_lines(db: Database) -> list[CountLine]:
    """Return what there is to count and what has been: kind by kind, the first to expire first.

    A lot that by the books is used up is there only once a pack of it has been found.
    """
    typed, scanned = _typed(db), _scanned(db)
    lines = [
        _line(one, place, typed, scanned)
        for one in stock(db)
        for place in Place
        if one.book(place) or (one.lot.lot_id, place) in typed or (one.lot.lot_id, place) in scanned
    ]
    return sorted(
        lines, key=lambda line: (line.product.vaccine_name, line.lot.expires_on, line.place == "aside")
    )


def count_line(db: Database, lot_id: str, place: Place) -> CountLine:
    """Return one line, whether or not there should be anything."""
    return _line(stock_of(db, lot_id), place, _typed(db), _scanned(db))


Typed = tuple[int | None, int | None, int | None, int, str]
_Found = tuple[int, int]


def _line(
    one: StockLine,
    place: Place,
    typed: dict[tuple[str, str], Typed],
    scanned: dict[tuple[str, str], _Found],
) -> CountLine:
    key = one.lot.lot_id, place
    number, book, told, agreed, numbers = typed.get(key, (None, None, None, 0, "[]"))
    packs, doses = scanned.get(key, (0, 0))
    return CountLine(
        one.lot, one.product, place, one.book(place), number, book or 0, packs, doses, told,
        bool(agreed), tuple(json.loads(numbers)),
    )  # fmt: skip


def _typed(db: Database) -> dict[tuple[str, str], Typed]:
    rows = db.execute("select lot_id, place, typed, typed_book, told, agreed, numbers from count_line")
    return {(lot_id, place): tuple(facts) for lot_id, place, *facts in rows}


_GIVEN = "(select count(*) from immunization where trace_code = pack_code.code and status = 'completed')"
_IS_ASIDE = "exists (select 1 from put_aside where put_aside.code = pack_code.code)"


def _scanned(db: Database) -> dict[tuple[str, str], _Found]:
    """Return packs and doses by line; what was given since the scan is no longer in the pack.

    A pack that is put aside meanwhile changes its line, as it changes the books of both.
    """
    rows = db.execute(
        f"""select lot_id, case when {_IS_ASIDE} then 'aside' else 'shelf' end, count(*),
        sum(max(0, min(pack_code.doses, count_pack.doses - ({_GIVEN} - used))))
        from count_pack cross join pack_code using (code) group by 1, 2"""
    )
    return {(lot_id, place): (packs, doses) for lot_id, place, packs, doses in rows}


def type_number(db: Database, line: CountLine, doses: int) -> None:
    """Keep a number typed for a line; it stands for whatever was scanned of it."""
    _put(db, replace(line, typed=doses, typed_book=line.book, agreed=False, numbers=(*line.numbers, doses)))
    aside = "" if line.place is Place.ASIDE else "not "
    db.execute(
        f"""delete from count_pack where code in (select code from pack_code where lot_id = ?
        and {aside}{_IS_ASIDE})""",
        [line.lot.lot_id],
    )


def tell(db: Database, line: CountLine) -> bool:
    """Keep the difference that was told and return whether it is believed, being the same as the time before.

    Else a typed number is asked for once more; a scan stands.
    """
    agreed = line.difference == line.told
    typed = line.typed if agreed else None
    _put(db, replace(line, typed=typed, told=line.difference, agreed=agreed))
    return agreed


def _put(db: Database, line: CountLine) -> None:
    db.execute(
        "insert or replace into count_line values (?, ?, ?, ?, ?, ?, ?)",
        [
            line.lot.lot_id, line.place, line.typed, line.typed_book, line.told, line.agreed,
            json.dumps(line.numbers),
        ],
    )  # fmt: skip


def add_packs(db: Database, packs: Sequence[tuple[str, int, int]]) -> None:
    """Keep packs that were scanned: code, doses found in it, doses given out of it by now."""
    db.conn.executemany("insert into count_pack values (?, ?, ?)", packs)


def counted_codes(db: Database) -> set[str]:
    """Return the codes scanned so far."""
    return {code for (code,) in db.execute("select code from count_pack")}


def units_in(db: Database, code: str) -> list[UnitPack]:
    """Return the smallest packs in a pack, itself for one of those."""
    rows = db.execute(
        f"""with recursive inside (code) as (select ? union
            select pack_code.code from inside join pack_code on parent_code = inside.code)
        select code, doses, {_GIVEN}, {_IS_ASIDE} from inside cross join pack_code using (code)
        where level = '1' order by code""",
        [code],
    )
    return [UnitPack(unit, doses, used, bool(aside)) for unit, doses, used, aside in rows]


def missing_codes(db: Database, lot_id: str, place: Place, limit: int) -> list[str]:
    """Return packs of a lot that should lie there and were not scanned."""
    aside = "" if place is Place.ASIDE else "not "
    rows = db.execute(
        f"""select code from pack_code where lot_id = ? and level = '1' and {aside}{_IS_ASIDE}
        and doses > {_GIVEN} and not exists (select 1 from count_pack where count_pack.code = pack_code.code)
        order by code limit ?""",
        [lot_id, limit],
    )
    return [code for (code,) in rows]
