"""The screening tests run in the product's look, on a real window, a doctor at the desk."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.ui.screening.page import ScreeningPage
from tests.factories import DOCTOR, SmallSite
from tests.ui.registration.rig import DeskRig


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[DeskRig]:
    """The screening station in its window."""
    small_site.as_user(DOCTOR)
    rig = DeskRig(small_site, qtbot, [ScreeningPage])
    yield rig
    rig.close()
