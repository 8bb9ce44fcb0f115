"""Long lists open at once: only the pages in sight are fetched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.ui.kit.table import PAGE, Column, PagedModel, RecordTable

COLUMNS = (Column("号票", bold=True), Column("受种者", 2), Column("剂次", right=True))


class Rows:
    """A source of rows that remembers which pages were asked for."""

    def __init__(self, count: int) -> None:
        self.count, self.asked = count, list[int]()

    def fetch(self, offset: int, limit: int) -> list[tuple[str, ...]]:
        self.asked.append(offset)
        return [(f"A {row:06}", "林**", "1") for row in range(offset, min(offset + limit, self.count))]


@pytest.fixture
def table(qtbot: QtBot) -> RecordTable:
    built = RecordTable("今天的记录", COLUMNS)
    qtbot.addWidget(built)
    built.resize(800, 500)
    built.show()
    return built


def test_a_hundred_thousand_rows_open_with_one_page(table: RecordTable) -> None:
    rows = Rows(100_000)
    table.show_rows(rows.count, rows.fetch)
    table.grab()
    assert rows.asked == [0]


def test_a_jump_to_the_end_fetches_the_page_there(table: RecordTable) -> None:
    rows = Rows(100_000)
    table.show_rows(rows.count, rows.fetch)
    table.scrollToBottom()
    table.grab()
    assert set(rows.asked) <= {0, 99_900}


@given(st.lists(st.integers(0, 2_345), min_size=1, max_size=60))
def test_every_row_is_the_one_that_was_asked_for(asked: list[int]) -> None:
    rows = Rows(2_346)
    model = PagedModel(COLUMNS)
    model.show_rows(rows.count, rows.fetch)
    for row in asked:
        assert model.row_at(row)[0] == f"A {row:06}"
        assert model.data(model.index(row, 0)) == f"A {row:06}"


def test_a_page_that_was_just_used_is_not_fetched_again() -> None:
    rows = Rows(50 * PAGE)
    model = PagedModel(COLUMNS)
    model.show_rows(rows.count, rows.fetch)
    for page in (0, 1, 0, 1, 0):
        model.row_at(page * PAGE)
    assert rows.asked == [0, PAGE]


def test_rows_that_vanished_since_the_count_are_empty_and_no_error() -> None:
    model = PagedModel(COLUMNS)
    model.show_rows(500, Rows(120).fetch)
    assert model.row_at(450) == ("", "", "")


def test_new_rows_replace_the_old_ones() -> None:
    model = PagedModel(COLUMNS)
    model.show_rows(3, Rows(3).fetch)
    model.row_at(0)
    model.show_rows(1, lambda offset, limit: [("B", "", "")])
    assert (model.rowCount(), model.row_at(0)[0]) == (1, "B")


def test_enter_opens_the_marked_row(table: RecordTable, qtbot: QtBot) -> None:
    rows = Rows(10)
    table.show_rows(rows.count, rows.fetch)
    with qtbot.waitSignal(table.selected) as told:
        table.selectRow(4)
    assert told.args == [4]
    with qtbot.waitSignal(table.opened) as opened:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [4]
