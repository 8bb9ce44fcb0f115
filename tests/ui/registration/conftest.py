"""The registration tests run in the product's look, on a real window."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.ui.registration.page import RegistrationPage
from tests.factories import NURSE, SmallSite
from tests.ui.registration.rig import DeskRig


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """The registration station in its window, a registrar at the desk."""
    small_site.as_user(NURSE)
    rig = DeskRig(small_site, qtbot, [RegistrationPage])
    yield rig
    rig.close()
