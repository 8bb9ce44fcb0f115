"""The rail switches stations by key and tells who waits; the bar keeps every device in view."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.bottom_bar import BottomBar
from app.ui.kit.device_strip import DeviceMark, DeviceState
from app.ui.kit.nav_rail import NavButton, NavItem, NavRail, short_count
from app.ui.kit.tokens import NAV_ITEM_HEIGHT, NAV_WIDTH, Tone

ITEMS = (
    NavItem("registration", "登记", "registration", "F2"),
    NavItem("needle", "接种", "needle", "F4"),
)


class Window(QWidget):
    """A window with the rail and a line that has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.rail, self.line = NavRail(ITEMS), QLineEdit()
        self.rail.bind(self)
        self.told: list[str] = []
        self.rail.chosen.connect(self.told.append)
        self.rail.helped.connect(lambda: self.told.append("help"))
        layout = QHBoxLayout(self)
        layout.addWidget(self.rail)
        layout.addWidget(self.line)


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    shown = Window()
    qtbot.addWidget(shown)
    shown.resize(900, 700)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.line.setFocus()
    return shown


def test_a_key_chooses_its_station_and_a_key_of_none_does_nothing(window: Window) -> None:
    for key in (Qt.Key.Key_F4, Qt.Key.Key_F3, Qt.Key.Key_F2, Qt.Key.Key_F1):
        QTest.keyClick(window.line, key)
    assert window.told == ["needle", "registration", "help"]


def test_a_click_chooses_but_only_the_page_marks_the_current_one(window: Window) -> None:
    first, second = window.rail.findChildren(NavButton)[1:3]
    window.rail.set_current("registration")
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert window.told == ["needle"]
    assert (first.isChecked(), second.isChecked()) == (True, False)


@pytest.mark.parametrize(("count", "said"), [(7, "7"), (999, "999"), (1000, "999+"), (2065, "999+")])
def test_a_count_too_long_for_the_rail_is_said_to_be_more(count: int, said: str) -> None:
    assert short_count(count) == said


def test_counts_are_told_in_words_too(window: Window) -> None:
    window.rail.show_count("needle", 5)
    window.rail.show_count("not-shown", 9)
    button = window.rail.findChildren(NavButton)[2]
    assert button.accessibleDescription() == "F4，5"


def test_other_roles_see_other_stations(window: Window) -> None:
    window.rail.set_items(ITEMS[1:])
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F4):
        QTest.keyClick(window.line, key)
    assert window.told == ["needle"]


def test_a_place_that_is_shown_again_keeps_its_button_and_its_order(window: Window, qtbot: QtBot) -> None:
    (needle,) = (button for button in window.findChildren(NavButton) if button.item is ITEMS[1])
    for items in (ITEMS[1:], ITEMS):
        window.rail.set_items(items)
        qtbot.waitUntil(lambda: all(button.isVisible() for button in window.findChildren(NavButton)))
    shown = [button for button in window.findChildren(NavButton) if button.item in ITEMS]
    assert [button.item for button in sorted(shown, key=lambda button: button.y())] == list(ITEMS)
    assert needle in shown


def test_the_rail_has_the_measures_of_the_grid(window: Window) -> None:
    assert window.rail.width() == NAV_WIDTH
    assert {button.height() for button in window.rail.findChildren(NavButton)} == {NAV_ITEM_HEIGHT}


def test_devices_change_in_place_and_a_missing_one_goes(qtbot: QtBot) -> None:
    bar = BottomBar()
    qtbot.addWidget(bar)
    bar.resize(1198, 40)
    bar.show()
    printer = DeviceState("printer", "printer", "打印机", "正常")
    bar.devices.show_devices([DeviceState("scanner", "scan", "扫码枪", "正常"), printer])
    before = bar.findChildren(DeviceMark)
    fault = DeviceState("printer", "printer", "打印机", "缺纸，请装纸", Tone.WARNING)
    bar.devices.show_devices([fault])
    qtbot.waitUntil(lambda: len(bar.findChildren(DeviceMark)) == 1)
    assert bar.findChildren(DeviceMark) == [before[1]]
    assert before[1].accessibleName() == "打印机 缺纸，请装纸"


def test_a_click_on_a_device_asks_for_help_with_it(qtbot: QtBot) -> None:
    bar = BottomBar()
    qtbot.addWidget(bar)
    bar.devices.show_devices([DeviceState("scanner", "scan", "扫码枪", "正常")])
    bar.show()
    with qtbot.waitSignal(bar.devices.chosen) as told:
        QTest.mouseClick(bar.findChildren(DeviceMark)[0], Qt.MouseButton.LeftButton)
    assert told.args == ["scanner"]


def test_the_status_line_says_what_is_saved_and_what_waits(qtbot: QtBot) -> None:
    """SYN-1, rule 16: local truth first."""
    bar = BottomBar()
    qtbot.addWidget(bar)
    bar.status.show_counts(37, 12, "上次同步 08:15", icon="offline")
    assert bar.status.accessibleName() == "本机已保存 37·待上传 12·上次同步 08:15"
