"""The needle's tests run in the product's look, on a real window."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import SmallSite
from tests.ui.vaccination.rig import NeedleRig


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[NeedleRig]:
    """The vaccination station in its window."""
    rig = NeedleRig(small_site, qtbot)
    yield rig
    rig.close()
