"""Columns back to lines (``app/sync/columns.py`` says how they are laid out); nothing in them is believed."""

from collections.abc import Callable

from app.sync import literals
from app.sync.columns import (
    FAR,
    FORETOLD,
    MAX_NUMBER_BITS,
    MAX_PLACES,
    MET,
    NEW,
    SAME,
    Columns,
    Known,
    Memory,
    Place,
    Unfit,
    digits_size,
    following,
    names_of,
    pieces_of,
    read_number,
    unzigzag,
    wall_of,
)
from app.sync.literals import BYTES, CITIZEN, DAY, DIGITS, INSTANT, NUMBER, UUID

MAX_DIGITS = 20


def unfold(columns: Columns, line_limit: int, limit: int) -> list[bytes]:
    """Return the lines, none longer than ``line_limit`` and ``limit`` together; raises Unfit."""
    try:
        return _Unfolder(columns).read(line_limit, limit)
    except (ValueError, OverflowError, LookupError, StopIteration) as error:
        raise Unfit("values") from error


class _Unfolder:
    """Reads the columns."""

    def __init__(self, columns: Columns) -> None:
        self.memory = Memory()
        self.columns = columns
        self.number_at = self.raw_at = 0
        self.parts: list[list[bytes]] = []
        self.places: list[list[Place]] = []
        self.walls: list[int | None] = []
        texts = columns.texts.split(b"\n")
        if texts.pop():
            raise Unfit("texts")
        start = text_at = 0
        if len(columns.codes) > MAX_PLACES:
            raise Unfit("places")
        for number, template in enumerate(columns.templates.split(b"\n")):
            rows = columns.shapes.count(number)
            pieces, kinds = pieces_of(template)
            places: list[Place] = []
            for name, kind in zip(names_of(pieces[:-1]), kinds, strict=True):
                place = Place(kind, name, self.memory.under(kind, name), start)
                if kind in _WITH_TEXT:
                    new = columns.codes.count(NEW, start, start + rows)
                    place.texts = iter(texts[text_at : text_at + new])
                    text_at += new
                places.append(place)
                start += rows
            parts = [b""] * (2 * len(pieces) - 1)
            parts[::2] = pieces
            self.parts.append(parts)
            self.places.append(places)
            self.walls.append(wall_of(places))
        if start != len(columns.codes) or text_at != len(texts):
            raise Unfit("codes")

    def read(self, line_limit: int, limit: int) -> list[bytes]:
        """Return all lines."""
        seen = [0] * len(self.parts)
        lines: list[bytes] = []
        for shape in self.columns.shapes:
            parts = self._fill(shape, seen[shape])
            seen[shape] += 1
            size = sum(map(len, parts))
            limit -= size
            if size > line_limit or limit < 0:
                raise Unfit("size")
            lines.append(b"".join(parts))
        if self.number_at != len(self.columns.numbers) or self.raw_at != len(self.columns.raw):
            raise Unfit("rest")
        return lines

    def _fill(self, shape: int, row: int) -> list[bytes]:
        """Return the parts of a line with its values in their places."""
        parts, places, wall = self.parts[shape].copy(), self.places[shape], self.walls[shape]
        codes = self.columns.codes
        if wall is not None:
            number = self._number(places[wall], codes[places[wall].start + row])
            self.memory.enter(number)
            parts[2 * wall + 1] = b"%d" % number
        for at, place in enumerate(places):
            code = codes[place.start + row]
            if place.kind != NUMBER:
                parts[2 * at + 1] = self._value(place, code)
            elif at != wall:
                parts[2 * at + 1] = b"%d" % self._number(place, code)
        return parts

    def _number(self, place: Place, code: int) -> int:
        if code == FAR:
            code += self._far()
        number = self.memory.expected(place.name, place.known.last) + unzigzag(code)
        if number.bit_length() > MAX_NUMBER_BITS:
            raise Unfit("number")
        place.known.last = number
        return number

    def _value(self, place: Place, code: int) -> bytes:
        if code == FAR:
            code += self._far()
        token = self._token(place, code)
        if place.kind == DAY:
            self.memory.born = token
        return token

    def _token(self, place: Place, code: int) -> bytes:
        known, kind = place.known, place.kind
        if code == SAME:
            return _spelt(known.last)
        pool = self.memory.pools[kind]
        if code == FORETOLD and kind == INSTANT:
            known.last = self.memory.wall
            pool.meet(known.last)
            return literals.instant_of(known.last)
        if code >= MET:
            value = _back(pool if code & 1 == 0 else known, (code - MET) >> 1)
            if code & 1 == 0:
                known.meet(value)
            known.last = value
            return _spelt(value)
        known.last = value = self._new(place, code)
        known.meet(value)
        pool.meet(value)
        return _spelt(value)

    def _new(self, place: Place, code: int) -> bytes | int:
        read = _READERS.get((place.kind, code))
        if read is not None:
            return read(self, place.known.last)
        if place.kind not in _WITH_TEXT or code != NEW:
            raise Unfit("code")
        return next(place.texts)

    def _instant(self, last: bytes | int) -> int:
        return self.memory.wall + unzigzag(self._far())

    def _uuid(self, last: bytes | int) -> bytes:
        number = self._far()
        random = (number & 3) << 72 | int.from_bytes(self._raw(9), "big")
        return literals.uuid_of(self.memory.wall + unzigzag(number >> 2), random)

    def _day(self, last: bytes | int) -> bytes:
        return literals.day_of(int.from_bytes(self._raw(2), "big"))

    def _digits(self, last: bytes | int) -> bytes:
        count, near = divmod(self._far(), 2)
        if count > MAX_DIGITS:
            raise Unfit("digits")
        memory = self.memory
        if near:
            memory.digits += unzigzag(self._far())
        else:
            memory.digits = int.from_bytes(self._raw(digits_size(count)), "big")
        return b'"%0*d"' % (count, memory.digits)

    def _citizen(self, last: bytes | int) -> bytes:
        self.memory.region += unzigzag(self._far())
        return literals.citizen_of(self.memory.region, int.from_bytes(self._raw(2), "big"), self.memory.born)

    def _bytes(self, last: bytes | int) -> bytes:
        spelt = self._far()
        return literals.token_of(spelt, self._raw(literals.raw_size(spelt)))

    def _next_digits(self, last: bytes | int) -> bytes:
        return following(last)

    def _far(self) -> int:
        number, self.number_at = read_number(self.columns.numbers, self.number_at)
        return number

    def _raw(self, size: int) -> bytes:
        start = self.raw_at
        self.raw_at += size
        if self.raw_at > len(self.columns.raw):
            raise Unfit("raw")
        return self.columns.raw[start : self.raw_at]


_WITH_TEXT = frozenset({literals.TEXT, CITIZEN})
_READERS: dict[tuple[int, int], Callable[[_Unfolder, bytes | int], bytes | int]] = {
    (INSTANT, NEW): _Unfolder._instant,
    (UUID, NEW): _Unfolder._uuid,
    (DAY, NEW): _Unfolder._day,
    (DIGITS, NEW): _Unfolder._digits,
    (DIGITS, FORETOLD): _Unfolder._next_digits,
    (CITIZEN, FORETOLD): _Unfolder._citizen,
    (BYTES, NEW): _Unfolder._bytes,
}


def _spelt(value: bytes | int) -> bytes:
    return value if isinstance(value, bytes) else literals.instant_of(value)


def _back(known: Known, count: int) -> bytes | int:
    return known.order[len(known.order) - 1 - count] if count < len(known.order) else _nothing()


def _nothing() -> bytes:
    raise Unfit("reference")
