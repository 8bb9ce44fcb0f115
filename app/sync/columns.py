"""Lines of JSON as columns, and back: the same bytes, laid out so that they compress well.

Lines of one *shape* (the same keys in the same order) share a template; what is the same in all of them
stands in it. Every other value has a place in it, and takes one byte in the column of its place: it is
the value before under this key, one met earlier, one that can be foretold, or a new one, which is then
written once (``app/sync/literals.py``). Nothing here believes that a line is an event: what went in
comes out, or Unfit is raised.

This file is what both directions share; ``folding.py`` and ``unfolding.py`` are the two.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.sync.literals import NUMBER, PLACES

SAME, NEW, FORETOLD, MET = 0, 1, 2, 3
"""From ``MET`` on: odd, so many back among the values under this key; even, among all of the kind."""
FAR = 255
"""The rest of a code stands among the numbers."""
NEAR = 1 << 28
"""Digits less than this apart are written as their difference."""
MAX_NUMBER_BITS = 128
MAX_SHAPES = 256
MAX_PLACES = 1 << 20
"""Values outside the templates, all lines together: each costs time to put back."""

_KEY = re.compile(rb'"([^"\\]*+)":')
_PLACE = re.compile(b"([" + PLACES + b"])")
CLOCKS = (b'"wall":', b'"hlc":')
"""Never part of a template: other values are told from them."""

Name = tuple[bytes, int]
"""A key, and how many values after it."""
WALL: Name = (b"wall", 0)


class Unfit(Exception):
    """The lines have no layout in columns, or the columns hold no lines."""


@dataclass(frozen=True)
class Columns:
    """What is left of the lines: everything but ``raw`` is worth compressing."""

    templates: bytes
    shapes: bytes
    """The template of each line."""
    codes: bytes
    """One byte for each value: template by template, place by place, line by line."""
    numbers: bytes
    """Variable-length numbers in the order in which the lines are read."""
    texts: bytes
    """New texts, place by place, each with a line feed."""
    raw: bytes
    """Random and packed bytes in the order in which the lines are read."""


@dataclass
class Known:
    """The values met under one key."""

    last: bytes | int = 0
    order: list[bytes | int] = field(default_factory=list)
    at: dict[bytes | int, int] = field(default_factory=dict)

    def meet(self, value: bytes | int) -> None:
        """Remember one more."""
        self.at[value] = len(self.order)
        self.order.append(value)


@dataclass
class Place:
    """Where values of one kind stand in the lines of one shape."""

    kind: int
    name: Name
    known: Known
    start: int
    """Of its column among the codes."""
    texts: Iterator[bytes] = field(default_factory=lambda: iter(()))
    """New texts still to be read."""


@dataclass
class Memory:
    """What both sides know at the same line: the values met, and the clock of the line."""

    known: dict[tuple[int, Name], Known] = field(default_factory=dict)
    pools: dict[int, Known] = field(default_factory=lambda: {kind: Known() for kind in PLACES})
    wall: int = 0
    step: int = 0
    """By how much the wall clock went on since the line before."""
    born: bytes = b""
    """The last date read."""
    region: int = 0
    """Of the last citizen number."""
    digits: int = 0
    """The last digits written as new."""

    def under(self, kind: int, name: Name) -> Known:
        """Return the values of a kind met under a key."""
        return self.known.setdefault((kind, name), Known())

    def enter(self, wall: int) -> None:
        """Begin a line of this wall clock."""
        self.wall, self.step = wall, wall - self.wall

    def expected(self, name: Name, last: bytes | int) -> int:
        """Return what a number is told to be; the difference is written."""
        assert isinstance(last, int)
        if name[0] == b"hlc":
            return self.wall << 16
        return last + self.step if name[0] == b"uptime_ms" else last


def template_of(pieces: Sequence[bytes], kinds: bytes) -> bytes:
    """Return pieces with places of the given kinds between them."""
    places = [bytes((kind,)) for kind in kinds]
    return pieces[0] + b"".join(place + piece for place, piece in zip(places, pieces[1:], strict=True))


def pieces_of(template: bytes) -> tuple[list[bytes], bytes]:
    """Return the pieces of a template and the kinds of the places between them."""
    pieces = _PLACE.split(template)
    return pieces[::2], b"".join(pieces[1::2])


def names_of(pieces: Sequence[bytes]) -> list[Name]:
    """Return the name of the value after each piece."""
    names: list[Name] = []
    key, number = b"", -1
    for piece in pieces:
        keys = _KEY.findall(piece)
        key, number = (keys[-1], 0) if keys else (key, number + 1)
        names.append((key, number))
    return names


def wall_of(places: Sequence[Place]) -> int | None:
    """Return which place holds the wall clock of a line."""
    clocks = (at for at, place in enumerate(places) if place.name == WALL and place.kind == NUMBER)
    return next(clocks, None)


def zigzag(number: int) -> int:
    """Return a number from 0 for any number, small for those near 0."""
    return number << 1 if number >= 0 else -number << 1 | 1


def unzigzag(code: int) -> int:
    """Return the number that ``zigzag`` was given."""
    return -(code >> 1) if code & 1 else code >> 1


def following(token: bytes | int) -> bytes:
    """Return the digits after these, as codes of neighbouring packs are."""
    if not isinstance(token, bytes):
        return b""
    return b'"%0*d"' % (len(token) - 2, int(token[1:-1]) + 1)


def digits_size(digits: int) -> int:
    """Return how many bytes hold any number of so many digits."""
    largest: int = 10**digits - 1
    return (largest.bit_length() + 7) // 8


def write_number(into: bytearray, number: int) -> None:
    """Append a number from 0, seven bits a byte, the low ones first."""
    while number > 127:
        into.append(number & 127 | 128)
        number >>= 7
    into.append(number)


def read_number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number at a place and the place after it; raises Unfit."""
    number = shift = 0
    while at < len(data) and shift <= MAX_NUMBER_BITS:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7
    raise Unfit("number")
