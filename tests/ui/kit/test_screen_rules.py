"""The rules that walk the screens do find what breaks them."""

from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.text import Text
from tests.ui.kit.screen_rules import cut_texts, faults, nameless, outside, overlapping, small_targets


def _screen(qtbot: QtBot) -> QWidget:
    screen = QWidget()
    qtbot.addWidget(screen)
    screen.setFixedSize(400, 300)
    return screen


def test_a_nameless_field_is_found(qtbot: QtBot) -> None:
    screen = _screen(qtbot)
    QLineEdit(screen)
    screen.show()
    assert nameless(screen) == ["QLineEdit"]


def test_what_breaks_several_rules_is_told_by_rule(qtbot: QtBot) -> None:
    screen = _screen(qtbot)
    QLineEdit(screen).setGeometry(0, 200, 100, 60)
    for left in (0, 90):
        QPushButton("甲", screen).setGeometry(left, 0, 100, 60)
    low = QToolButton(screen)
    low.setText("低")
    low.setFixedHeight(30)
    screen.show()
    assert faults(screen).keys() == {"nameless", "small_targets", "overlapping"}
    assert faults(screen, scrolls=True).keys() == {"nameless", "small_targets"}


def test_a_low_button_is_found(qtbot: QtBot) -> None:
    screen = _screen(qtbot)
    button = QToolButton(screen)
    button.setFixedHeight(30)
    screen.show()
    assert len(small_targets(screen)) == 1


def test_a_cut_line_and_a_cut_paragraph_are_found(qtbot: QtBot) -> None:
    screen = _screen(qtbot)
    Text("接种后请在留观区坐满三十分钟", parent=screen).setGeometry(0, 0, 60, 27)
    paragraph = QLabel("接种后请在留观区坐满三十分钟", screen)
    paragraph.setWordWrap(True)
    paragraph.setGeometry(0, 40, 60, 27)
    screen.show()
    assert len(cut_texts(screen)) == 2


def test_what_sticks_out_or_overlaps_is_found(qtbot: QtBot) -> None:
    screen = _screen(qtbot)
    first, second = QPushButton("甲", screen), QPushButton("乙", screen)
    first.setGeometry(0, 0, 100, 50)
    second.setGeometry(90, 40, 400, 50)
    screen.show()
    assert len(outside(screen)) == 1
    assert len(overlapping(screen)) == 1
