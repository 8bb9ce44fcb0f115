"""The database key is changed under the hands of those at work; whoever is gone opens nothing new (SEC-2)."""

import os
import shutil
import threading
from errno import EIO, EROFS
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage import journal
from app.storage import store as storing
from app.storage.connecting import StoreUnwritable
from app.storage.keys import SlotOwner, key_file
from app.storage.local import get_setting, put_setting
from app.storage.opening import (
    create_store,
    make_recovery_key,
    open_store,
    open_with_recovery_key,
    take_slot,
)
from app.storage.rekeying import NoRoomForKeyChange, change_key, is_key_change_due
from app.storage.store import Store, StoreClosed, StoreMissing, StoreUnreadable
from tests.storage.bytes_on_disk import STREAM
from tests.strategies import seeded_random

MANAGER = SlotOwner("u-suwanqing", "苏晚晴", "负责人")
NURSE = SlotOwner("u-zhoumin", "周敏", "护士")
LEAVER = SlotOwner("u-hexiaotang", "何晓棠", "登记员")
RANDOM = seeded_random(4)
SECRET = bytes(range(20))
ROWS = 400


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    store = create_store(folder, [MANAGER, NURSE, LEAVER], "first-1", RANDOM, use_keyring=False)
    make_recovery_key(store, SECRET, "2026-11-23T01:00:00.000Z", RANDOM, use_keyring=False)
    store.write(lambda transaction: journal.open_stream(transaction.db, STREAM, "2026-11-23T01:00:00.000Z"))
    for row in range(ROWS):
        put(store, f"row {row}", os.urandom(1500).hex())
    store.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "site")


def put(store: Store, name: str, value: str) -> None:
    store.write(lambda transaction: put_setting(transaction.db, name, value))


def opened(folder: Path, owner: SlotOwner = MANAGER) -> Store:
    return open_store(folder, owner.staff_id, "first-1", RANDOM, use_keyring=False)


def test_the_work_goes_on_while_the_key_is_changed_and_nothing_is_lost(folder: Path) -> None:
    store = opened(folder)
    old_key, old_file = store.key, store.path
    take_slot(store, LEAVER.staff_id, RANDOM, use_keyring=False)
    assert is_key_change_due(store.read())
    written: list[str] = []
    changing = threading.Thread(target=lambda: change_key(store, RANDOM, use_keyring=False))
    changing.start()
    while changing.is_alive():
        name = f"act {len(written)}"
        put(store, name, "done")
        written.append(name)
    changing.join()
    put(store, "after", "done")
    assert len(written) > 3, "acts were done in between"
    assert store.key != old_key
    assert store.path != old_file
    assert not old_file.exists()
    assert not is_key_change_due(store.read())
    assert store.check_pages() > 0
    store.close()
    for owner in (MANAGER, NURSE):
        store = opened(folder, owner)
        db = store.read()
        assert [name for name in [*written, "after"] if get_setting(db, name) != "done"] == []
        assert db.execute("select count(*) from setting where name like 'row %'").fetchone() == (ROWS,)
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
        store.close()
    open_with_recovery_key(folder, SECRET, RANDOM, use_keyring=False).close()


def test_the_old_key_opens_the_new_file_no_more(folder: Path) -> None:
    store = opened(folder)
    old_key = store.key
    change_key(store, RANDOM, use_keyring=False)
    path = store.path
    store.close()
    with pytest.raises(StoreUnreadable):
        Store(path, old_key)


def test_a_copy_made_before_stays_readable_to_whoever_was_removed(folder: Path, tmp_path: Path) -> None:
    """Nobody can take back what was copied: docs/security.md says so."""
    copy = shutil.copytree(folder, tmp_path / "copy")
    store = opened(folder)
    take_slot(store, LEAVER.staff_id, RANDOM, use_keyring=False)
    change_key(store, RANDOM, use_keyring=False)
    store.close()
    opened(copy, LEAVER).close()


def test_readers_at_work_see_the_end_of_what_they_read(folder: Path) -> None:
    store = opened(folder)
    rows = store.read().execute("select name from setting where name like 'row %'")
    first = rows.fetchone()
    change_key(store, RANDOM, use_keyring=False)
    assert len([first, *rows.fetchall()]) == ROWS
    put(store, "after", "done")
    assert get_setting(store.read(), "after") == "done"
    store.close()


