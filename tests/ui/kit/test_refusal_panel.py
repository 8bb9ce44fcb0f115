"""A stop is not passed by Enter, by a scanner, or by accident (rule 9)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.comparison_table import Compared
from app.ui.kit.refusal_panel import RefusalAction, RefusalFacts, RefusalPanel
from app.ui.kit.shortcuts import bind_key

FACTS = RefusalFacts(
    "不能接种：这瓶疫苗已过期",
    "没有记录接种。按 Enter 不会越过这一步。",
    happened=("扫到的药瓶超过有效期",),
    safe=("孩子没有被接种，档案未改",),
    todo=("再取一瓶新的，扫码继续",),
    actions=(
        RefusalAction("quarantine", "隔离此瓶，换一瓶", "打印停用标签", "F10"),
        RefusalAction("supervisor", "请负责人来看", "记录是谁、为什么", "F11"),
        RefusalAction("back", "退回等候", "不接种", "Esc"),
    ),
    rows=(Compared("有效期", "2026-05-20 或之后", "2026-04-30", "过期 20 天", ok=False),),
    technical="LotExpired(lot_number='202405B11')",
)


class Page(QWidget):
    """A page whose own Enter key would give the dose, covered by a stop."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.panel = RefusalPanel()
        self.panel.chosen.connect(self.told.append)
        bind_key(self, "Enter", lambda: self.told.append("given"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panel)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.resize(1198, 728)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.panel.show_refusal(FACTS)
    return shown


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_does_nothing_wherever_the_keyboard_is(page: Page, key: Qt.Key) -> None:
    QTest.keyClick(page.panel, key)
    for action in FACTS.actions:
        button = page.panel.button(action.action_id)
        button.setFocus()
        QTest.keyClick(button, key)
    assert page.told == []


def test_what_a_scanner_types_chooses_nothing(page: Page) -> None:
    QTest.keyClicks(page.panel, "81234567890123456789 \r")
    assert page.told == []


@pytest.mark.parametrize(
    ("key", "action_id"),
    [(Qt.Key.Key_F10, "quarantine"), (Qt.Key.Key_F11, "supervisor"), (Qt.Key.Key_Escape, "back")],
)
def test_each_printed_key_takes_its_way(page: Page, key: Qt.Key, action_id: str) -> None:
    QTest.keyClick(page.panel, key)
    assert page.told == [action_id]


def test_no_button_has_the_keyboard_when_the_stop_appears(page: Page) -> None:
    assert QApplication.focusWidget() is page.panel


def test_the_safe_way_is_the_largest(page: Page) -> None:
    widths = [page.panel.button(action.action_id).width() for action in FACTS.actions]
    assert widths[0] == max(widths)
    assert widths[0] > widths[1]


def test_the_technical_text_goes_to_the_clipboard(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.panel.details_copied):
        QTest.keyClick(page.panel, Qt.Key.Key_F12)
    assert QGuiApplication.clipboard().text() == FACTS.technical


def test_a_second_stop_replaces_the_first(page: Page) -> None:
    page.panel.show_refusal(
        RefusalFacts("不能接种：人不对", "", (), (), (), (RefusalAction("back", "退回等候", "", "Esc"),))
    )
    QTest.keyClick(page.panel, Qt.Key.Key_F10)
    assert page.told == []
    assert page.panel.accessibleName().startswith("不能接种：人不对")
