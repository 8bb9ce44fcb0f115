"""Runs of values as bytes, and back: each run as a whole, by what all its values look like.

Numbers and digits become distances, UUIDs their time and their random bits, all written plane by plane: first
bytes together, second bytes together. Random bits stand apart, for no compressor makes them smaller. Whatever
has no packing is text. A reader that cannot believe what it reads raises one of ``UNFIT``.
"""

import struct
from binascii import a2b_hex, b2a_hex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, islice
from operator import or_, sub

from app.sync.looks import (
    DAY,
    DIGITS,
    HASH,
    HEX,
    INSTANT,
    MAX_DIGITS,
    TEXT,
    UUID,
    UUID7,
    UUID_MASK,
    day_numbers,
    day_text,
    hash_bytes,
    hash_text,
    instant_numbers,
    instant_texts,
    look_of,
    looks,
    set_in,
)

UNFIT = (ValueError, LookupError, OverflowError, StopIteration, struct.error)
MAX_WIDTH = 32
"""Bytes of a number."""

_LOW_FOUR_UP = bytes((byte & 15) << 4 for byte in range(256))
_LOW_FOUR = bytes(byte & 15 for byte in range(256))
_HIGH_TWO = bytes(byte >> 4 & 3 for byte in range(256))


@dataclass
class Writer:
    """Takes runs of values one after the other."""

    walls: list[int]
    """The clock of each line, from which ids are told."""
    tags: bytearray = field(default_factory=bytearray)
    """How each run is packed, and single numbers."""
    planes: bytearray = field(default_factory=bytearray)
    texts: list[bytes] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    """Random bytes."""
    _met: dict[bytes, int] = field(default_factory=dict)
    """Every UUID so far, and how many were written before it."""
    _ids: int = 0

    def tag(self, number: int) -> None:
        """Write one number, briefly if it is near 0."""
        rest = number << 1 if number >= 0 else ~number << 1 | 1
        while rest > 127:
            self.tags.append(rest & 127 | 128)
            rest >>= 7
        self.tags.append(rest)

    def numbers(self, values: Sequence[int]) -> None:
        """Write numbers as their distances from the lowest, or from one to the next if those are closer."""
        if len(values) == 1:
            self.tag(values[0])
            return
        first, lowest, stepped = values[0], min(values), False
        span = max(values) - lowest
        if span:
            steps = list(map(sub, values[1:], values))
            slowest = min(steps)
            spread = max(steps) - slowest
            stepped = spread.bit_length() < span.bit_length()
            if stepped:
                values, lowest, span = steps, slowest, spread
        width = (span.bit_length() + 7) // 8
        if width > MAX_WIDTH:
            raise ValueError("number")
        self.tag(width << 1 | stepped)
        if stepped:
            self.tag(first)
        self.tag(lowest)
        if width == 0:
            return
        distances = [value - lowest for value in values] if lowest else values
        if width == 1:
            self.planes += bytes(distances)
            return
        packed, size = _packed(distances, width)
        for plane in range(width):
            self.planes += packed[plane::size]

    def value(self, value: bytes, row: int) -> None:
        """Write the value of a single line."""
        look = look_of(value)
        if look == TEXT:
            self.tag(TEXT)
            self.texts.append(value)
        elif look == HASH:
            self.tag(HASH)
            self.raw += hash_bytes(value)
        else:
            self._values(look, (value,), (row,))

    def values(self, values: Sequence[bytes], rows: Sequence[int]) -> None:
        """Write the values of some lines, at least one."""
        self._values(looks(values), values, rows)

    def _values(self, look: int, values: Sequence[bytes], rows: Sequence[int]) -> None:
        days = day_numbers(values) if look == DAY else None
        if look == DAY and not days:
            look = TEXT
        self.tag(look)
        if look == DIGITS:
            self.tag(len(values[0]))
            self.numbers(list(map(int, values)))
        elif days:
            self.numbers(days)
        elif look == INSTANT:
            self.numbers(instant_numbers(values))
        elif look in (UUID, UUID7):
            self._uuids(look, values, rows)
        elif look == HEX:
            self.tag(len(values[0]))
            self.raw += a2b_hex(b"".join(values))
        elif look == HASH:
            self.raw += b"".join(map(hash_bytes, values))
        else:
            self.texts += values

    def _uuids(self, look: int, values: Sequence[bytes], rows: Sequence[int]) -> None:
        """Write ids met before as which they were, new ones as time and random bits."""
        met = [self._met.get(value, -1) for value in values]
        known = len(met) - met.count(-1)
        self.tag(known)
        if known:
            self.numbers(met)
            new = [at < 0 for at in met]
            values, rows = list(compress(values, new)), list(compress(rows, new))
        if not values:
            return
        self._met.update(zip(values, range(self._ids, self._ids + len(values)), strict=True))
        self._ids += len(values)
        data = a2b_hex(b"".join(values).replace(b"-", b""))
        if look == UUID:
            self.raw += data
            return
        heads = struct.unpack(f">{2 * len(values)}Q", data)[::2]
        walls = self.walls
        self.numbers([(head >> 16) - walls[row] for head, row in zip(heads, rows, strict=True)])
        sixth, eighth = data[6::16], data[8::16]
        self.planes += eighth.translate(_HIGH_TWO)
        self.raw += bytes(map(or_, sixth.translate(_LOW_FOUR_UP), eighth.translate(_LOW_FOUR)))
        for plane in (7, *range(9, 16)):
            self.raw += data[plane::16]


