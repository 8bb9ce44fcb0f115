"""The hybrid logical clock: time that never runs backwards within a device (sync.md, *Journal*)."""

COUNTER_BITS = 16
PEER_PULL_LIMIT_MS = 5 * 60 * 1000
"""A peer never pulls this device's clock further ahead than this."""


def tick(last: int, wall_ms: int) -> int:
    """Return the next value: 48 bits of milliseconds, 16 bits of counter, ``max(wall, last + 1)``."""
    return max(wall_ms << COUNTER_BITS, last + 1)


def merge(last: int, peer: int, wall_ms: int) -> int:
    """Return the next value after hearing a peer's, which counts only up to the limit ahead of the wall."""
    ceiling = (wall_ms + PEER_PULL_LIMIT_MS) << COUNTER_BITS
    return max(tick(last, wall_ms), min(peer, ceiling) + 1)
