"""The shelf of a lead PC says no with a refusal, never with what the disk raised (SYN-1)."""

from pathlib import Path

import pytest

from app.sync.shelf import MOST_DESKS, Shelf, ShelfFull
from app.sync.stick_files import StickUnusable


def test_what_the_disk_refuses_is_a_refusal_that_the_next_look_gets_past(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "relay", spare=0)
    shelf.leave("desk", b"bundle")
    (left,) = shelf.waiting()
    (bundle,) = (tmp_path / "relay").iterdir()
    bundle.unlink()
    bundle.mkdir()
    with pytest.raises(StickUnusable):
        shelf.answered(left, b"what the centre said")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StickUnusable):
        Shelf(tmp_path / "file", spare=0).leave("desk", b"bundle")


def test_a_shelf_is_for_the_desks_of_one_site(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, spare=0)
    for number in range(MOST_DESKS):
        shelf.leave(f"desk-{number}", b"bundle")
    with pytest.raises(ShelfFull):
        shelf.leave("one more", b"bundle")
    shelf.leave("desk-0", b"newer")
    assert len(shelf.waiting()) == MOST_DESKS
