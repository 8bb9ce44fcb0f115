"""Passwords that are stretched a little only: what a try costs is the machine's business, not most tests'."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.storage.stretching import ARGON2


@contextmanager
def stretched_a_little() -> Iterator[None]:
    """Make slots whose passwords cost next to nothing: the slot says so itself, and opens anywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ARGON2, "memory_cost_kib", 64)
        patch.setitem(ARGON2, "time_cost", 1)
        yield
