"""The opening page in the real shell: of a working site, and of one founded a moment ago."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import SmallSite
from tests.ui.stock.rig import FridgeRig
from tests.workflows.founded_site import FoundedSite


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[FridgeRig]:
    rig = FridgeRig(small_site)
    qtbot.addWidget(rig.shell)
    yield rig
    rig.bench.close()


@pytest.fixture
def new_rig(tmp_path: Path, qtbot: QtBot) -> Iterator[FridgeRig]:
    site = FoundedSite(tmp_path)
    rig = FridgeRig(site)
    qtbot.addWidget(rig.shell)
    yield rig
    rig.bench.close()
    site.close()
