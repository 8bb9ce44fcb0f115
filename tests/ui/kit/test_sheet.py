"""A sheet keeps the keyboard inside, and gives it back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import bind_key


class Window(QWidget):
    """A window with a page, keys of page and window, and a sheet with two fields."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)
        bind_key(self, "F2", lambda: self.told.append("station"), whole_window=True)
        bind_key(self, "F10", lambda: self.told.append("page"))
        self.form = Form(1)
        self.name, self.note = QLineEdit(), QLineEdit()
        self.form.add_field("name", "姓名", self.name)
        self.form.add_field("note", "备注", self.note)
        self.save = ActionButton("保存", "F9", kind=ButtonKind.PRIMARY)
        self.save.clicked.connect(lambda: self.told.append("saved"))
        self.sheet = Sheet(self, "改资料", self.form, [self.save])


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    shown = Window()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.line.setFocus()
    shown.sheet.open_sheet()
    return shown


def _focused() -> QWidget:
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def test_the_first_field_has_the_keyboard(window: Window) -> None:
    assert window.name.hasFocus()


def test_tab_goes_round_inside(window: Window) -> None:
    seen = []
    for _ in range(5):
        seen.append(_focused())
        QTest.keyClick(_focused(), Qt.Key.Key_Tab)
    assert seen[0] is seen[4]
    assert window.line not in seen
    QTest.keyClick(_focused(), Qt.Key.Key_Backtab)
    assert window.name.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_F10])
def test_the_keys_below_it_are_dead(window: Window, key: Qt.Key) -> None:
    QTest.keyClick(_focused(), key)
    window.save.setFocus()
    QTest.keyClick(_focused(), key)
    assert window.told == []


def test_its_own_key_works(window: Window) -> None:
    QTest.keyClick(_focused(), Qt.Key.Key_F9)
    assert window.told == ["saved"]


def test_escape_goes_back_and_returns_the_keyboard(window: Window, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.sheet.closed):
        QTest.keyClick(_focused(), Qt.Key.Key_Escape)
    assert not window.sheet.isVisible()
    assert window.line.hasFocus()
    QTest.keyClick(window.line, Qt.Key.Key_F2)
    assert window.told == ["station"]


def test_it_follows_the_size_of_the_window(window: Window, qtbot: QtBot) -> None:
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: window.sheet.size() == window.size())
