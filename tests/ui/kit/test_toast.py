"""What was done can be taken back for a while, and then not any more (rule 7)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.scan_box import ScanBox
from app.ui.kit.toast import Toast


class Page(QWidget):
    """A page with a toast under a line, and a clock that is set by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.box, self.toast = ScanBox(QLineEdit), Toast(lambda: self.now).bind(self)
        self.line = self.box.edit
        self.told: list[str] = []
        self.toast.undone.connect(lambda: self.told.append("undone"))
        self.toast.expired.connect(lambda: self.told.append("expired"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.box)
        layout.addWidget(self.toast)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.line.setFocus()
    return shown


def test_ctrl_z_takes_back_what_was_announced_once(page: Page) -> None:
    page.toast.announce("已记录：A 016", 120)
    for _ in range(2):
        QTest.keyClick(page.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.told == ["undone"]
    assert not page.toast.isVisible()


def test_after_its_time_it_can_no_longer_be_taken_back(page: Page) -> None:
    page.toast.announce("已记录：A 016", 120)
    page.now += 119
    page.toast.refresh()
    assert page.told == []
    page.now += 1
    page.toast.refresh()
    QTest.keyClick(page.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.told == ["expired"]


def test_what_cannot_be_undone_offers_no_undo(page: Page) -> None:
    page.toast.announce("已打印")
    QTest.keyClick(page.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.told == []
    assert page.toast.isVisible()


def test_nothing_moves_when_it_comes_and_goes(page: Page) -> None:
    before = page.box.geometry()
    page.toast.announce("已记录：A 016", 120)
    QTest.qWait(0)
    assert page.box.geometry() == before
