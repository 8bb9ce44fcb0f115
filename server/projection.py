"""What an event says of people, doses and stock, read so that no body can do harm; pure.

Whatever fits is projected; whatever is missing or malformed becomes a semantic error beside the journal.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from app.domain.journal import Event
from server.stream import is_uuid

PROJECTOR = 3
"""Raised whenever more is read of an event, or more events can be filed: each centre then reads its journal
once more."""
MAX_TEXT = 2000
MAX_CODE = 200
"""Of a text that is a key: an index entry holds no more than 2,704 bytes."""
MAX_INTEGER = 2**31 - 1

Value = str | int | None


@dataclass(frozen=True)
class Table:
    """A projection: facets of columns, each facet owned by the newest event that speaks of it."""

    name: str
    key: dict[str, str]
    """PostgreSQL type by column."""
    facets: dict[str, dict[str, str]]
    """Types by column, by facet."""


class Saying(NamedTuple):
    """One event's word on one facet of one row."""

    table: str
    key: tuple[str, ...]
    facet: str
    hlc: int
    event_id: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class SemanticError:
    """A field of an event that is not what it should be; names no person."""

    field: str
    reason: str
    """``missing``, ``malformed``, ``reused`` (an id with other content) or ``unprojectable``."""


@dataclass
class Reading:
    """All that was read from one event."""

    sayings: list[Saying] = field(default_factory=list)
    errors: list[SemanticError] = field(default_factory=list)


DOSE_COLUMNS = {
    "encounter_id": "text",
    "vaccine_code": "text",
    "product_code": "text",
    "lot_number": "text",
    "expires_on": "date",
    "trace_code": "text",
    "dose_number": "integer",
    "occurred_at": "timestamptz",
}
PERSON_COLUMNS = {
    "name": "text",
    "sex": "text",
    "birth_on": "date",
    "document_type": "text",
    "document_number": "text",
}
PRODUCT_COLUMNS = {"vaccine_code": "text", "vaccine_name": "text", "market_holder": "text"}
LOT_COLUMNS = {"product_code": "text", "lot_number": "text", "expires_on": "date"}
PACK_COLUMNS = {"lot_id": "uuid", "level": "text", "parent_code": "text", "doses": "integer"}
MOVEMENT_COLUMNS = {"lot_id": "uuid", "place": "text", "doses": "integer"}
USE_COLUMNS = ("product_code", "lot_number", "trace_code", "occurred_at")

TABLES = (
    Table("person", {"person_id": "uuid"}, {name: {name: kind} for name, kind in PERSON_COLUMNS.items()}),
    Table(
        "immunization",
        {"person_id": "uuid", "immunization_id": "uuid"},
        {"recorded": DOSE_COLUMNS, "voided": {"void_reason": "text"}},
    ),
    Table(
        "adverse_event",
        {"person_id": "uuid", "adverse_event_id": "uuid"},
        {"drafted": {"immunization_id": "uuid"}},
    ),
    Table("stock_product", {"site": "text", "product_code": "text"}, {"stated": PRODUCT_COLUMNS}),
    Table(
        "stock_lot",
        {"site": "text", "lot_id": "uuid"},
        {"received": LOT_COLUMNS, "changed": {"status": "text", "status_reason": "text"}},
    ),
    Table(
        "stock_pack",
        {"site": "text", "code": "text"},
        {"related": PACK_COLUMNS, "put_aside": {"aside_reason": "text"}},
    ),
    Table(
        "stock_dose",
        {"site": "text", "immunization_id": "uuid"},
        {"used": {name: DOSE_COLUMNS[name] for name in USE_COLUMNS}, "voided": {}},
    ),
    Table(
        "stock_movement",
        {"site": "text", "movement_id": "uuid"},
        {"moved": MOVEMENT_COLUMNS},
    ),
)


def read(event: Event) -> Reading:
    """Return what an event says; of a kind not known here, nothing."""
    reader = READERS.get(event.kind)
    reading = Reading()
    if reader is None:
        return reading
    body: object = event.body
    if isinstance(body, dict):
        reader(_Body(event, reading))
    else:
        reading.errors.append(SemanticError("body", "malformed"))
    return reading


@dataclass(frozen=True)
class _Body:
    """The body being read, and what has been read from it."""

    event: Event
    reading: Reading

    def take(self, key: str, kind: str, *, expected: bool) -> Value:
        """Return a field's value if it has the PostgreSQL type's form, else None and an error."""
        value = self.event.body.get(key)
        if value is None:
            if expected:
                self.reading.errors.append(SemanticError(key, "missing"))
            return None
        if kind == "text" and type(value) is str and len(value) <= MAX_TEXT and "\0" not in value:
            return value
        try:
            return FORMS[kind](value)
        except (ValueError, OverflowError):
            self.reading.errors.append(SemanticError(key, "malformed"))
            return None

    def key(self, *names: str) -> tuple[str, ...] | None:
        """Return the row's key, or None and errors when a part of it is no id."""
        values = [self.take(name, "uuid", expected=True) for name in names]
        return None if None in values else tuple(str(value) for value in values)

    def say(self, table: str, key: tuple[str, ...], facet: str, *values: Value) -> None:
        """Add a word on a facet."""
        event = self.event
        self.reading.sayings.append(Saying(table, key, facet, event.hlc, event.id, values))

    def say_of_stock(self, table: str, key: str, facet: str, *values: Value) -> None:
        """Add a word on what its site has in stock; before it is set up a device has none."""
        if self.event.site:
            self.say(table, (self.event.site, key), facet, *values)


