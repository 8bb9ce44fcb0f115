"""Lines of one form, laid side by side: the text they share, and a column for each place where they differ.

A line is cut at its quotation marks and no closer: whatever stands between them, the pieces joined again are
the line, so nothing here depends on what a line says. The form is learnt from a few lines and tried on all;
those it does not fit teach it, until every line is what its form and its values make.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

STRING, NUMBER, LOOSE = 1, 2, 3
"""A text between quotation marks, a whole number, anything else between two texts."""
SAMPLE = 4
"""So many lines, or up to twice, teach a form at first."""
FEW = 8
"""Of so few lines a value goes to a column even if it is the same in all, if a column can pack it."""

SHORT = 1024
"""Bytes of a piece whose key is kept in mind."""

Column = Sequence[bytes]
Name = tuple[bytes, int]
"""A key, and how many places after it."""
Keys = tuple[bytes | None, ...]

_KEY = re.compile(rb'"([^"\\]*+)":')
KIND = b'"kind":"'
"""Before the kind of an event."""
_CONTENT = bytes(set(range(256)) - set(b'{}[]:,"'))
"""Without it two lines look alike if they are built alike, or nearly."""
_NUMBER = re.compile(rb"([:\[,]++)(0|-?[1-9][0-9]{0,17})([,\]}]++)")
_PACKABLE_TEXT = (
    rb"[0-9]{4}(?:-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{12}Z)?|[0-9]{0,16}|[0-9]{13}X)|(?:[0-9a-f]{2}){8,64}"
    rb"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{43}"
)
_PACKABLE = re.compile(_PACKABLE_TEXT)
_CLOCKS = frozenset({b"wall", b"hlc", b"seq", b"uptime_ms"})
"""Always in a column: other values are told from them."""
_ALONE = re.compile(
    rb'"(?:(%s)"|(?:%s)"[:\[,]++(0|-?[1-9][0-9]{0,17})[,\]}]++(?:(?=")|\Z))'
    % (_PACKABLE_TEXT, b"|".join(sorted(_CLOCKS)))
)
"""What goes to a column of a line of which there is no other: a ``STRING`` or a ``NUMBER``, by its group."""
_WHOLE = re.compile(rb"0|-?[1-9][0-9]{0,17}")


class Form(NamedTuple):
    """What lines share: the pieces between their places, and what stands at each place."""

    pieces: tuple[bytes, ...]
    """One more than places."""
    kinds: bytes

    def fill(self, columns: Sequence[Column], count: int) -> Iterable[bytes]:
        """Yield the lines of columns, each ``count`` long; who only looks at them needs no room for all."""
        if count == 1:
            own = [b""] * (2 * len(columns) + 1)
            own[::2], own[1::2] = self.pieces, [value for [value] in columns]
            return [b"".join(own)]
        parts: list[Iterable[bytes]] = [repeat(self.pieces[0], count)]
        for column, piece in zip(columns, self.pieces[1:], strict=True):
            parts += (column, repeat(piece))
        return map(b"".join, zip(*parts, strict=False))

    def size(self) -> int:
        """Return how many bytes every line has in common."""
        return sum(map(len, self.pieces))

    def keys(self) -> Keys:
        """Return the last key before each place, None where there is none since the place before it."""
        pieces = self.pieces[:-1]
        short = max(map(len, pieces), default=0) <= SHORT
        return tuple(map(_last_key if short else _key_in, pieces))


def _key_in(piece: bytes) -> bytes | None:
    """Return the last key in a piece; None if there is none."""
    keys = _KEY.findall(piece)
    return keys[-1] if keys else None


_last_key = lru_cache(4096)(_key_in)
"""Of the short pieces, which hundreds of forms have in common."""


def names_of(keys: Keys) -> list[Name]:
    """Return the name of each place: the key before it, and the places in between."""
    found: list[Name] = []
    key, number = b"", -1
    for last in keys:
        key, number = (key, number + 1) if last is None else (last, 0)
        found.append((key, number))
    return found


class Events(tuple[bytes, ...]):
    """The events of a message, as their bytes; those that came in columns have their sheets with them."""

    sheets: "Sequence[Sheet]" = ()


class Sheet(NamedTuple):
    """The lines of one form."""

    form: Form
    rows: list[int]
    """Their numbers in the message."""
    columns: list[Column]
    """One for each place."""


def behind_header(found: Sequence[Sheet]) -> Sequence[Sheet]:
    """Return the sheets of a message without its first line; none if that is in a sheet with others."""
    if any(len(sheet.rows) > 1 and sheet.rows[0] == 0 for sheet in found):
        return ()
    return [
        Sheet(sheet.form, [row - 1 for row in sheet.rows], sheet.columns) for sheet in found if sheet.rows[0]
    ]


def sheets(lines: Sequence[bytes]) -> list[Sheet]:
    """Return every line in one sheet, the sheets in the order of their first lines."""
    if len(lines) == 1:
        return [_alone(lines[0])]
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for number, line in enumerate(lines):
        at = line.rfind(KIND) + len(KIND)
        groups.setdefault((line.translate(None, _CONTENT), line[at : line.find(b'"', at)]), []).append(number)
    return [_sheet(rows, [lines[row] for row in rows]) for rows in groups.values()]


def _alone(line: bytes) -> Sheet:
    """Return a line of which there is no other: in columns is what a column can pack."""
    pieces: list[bytes] = []
    columns: list[Column] = []
    kinds, end = bytearray(), 0
    for match in _ALONE.finditer(line):
        kind = match.lastindex or LOOSE
        pieces.append(line[end : match.start(kind)])
        kinds.append(kind)
        columns.append([match[kind]])
        end = match.end(kind)
    return Sheet(Form((*pieces, line[end:]), bytes(kinds)), [0], columns)


def _sheet(rows: list[int], lines: list[bytes]) -> Sheet:
    sample = lines[:: max(1, len(lines) // SAMPLE)]
    while True:
        form, places = form_of(sample, few=len(lines) <= FEW)
        columns = values_at(lines, places)
        misfits = [
            line for line, again in zip(lines, form.fill(columns, len(lines)), strict=True) if line != again
        ]
        if not misfits:
            return Sheet(form, rows, columns)
        sample += misfits[: len(sample)]


def values_at(lines: Sequence[bytes], places: Sequence["_Place"]) -> list[Column]:
    """Return the values at the places, place by place; one line is cut after the other to save room."""
    if not places:
        return []
    pick = itemgetter(*(place.at for place in places))
    picked = [pick(line.split(b'"')) for line in lines]
    parts: Sequence[Column] = list(zip(*picked, strict=True)) if len(places) > 1 else [picked]
    return [place.cut(column) for place, column in zip(places, parts, strict=True)]


def numbers_in(values: Column) -> Column:
    """Return values with what is no whole number blank, so that its line does not fit."""
    if not b"".join(values).translate(None, b"-0123456789"):
        return values
    return [value if _WHOLE.fullmatch(value) else b"" for value in values]


@dataclass(frozen=True)
class _Place:
    """Where the parts of a line differ."""

    at: int
    """Among the parts between quotation marks."""
    kind: int
    before: bytes = b""
    after: bytes = b""
    """What is the same around a number."""

    def cut(self, parts: Column) -> Column:
        """Return the values in parts."""
        if self.kind != NUMBER:
            return parts
        start, end = len(self.before), -len(self.after)
        return numbers_in([part[start:end] for part in parts])


def form_of(sample: Sequence[bytes], *, few: bool) -> tuple[Form, list[_Place]]:
    """Return the form of lines with equally many quotation marks, and where its places are."""
    table = [line.split(b'"') for line in sample]
    columns = list(zip(*table, strict=True))
    first, count = table[0], len(table)
    differing = {at for at, column in enumerate(columns) if column.count(column[0]) != count}
    clocks = {at + 1 for at, part in enumerate(first[:-1]) if at & 1 and part in _CLOCKS}
    packable = {at for at in range(1, len(first), 2) if few and _PACKABLE.fullmatch(first[at])}
    places = [_place(at, columns[at]) for at in sorted(differing | clocks | packable)]
    places = [place for place in places if place.kind != LOOSE or place.at in differing]
    return _form_at(places, first), places


def _form_at(places: Sequence[_Place], parts: Sequence[bytes]) -> Form:
    """Return the form of a line, given as its parts between quotation marks, and what differs in it."""
    pieces, begin, after = [], 0, b""
    for place in places:
        pieces.append(after + b'"'.join([*parts[begin : place.at], place.before]))
        begin, after = place.at + 1, place.after + b'"' * (place.at + 1 < len(parts))
    pieces.append(after + b'"'.join(parts[begin:]))
    return Form(tuple(pieces), bytes(place.kind for place in places))


def _place(at: int, column: Column) -> _Place:
    """Return what differs: a text, one number with the same before and after it, or anything."""
    if at & 1:
        return _Place(at, STRING)
    matches = [_NUMBER.fullmatch(part) for part in column]
    around = {match.group(1, 3) if match else (b"", b"") for match in matches}
    before, after = around.pop()
    return _Place(at, NUMBER, before, after) if before and not around else _Place(at, LOOSE)
