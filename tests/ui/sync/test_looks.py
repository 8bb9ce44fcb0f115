"""Every face of the page: all named, large enough, nothing cut, at both sizes, with the longest words."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.kit.theme import dress_window
from tests.ui.kit.screen_rules import faults
from tests.ui.sync.faces import FACES, SEVERAL_BATCHES, Face
from tests.ui.sync.rig import SyncRig


def faces(known: list[Face], *each_time: str) -> Any:
    """Return the faces as parameters: some are looked at each time, the others in the long run."""
    marked = [
        pytest.param(face, id=face.__name__, marks=[] if face.__name__ in each_time else [pytest.mark.long])
        for face in known
    ]
    return pytest.mark.parametrize("face", marked)


@faces(SEVERAL_BATCHES, "working")
def test_every_face_of_the_uploading_is_whole(full_rig: SyncRig, face: Face) -> None:
    """ux.md rules 21 to 23, 25."""
    look(full_rig, face)


@faces(
    FACES,
    "offline",
    "refused_and_overdue",
    "doubted_and_refused",
    "asked_about_two_records",
    "stick",
    "lead_refused",
)
def test_every_face_is_whole_named_and_large_enough(rig: SyncRig, face: Face) -> None:
    """ux.md rules 21 to 23, 25."""
    look(rig, face)


def look(rig: SyncRig, face: Face) -> None:
    dress_window(rig.shell)
    face(rig)
    for size in ((1366, 768), (1280, 720)):
        rig.shell.resize(*size)
        QApplication.processEvents()
        assert (rig.shell.width(), rig.shell.height()) == size
        sheet = rig.page.reviewing.sheet or rig.page.carrying.sheet or rig.page.leading.sheet
        assert sheet is None or not sheet.scrolls
        assert faults(sheet or rig.page) == {}
