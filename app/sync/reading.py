"""Many events read at once: what lines of one form share is parsed and judged once, their values by column.

It says of every line what ``decode`` says of it. A line is the one encoding of its event if another line of
its form is, and its own values are texts and numbers that need no escape.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from app.domain.journal import HASH_ALGORITHM, Event, Json, NotCanonical, decode, event_of, fields_of
from app.sync.cutting import sheets
from app.sync.forms import LOOSE, NUMBER, STRING, Column, Events, Form, Sheet
from app.sync.layout import INSTANT
from app.sync.looks import whole_numbers

_MARK = "\x7f"
"""Stands for the value of a place while a form is parsed."""
_ESCAPED = b'"\\' + bytes(range(10)) + bytes(range(11, 32))
"""What a text may not hold unescaped, save the line feed, what escapes it, and what ends it."""


class _Unlike(Exception):
    """A form or a value that has to be looked at closely."""


@dataclass(frozen=True)
class Alike:
    """Events of one form, each the one encoding of what it says: what all share, and the values by column."""

    rows: Sequence[int]
    """Their numbers in the message."""
    pattern: Json
    """What all say; ``DEL 7`` in it stands for the values of column 7, if there are columns."""
    columns: Sequence["_Values"]

    def told(self, name: str) -> Sequence[Any]:
        """Return a field of the envelopes, one for each row."""
        return self._column(self.pattern[name])

    def says(self, name: str) -> bool:
        """Whether the bodies have a field; all have the same."""
        return name in self.pattern["body"]

    def said(self, name: str) -> Sequence[Any]:
        """Return a field of the bodies, one for each row; None where they do not have it."""
        return self._column(self.pattern["body"].get(name))

    @property
    def readable(self) -> bool:
        """Whether the bodies have fields at all."""
        return isinstance(self.pattern["body"], dict)

    def events(self) -> Iterable[Event]:
        """Return the events themselves."""
        return map(event_of, _values(self.pattern, self.columns) or [dict(self.pattern) for _ in self.rows])

    def _column(self, node: Any) -> Sequence[Any]:
        if self.columns:
            if isinstance(node, str) and node.startswith(_MARK):
                return self.columns[int(node[1:])].all()
            values = _values(node, self.columns)
            if values is not None:
                return list(values)
        return [node] * len(self.rows)


def read_alike(lines: Sequence[bytes]) -> list[Alike]:
    """Return the events of lines by their forms; raises NotCanonical if a line is none."""
    if len(lines) == 1:
        return [Alike((0,), fields_of(lines[0]), ())]
    found: list[Alike] = []
    for sheet in _sheets(lines):
        try:
            found.append(_read(sheet, lines[sheet.rows[0]]))
        except (_Unlike, ValueError):
            found += [Alike([row], fields_of(lines[row]), ()) for row in sheet.rows]
    return found


def read_events(lines: Sequence[bytes]) -> list[Event | NotCanonical]:
    """Return the event of each line, or why it is none; events of one form share what is the same in them."""
    if len(lines) == 1:
        return [_decoded(lines[0])]
    found: dict[int, Event | NotCanonical] = {}
    for sheet in _sheets(lines):
        try:
            found.update(zip(sheet.rows, _read(sheet, lines[sheet.rows[0]]).events(), strict=True))
        except (_Unlike, NotCanonical, ValueError):
            found.update((row, _decoded(lines[row])) for row in sheet.rows)
    return [found[row] for row in range(len(lines))]


def _sheets(lines: Sequence[bytes]) -> Sequence[Sheet]:
    return (isinstance(lines, Events) and lines.sheets) or sheets(lines)


def _decoded(line: bytes) -> Event | NotCanonical:
    try:
        return decode(line)
    except NotCanonical as refusal:
        return refusal


def _read(sheet: Sheet, first: bytes) -> Alike:
    """Return the events of a sheet; raises _Unlike, NotCanonical or ValueError."""
    known = fields_of(first)
    if len(sheet.rows) == 1:
        return Alike(sheet.rows, known, ())
    pattern = json.loads(_marked(sheet.form))
    columns = [
        _Values(_READ.get(kind, _texts)(column))
        for kind, column in zip(sheet.form.kinds, sheet.columns, strict=True)
    ]
    if pattern["hash"] != HASH_ALGORITHM:
        raise _Unlike
    return Alike(sheet.rows, pattern, columns)


def _marked(form: Form) -> str:
    """Return the text of a form with a numbered mark at each place.

    A form may have come over the wire: outside quotation marks a text has no place, and its mark is no JSON.
    """
    if not set(form.kinds) <= {STRING, INSTANT, NUMBER, LOOSE}:
        raise _Unlike
    parts = [form.pieces[0]]
    for number, (kind, piece) in enumerate(zip(form.kinds, form.pieces[1:], strict=True)):
        text = kind in (STRING, INSTANT)
        if text and not (parts[-1].endswith(b'"') and piece.startswith(b'"')):
            raise _Unlike
        if piece.startswith(b'":'):
            raise _Unlike  # the lines differ in the name of a field
        parts += (b"\x7f%d" if text else b'"\x7f%d"') % number, piece
    whole = b"".join(parts).decode()
    if "\\" in whole or whole.count(_MARK) != len(form.kinds):
        raise _Unlike
    return whole


@dataclass
class _Values:
    """The values of a column; texts are cut apart when first asked for, for most never are."""

    given: str | Sequence[Any]
    _all: Sequence[Any] = field(default=())

    def all(self) -> Sequence[Any]:
        """Return them, one for each row."""
        if not self._all:
            self._all = self.given.split("\n") if isinstance(self.given, str) else self.given
        return self._all


def _texts(column: Column) -> str:
    """Return texts that are their own encoding, a line each."""
    joined = b"\n".join(column)
    if joined.count(b"\n") != len(column) - 1 or len(joined.translate(None, _ESCAPED)) != len(joined):
        raise _Unlike
    return joined.decode()


def _numbers(column: Column) -> list[int]:
    """Return numbers that are their own encoding."""
    numbers = whole_numbers(column)
    if numbers is None:
        raise _Unlike
    return numbers


def _lists(column: Column) -> list[list[str]]:
    """Return lists of texts, however many, that are their own encoding."""
    whole = all(value.startswith(b'["') and value.endswith(b'"]') for value in column)
    text = b",".join(column).decode()
    if not whole or not text.count("[") == text.count("]") == len(column):
        raise _Unlike
    lists: list[list[str]] = json.loads(f"[{text}]")
    if json.dumps(lists, ensure_ascii=False, separators=(",", ":")) != f"[{text}]":
        raise _Unlike
    return lists


_READ: dict[int, Callable[[Column], str | Sequence[Any]]] = {NUMBER: _numbers, LOOSE: _lists}


def _values(node: Any, columns: Sequence[_Values]) -> Iterator[Any] | None:
    """Return what each line has in a place of the form, None if it is the same in all."""
    if not columns:
        return None
    if isinstance(node, str):
        return iter(columns[int(node[1:])].all()) if node.startswith(_MARK) else None
    if isinstance(node, list):
        own = [_values(item, columns) for item in node]
        if not any(own):
            return None
        return map(
            list, zip(*[values or repeat(item) for values, item in zip(own, node, strict=True)], strict=False)
        )
    if isinstance(node, dict):
        if any(key.startswith(_MARK) for key in node):
            raise _Unlike
        differing = {
            key: values for key, item in node.items() if (values := _values(item, columns)) is not None
        }
        if not differing:
            return None
        return (
            node | dict(zip(differing, row, strict=True)) for row in zip(*differing.values(), strict=True)
        )
    return None
