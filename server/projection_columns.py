"""What many events of one kind say, read column by column; pure.

It says what ``read`` says of each of them, or nothing: one value that is not what it should be, or two events
that speak of one row, and all of them are left to be read one by one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import cast

from app.domain.journal import Event
from server.projection import FORMS, MAX_TEXT, PERSON_COLUMNS, TABLES, Table, Value
from server.stream import are_uuids

Key = tuple[str, ...]
Column = Sequence[Value]
FEW = 8
"""So few events are read one by one: to look at them together costs more."""


@dataclass(frozen=True)
class Shape:
    """How events of a kind speak of one row of a table."""

    table: str
    key: tuple[str, ...]
    """The fields that hold the row's key; ``site`` is the event's own, and without one it says nothing."""
    facets: tuple[str, ...]
    expected: frozenset[str]


_DOSE = frozenset({"vaccine_code", "occurred_at"})
SHAPES = {
    "patient.registered": (
        Shape("person", ("patient_id",), tuple(PERSON_COLUMNS), frozenset({"name", "sex", "birth_on"})),
    ),
    "immunization.recorded": (
        Shape("immunization", ("patient_id", "immunization_id"), ("recorded",), _DOSE),
        Shape("stock_dose", ("site", "immunization_id"), ("used",), _DOSE),
    ),
}
"""No two kinds speak of one table."""


@dataclass
class Rows:
    """Rows of one table, each key once: the newest word on every facet spoken of."""

    keys: list[Key] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    """All but the key, each as long as ``keys``; None where an event says nothing."""

    def add(self, other: "Rows") -> None:
        """Put the rows of other keys behind these."""
        mine, theirs = len(self.keys), len(other.keys)
        for name in {**self.columns, **other.columns}:
            before, behind = self.columns.get(name), other.columns.get(name)
            self.columns[name] = [*(before or [None] * mine), *(behind or [None] * theirs)]
        self.keys += other.keys


def read_together(kind: str, events: Sequence[Event]) -> dict[str, Rows] | None:
    """Return by table what events of one kind say, or None if they have to be read one by one."""
    bodies: list[object] = [event.body for event in events]
    if kind not in SHAPES or len(events) < FEW or set(map(type, bodies)) != {dict}:
        return None
    try:
        found = {shape.table: _read(shape, events) for shape in SHAPES[kind]}
    except (ValueError, OverflowError):
        return None
    return {table: rows for table, rows in found.items() if rows.keys}


def _read(shape: Shape, events: Sequence[Event]) -> Rows:
    """Raises ValueError or OverflowError on what does not fit."""
    bodies = [event.body for event in events]
    if "site" in shape.key and not all(event.site for event in events):
        if any(event.site for event in events):
            raise ValueError("some")
        return Rows()
    parts = [
        [event.site for event in events]
        if name == "site"
        else _fitting([body.get(name) for body in bodies], "uuid", expected=True)
        for name in shape.key
    ]
    keys = [tuple(map(str, key)) for key in zip(*parts, strict=True)]
    if len(set(keys)) != len(keys):
        raise ValueError("one row twice")
    rows = Rows(keys)
    table = _TABLES[shape.table]
    for facet in shape.facets:
        fields = table.facets[facet]
        if not _spoken_of(fields, bodies):
            if shape.expected & fields.keys():
                raise ValueError("missing")
            continue
        for name, kind in fields.items():
            values = [body.get(name) for body in bodies]
            rows.columns[name] = _fitting(values, kind, expected=name in shape.expected)
        rows.columns[f"{facet}_hlc"] = [event.hlc for event in events]
        rows.columns[f"{facet}_by"] = [event.id for event in events]
    return rows


def _spoken_of(fields: Collection[str], bodies: Sequence[dict[str, object]]) -> bool:
    """Whether all bodies speak of a facet; raises ValueError if only some do."""
    said = {any(name in body for name in fields) for body in bodies}
    if len(said) > 1:
        raise ValueError("some")
    return True in said


def _fitting(values: Sequence[object], kind: str, *, expected: bool) -> Column:
    """Return values in the form PostgreSQL takes; raises ValueError or OverflowError."""
    types = set(map(type, values))
    if not types <= _TYPES or (expected and type(None) in types):
        raise ValueError(kind)
    if types == {str}:
        texts = cast("Sequence[str]", values)
        if kind == "text" and max(map(len, texts)) <= MAX_TEXT and "\0" not in "".join(texts):
            return texts
        if kind == "uuid" and are_uuids(texts):
            return texts
    form = FORMS[kind]
    forms = {value: None if value is None else form(value) for value in set(values)}
    return [forms[value] for value in values]


_TYPES = {str, int, type(None)}
_TABLES: dict[str, Table] = {table.name: table for table in TABLES}
