"""Passwords that are stretched a little only: what a try costs is the machine's business, not most tests'."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.storage.stretching import ARGON2


@contextmanager
def stretched_a_little() -> Iterator[None]:
    """Make slots whose passwords cost next to nothing: the slot says so itself, and opens anywhere."""
    before = dict(ARGON2)
    ARGON2.update(memory_cost_kib=64, time_cost=1)
    try:
        yield
    finally:
        ARGON2.update(before)
