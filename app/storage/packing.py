"""Runs of events as they are kept in one value: their bytes, compressed."""

from collections.abc import Sequence

LEVEL = 3
"""A first fill waits for it: higher levels take longer than they save."""


def pack(events: Sequence[bytes]) -> bytes:
    """Return events in one value; canonical events hold no line feed."""
    import zstandard

    return zstandard.ZstdCompressor(level=LEVEL).compress(b"\n".join(events))


def unpack(packed: bytes) -> tuple[bytes, ...]:
    """Return the events that ``pack`` put together."""
    import zstandard

    joined = zstandard.ZstdDecompressor().decompress(packed)
    return tuple(joined.split(b"\n")) if joined else ()
