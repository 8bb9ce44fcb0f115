"""Lines to columns (``app/sync/columns.py`` says how they are laid out)."""

import re
from collections.abc import Iterator, Sequence

from app.sync import literals
from app.sync.columns import (
    CLOCKS,
    FAR,
    FORETOLD,
    MAX_PLACES,
    MAX_SHAPES,
    MET,
    NEAR,
    NEW,
    SAME,
    Columns,
    Memory,
    Place,
    Unfit,
    digits_size,
    following,
    names_of,
    template_of,
    wall_of,
    write_number,
    zigzag,
)
from app.sync.literals import BYTES, CITIZEN, DAY, DIGITS, INSTANT, NUMBER, TEXT, UUID

_VALUE = re.compile(rb'(?<=[:\[,])("[^"\\]*+(?:\\.[^"\\]*+)*+"|[-0-9a-z]++)(?=[,\]}])')
_CONTROLS = bytes(range(32))


def fold(lines: Sequence[bytes]) -> Columns:
    """Return lines as columns; raises Unfit."""
    rows, values = _shapes(lines)
    order = list(values)
    if len(order) > MAX_SHAPES:
        raise Unfit("shapes")
    folder = _Folder()
    for shape in order:
        folder.add_shape(shape, values[shape])
    numbers = {shape: number for number, shape in enumerate(order)}
    shapes = bytes([numbers[shape] for shape in rows])
    try:
        folder.write(shapes)
    except (ValueError, OverflowError) as error:
        raise Unfit("values") from error
    return folder.columns(shapes)


def _shapes(lines: Sequence[bytes]) -> tuple[list[bytes], dict[bytes, list[list[bytes]]]]:
    """Return the shape of each line, and by shape the values of its lines."""
    rows: list[bytes] = []
    values: dict[bytes, list[list[bytes]]] = {}
    for line in lines:
        if len(line.translate(None, _CONTROLS)) != len(line):
            raise Unfit("control character")
        parts = _VALUE.split(line)
        shape = b"\n".join(parts[::2])
        rows.append(shape)
        values.setdefault(shape, []).append(parts[1::2])
    return rows, values


class _Folder:
    """Writes the columns."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.templates: list[bytes] = []
        self.places: list[list[Place]] = []
        self.rows: list[Iterator[tuple[bytes, ...]]] = []
        self.walls: list[int | None] = []
        self.codes = bytearray()
        self.numbers = bytearray()
        self.raw = bytearray()
        self.texts: dict[int, list[bytes]] = {}

    def add_shape(self, shape: bytes, rows: Sequence[Sequence[bytes]]) -> None:
        """Make the template of a shape: what is the same in all rows stands in it."""
        first, *parts = shape.split(b"\n")
        pieces, kinds, columns = [first], bytearray(), []
        for column, part in zip(zip(*rows, strict=True), parts, strict=True):
            distinct = set(column)
            kind = literals.kind_of(distinct)
            if len(distinct) == 1 and (len(rows) > 1 or kind == TEXT) and not pieces[-1].endswith(CLOCKS):
                pieces[-1] += column[0] + part
            else:
                pieces.append(part)
                kinds.append(kind)
                columns.append(column)
        places = [
            Place(kind, name, self.memory.under(kind, name), len(self.codes) + at * len(rows))
            for at, (name, kind) in enumerate(zip(names_of(pieces[:-1]), kinds, strict=True))
        ]
        self.codes += bytes(len(rows) * len(places))
        self.templates.append(template_of(pieces, bytes(kinds)))
        self.places.append(places)
        self.rows.append(zip(*columns, strict=True) if columns else iter([()] * len(rows)))
        self.walls.append(wall_of(places))
        if len(self.codes) > MAX_PLACES:
            raise Unfit("places")

    def write(self, shapes: bytes) -> None:
        """Write the values of all lines."""
        seen = [0] * len(self.places)
        for shape in shapes:
            row, values, places = seen[shape], next(self.rows[shape]), self.places[shape]
            seen[shape] += 1
            wall = self.walls[shape]
            if wall is not None:
                self._code(places[wall], row, self._number(places[wall], values[wall]))
                self.memory.enter(int(values[wall]))
            for at, (place, value) in enumerate(zip(places, values, strict=True)):
                if at != wall:
                    code = self._number(place, value) if place.kind == NUMBER else self._refer(place, value)
                    self._code(place, row, code)

    def columns(self, shapes: bytes) -> Columns:
        """Return everything written."""
        texts = [text for _, column in sorted(self.texts.items()) for text in column]
        return Columns(
            b"\n".join(self.templates), shapes, bytes(self.codes), bytes(self.numbers),
            b"".join(text + b"\n" for text in texts), bytes(self.raw),
        )  # fmt: skip

    def _code(self, place: Place, row: int, code: int) -> None:
        if code >= FAR:
            self._far(code - FAR)
            code = FAR
        self.codes[place.start + row] = code

    def _number(self, place: Place, value: bytes) -> int:
        number = int(value)
        difference = number - self.memory.expected(place.name, place.known.last)
        place.known.last = number
        return zigzag(difference)

    def _refer(self, place: Place, token: bytes) -> int:
        memory, known, kind = self.memory, place.known, place.kind
        value: bytes | int = literals.ms_of(token) if kind == INSTANT else token
        if kind == DAY:
            memory.born = token
        if value == memory.wall and kind == INSTANT:
            known.last = value
            memory.pools[kind].meet(value)
            return FORETOLD
        if value == known.last:
            return SAME
        last, known.last = known.last, value
        if (at := known.at.get(value)) is not None:
            return MET + 2 * (len(known.order) - 1 - at)
        known.meet(value)
        pool = memory.pools[kind]
        if (at := pool.at.get(value)) is not None:
            return MET + 1 + 2 * (len(pool.order) - 1 - at)
        pool.meet(value)
        if kind == DIGITS and token == following(last):
            return FORETOLD
        return self._new(place, token, value)

    def _new(self, place: Place, token: bytes, value: bytes | int) -> int:
        memory, kind = self.memory, place.kind
        if isinstance(value, int):
            self._far(zigzag(value - memory.wall))
        elif kind == UUID:
            ms, random = literals.uuid_parts(token)
            self._far(zigzag(ms - memory.wall) << 2 | random >> 72)
            self.raw += (random & (1 << 72) - 1).to_bytes(9, "big")
        elif kind == DAY:
            self.raw += literals.days_of(token).to_bytes(2, "big")
        elif kind == DIGITS:
            self._digits(token)
        elif kind == CITIZEN and (parts := literals.citizen_parts(token, memory.born)):
            self._far(zigzag(parts[0] - memory.region))
            memory.region = parts[0]
            self.raw += parts[1].to_bytes(2, "big")
            return FORETOLD
        elif kind == BYTES:
            spelt, raw = literals.raw_of(token)
            self._far(spelt)
            self.raw += raw
        else:
            self.texts.setdefault(place.start, []).append(token)
        return NEW

    def _digits(self, token: bytes) -> None:
        count, number, before = len(token) - 2, int(token[1:-1]), self.memory.digits
        self.memory.digits = number
        if abs(number - before) < NEAR:
            self._far(count << 1 | 1)
            self._far(zigzag(number - before))
        else:
            self._far(count << 1)
            self.raw += number.to_bytes(digits_size(count), "big")

    def _far(self, number: int) -> None:
        write_number(self.numbers, number)