@dataclass
class Reader:
    """Gives back what a writer took, in the same order; believes nothing."""

    tags: bytes
    planes: bytes
    texts: Iterator[bytes]
    raw: bytes
    walls: list[int]
    tag: Callable[[], int] = field(init=False)
    """Returns the next number."""
    _numbers: Iterator[int] = field(init=False)
    _plane_at: int = 0
    _raw_at: int = 0
    _met: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = _numbers_in(self.tags)
        self.tag = self._numbers.__next__

    def numbers(self, count: int) -> list[int]:
        """Return ``count`` numbers, at least one."""
        if count == 1:
            return [self.tag()]
        width, stepped = divmod(self.tag(), 2)
        first = self.tag() if stepped else 0
        lowest = self.tag()
        if not 0 <= width <= MAX_WIDTH:
            raise ValueError("width")
        count -= stepped
        if width == 0:
            numbers = [lowest] * count
        else:
            distances = _unpacked(self._plane(width * count), width, count)
            numbers = list(map(lowest.__add__, distances)) if lowest else list(distances)
        return list(accumulate(numbers, initial=first)) if stepped else numbers

    def value(self, row: int) -> bytes:
        """Return the value of a single line."""
        look = self.tag()
        if look == UUID7:
            if (known := self.tag()) == 0:
                self._met.append(self._new_uuid7(row))
                return self._met[-1]
            at = self.tag()
            if known != 1 or at < 0:
                raise ValueError("known")
            return self._met[at]
        if look == TEXT:
            return next(self.texts)
        if look == HASH:
            return hash_text(self._random(32))
        if look == DIGITS:
            width, number = self.tag(), self.tag()
            if not 0 < width <= MAX_DIGITS or not 0 <= number < 10**width:
                raise ValueError("digits")
            return b"%0*d" % (width, number)
        if look == HEX:
            size = self.tag() // 2
            if size < 1:
                raise ValueError("hex")
            return self._random(size).hex().encode()
        return self._values(look, 1, (row,))[0]

    def values(self, count: int, rows: Sequence[int]) -> list[bytes]:
        """Return the values of ``count`` lines, at least one."""
        return self._values(self.tag(), count, rows)

    def _values(self, look: int, count: int, rows: Sequence[int]) -> list[bytes]:
        if look == TEXT:
            values = list(islice(self.texts, count))
            if len(values) != count:
                raise ValueError("texts")
            return values
        if look == DIGITS:
            width, numbers = self.tag(), self.numbers(count)
            if not 0 < width <= MAX_DIGITS or min(numbers) < 0 or max(numbers) >= 10**width:
                raise ValueError("digits")
            return list(map((b"%%0%dd" % width).__mod__, numbers))
        if look == DAY:
            numbers = self.numbers(count)
            if min(numbers) < 0 or max(numbers) >= 10_000 * 12 * 31:
                raise ValueError("day")
            return list(map(day_text, numbers))
        if look == INSTANT:
            return instant_texts(self.numbers(count))
        if look in (UUID, UUID7):
            return self._uuids(look, count, rows)
        width = self.tag() if look == HEX else 64
        if look not in (HEX, HASH) or width < 2:
            raise ValueError("look")
        size = width // 2
        data = self._random(size * count)
        pieces = [data[at : at + size] for at in range(0, len(data), size)]
        return list(map(hash_text, pieces)) if look == HASH else [piece.hex().encode() for piece in pieces]

    def end(self) -> None:
        """Raise ValueError if anything is left."""
        read = self._plane_at == len(self.planes) and self._raw_at == len(self.raw)
        if not read or next(self._numbers, None) is not None or next(self.texts, None) is not None:
            raise ValueError("rest")

    def flags(self, count: int) -> bytes:
        """Return ``count`` bytes of 0 or 1."""
        flags = self._plane(count)
        if flags.translate(None, b"\0\1"):
            raise ValueError("flags")
        return flags

    def _uuids(self, look: int, count: int, rows: Sequence[int]) -> list[bytes]:
        known = self.tag()
        if known == 0:
            return self._new_uuids(look, count, rows)
        met = self.numbers(count)
        others = [row for row, at in zip(rows, met, strict=True) if at < 0]
        if known != count - len(others):
            raise ValueError("known")
        before = self._met.copy()
        new = iter(self._new_uuids(look, len(others), others) if others else ())
        return [next(new) if at < 0 else before[at] for at in met]

    def _new_uuids(self, look: int, count: int, rows: Sequence[int]) -> list[bytes]:
        if look == UUID:
            data = bytearray(self._random(16 * count))
        else:
            data = bytearray(16 * count)
            times = [number + self.walls[row] for number, row in zip(self.numbers(count), rows, strict=True)]
            heads = struct.pack(f">{count}Q", *[time << 16 for time in times])
            for plane in range(6):
                data[plane::16] = heads[plane::8]
            high, mixed = self._plane(count), self._random(count)
            if high.translate(None, b"\0\1\2\3"):
                raise ValueError("uuid")
            data[6::16] = bytes(map(or_, mixed.translate(_FROM_UP), bytes([0x70]) * count))
            data[8::16] = bytes(map(or_, mixed.translate(_LOW_FOUR), high.translate(_TO_VARIANT)))
            for plane in (7, *range(9, 16)):
                data[plane::16] = self._random(count)
        values = set_in(UUID_MASK, b"0", b2a_hex(data))
        self._met += values
        return values

    def _new_uuid7(self, row: int) -> bytes:
        """Return a single one as ``_new_uuids`` does."""
        head = (self.tag() + self.walls[row]).to_bytes(6).hex()
        variant, low = "89ab"[self._plane(1)[0]], self._random(9).hex()
        return f"{head[:8]}-{head[8:]}-7{low[0]}{low[2:4]}-{variant}{low[1]}{low[4:6]}-{low[6:]}".encode()

    def _plane(self, size: int) -> bytes:
        start = self._plane_at
        self._plane_at += size
        if self._plane_at > len(self.planes):
            raise ValueError("planes")
        return self.planes[start : self._plane_at]

    def _random(self, size: int) -> bytes:
        start = self._raw_at
        self._raw_at += size
        if self._raw_at > len(self.raw):
            raise ValueError("raw")
        return self.raw[start : self._raw_at]


