"""The help and the devices over the pages: read to the end by keys, and gone when a code changes the page."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from app.domain.permissions import pages_of
from app.ui.kit.sheet import Sheet
from app.ui.shell import Shell


def test_f1_shows_the_help_of_every_station(shell: Shell, qtbot: QtBot) -> None:
    """Rule 25."""
    shell.activateWindow()
    qtbot.waitUntil(shell.isActiveWindow)
    user = shell.bench.desk.user
    assert user is not None
    for station_id in pages_of(user):
        assert shell.go_to(station_id, None)
        QTest.keyClick(shell, Qt.Key.Key_F1)
        assert shell.help.is_open
        (sheet,) = open_sheets(shell)
        read_to_the_end(sheet)
        shell.help.close()


def read_to_the_end(sheet: Sheet) -> None:
    """Rule 5: the last words of a long page are reached without a mouse, and the first again."""
    bar = sheet.findChildren(QScrollArea)[0].verticalScrollBar()
    for key, end in ((Qt.Key.Key_PageDown, bar.maximum()), (Qt.Key.Key_Up, bar.minimum())):
        for _ in range(10):
            QTest.keyClick(QApplication.focusWidget() or sheet, key)
        assert bar.value() == end


def test_a_sheet_over_the_pages_goes_when_a_code_brings_another_page(shell: Shell, qtbot: QtBot) -> None:
    shell._device_sheet.open_sheet()
    qtbot.waitUntil(lambda: bool(open_sheets(shell)))
    shell.take_scan("89008080000001000000")
    assert shell.current.station_id == "vaccination"
    assert open_sheets(shell) == []


def open_sheets(shell: Shell) -> list[Sheet]:
    return [sheet for sheet in shell.findChildren(Sheet) if sheet.isVisible()]
