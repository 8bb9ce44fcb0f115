"""The tests of the observation station run in the product's look, in a real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import SmallSite
from tests.ui.observation.rig import ObservationRig


@pytest.fixture
def small_site(tmp_path: Path) -> Iterator[SmallSite]:
    """A practice site with more people than the board has places."""
    site = SmallSite(tmp_path, people=60)
    yield site
    site.close()


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[ObservationRig]:
    """The observation station in its window."""
    rig = ObservationRig(small_site, qtbot)
    yield rig
    rig.close()
