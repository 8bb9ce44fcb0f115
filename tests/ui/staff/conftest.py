"""The staff page in the real shell, over a small site with a key file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import SmallSite
from tests.ui.staff.rig import StaffRig


@pytest.fixture
def rig(small_site: SmallSite, tmp_path: Path, qtbot: QtBot) -> Iterator[StaffRig]:
    rig = StaffRig(small_site)
    qtbot.addWidget(rig.shell)
    rig.open()
    yield rig
    rig.bench.close()
