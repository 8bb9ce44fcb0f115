"""Passwords that are stretched a little only, for tests that are not about the stretching."""

from collections.abc import Iterator

import pytest

from tests.storage.kept_site import stretched_a_little


@pytest.fixture(scope="module")
def quick_passwords() -> Iterator[None]:
    with stretched_a_little():
        yield
