"""The kinds of value an event holds, and how each is written when it is met for the first time.

A *token* is a JSON value as it stands in the line, quotes included. Every kind but ``TEXT`` takes exactly the
tokens its pattern matches and gives the same bytes back.
"""

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from app.domain.identity import check_digit

TEXT, NUMBER, UUID, INSTANT, DAY, DIGITS, CITIZEN, BYTES = range(1, 9)
"""Also the bytes that hold a value's place in a shape: canonical JSON has no control character."""
PLACES = bytes(range(1, 9))

_HEX = rb"[0-9a-f]"
_PATTERNS = {
    NUMBER: rb"0|-?[1-9][0-9]{0,17}",
    UUID: rb'"%b{8}-%b{4}-7%b{3}-[89ab]%b{3}-%b{12}"' % ((_HEX,) * 5),
    INSTANT: rb'"(?:19[7-9]\d|20\d\d)-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ"',
    DAY: rb'"(?:19\d\d|20[0-6]\d)-\d\d-\d\d"',
    CITIZEN: rb'"\d{17}[\dX]"',
    DIGITS: rb'"\d{4,20}"',
    BYTES: rb'"(?:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]|(?:%b%b){8,64}|%b{8}(?:-%b{4}){3}-%b{12})"'
    % ((_HEX,) * 5),
}
_WHOLE = {kind: re.compile(rb"(?:(?:%b)\n)++" % pattern) for kind, pattern in _PATTERNS.items()}

MS_PER_DAY = 86_400_000
DAY_0 = date(1900, 1, 1).toordinal()
DAY_1970 = date(1970, 1, 1).toordinal()
NUMBER_LIMIT = 10**18
_UUID_BYTES, _BASE64_BYTES = 0, 1
"""What ``raw_of`` says of sixteen and thirty-two bytes that were no plain hexadecimal digits."""
_RANDOM_BITS = 62


def kind_of(tokens: Iterable[bytes]) -> int:
    """Return the one kind all tokens are of."""
    column = b"\n".join(tokens) + b"\n"
    return next((kind for kind, whole in _WHOLE.items() if whole.fullmatch(column)), TEXT)


def ms_of(token: bytes) -> int:
    """Return the milliseconds since 1970 of an instant."""
    return _day_ms(token[1:11]) + (
        3_600_000 * int(token[12:14])
        + 60_000 * int(token[15:17])
        + 1000 * int(token[18:20])
        + int(token[21:24])
    )


def instant_of(ms: int) -> bytes:
    """Return the token of an instant; raises ValueError outside the years that have one."""
    day, rest = divmod(ms, MS_PER_DAY)
    minutes, rest = divmod(rest, 60_000)
    return b'"%bT%02d:%02d:%02d.%03dZ"' % (
        _day_text(day), minutes // 60, minutes % 60, rest // 1000, rest % 1000
    )  # fmt: skip


@lru_cache(64)
def _day_ms(text: bytes) -> int:
    return (date.fromisoformat(text.decode()).toordinal() - DAY_1970) * MS_PER_DAY


@lru_cache(64)
def _day_text(day: int) -> bytes:
    return date.fromordinal(day + DAY_1970).isoformat().encode()


def days_of(token: bytes) -> int:
    """Return the days since 1900 of a date."""
    return date.fromisoformat(token[1:-1].decode()).toordinal() - DAY_0


def day_of(days: int) -> bytes:
    """Return the token of a date."""
    return b'"%b"' % date.fromordinal(days + DAY_0).isoformat().encode()


def uuid_parts(token: bytes) -> tuple[int, int]:
    """Return the milliseconds and the 74 random bits of a UUIDv7."""
    digits = token[1:9] + token[10:14] + token[15:19] + token[20:24] + token[25:37]
    value = int(digits, 16)
    random = (value >> 64 & 0xFFF) << _RANDOM_BITS | value & (1 << _RANDOM_BITS) - 1
    return value >> 80, random


def uuid_of(ms: int, random: int) -> bytes:
    """Return the token of a UUIDv7; raises ValueError on bits it has no room for."""
    if ms >> 48 or random >> 74:
        raise ValueError("bits")
    high, low = 7 << 12 | random >> _RANDOM_BITS, 2 << _RANDOM_BITS | random & (1 << _RANDOM_BITS) - 1
    return b'"%08x-%04x-%04x-%04x-%012x"' % (
        ms >> 16, ms & 0xFFFF, high, low >> 48, low & 0xFFFF_FFFF_FFFF
    )  # fmt: skip


def raw_of(token: bytes) -> tuple[int, bytes]:
    """Return how a token of kind ``BYTES`` is spelt, and its bytes."""
    text = token[1:-1]
    if len(text) == 36 and b"-" in text:
        return _UUID_BYTES, bytes.fromhex(text.replace(b"-", b"").decode())
    if len(text) == 43:
        return _BASE64_BYTES, a2b_base64(text.translate(_FROM_URL) + b"=")
    return len(text) // 2, bytes.fromhex(text.decode())


def raw_size(spelt: int) -> int:
    """Return how many bytes follow a spelling."""
    return {_UUID_BYTES: 16, _BASE64_BYTES: 32}.get(spelt, spelt)


def token_of(spelt: int, raw: bytes) -> bytes:
    """Return the token that ``raw_of`` read."""
    if spelt == _UUID_BYTES:
        text = raw.hex().encode()
        return b'"%b-%b-%b-%b-%b"' % (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
    if spelt == _BASE64_BYTES:
        return b'"%b"' % b2a_base64(raw, newline=False).translate(_TO_URL)[:43]
    return b'"%b"' % raw.hex().encode()


_FROM_URL, _TO_URL = bytes.maketrans(b"-_", b"+/"), bytes.maketrans(b"+/", b"-_")


def citizen_parts(token: bytes, born: bytes) -> tuple[int, int] | None:
    """Return region and sequence of a citizen number that follows from them and the date before it."""
    if token[7:15] != born[1:11].replace(b"-", b"") or check_digit(token[1:18].decode()) != chr(token[18]):
        return None
    return int(token[1:7]), int(token[15:18])


def citizen_of(region: int, sequence: int, born: bytes) -> bytes:
    """Return the token of a citizen number; raises ValueError on numbers too long."""
    if not (0 <= region < 10**6 and 0 <= sequence < 1000):
        raise ValueError("citizen number")
    first17 = b"%06d%b%03d" % (region, born[1:11].replace(b"-", b""), sequence)
    return b'"%b%b"' % (first17, check_digit(first17.decode()).encode())
