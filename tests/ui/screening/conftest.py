"""The screening tests run in the product's look, on a real window, a doctor at the desk."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.theme import apply_theme
from app.ui.screening.page import ScreeningPage
from tests.factories import DOCTOR, SmallSite
from tests.ui.registration.rig import DeskRig


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> QApplication:
    """The application in the product's look."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """The screening station in its window."""
    small_site.as_user(DOCTOR)
    rig = DeskRig(small_site, qtbot, [ScreeningPage])
    yield rig
    rig.close()
