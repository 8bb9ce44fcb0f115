"""Ctrl+D: what the sheet of the devices does besides choosing them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.devices.sounds import Tone
from app.ui.kit.buttons import ActionButton
from app.ui.kit.sheet import Sheet
from app.ui.shell import Shell


@pytest.fixture
def sheet(shell: Shell, qtbot: QtBot) -> Sheet:
    """The sheet, opened by its key on a machine that can be heard."""
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    shell.sounds.audible = True
    QTest.keyClick(shell.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)

    def opened() -> list[Sheet]:
        return [one for one in shell.findChildren(Sheet) if one.isVisible()]

    qtbot.waitUntil(lambda: len(opened()) == 1)
    return opened()[0]


def test_the_volume_test_plays_both_tones_and_says_which_is_which(
    shell: Shell, sheet: Sheet, qtbot: QtBot
) -> None:
    """Rule 13: short high = taken, low double = refused; pressed twice it is one test."""
    (button,) = [one for one in sheet.findChildren(ActionButton) if one.text() == "试听提示音"]
    heard: list[str] = []
    shell.sounds.played.connect(heard.append)
    for _ in range(2):
        QTest.keyClick(shell.windowHandle(), button.key)  # type: ignore[call-overload]
    assert "一声高音" in button.accessibleDescription()
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [Tone.TAKEN, Tone.REFUSED]
    assert "两声低音" in button.accessibleDescription()
    assert sheet.isVisible(), "the words are read there"
