"""The sync page's tests run in the product's look, on a real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.factories import SmallSite
from tests.ui.looking import keep_unseen
from tests.ui.sync.rig import SyncRig


@pytest.fixture
def rig(small_site: SmallSite, qtbot: QtBot) -> Iterator[SyncRig]:
    """The page in its window."""
    yield from _rig(small_site, qtbot)


@pytest.fixture
def full_rig(tmp_path: Path, qtbot: QtBot) -> Iterator[SyncRig]:
    """The page of a site with so many people that the first upload takes several batches."""
    site = SmallSite(tmp_path, people=330)
    yield from _rig(site, qtbot)
    site.close()


def _rig(site: SmallSite, qtbot: QtBot) -> Iterator[SyncRig]:
    rig = SyncRig(site)
    keep_unseen(rig.shell)
    qtbot.addWidget(rig.shell)
    rig.open()
    yield rig
    rig.line.let_go()
    rig.close()
