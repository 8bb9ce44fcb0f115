"""Counting the fridge by two people (盘点): scan by scan or typed, blind, and what differs with its cause.

Nothing is set: two people sign for movements that bring the books to what was found (docs/decisions/0032).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlite_utils import Database

from app.domain.catalogue import PackLevel
from app.domain.clock import instant_text, local_day
from app.domain.codes import Gs1Code, TraceCode
from app.domain.journal import Json
from app.domain.stock_count import (
    CartonContentsUnknown,
    CartonOpened,
    CountLine,
    Explained,
    Key,
    LotCountedByHand,
    LotsNotCounted,
    LotsNotCountedTwice,
    Means,
    NoCountBegun,
    NothingToCount,
    PackCountedBefore,
    PackEmptyOnBooks,
    PackNotOnBooks,
    Place,
    can_go_on,
    check_explained,
    is_due,
    typed_doses,
)
from app.domain.vial import CodeSource, discard_at
from app.storage import catalogue, needle, stock_counts
from app.storage.deliveries import first_delivery_at
from app.storage.stock_counts import CountBegun, UnitPack
from app.workflows.deliveries import PackWithoutSerial
from app.workflows.desk import Act, SecondPerson

MISSING_NAMED = 1000
"""Codes of one lot's missing packs in its entry, so that none is too large for the centre (docs/sync.md)."""


@dataclass(frozen=True)
class Counted:
    """What a scan came to."""

    key: Key
    packs: int
    """Smallest packs that were not counted before."""
    doses: int
    discarded: int = 0
    """Doses in a vial that has been open for too long: they are found, and lost."""
    given: int = 0
    """Doses the books say were given out of a pack that lies here closed."""


def begin_count(act: Act) -> CountBegun:
    """Begin to count; what was left of a count before is forgotten. Raises NothingToCount."""
    act.require("begin_count")
    begun = CountBegun(act.new_id(), act.now, act.user.staff_id)
    stock_counts.begin(act.db, begun, instant_text(begun.begun_at))
    if not stock_counts.count_lines(act.db):
        raise NothingToCount()
    return begun


def count_pack(act: Act, code: TraceCode | Gs1Code) -> Counted:
    """Count a pack by its code: a smallest one itself, a box or carton what is known to lie in it.

    Raises NoCountBegun, PackWithoutSerial, PackNotOnBooks, PackCountedBefore, PackEmptyOnBooks,
    CartonOpened, CartonContentsUnknown or LotCountedByHand.
    """
    act.require("count_pack")
    _under_way(act)
    text = _text(code)
    pack = catalogue.find_pack(act.db, text)
    if pack is None:
        raise PackNotOnBooks(text)
    units = stock_counts.units_in(act.db, text)
    if pack.level is not PackLevel.UNIT:
        _check_closed(text, units)
    counted = stock_counts.counted_codes(act.db)
    fresh = [unit for unit in units if unit.code not in counted]
    if not fresh:
        raise PackCountedBefore(text)
    place = Place.ASIDE if fresh[0].is_aside else Place.SHELF
    line = stock_counts.count_line(act.db, pack.lot_id, place)
    if line.typed is not None:
        raise LotCountedByHand(line.name, line.typed)
    if pack.level is not PackLevel.UNIT:
        found = Counted(line.key, len(fresh), sum(unit.doses for unit in fresh))
        stock_counts.add_packs(act.db, [(unit.code, unit.doses, unit.used) for unit in fresh])
    else:
        found = _in_hand(act, line, fresh[0])
        stock_counts.add_packs(act.db, [(text, found.doses, fresh[0].used)])
    return found


def count_lot(act: Act, key: Key, packs: int | None, rest: int | None = None) -> None:
    """Count a lot by hand: so many closed packs, and so many doses in opened ones.

    The number stands for whatever of the lot was scanned. Raises NoCountBegun, CountMissing or
    CountNotSensible.
    """
    act.require("count_lot")
    _under_way(act)
    line = stock_counts.count_line(act.db, *key)
    stock_counts.type_number(act.db, line, typed_doses(line.product, packs, rest))


def compare_count(act: Act) -> tuple[CountLine, ...]:
    """Hold the count against the books and return what has to be counted once more: a difference is believed
    when two counts in a row come to it.

    Raises NoCountBegun or LotsNotCounted.
    """
    act.require("compare_count")
    _under_way(act)
    lines = _all_counted(act.db)
    return tuple(line for line in lines if not line.is_settled and not stock_counts.tell(act.db, line))