def _read_patient(body: _Body, expected: frozenset[str]) -> None:
    key = body.key("patient_id")
    for name, kind in PERSON_COLUMNS.items():
        errors = len(body.reading.errors)
        value = body.take(name, kind, expected=name in expected)
        if key and name in body.event.body and len(body.reading.errors) == errors:
            body.say("person", key, name, value)


def _read_registered(body: _Body) -> None:
    _read_patient(body, frozenset({"name", "sex", "birth_on"}))


def _read_amended(body: _Body) -> None:
    _read_patient(body, frozenset())


def _read_recorded(body: _Body) -> None:
    key = body.key("patient_id", "immunization_id")
    expected = {"vaccine_code", "occurred_at"}
    values = [body.take(name, kind, expected=name in expected) for name, kind in DOSE_COLUMNS.items()]
    if key:
        body.say("immunization", key, "recorded", *values)
        said = dict(zip(DOSE_COLUMNS, values, strict=True))
        body.say_of_stock("stock_dose", key[1], "used", *(said[name] for name in USE_COLUMNS))


def _read_voided(body: _Body) -> None:
    reason = body.take("reason", "text", expected=True)
    dose = body.key("immunization_id")
    person = body.event.person
    if not is_uuid(person):
        body.reading.errors.append(SemanticError("person", "missing"))
    elif dose:
        body.say("immunization", (str(person), *dose), "voided", reason)
        body.say_of_stock("stock_dose", *dose, "voided")


def _read_drafted(body: _Body) -> None:
    person = body.key("patient_id")
    dose = body.take("immunization_id", "uuid", expected=False)
    own = body.take("adverse_event_id", "uuid", expected=False) or body.event.id
    if person:
        body.say("adverse_event", (*person, str(own)), "drafted", dose)


def _read_product(body: _Body) -> None:
    key = body.take("product_code", "code", expected=True)
    values = [body.take(name, kind, expected=False) for name, kind in PRODUCT_COLUMNS.items()]
    if key:
        body.say_of_stock("stock_product", str(key), "stated", *values)


def _read_received(body: _Body) -> None:
    key = body.key("lot_id")
    values = [body.take(name, kind, expected=True) for name, kind in LOT_COLUMNS.items()]
    if key:
        body.say_of_stock("stock_lot", *key, "received", *values)


def _read_status(body: _Body) -> None:
    key = body.key("lot_id")
    status = body.take("status", "text", expected=True)
    reason = body.take("reason", "text", expected=False)
    if key and status:
        body.say_of_stock("stock_lot", *key, "changed", status, reason)


def _read_related(body: _Body) -> None:
    """Read the codes of a delivery, each (code, level, code of the pack it is in or null, doses)."""
    key = body.key("lot_id")
    rows = body.event.body.get("codes")
    packs = [_pack(row) for row in rows] if isinstance(rows, list) else [None]
    if None in packs:
        body.reading.errors.append(SemanticError("codes", "missing" if rows is None else "malformed"))
    for pack in packs:
        if key and pack:
            body.say_of_stock("stock_pack", pack[0], "related", *key, *pack[1:])


def _pack(row: object) -> tuple[str, str, str | None, int] | None:
    match row:
        case [str(code), str(level), str() | None as parent, int(doses)] if code and doses >= 0:
            try:
                return _code(code), _text(level), parent and _code(parent), _integer(doses)
            except ValueError:
                return None
    return None


def _read_aside(body: _Body) -> None:
    code = body.take("code", "code", expected=True)
    reason = body.take("reason", "text", expected=False)
    if code:
        body.say_of_stock("stock_pack", str(code), "put_aside", reason or "")


def _read_let_go(body: _Body) -> None:
    """Read that a pack is put aside no longer: then it has no reason."""
    code = body.take("code", "code", expected=True)
    if code:
        body.say_of_stock("stock_pack", str(code), "put_aside", None)


def _read_adjusted(body: _Body) -> None:
    """Read what a count found more or less of a lot."""
    values = [body.take(name, kind, expected=True) for name, kind in MOVEMENT_COLUMNS.items()]
    if None not in values:
        body.say_of_stock("stock_movement", body.event.id, "moved", *values)


READERS: dict[str, Callable[[_Body], None]] = {
    "patient.registered": _read_registered,
    "patient.amended": _read_amended,
    "immunization.recorded": _read_recorded,
    "immunization.voided": _read_voided,
    "adverse_event.drafted": _read_drafted,
    "product.added": _read_product,
    "lot.received": _read_received,
    "lot.status_changed": _read_status,
    "pack_codes.related": _read_related,
    "stock.adjusted": _read_adjusted,
    "pack.quarantined": _read_aside,
    "pack.released": _read_let_go,
}


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise ValueError
    return value


def _code(value: object) -> str:
    if len(text := _text(value)) > MAX_CODE:
        raise ValueError
    return text


def _integer(value: object) -> int:
    if type(value) is not int or abs(value) > MAX_INTEGER:
        raise ValueError
    return value


def _date(value: object) -> str:
    return _day(_text(value))


@lru_cache(4096)
def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _instant(value: object) -> str:
    at = datetime.fromisoformat(_text(value))
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC).isoformat()


def _uuid(value: object) -> str:
    if not is_uuid(value):
        raise ValueError
    return str(value)


FORMS: dict[str, Callable[[object], str | int]] = {
    "text": _text,
    "code": _code,
    "integer": _integer,
    "date": _date,
    "timestamptz": _instant,
    "uuid": _uuid,
}
"""By type: the value in a form PostgreSQL takes; ValueError or OverflowError on what it would not."""
