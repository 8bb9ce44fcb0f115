"""A person's password opens the store; a set-up is made once; an old key file is noticed (SEC-2, SEC-3)."""

import os
import shutil
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage.device_secret import DeviceSecretMissing
from app.storage.keys import (
    KeyFileChanged,
    KeyFileMissing,
    KeyFileUnreadable,
    PasswordWrong,
    SlotOwner,
    key_file,
)
from app.storage.local import get_setting, put_setting
from app.storage.opening import AlreadySetUp, check_password, create_store, give_slot, open_store
from app.storage.store import Store, StoreMissing, StoreUnreadable
from tests.storage.bytes_on_disk import files_of
from tests.strategies import seeded_random

MANAGER = SlotOwner("u-suwanqing", "苏晚晴", "负责人")
NURSE = SlotOwner("u-zhoumin", "周敏", "护士")
RANDOM = seeded_random(1)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was set up and used once."""
    folder = tmp_path_factory.mktemp("site")
    store = create_store(folder, [MANAGER, NURSE], "first-1", RANDOM, use_keyring=False)
    store.write(lambda transaction: put_setting(transaction.db, "town", "云溪镇"))
    store.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "site")


def opened(folder: Path, staff_id: str = "u-suwanqing", password: str = "first-1") -> Store:
    return open_store(folder, staff_id, password, RANDOM, use_keyring=False)


def refused(folder: Path, staff_id: str = "u-suwanqing", password: str = "first-1") -> Refusal:
    before = files_of(folder)
    with pytest.raises(Refusal) as caught:
        opened(folder, staff_id, password)
    assert files_of(folder) == before
    return caught.value


@pytest.mark.parametrize("staff_id", ["u-suwanqing", "u-zhoumin"])
def test_everybody_with_a_slot_opens_the_same_store(staff_id: str, folder: Path) -> None:
    store = opened(folder, staff_id)
    assert get_setting(store.read(), "town") == "云溪镇"
    store.close()


def test_a_wrong_password_opens_and_changes_nothing(folder: Path) -> None:
    assert refused(folder, password="first-2") == PasswordWrong("u-suwanqing")


def test_a_missing_key_file_is_refused_and_nothing_is_set_up(folder: Path) -> None:
    (folder / "keys.json").unlink()
    assert refused(folder) == KeyFileMissing(str(folder / "keys.json"))


def test_a_damaged_key_file_is_refused(folder: Path) -> None:
    (folder / "keys.json").write_bytes((folder / "keys.json").read_bytes()[:-20])
    assert isinstance(refused(folder), KeyFileUnreadable)


def test_a_missing_database_is_refused_and_not_made(folder: Path) -> None:
    (folder / "store.db").unlink()
    assert refused(folder) == StoreMissing(str(folder / "store.db"))


def test_a_damaged_database_is_refused(folder: Path) -> None:
    content = bytearray((folder / "store.db").read_bytes())
    content[500:600] = bytes(100)
    (folder / "store.db").write_bytes(content)
    assert isinstance(refused(folder), StoreUnreadable)


def test_a_copy_without_the_machines_secret_stays_shut(folder: Path) -> None:
    (folder / "device.secret").unlink()
    assert isinstance(refused(folder), DeviceSecretMissing)


def test_the_secret_of_another_machine_does_not_open_it(folder: Path) -> None:
    (folder / "device.secret").write_bytes(os.urandom(32))
    assert refused(folder) == PasswordWrong("u-suwanqing")


def test_a_new_user_signs_in_and_a_changed_password_counts(folder: Path) -> None:
    store = opened(folder)
    give_slot(store, SlotOwner("u-new", "何晓棠", "登记员"), "second-2", RANDOM, use_keyring=False)
    give_slot(store, NURSE, "third-3", RANDOM, use_keyring=False)
    store.close()
    opened(folder, "u-new", "second-2").close()
    opened(folder, "u-zhoumin", "third-3").close()
    assert refused(folder, "u-zhoumin") == PasswordWrong("u-zhoumin")


def test_a_key_file_put_back_from_an_earlier_day_is_refused(folder: Path) -> None:
    """Its MAC is right: only the store knows that a newer one was in use. Else an old password would open."""
    earlier = (folder / "keys.json").read_bytes()
    store = opened(folder)
    give_slot(store, NURSE, "third-3", RANDOM, use_keyring=False)
    store.close()
    newest = (folder / "keys.json").read_bytes()
    (folder / "keys.json").write_bytes(earlier)
    assert refused(folder, "u-zhoumin") == KeyFileChanged(str(folder / "keys.json"))
    assert isinstance(refused(folder), KeyFileChanged)
    (folder / "keys.json").write_bytes(newest)
    opened(folder, "u-zhoumin", "third-3").close()


def test_a_key_file_put_back_while_the_store_is_open_is_refused_to_the_next_user(folder: Path) -> None:
    earlier = (folder / "keys.json").read_bytes()
    store = opened(folder)
    check_password(store, "u-zhoumin", "first-1", RANDOM, use_keyring=False)
    give_slot(store, NURSE, "third-3", RANDOM, use_keyring=False)
    (folder / "keys.json").write_bytes(earlier)
    with pytest.raises(KeyFileChanged):
        check_password(store, "u-zhoumin", "first-1", RANDOM, use_keyring=False)
    store.close()


def test_a_power_cut_between_key_file_and_store_locks_nobody_out(folder: Path) -> None:
    store = opened(folder)
    keys = key_file(folder, RANDOM, use_keyring=False)
    keys.add(NURSE, "third-3", store.key, RANDOM)
    store.close()
    earlier = (folder / "keys.json").read_bytes()
    opened(folder, "u-zhoumin", "third-3").close()
    store = opened(folder)
    give_slot(store, NURSE, "fourth-4", RANDOM, use_keyring=False)
    store.close()
    (folder / "keys.json").write_bytes(earlier)
    assert isinstance(refused(folder, "u-zhoumin", "third-3"), KeyFileChanged)


def test_a_folder_is_set_up_once(folder: Path) -> None:
    before = files_of(folder)
    with pytest.raises(AlreadySetUp):
        create_store(folder, [MANAGER], "other-1", RANDOM, use_keyring=False)
    assert files_of(folder) == before


@pytest.mark.parametrize("left", ["keys.json", "store.db"])
def test_half_a_set_up_is_never_made_over(left: str, folder: Path) -> None:
    """A database without its keys may still be saved, and so may the keys without their database."""
    for name in {"keys.json", "store.db"} - {left}:
        (folder / name).unlink()
    before = files_of(folder)
    with pytest.raises(AlreadySetUp):
        create_store(folder, [MANAGER], "other-1", RANDOM, use_keyring=False)
    assert files_of(folder) == before


def test_a_set_up_cut_off_before_its_keys_is_done_again(folder: Path) -> None:
    os.replace(folder / "store.db", folder / "store.new")
    (folder / "keys.json").unlink()
    (folder / "device.secret").unlink()
    create_store(folder, [MANAGER], "again-1", RANDOM, use_keyring=False).close()
    store = opened(folder, password="again-1")
    assert get_setting(store.read(), "town") == ""
    store.close()


def test_a_set_up_cut_off_after_its_keys_is_finished_at_the_next_start(folder: Path) -> None:
    os.replace(folder / "store.db", folder / "store.new")
    store = opened(folder)
    assert get_setting(store.read(), "town") == "云溪镇"
    store.close()
    assert sorted(files_of(folder)) == ["attempts.json", "device.secret", "keys.json", "reserve", "store.db"]
