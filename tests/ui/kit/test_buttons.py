"""Buttons are pressed by people: by a click, by Space or Enter on them, and by their own key."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.tokens import TARGET


class Page(QWidget):
    """A page with a primary button on Enter, a secondary on F10, and a line."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.primary = ActionButton("已接种", "Enter", kind=ButtonKind.PRIMARY).bind(self)
        self.other = ActionButton("暂缓", "F10").bind(self)
        self.pressed: list[str] = []
        self.primary.clicked.connect(lambda: self.pressed.append("primary"))
        self.other.clicked.connect(lambda: self.pressed.append("other"))
        layout = QVBoxLayout(self)
        for widget in (self.line, self.primary, self.other):
            layout.addWidget(widget)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.line.setFocus()
    return shown


def test_the_printed_key_presses_its_button(page: Page) -> None:
    QTest.keyClick(page.line, Qt.Key.Key_F10)
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    assert page.pressed == ["other", "primary"]


def test_enter_on_a_button_that_has_the_keyboard_presses_that_button_not_the_primary(page: Page) -> None:
    page.other.setFocus()
    QTest.keyClick(page.other, Qt.Key.Key_Return)
    assert page.pressed == ["other"]


def test_space_presses_the_button_that_has_the_keyboard(page: Page) -> None:
    page.other.setFocus()
    QTest.keyClick(page.other, Qt.Key.Key_Space)
    assert page.pressed == ["other"]


@pytest.mark.parametrize("change", ["disable", "hide"])
def test_the_key_of_a_button_that_is_disabled_or_gone_does_nothing(page: Page, change: str) -> None:
    getattr(page.other, "setEnabled" if change == "disable" else "setVisible")(False)
    QTest.keyClick(page.line, Qt.Key.Key_F10)
    assert page.pressed == []


def test_a_button_that_refuses_enter_leaves_it_alone_even_with_the_keyboard(page: Page) -> None:
    page.other.refuse_enter()
    page.other.setFocus()
    QTest.keyClick(page.other, Qt.Key.Key_Enter)
    assert page.pressed == ["primary"]


def test_the_key_of_a_page_that_has_not_the_keyboard_does_nothing(page: Page, qtbot: QtBot) -> None:
    elsewhere = QLineEdit()
    qtbot.addWidget(elsewhere)
    elsewhere.show()
    elsewhere.activateWindow()
    qtbot.waitUntil(elsewhere.isActiveWindow)
    QTest.keyClick(elsewhere, Qt.Key.Key_F10)
    assert page.pressed == []


@pytest.mark.parametrize("size", [18, 22, 28])
@pytest.mark.parametrize("kind", list(ButtonKind))
def test_a_button_is_a_target_of_44_px_that_holds_its_words(
    size: int, kind: ButtonKind, qtbot: QtBot
) -> None:
    """Rule 22; the least size a layout may give it still shows every word."""
    button = ActionButton("把这瓶疫苗先隔离再换一瓶新的", "F10", "copy", kind, "打印停用标签", size=size)
    qtbot.addWidget(button)
    button.resize(button.minimumSizeHint())
    button.grab()
    assert button.height() >= TARGET
    assert button.toolTip() == ""


def test_a_button_tells_its_words_and_its_key_to_a_reader_of_the_screen(page: Page) -> None:
    assert (page.other.accessibleName(), page.other.accessibleDescription()) == ("暂缓", "F10")


def test_no_button_is_pressed_by_enter_from_elsewhere_in_a_dialog(page: Page) -> None:
    assert not page.primary.autoDefault()
    assert not page.primary.isDefault()
