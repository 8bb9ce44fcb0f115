"""The backup page in its window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.backup.rig import BackupRig
from tests.ui.looking import keep_unseen
from tests.workflows.copied_site import quick_folder


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[BackupRig]:
    with quick_folder() as folder:
        rig = BackupRig(Path(folder))
        qtbot.addWidget(rig.shell)
        keep_unseen(rig.shell)
        rig.open()
        yield rig
        rig.close()
