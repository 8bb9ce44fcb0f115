"""A screen of its own for the tests that drive real keys: other tests must not take its focus."""

from collections.abc import Iterator

import pytest

from tests.devices.screen import Screen


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """Return a virtual screen with a window manager."""
    with Screen.open() as opened:
        yield opened