def test_the_key_can_be_changed_again_and_again(folder: Path) -> None:
    store = opened(folder)
    for number in range(3):
        change_key(store, RANDOM, use_keyring=False)
        put(store, f"change {number}", "done")
    store.close()
    assert len(list(folder.glob("store*.db"))) == 1
    store = opened(folder)
    assert [get_setting(store.read(), f"change {number}") for number in range(3)] == ["done"] * 3
    store.close()


def test_a_key_file_from_before_the_change_opens_nothing(folder: Path) -> None:
    earlier = (folder / "keys.json").read_bytes()
    store = opened(folder)
    change_key(store, RANDOM, use_keyring=False)
    store.close()
    (folder / "keys.json").write_bytes(earlier)
    with pytest.raises(StoreMissing):
        opened(folder)


def test_a_switch_that_fails_leaves_everything_as_it_was(folder: Path) -> None:
    store = opened(folder)
    old_key, old_file = store.key, store.path

    def fail() -> None:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        store.move(folder / "store-99.db", bytes(32), fail).result()
    assert (store.key, store.path) == (old_key, old_file)
    put(store, "after", "done")
    store.close()
    assert sorted(file.name for file in folder.glob("store*")) == ["store.db"]
    store = opened(folder)
    assert get_setting(store.read(), "after") == "done"
    store.close()


@pytest.mark.parametrize("step", ["sync_file", "sync_folder"])
@pytest.mark.parametrize("protected", [False, True])
def test_a_disk_that_fails_at_the_end_of_the_copy_is_a_sentence_and_the_work_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, protected: bool
) -> None:
    """``protected``: the system lets nothing more be changed there, as it does with a disk that failed."""
    store = opened(folder)
    old_key, old_file = store.key, store.path

    def fail(_: Path) -> None:
        raise OSError(EIO, os.strerror(EIO))

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise OSError(EROFS, os.strerror(EROFS), str(path))

    with monkeypatch.context() as disk:
        disk.setattr(storing, step, fail)
        if protected:
            disk.setattr(Path, "unlink", refuse)
        with pytest.raises(StoreUnwritable) as caught:
            store.move(folder / "store-99.db", bytes(32), lambda: None).result(timeout=60)
    assert caught.value == StoreUnwritable(str(folder / "store-99.db"), os.strerror(EIO))
    assert (store.key, store.path) == (old_key, old_file)
    put(store, "after", "done")
    store.close()
    if not protected:
        assert sorted(file.name for file in folder.glob("store*")) == ["store.db"]
    opened(folder).close()


def test_a_damaged_page_is_not_sealed_anew(folder: Path) -> None:
    path = folder / "store.db"
    content = bytearray(path.read_bytes())
    place = len(content) // 8192 * 4096
    content[place + 500 : place + 600] = bytes(100)
    path.write_bytes(content)
    store = opened(folder)
    with pytest.raises(StoreUnreadable):
        change_key(store, RANDOM, use_keyring=False)
    assert store.path == path
    store.close()
    assert sorted(file.name for file in folder.glob("store*")) == ["store.db"]


def test_closing_the_program_breaks_the_change_off(folder: Path) -> None:
    store = opened(folder)
    future = store.move(folder / "store-99.db", bytes(32), lambda: None)
    store.close()
    with pytest.raises(StoreClosed):
        future.result()
    with pytest.raises(StoreClosed):
        store.move(folder / "store-99.db", bytes(32), lambda: None).result()
    assert sorted(file.name for file in folder.glob("store*")) == ["store.db"]
    opened(folder).close()


def test_without_room_for_two_the_key_stays(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(folder)
    take_slot(store, LEAVER.staff_id, RANDOM, use_keyring=False)
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    refusal: Refusal
    with pytest.raises(NoRoomForKeyChange) as caught:
        change_key(store, RANDOM, use_keyring=False)
    refusal = caught.value
    assert refusal.facts()["free"] == 1000
    assert is_key_change_due(store.read()), "tried again at the next start"
    store.close()
    assert key_file(folder, RANDOM, use_keyring=False).owners() == [MANAGER, NURSE]


def test_what_a_killed_change_left_behind_goes_at_the_next_start(folder: Path) -> None:
    (folder / "store-9.db.copying").write_bytes(b"half a copy")
    opened(folder).close()
    assert sorted(file.name for file in folder.glob("store*")) == ["store.db"]
