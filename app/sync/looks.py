"""What values look like, and as which numbers or bytes: whole runs at a time, for calls are what is slow."""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import cache, lru_cache

TEXT, DIGITS, DAY, UUID7, UUID, HEX, HASH, INSTANT = range(8)
"""What a run looks like."""
MAX_DIGITS = 20
UUID_MASK = b"00000000-0000-0000-0000-000000000000\n"

_NO_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_NO_HEX = bytes.maketrans(b"123456789abcdef", b"0" * 15)
_DAY, _INSTANT = b"0000-00-00\n", b"0000-00-00T00:00:00.000Z\n"
_ONE = re.compile(
    rb"([0-9]{4,%d})|([0-9]{4}-[0-9]{2}-[0-9]{2})"
    rb"|([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
    rb"|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|((?:[0-9a-f]{2}){8,})|([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])"
    rb"|([1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)" % MAX_DIGITS
)
"""What one value looks like: its group is the number of the look."""
_FROM_URL, _TO_URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")


def looks(values: Sequence[bytes]) -> int:
    """Return what all values look like; none of them holds a line feed."""
    if len(values) == 1:
        return look_of(values[0])
    width, count, joined = len(values[0]), len(values), b"\n".join(values) + b"\n"
    if len(joined) != count * (width + 1) or joined[width :: width + 1] != b"\n" * count:
        return TEXT
    if width in (10, 24) or 4 <= width <= MAX_DIGITS:
        mask = joined.translate(_NO_DIGITS)
        if width <= MAX_DIGITS and mask == (b"0" * width + b"\n") * count:
            return DIGITS
        if mask == _DAY * count:
            return DAY
        if mask == _INSTANT * count and b"0" not in joined[::25]:
            return INSTANT
    if width == 36 and joined.translate(_NO_HEX) == UUID_MASK * count:
        seven = not joined[14::37].translate(None, b"7") and not joined[19::37].translate(None, b"89ab")
        return UUID7 if seven else UUID
    if width >= 16 and width % 2 == 0 and joined.translate(_NO_HEX) == (b"0" * width + b"\n") * count:
        return HEX
    return HASH if width == 43 and all(map(_is_hash, values)) else TEXT


def look_of(value: bytes) -> int:
    """Return what one value looks like, as ``looks`` does of many."""
    found = _ONE.fullmatch(value)
    return found.lastindex or TEXT if found else TEXT


def _is_hash(value: bytes) -> bool:
    try:
        return hash_text(hash_bytes(value)) == value
    except ValueError:
        return False


def hash_bytes(value: bytes) -> bytes:
    """Return the hash that is written as base 64."""
    return a2b_base64(value.translate(_FROM_URL) + b"=")


def hash_text(digest: bytes) -> bytes:
    """Return a hash as base 64 for addresses, without what fills it up."""
    return b2a_base64(digest, newline=False).translate(_TO_URL)[:-1]


def instant_numbers(values: Sequence[bytes]) -> list[int]:
    """Return the seventeen digits of instants as numbers."""
    return list(map(int, b"\n".join(values).translate(None, b"-:.TZ").split()))


def whole_numbers(values: Sequence[bytes]) -> list[int] | None:
    """Return values as numbers if each is the one spelling of its number."""
    joined = b",".join(values)
    numbers = list(map(int, values))
    if b"-" in joined or b",0" in joined or not joined[:1] > b"0":
        return numbers if list(map(b"%d".__mod__, numbers)) == list(values) else None
    return numbers if not joined.translate(None, b",0123456789") else None


def number_texts(numbers: Sequence[int]) -> list[bytes]:
    """Return each number in its one spelling."""
    return (b"%d " * len(numbers) % tuple(numbers)).split()


def instant_texts(numbers: Sequence[int]) -> list[bytes]:
    """Return the instants of seventeen digits; raises ValueError on other numbers."""
    if min(numbers) < 10**16 or max(numbers) >= 10**17:
        raise ValueError("instant")
    return set_in(_INSTANT, b"0", b"%d" * len(numbers) % tuple(numbers))


def instant_text(number: int) -> bytes:
    """Return one instant as ``instant_texts`` does; raises ValueError."""
    minute, ms = divmod(number, 100_000)
    if not 10**11 <= minute < 10**12:
        raise ValueError("instant")
    return b"%b%02d.%03dZ" % (_minute_text(minute), ms // 1000, ms % 1000)


@lru_cache(1 << 10)
def _minute_text(minute: int) -> bytes:
    digits = str(minute)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:]}:".encode()


def set_in(mask: bytes, mark: bytes, digits: bytes) -> list[bytes]:
    """Return texts like ``mask``, each mark in it replaced by the next of the digits."""
    places, step, each = _places(mask, mark)
    text = bytearray(mask * (len(digits) // each))
    for number, at in places:
        text[at::step] = digits[number::each]
    return bytes(text).split(b"\n")[:-1]


@cache
def _places(mask: bytes, mark: bytes) -> tuple[list[tuple[int, int]], int, int]:
    """Return which digit stands where, how far the texts are apart, and how many digits each has."""
    places = [at for at, byte in enumerate(mask) if byte == mark[0]]
    return list(enumerate(places)), len(mask), len(places)


def day_numbers(values: Sequence[bytes]) -> list[int] | None:
    """Return days as numbers, each month of 31; None if one is no day of such a month."""
    digits = list(map(int, b"\n".join(values).translate(None, b"-").split()))
    days = [number % 100 for number in digits]
    months = [number // 100 % 100 for number in digits]
    if not (min(days) > 0 and max(days) <= 31 and min(months) > 0 and max(months) <= 12):
        return None
    years = [number // 10000 for number in digits]
    return [(year * 12 + month) * 31 + day - 32 for year, month, day in zip(years, months, days, strict=True)]


@lru_cache(1 << 13)
def day_text(number: int) -> bytes:
    """Return the day that ``day_numbers`` numbered."""
    months, day = divmod(number, 31)
    year, month = divmod(months, 12)
    return b"%04d-%02d-%02d" % (year, month + 1, day + 1)
