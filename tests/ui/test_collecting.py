"""Garbage that holds widgets is collected where widgets may die."""

import gc
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui import collecting
from app.ui.collecting import collect_here


class Ring(QWidget):
    """A widget nobody but itself holds; says on which thread it went."""

    def __init__(self, died_on: list[threading.Thread]) -> None:
        super().__init__()
        self.itself, self._died_on = self, died_on

    def __del__(self) -> None:
        self._died_on.append(threading.current_thread())


def test_a_ring_of_widgets_dies_on_the_screen_thread_though_another_makes_objects(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's writer thread makes most of the objects."""
    monkeypatch.setattr(collecting, "EVERY_MS", 1)
    owner = QTimer()
    died_on: list[threading.Thread] = []
    gc.enable()
    collect_here(owner)
    Ring(died_on)
    busy = threading.Thread(target=lambda: [[number] for number in range(200_000)])
    busy.start()
    busy.join()
    assert died_on == []
    qtbot.waitUntil(lambda: died_on == [threading.main_thread()])
    owner.deleteLater()
    QCoreApplication.processEvents()
