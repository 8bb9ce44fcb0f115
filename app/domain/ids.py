"""Identifiers: UUIDv7 made from a given time and given randomness (unique, never trusted for order)."""

from collections.abc import Callable
from datetime import datetime

from app.domain.clock import epoch_ms

Randomness = Callable[[int], bytes]
"""Returns so many random bytes; ``os.urandom`` in the program, a seeded one in tests."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Base 32 without I, L, O and U: can be read aloud and typed."""


def uuid7(at: datetime, random: Randomness) -> str:
    """Return a UUIDv7 text: 48 bits of milliseconds, 74 random bits (RFC 9562 §5.7).

    A clock whose battery is dead stands before 1970 in UTC; it counts as 1970.
    """
    value = max(0, epoch_ms(at)) << 80 | int.from_bytes(random(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    digits = f"{value:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def token(length: int, random: Randomness) -> str:
    """Return ``length`` random characters of Crockford's base 32."""
    return "".join(CROCKFORD[byte & 31] for byte in random(length))
