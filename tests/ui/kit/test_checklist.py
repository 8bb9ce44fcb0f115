"""The checklist keeps the order it was given and counts what is done (VER-1)."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.kit.checklist_panel import CheckGroup, ChecklistPanel
from app.ui.kit.checklist_row import CheckItem, CheckState
from app.ui.kit.text import Text

MACHINE = CheckItem("health", "健康状况与禁忌", note="预检 11/11", state=CheckState.MACHINE)
BOOKLET = CheckItem("booklet", "预防接种证", note="与档案一致", key="1", state=CheckState.CURRENT)
LOOK = CheckItem("look", "外观、批号、有效期", note="瓶与针已看", key="2")


@pytest.fixture
def panel(qtbot: QtBot) -> ChecklistPanel:
    built = ChecklistPanel()
    qtbot.addWidget(built)
    built.show_groups([[CheckGroup("三查", (MACHINE, BOOKLET, LOOK))]])
    built.resize(500, 300)
    built.show()
    return built


def _texts(panel: ChecklistPanel) -> list[str]:
    return [text.text() for text in panel.findChildren(Text)]


def test_the_lines_stand_in_the_order_they_were_given(panel: ChecklistPanel) -> None:
    tops = [panel.row(item_id).y() for item_id in ("health", "booklet", "look")]
    assert tops == sorted(tops)


def test_a_group_counts_what_a_machine_or_a_person_has_checked(panel: ChecklistPanel) -> None:
    assert "1 / 3" in _texts(panel)
    done = replace(BOOKLET, state=CheckState.DONE)
    panel.show_groups([[CheckGroup("三查", (MACHINE, done, replace(LOOK, state=CheckState.FAILED)))]])
    assert "2 / 3" in _texts(panel)


def test_a_change_keeps_the_lines_that_are_there(panel: ChecklistPanel) -> None:
    before = panel.row("booklet")
    panel.show_groups([[CheckGroup("三查", (MACHINE, replace(BOOKLET, state=CheckState.DONE), LOOK))]])
    assert panel.row("booklet") is before
    assert before.accessibleName() == "预防接种证 已确认"


def test_a_click_confirms_a_line_that_only_a_person_can_check(panel: ChecklistPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.confirmed) as told:
        QTest.mouseClick(panel.row("booklet"), Qt.MouseButton.LeftButton)
    assert told.args == ["booklet"]


def test_a_line_the_machine_checked_cannot_be_pressed(panel: ChecklistPanel) -> None:
    line = panel.row("health")
    assert line.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert line.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


@pytest.mark.parametrize("state", list(CheckState))
def test_every_state_is_said_in_words_and_drawn_differently(state: CheckState, panel: ChecklistPanel) -> None:
    line = panel.row("booklet")
    pictures, names = [], set()
    for each in CheckState:
        line.show_item(replace(BOOKLET, state=each))
        names.add(line.accessibleName())
        if each is not state:
            pictures.append(line.grab().toImage())
    line.show_item(replace(BOOKLET, state=state))
    assert len(names) == len(CheckState)
    same_drawing = {CheckState.MACHINE, CheckState.DONE}
    if state not in same_drawing:
        assert line.grab().toImage() not in pictures
