"""The kit's tests run on the themed application."""

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.kit.theme import apply_theme


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> QApplication:
    """The application in the product's look."""
    apply_theme(qapp)
    return qapp
