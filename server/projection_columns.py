"""What many events of one kind say, read column by column; pure.

It says what ``read`` says of each of them, or nothing: one value that is not what it should be, and all of
them are left to be read one by one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.sync.reading import Alike
from server.projection import FORMS, MAX_TEXT, PERSON_COLUMNS, TABLES, Value
from server.stream import are_uuids

Column = Sequence[Value]


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

Rows = dict[str, Column]
"""Columns of one table by name, all equally long; None where an event says nothing."""


def read_together(kind: str, alikes: Sequence[Alike]) -> dict[str, Rows] | None:
    """Return by table what events of one kind say, or None if they have to be read one by one."""
    if kind not in SHAPES or not all(alike.readable for alike in alikes):
        return None
    try:
        telling = _Telling(alikes)
        found = {shape.table: _read(shape, telling) for shape in SHAPES[kind]}
    except (ValueError, OverflowError):
        return None
    return {table: rows for table, rows in found.items() if rows}


def _read(shape: Shape, telling: "_Telling") -> Rows:
    """Raises ValueError or OverflowError on what does not fit."""
    rows: Rows = {}
    for column, name in zip(_TABLES[shape.table].key, shape.key, strict=True):
        if name == "site":
            rows[column] = telling.told("site")
            if not all(rows[column]):
                if any(rows[column]):
                    raise ValueError("some")
                return {}
        else:
            rows[column] = telling.said(name, "uuid", expected=True)
    for facet in shape.facets:
        fields = _TABLES[shape.table].facets[facet]
        for name, kind in fields.items():
            rows[name] = telling.said(name, kind, expected=name in shape.expected)
        rows[f"{facet}_hlc"] = telling.told_if("hlc", fields)
        rows[f"{facet}_by"] = telling.told_if("id", fields)
    return rows


class _Telling:
    """What events say by column, each column read once however many rows are made of it."""

    def __init__(self, alikes: Sequence[Alike]) -> None:
        self._alikes = alikes
        self._said: dict[tuple[str, str, bool], Column] = {}
        self._told: dict[tuple[str, tuple[bool, ...]], Column] = {}

    def said(self, name: str, kind: str, *, expected: bool) -> Column:
        """Return a field of the bodies in the form PostgreSQL takes; raises as ``_read``."""
        key = name, kind, expected
        if key not in self._said:
            values = [value for alike in self._alikes for value in alike.said(name)]
            self._said[key] = _fitting(values, kind, expected=expected)
        return self._said[key]

    def told(self, name: str) -> Column:
        """Return a field of the envelopes."""
        return self._told_of(name, (True,) * len(self._alikes))

    def told_if(self, name: str, fields: Collection[str]) -> Column:
        """Return a field of the envelopes; None where the body speaks of none of the fields."""
        return self._told_of(name, tuple(any(map(alike.says, fields)) for alike in self._alikes))

    def _told_of(self, name: str, speak: tuple[bool, ...]) -> Column:
        key = name, speak
        if key not in self._told:
            found: list[Value] = []
            for alike, speaks in zip(self._alikes, speak, strict=True):
                found += alike.told(name) if speaks else [None] * len(alike.rows)
            self._told[key] = found
        return self._told[key]


def _fitting(values: Sequence[Any], kind: str, *, expected: bool) -> Column:
    """Return values in the form PostgreSQL takes; raises ValueError or OverflowError."""
    types = set(map(type, values))
    if not types <= _TYPES or (expected and type(None) in types):
        raise ValueError(kind)
    if types == {str} and _FIT.get(kind, _unfit)(values):
        return values
    form = FORMS[kind]
    forms = {value: None if value is None else form(value) for value in set(values)}
    return [forms[value] for value in values]


def _are_texts(texts: Sequence[str]) -> bool:
    return max(map(len, texts)) <= MAX_TEXT and "\0" not in "".join(texts)


def _are_instants(texts: Sequence[str]) -> bool:
    """Whether all are instants in the form the program itself writes; raises ValueError on what is none."""
    data = "\n".join([*texts, ""]).encode()
    if len(data) != len(_INSTANT) * len(texts) or data.translate(_NO_DIGITS) != _INSTANT * len(texts):
        return False
    list(map(datetime.fromisoformat, texts))
    return True


def _unfit(texts: Sequence[str]) -> bool:
    return False


_FIT = {"text": _are_texts, "uuid": are_uuids, "timestamptz": _are_instants}
_INSTANT, _NO_DIGITS = b"0000-00-00T00:00:00.000Z\n", bytes.maketrans(b"123456789", b"0" * 9)
_TYPES = {str, int, type(None)}
_TABLES = {table.name: table for table in TABLES}