_FROM_UP = bytes(byte >> 4 for byte in range(256))
_TO_VARIANT = bytes(0x80 | (byte & 3) << 4 for byte in range(256))


def _numbers_in(tags: bytes) -> Iterator[int]:
    """Yield what ``Writer.tag`` wrote, one number at a time, for there may be many; raises ValueError."""
    number = shift = 0
    for byte in tags:
        if byte > 127:
            number |= (byte & 127) << shift
            shift += 7
            if shift > 8 * MAX_WIDTH:
                raise ValueError("tag")
            continue
        if shift:
            byte = number | byte << shift
            number = shift = 0
        yield ~(byte >> 1) if byte & 1 else byte >> 1
    if shift:
        raise ValueError("tag")


def _packed(numbers: Sequence[int], width: int) -> tuple[bytes, int]:
    """Return numbers side by side, and how many bytes apart they stand."""
    if width <= 8:
        size = 2 if width <= 2 else 4 if width <= 4 else 8
        return struct.pack(f"<{len(numbers)}{ {2: 'H', 4: 'I', 8: 'Q'}[size] }", *numbers), size
    return b"".join(number.to_bytes(width, "little") for number in numbers), width


def _unpacked(planes: bytes, width: int, count: int) -> Sequence[int]:
    """Return the numbers whose bytes stand in planes."""
    if width == 1:
        return planes
    size = 2 if width <= 2 else 4 if width <= 4 else 8 if width <= 8 else width
    packed = bytearray(size * count)
    for plane in range(width):
        packed[plane::size] = planes[plane * count : (plane + 1) * count]
    if width <= 8:
        return struct.unpack(f"<{count}{ {2: 'H', 4: 'I', 8: 'Q'}[size] }", packed)
    return [int.from_bytes(packed[at : at + size], "little") for at in range(0, len(packed), size)]
