"""What matched is marked, one match is selected at once, arrows walk the list (rules 3 and 24)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.ui.kit.search_box import SearchBox
from app.ui.kit.search_result import Found, ResultList, SearchResult
from app.ui.kit.spans import Span, plain, without_middle
from tests.ui.registration.people import LONGEST_NAME

PEOPLE = [Found(str(number), f"欧阳{name}", "女·2026-02-14") for number, name in enumerate("予雨亦延")]


@pytest.fixture
def results(qtbot: QtBot) -> ResultList:
    built = ResultList()
    qtbot.addWidget(built)
    built.resize(400, 300)
    built.show()
    return built


def test_a_single_match_is_selected_at_once(results: ResultList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(results.selected) as told:
        results.show_results(PEOPLE[:1])
    assert told.args == ["0"]
    assert results.selected_id == "0"


def test_several_matches_wait_for_a_person(results: ResultList) -> None:
    results.show_results(PEOPLE)
    assert results.selected_id == ""


def test_arrows_walk_and_stop_at_both_ends(results: ResultList) -> None:
    results.show_results(PEOPLE)
    seen = []
    for by in (1, 1, -1, -1, -1, 4, 1):
        results.step(by)
        seen.append(results.selected_id)
    assert seen == ["0", "1", "0", "0", "0", "3", "3"]


def test_a_click_selects(results: ResultList) -> None:
    results.show_results(PEOPLE)
    QTest.mouseClick(results.findChildren(SearchResult)[1], Qt.MouseButton.LeftButton)
    assert results.selected_id == "1"


def test_the_selected_one_is_in_view(results: ResultList, qtbot: QtBot) -> None:
    results.show_results(PEOPLE)
    results.step(-1)
    last = results.findChildren(SearchResult)[-1]
    qtbot.waitUntil(lambda: not last.visibleRegion().isEmpty())


def test_new_results_forget_the_old_ones(results: ResultList) -> None:
    results.show_results(PEOPLE[:1])
    results.show_results([])
    assert results.selected_id == ""
    results.step(1)
    assert results.selected_id == ""


def test_matched_characters_and_initials_are_drawn_differently(qtbot: QtBot) -> None:
    plain = SearchResult(Found("1", "欧阳予安", "", pinyin=("ou", "yang", "yu", "an")))
    marked = SearchResult(
        Found("1", "欧阳予安", "", matched=(0, 1, 2), pinyin=("ou", "yang", "yu", "an"), initials=(0, 1, 2))
    )
    for result in (plain, marked):
        qtbot.addWidget(result)
        result.resize(400, 110)
    assert plain.grab().toImage() != marked.grab().toImage()


def test_the_box_hands_on_arrows_and_enter_and_keeps_the_letters(qtbot: QtBot) -> None:
    box = SearchBox(QLineEdit, "姓名、拼音")
    qtbot.addWidget(box)
    box.show()
    told: list[object] = []
    box.stepped.connect(told.append)
    box.searched.connect(told.append)
    box.entered.connect(lambda: told.append("entered"))
    QTest.keyClicks(box.edit, "o")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        QTest.keyClick(box.edit, key)
    assert told == ["o", 1, -1, "entered"]


@given(st.text(alphabet=LONGEST_NAME, min_size=1, max_size=50), st.integers(60, 600))
def test_a_name_on_one_line_keeps_both_its_ends(qapp: QApplication, name: str, width: int) -> None:
    """ux.md rule 21: words are never drawn over the edge."""
    shown = without_middle([Span(character) for character in name], width)
    words = plain(shown)
    assert sum(span.width for span in shown) <= width
    assert words == name or ("…" in words and words[0] == name[0] and words[-1] == name[-1])
    assert words == name or len(words) < len(name)


def test_the_longest_name_is_on_one_line_until_it_is_chosen(results: ResultList) -> None:
    twins = [Found(str(number), LONGEST_NAME, "女·2026-02-14") for number in range(2)]
    results.show_results(twins)
    first, second = results.findChildren(SearchResult)[:2]
    assert first.grab().toImage() == second.grab().toImage()
    assert LONGEST_NAME in first.toolTip()
    results.select("0")
    first.grab()
    assert first.toolTip() == ""
