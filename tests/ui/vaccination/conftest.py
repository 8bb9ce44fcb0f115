"""The needle's tests run in the product's look, on a real window."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.theme import apply_theme
from tests.factories import SmallSite
from tests.ui.vaccination.rig import NeedleRig


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> QApplication:
    """The application in the product's look."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[NeedleRig]:
    """The vaccination station in its window."""
    rig = NeedleRig(small_site, qtbot)
    yield rig
    rig.close()