def confirm_count(act: Act, causes: Mapping[Key, Explained], second: SecondPerson | None = None) -> str:
    """Sign for what was found: a movement for each difference, and the count itself; returns its id.

    Raises NoCountBegun, LotsNotCounted, LotsNotCountedTwice, CauseMissing, CauseDoesNotFit,
    CauseWordsMissing, SecondPersonNeeded or SecondPersonIsFirst.
    """
    act.require("confirm_count")
    begun = _under_way(act)
    lines = _all_counted(act.db)
    if unsettled := tuple(line.name for line in lines if not line.is_settled):
        raise LotsNotCountedTwice(unsettled)
    for line in lines:
        check_explained(line, causes.get(line.key))
    signed: Json = {
        "count_id": begun.count_id,
        "approved_by": act.require_second("confirm_count", second).staff_id,
        "at": act.at,
    }
    told: list[Json] = []
    for line in lines:
        body = _told(line)
        if line.difference:
            body["reason"] = causes[line.key].reason
            act.append("stock.adjusted", signed | _adjusted(act.db, line, causes[line.key]))
        told.append(body)
    begun_at = instant_text(begun.begun_at)
    act.append("stock.counted", signed | {"begun_at": begun_at, "begun_by": begun.begun_by, "lines": told})
    stock_counts.forget(act.db)
    return begun.count_id


def count_under_way(db: Database, now: datetime) -> CountBegun | None:
    """Return the count at this machine that can be gone on with, None for none."""
    begun = stock_counts.find_begun(db)
    return begun if begun and can_go_on(begun.begun_at, now) else None


def count_is_due(db: Database, today: date) -> bool:
    """Return whether the month since the last count, or since the first delivery, is over (N2023 8.1)."""
    last = stock_counts.last_count(db)
    since = last.counted_at if last else first_delivery_at(db)
    return is_due(local_day(since) if since else None, today)


def _under_way(act: Act) -> CountBegun:
    begun = count_under_way(act.db, act.now)
    if begun is None:
        raise NoCountBegun()
    return begun


def _all_counted(db: Database) -> list[CountLine]:
    lines = stock_counts.count_lines(db)
    if missing := tuple(line.name for line in lines if not line.is_counted):
        raise LotsNotCounted(missing)
    return lines


def _text(code: TraceCode | Gs1Code) -> str:
    if isinstance(code, TraceCode):
        return code.code
    if code.serial is None:
        raise PackWithoutSerial(code.gtin)
    return f"(01){code.gtin}(21){code.serial}"


def _check_closed(code: str, units: list[UnitPack]) -> None:
    """Pass a carton out of which nothing was taken; raises CartonContentsUnknown or CartonOpened."""
    if not units:
        raise CartonContentsUnknown(code)
    if taken := sum(unit.used > 0 or unit.is_aside for unit in units):
        raise CartonOpened(code, taken)


def _in_hand(act: Act, line: CountLine, unit: UnitPack) -> Counted:
    """Return what one smallest pack counts: what the books say is left in it.

    A closed pack that the books say was given is there all the same; out of a vial that has been open for too
    long nobody is injected any more.
    """
    left = unit.doses - unit.used
    if left <= 0:
        if unit.doses > 1:
            raise PackEmptyOnBooks(unit.code, unit.doses)
        return Counted(line.key, 1, unit.doses, given=unit.used)
    vial = needle.build_vial(act.db, unit.code, CodeSource.SCANNED, "", line.lot, unit.doses)
    limit = discard_at(vial)
    if limit is not None and act.now >= limit:
        return Counted(line.key, 1, 0, discarded=left)
    return Counted(line.key, 1, left)


def _told(line: CountLine) -> Json:
    """Return a line as it stands in the entry of the count."""
    body: Json = {
        "lot_id": line.lot.lot_id,
        "place": str(line.place),
        "book": line.book,
        "counted": line.found,
        "means": str(line.means),
    }
    if line.numbers:
        body["numbers"] = list(line.numbers)
    return body


def _adjusted(db: Database, line: CountLine, why: Explained) -> Json:
    """Return the movement of a line; packs that were looked for by their codes and are gone are named."""
    body: Json = {
        "lot_id": line.lot.lot_id,
        "place": str(line.place),
        "doses": line.difference,
        "cause": str(why.cause),
        "reason": why.reason,
    }
    if line.means is Means.SCANNED and line.difference < 0:
        body["codes"] = stock_counts.missing_codes(db, *line.key, MISSING_NAMED)
    return body
