"""Every test of the screens has the program's application, whichever runs first: letters need it."""

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """Return the application, dressed."""
    return qapp
