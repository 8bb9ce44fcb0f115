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

STRING, NUMBER, LOOSE = 1, 2, 3
"""A text between quotation marks, a whole number, anything else between two texts."""
SAMPLE = 4
"""So many lines, or up to twice, teach a form at first."""
FEW = 8
"""Of so few lines a value goes to a column even if it is the same in all, if a column can pack it."""

Column = Sequence[bytes]
Name = tuple[bytes, int]
"""A key, and how many places after it."""

_KEY = re.compile(rb'"([^"\\]*+)":')
_KIND = b'"kind":"'
_CONTENT = bytes(set(range(256)) - set(b'{}[]:,"'))
"""Without it two lines look alike if they are built alike, or nearly."""
_NUMBER = re.compile(rb"([:\[,]++)(0|-?[1-9][0-9]{0,17})([,\]}]++)")
_PACKABLE = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]{12}Z)?|[0-9]{4,20}|[0-9]{17}X|[A-Za-z0-9_-]{43}"
    rb"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[0-9a-f]{2}){8,64}"
)
_CLOCKS = frozenset({b"wall", b"hlc", b"seq", b"uptime_ms"})
"""Always in a column: other values are told from them."""
_FITS = {STRING: rb'([^"]*+)', NUMBER: rb"(-?[0-9]++)", LOOSE: rb'([^"]*+)'}


@dataclass(frozen=True)
class Form:
    """What lines share: the pieces between their places, and what stands at each place."""

    pieces: tuple[bytes, ...]
    """One more than places."""
    kinds: bytes

    def fill(self, columns: Sequence[Column], count: int) -> list[bytes]:
        """Return the lines of columns, each ``count`` long."""
        parts: list[Iterable[bytes]] = [repeat(self.pieces[0], count)]
        for column, piece in zip(columns, self.pieces[1:], strict=True):
            parts += (column, repeat(piece))
        return list(map(b"".join, zip(*parts, strict=False)))

    def size(self) -> int:
        """Return how many bytes every line has in common."""
        return sum(map(len, self.pieces))

    def names(self) -> list[Name]:
        """Return the name of each place: the key before it, and the places in between."""
        found: list[Name] = []
        key, number = b"", -1
        for piece in self.pieces[:-1]:
            keys = _KEY.findall(piece)
            key, number = (keys[-1], 0) if keys else (key, number + 1)
            found.append((key, number))
        return found


@dataclass(frozen=True)
class Sheet:
    """The lines of one form."""

    form: Form
    rows: list[int]
    """Their numbers in the message."""
    columns: list[Column]
    """One for each place."""


def sheets(lines: Sequence[bytes]) -> list[Sheet]:
    """Return every line in one sheet, the sheets in the order of their first lines."""
    groups: dict[tuple[bytes, bytes], list[int]] = {}
    for number, line in enumerate(lines):
        at = line.rfind(_KIND) + len(_KIND)
        groups.setdefault((line.translate(None, _CONTENT), line[at : line.find(b'"', at)]), []).append(number)
    return [_sheet(rows, [lines[row] for row in rows]) for rows in groups.values()]


def _sheet(rows: list[int], lines: list[bytes]) -> Sheet:
    sample = lines[:: max(1, len(lines) // SAMPLE)]
    while True:
        form = _form_of(sample, few=len(lines) <= FEW)
        matches = list(map(_pattern(form.kinds, tuple(map(len, form.pieces))).fullmatch, lines))
        if all(matches):
            columns: list[Column] = list(zip(*[match.groups() for match in matches if match], strict=True))
            again = form.fill(columns, len(lines))
            if again == lines:
                return Sheet(form, rows, columns)
            misfits = [line for line, other in zip(lines, again, strict=True) if line != other]
        else:
            misfits = [line for line, match in zip(lines, matches, strict=True) if match is None]
        sample += misfits[: len(sample)]


def _form_of(sample: Sequence[bytes], *, few: bool) -> Form:
    """Return the form of lines with equally many quotation marks."""
    table = [line.split(b'"') for line in sample]
    columns = list(zip(*table, strict=True))
    first, count = table[0], len(table)
    placed = {at for at, column in enumerate(columns) if column.count(column[0]) != count}
    placed |= {at + 1 for at, part in enumerate(first[:-1]) if at & 1 and part in _CLOCKS}
    if few:
        placed |= {at for at in range(1, len(first), 2) if _PACKABLE.fullmatch(first[at])}
    pieces, kinds, begin, after = [], bytearray(), 0, b""
    for at in sorted(placed):
        kind, before, next_after = (STRING, b"", b"") if at & 1 else _between(columns[at])
        if kind == LOOSE and columns[at].count(first[at]) == count:
            continue
        pieces.append(after + b'"'.join([*first[begin:at], before]))
        kinds.append(kind)
        begin, after = at + 1, next_after + b'"' * (at + 1 < len(first))
    pieces.append(after + b'"'.join(first[begin:]))
    return Form(tuple(pieces), bytes(kinds))


def _between(column: Column) -> tuple[int, bytes, bytes]:
    """Return what differs between two texts: one number with the same before and after it, or anything."""
    matches = [_NUMBER.fullmatch(part) for part in column]
    around = {match.group(1, 3) if match else (b"", b"") for match in matches}
    before, after = around.pop()
    return (NUMBER, before, after) if before and not around else (LOOSE, b"", b"")


@lru_cache(512)
def _pattern(kinds: bytes, lengths: tuple[int, ...]) -> re.Pattern[bytes]:
    """Return what cuts the values out of a line; the pieces are compared afterwards, all at once."""
    places = [_FITS[kind] + b".{%d}" % length for kind, length in zip(kinds, lengths[1:], strict=True)]
    return re.compile(b".{%d}" % lengths[0] + b"".join(places), re.DOTALL)
