"""Not asked is not a no, and no decision is made before all is answered (VER-5)."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.decision_bar import Decision, DecisionBar
from app.ui.kit.question_panel import QuestionPanel
from app.ui.kit.question_row import Answer, AnswerBox, Question, QuestionRow
from app.ui.kit.scan_box import ScanBox

WAYS = (
    Decision("advise", "建议接种", "去接种台", "Alt+1", "advise"),
    Decision("defer", "推迟接种", "写复诊日", "Alt+2", "clock"),
    Decision("refuse", "不宜接种", "写医学建议", "Alt+3", "forbidden"),
)


class Page(QWidget):
    """A page with a question, its panel and the decision."""

    def __init__(self) -> None:
        super().__init__()
        self.box = ScanBox(QLineEdit)
        self.box.set_page_keys("123")
        self.row = QuestionRow(Question("9", 9, "在过去 1 个月内是否接种过减毒活疫苗？"))
        self.panel = QuestionPanel().bind(self)
        self.bar = DecisionBar("医生结论", WAYS).bind(self)
        self.answers: list[object] = []
        self.decided: list[str] = []
        self.panel.answered.connect(self.answers.append)
        self.bar.chosen.connect(self.decided.append)
        layout = QVBoxLayout(self)
        for widget in (self.box, self.row, self.panel, self.bar):
            layout.addWidget(widget)


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    shown = Page()
    qtbot.addWidget(shown)
    shown.resize(1100, 600)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.box.setFocus()
    return shown


def test_the_keys_answer_yes_no_and_not_asked(page: Page) -> None:
    QTest.keyClicks(page.box.edit, "123")
    assert page.answers == [Answer.YES, Answer.NO, Answer.UNASKED]


def test_a_click_answers_or_asks_the_question_of_its_row(page: Page, qtbot: QtBot) -> None:
    no = page.row.findChildren(AnswerBox)[1]
    with qtbot.waitSignal(page.row.answered) as answered:
        QTest.mouseClick(no, Qt.MouseButton.LeftButton)
    assert answered.args == ["9", Answer.NO]
    with qtbot.waitSignal(page.row.asked) as asked:
        QTest.mouseClick(page.row, Qt.MouseButton.LeftButton)
    assert asked.args == ["9"]


def test_the_three_answers_differ_in_words_and_in_the_picture(page: Page) -> None:
    pictures, words = [], set()
    for answer in Answer:
        page.row.show_question(Question("9", 9, "是否怀孕？", answer))
        words.add(page.row.accessibleName())
        pictures.append(page.row.grab().toImage())
    assert len(words) == 3
    assert all(first != second for first, second in pairwise(pictures))


def test_a_locked_bar_decides_nothing(page: Page) -> None:
    page.bar.show_missing("再答 2 问后可选")
    QTest.keyClick(page.box.edit, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert page.decided == []


def test_an_open_bar_decides_by_its_keys_and_nothing_is_chosen_before(page: Page) -> None:
    page.bar.show_missing("")
    ways = page.bar.findChildren(ActionButton)
    assert all(way.kind is ButtonKind.SECONDARY for way in ways)
    QTest.keyClick(page.box.edit, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert page.decided == ["defer"]
    page.bar.show_chosen("defer")
    assert [way.kind is ButtonKind.PRIMARY for way in ways] == [False, True, False]
