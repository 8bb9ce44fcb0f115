"""What is built from the kit is looked at in a window dressed as the program's."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.kit.theme import dress_window


class DressedBot(QtBot):
    """Dresses each window it is given as the program dresses its own."""

    def addWidget(self, widget: QWidget) -> None:  # type: ignore[override]
        """Dress ``widget``, and close it after the test."""
        dress_window(widget)
        super().addWidget(widget)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """The bot whose windows wear the product's look."""
    return DressedBot(request)
