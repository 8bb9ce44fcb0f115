"""The screens built from the kit keep the rules of the house at both sizes (rules 22, 23 and 25)."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.kit.gallery import SCREENS
from tests.ui.kit.screen_rules import cut_texts, nameless, outside, overlapping, small_targets

SIZES = [(1366, 768), (1280, 720), (1536, 864), (1920, 1080)]


@pytest.fixture(params=sorted(SCREENS))
def screen(request: pytest.FixtureRequest, qtbot: QtBot) -> QWidget:
    built = SCREENS[request.param]()
    qtbot.addWidget(built)
    built.show()
    return built


@pytest.mark.parametrize("size", SIZES)
def test_a_screen_fits_and_nothing_is_cut_or_overlaps(
    screen: QWidget, size: tuple[int, int], qtbot: QtBot
) -> None:
    screen.setFixedSize(*size)
    qtbot.waitUntil(lambda: (screen.width(), screen.height()) == size)
    assert (cut_texts(screen), outside(screen), overlapping(screen)) == ([], [], [])


def test_every_control_has_a_name_and_is_large_enough_for_a_glove(screen: QWidget) -> None:
    screen.setFixedSize(1280, 720)
    assert nameless(screen) == []
    assert small_targets(screen) == []
