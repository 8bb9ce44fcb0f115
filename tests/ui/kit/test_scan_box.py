"""The scan box shows what became of a code, and gives way to the keys of its page."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.scan_box import ScanBox
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.tokens import Tone


class Page(QWidget):
    """A page with a scan box and the key 3."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ScanBox(QLineEdit).bind(self)
        self.box.set_page_keys("1234")
        self.threes = 0
        bind_key(self, "3", self._three)
        self.enters = 0
        bind_key(self, "Enter", self._enter)
        QVBoxLayout(self).addWidget(self.box)

    def _three(self) -> None:
        self.threes += 1

    def _enter(self) -> None:
        self.enters += 1


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.box.setFocus()
    return shown


def test_the_keyboard_goes_to_the_line_inside_the_box(page: Page) -> None:
    assert page.box.edit.hasFocus()


def test_a_key_of_the_page_reaches_it_while_nothing_is_typed(page: Page) -> None:
    QTest.keyClicks(page.box.edit, "3")
    assert (page.threes, page.box.edit.text()) == (1, "")


def test_once_a_code_is_being_typed_its_digits_belong_to_the_code(page: Page) -> None:
    QTest.keyClicks(page.box.edit, "83")
    assert (page.threes, page.box.edit.text()) == (0, "83")


def test_a_typed_code_is_told_once_and_the_line_is_empty_again(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.box.typed) as told:
        QTest.keyClicks(page.box.edit, " 8612345\r")
    assert told.args == ["8612345"]
    assert page.box.edit.text() == ""


def test_the_enter_that_ends_a_typed_code_is_not_the_enter_of_the_page(page: Page) -> None:
    """Else a typed ticket number would press 已接种."""
    QTest.keyClicks(page.box.edit, "8612345")
    QTest.keyClick(page.box.edit, Qt.Key.Key_Return)
    assert page.enters == 0


def test_enter_on_the_empty_line_is_the_enter_of_the_page(page: Page) -> None:
    told: list[str] = []
    page.box.typed.connect(told.append)
    QTest.keyClick(page.box.edit, Qt.Key.Key_Return)
    assert (page.enters, told) == (1, [])


def test_f9_asks_for_the_way_out_of_an_unreadable_code(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.box.unreadable_reported):
        QTest.keyClick(page.box.edit, Qt.Key.Key_F9)


def test_the_last_result_is_also_told_to_a_reader_of_the_screen(page: Page) -> None:
    page.box.show_result("药瓶已匹配", "09:41", Tone.SUCCESS)
    assert page.box.edit.accessibleDescription() == "药瓶已匹配 09:41"
    page.box.show_fault("扫码枪已拔出，请插好")
    assert page.box.edit.accessibleDescription() == "扫码枪已拔出，请插好"
    page.box.clear_result()
    assert page.box.edit.accessibleDescription() == ""


def test_a_fault_looks_different_from_a_result(page: Page) -> None:
    page.box.show_result("药瓶已匹配", "09:41")
    calm = page.box.grab().toImage()
    page.box.show_fault("药瓶已匹配")
    assert page.box.grab().toImage() != calm
