"""Watches the reference count of ``None``: a binding that loses one a call aborts the program in a day.

PySide6 6.12.0 on Python 3.11 does, after some 5,000 repaints (``Fatal Python error: none_dealloc``).
"""

import sys
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.observation_card import ObservationCard, Observed
from app.ui.kit.ring import RingFace, RingState
from app.ui.kit.table import Column, RecordTable

TIMES = 1000
SLACK = 100
"""What Qt and Python keep for themselves in any thousand calls; a loss would be a thousand or more."""


class Cells(QAbstractTableModel):
    """A model that answers ``None`` to all roles but one."""

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 1000

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        return 10

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        return "x" if role == Qt.ItemDataRole.DisplayRole else None


class Line(QLineEdit):
    """A line whose handlers return ``None`` to Qt."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)


def lost_over(act: Callable[[], object], times: int = TIMES) -> int:
    """Return how many references to ``None`` are gone after ``times`` calls of ``act``."""
    for _ in range(20):
        act()
    before = sys.getrefcount(None)
    for _ in range(times):
        act()
    return before - sys.getrefcount(None)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QWidget], None]:
    def show(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        widget.resize(400, 300)
        widget.show()
        qtbot.waitExposed(widget)

    return show


def test_a_thousand_repaints_of_a_table_lose_no_reference_to_none(shown: Callable[[QWidget], None]) -> None:
    view = QTableView()
    model = Cells(view)
    view.setModel(model)
    shown(view)
    assert lost_over(view.viewport().repaint) < SLACK


def test_a_thousand_repaints_of_our_own_widgets_lose_no_reference_to_none(
    shown: Callable[[QWidget], None],
) -> None:
    face = RingFace(RingState.RUNNING, "17", "分钟", 0.5)
    card = ObservationCard(Observed("A 009", "狂犬 第 1 剂", "何**，09:18 接种", "留观中", face))
    shown(card)
    assert lost_over(card.repaint) < SLACK
    table = RecordTable("记录", [Column("号票"), Column("受种者")])
    table.show_rows(1000, lambda offset, limit: [("A 001", "林**")] * limit)
    shown(table)
    assert lost_over(table.viewport().repaint) < SLACK


def test_a_thousand_events_lose_no_reference_to_none(shown: Callable[[QWidget], None]) -> None:
    line = Line()
    shown(line)
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)

    def press() -> None:
        QApplication.sendEvent(line, key)
        QApplication.processEvents()

    assert lost_over(press) < SLACK
    assert lost_over(line.repaint) < SLACK


def test_a_loss_would_be_seen() -> None:
    kept: list[None] = []
    held = [None] * 5000
    assert lost_over(held.pop) >= TIMES - SLACK
    assert lost_over(lambda: kept.append(None)) < SLACK
