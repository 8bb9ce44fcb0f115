"""What an event says of people and doses, read so that no body can do harm; pure.

Whatever fits is projected; whatever is missing or malformed becomes a semantic error beside the journal.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from app.domain.journal import Event
from server.stream import is_uuid

MAX_TEXT = 2000
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


def _read_voided(body: _Body) -> None:
    reason = body.take("reason", "text", expected=True)
    dose = body.key("immunization_id")
    person = body.event.person
    if not is_uuid(person):
        body.reading.errors.append(SemanticError("person", "missing"))
    elif dose:
        body.say("immunization", (str(person), *dose), "voided", reason)


def _read_drafted(body: _Body) -> None:
    person = body.key("patient_id")
    dose = body.take("immunization_id", "uuid", expected=False)
    own = body.take("adverse_event_id", "uuid", expected=False) or body.event.id
    if person:
        body.say("adverse_event", (*person, str(own)), "drafted", dose)


READERS: dict[str, Callable[[_Body], None]] = {
    "patient.registered": _read_registered,
    "patient.amended": _read_amended,
    "immunization.recorded": _read_recorded,
    "immunization.voided": _read_voided,
    "adverse_event.drafted": _read_drafted,
}


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise ValueError
    return value


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
    "integer": _integer,
    "date": _date,
    "timestamptz": _instant,
    "uuid": _uuid,
}
"""By type: the value in a form PostgreSQL takes; ValueError or OverflowError on what it would not."""
