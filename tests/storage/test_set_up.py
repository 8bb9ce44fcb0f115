"""A set-up cut off at any moment leaves nothing half made, and forgets nothing that cannot be had again."""

from pathlib import Path

import pytest

from app.storage import set_up
from app.storage.device_secret import FILE
from app.storage.keys import DATABASE, KEYS, SlotOwner
from app.storage.local import get_setting, put_setting
from app.storage.opening import create_store, open_store
from app.storage.store import Store
from tests.strategies import seeded_random

OWNER, PASSWORD = SlotOwner("u-1", "苏晚晴", "负责人"), "changmima-2026"
random = seeded_random(4)


def make(folder: Path, *, broken: bool = False) -> None:
    def fill(store: Store) -> None:
        store.write(lambda transaction: put_setting(transaction.db, "filled", "yes"))
        if broken:
            raise KeyboardInterrupt

    create_store(folder, [OWNER], PASSWORD, random, use_keyring=False, fill=fill).close()


def test_a_store_counts_only_with_all_it_must_hold(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        make(tmp_path, broken=True)
    assert set_up.is_untouched(tmp_path)
    make(tmp_path)
    assert not set_up.is_untouched(tmp_path)
    store = open_store(tmp_path, OWNER.staff_id, PASSWORD, random, use_keyring=False)
    assert get_setting(store.read(), "filled") == "yes"
    store.close()


@pytest.mark.parametrize("name", [KEYS, DATABASE])
def test_a_folder_with_either_half_of_a_site_is_not_set_up_anew(tmp_path: Path, name: str) -> None:
    """A database whose key file is lost is recovered from a backup, never written over."""
    (tmp_path / name).write_bytes(b"")
    assert not set_up.is_untouched(tmp_path)


def test_the_newest_facts_are_kept_and_forgotten_whole(tmp_path: Path) -> None:
    assert set_up.kept(tmp_path, use_keyring=False) is None
    for step in ("first", "second"):
        set_up.keep(tmp_path, {"step": step}, random, use_keyring=False)
        assert set_up.kept(tmp_path, use_keyring=False) == {"step": step}
    set_up.forget(tmp_path)
    assert not set_up.is_under_way(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [set_up.SEALED, FILE])
def test_what_was_damaged_or_brought_from_elsewhere_begins_again(tmp_path: Path, name: str) -> None:
    set_up.keep(tmp_path, {"step": "first"}, random, use_keyring=False)
    (tmp_path / set_up.ASIDE / name).write_bytes(b"x" * 64)
    assert set_up.kept(tmp_path, use_keyring=False) is None
    set_up.keep(tmp_path, {"step": "again"}, random, use_keyring=False)
    assert set_up.kept(tmp_path, use_keyring=False) == {"step": "again"}
