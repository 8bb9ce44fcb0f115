"""The registration tests run in the product's look, on a real window."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.kit.theme import apply_theme
from app.ui.registration.page import RegistrationPage
from tests.factories import NURSE, SmallSite
from tests.ui.registration.rig import DeskRig


@pytest.fixture(scope="session", autouse=True)
def themed(qapp: QApplication) -> QApplication:
    """The application in the product's look."""
    apply_theme(qapp)
    return qapp


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """The registration station in its window, a registrar at the desk."""
    small_site.as_user(NURSE)
    rig = DeskRig(small_site, qtbot, [RegistrationPage])
    yield rig
    rig.close()
