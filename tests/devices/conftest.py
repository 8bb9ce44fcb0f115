"""A screen of its own for tests that drive real keys, and a page with somebody at synthetic ones."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.devices.screen import Screen
from tests.devices.wedge_page import Desk


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """Return a virtual screen with a window manager that no other test takes the keyboard from."""
    with Screen.open() as opened:
        yield opened


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    """Return a page, its router, and somebody at the keyboard."""
    return Desk(qtbot)
