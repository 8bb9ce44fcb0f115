"""Every face of the page: all named, large enough, nothing cut, at both sizes, with the longest words."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.kit.screen_rules import cut_texts, nameless, outside, overlapping, small_targets
from tests.ui.sync.faces import FACES, SEVERAL_BATCHES
from tests.ui.sync.rig import SyncRig


@pytest.mark.parametrize("face", SEVERAL_BATCHES, ids=lambda face: face.__name__)
def test_every_face_of_the_uploading_is_whole(full_rig: SyncRig, face: Callable[[SyncRig], None]) -> None:
    """ux.md rules 21 to 23, 25."""
    look(full_rig, face)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_face_is_whole_named_and_large_enough(rig: SyncRig, face: Callable[[SyncRig], None]) -> None:
    """ux.md rules 21 to 23, 25."""
    look(rig, face)


def look(rig: SyncRig, face: Callable[[SyncRig], None]) -> None:
    face(rig)
    for size in ((1366, 768), (1280, 720)):
        rig.shell.resize(*size)
        QApplication.processEvents()
        page = rig.page
        assert nameless(page) == []
        assert small_targets(page) == []
        assert overlapping(page) == []
        assert outside(page) == []
        assert cut_texts(page) == []
