"""The big key is always there, but only live when everything is confirmed (rule 4)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.key_cap import KeyState
from app.ui.kit.primary_key import Pip, PrimaryKey


class Page(QWidget):
    """A page with the key and a line that has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.line, self.key = QLineEdit(), PrimaryKey("已接种").bind(self)
        self.told: list[str] = []
        self.key.given.connect(lambda: self.told.append("given"))
        self.key.tried_early.connect(lambda: self.told.append("early"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.line)
        layout.addWidget(self.key)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.line.setFocus()
    return shown


def test_it_gives_nothing_while_something_is_missing(page: Page) -> None:
    page.key.show_missing([Pip("1", KeyState.OUTLINED)], "再确认 1 项，注射后按")
    QTest.keyClick(page.line, Qt.Key.Key_Return)
    QTest.mouseClick(page.key, Qt.MouseButton.LeftButton)
    assert page.told == ["early", "early"]
    assert page.key.isVisible()


def test_once_live_its_key_or_a_click_gives(page: Page) -> None:
    page.key.show_ready("注射完成后按")
    QTest.keyClick(page.line, Qt.Key.Key_Enter)
    QTest.mouseClick(page.key, Qt.MouseButton.LeftButton)
    assert page.told == ["given", "given"]


def test_it_stays_in_its_place_when_it_becomes_live(page: Page) -> None:
    page.key.show_missing([Pip("1", KeyState.OUTLINED)], "再确认 1 项，注射后按")
    before = page.key.geometry()
    page.key.show_ready("注射完成后按")
    assert page.key.geometry() == before
    assert page.key.ready
