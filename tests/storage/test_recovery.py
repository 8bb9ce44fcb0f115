"""The sealed envelope opens the store when every password is lost, on any machine (SEC-3)."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.recovery_key import KEY_BYTES
from app.domain.refusals import Refusal
from app.storage.keys import (
    KeyFileChanged,
    LastSlot,
    PasswordWrong,
    RecoveryKeyNone,
    RecoveryKeyWrong,
    SlotOwner,
    key_file,
)
from app.storage.local import get_setting, put_setting
from app.storage.opening import (
    create_store,
    give_slot,
    give_slot_after_recovery,
    make_recovery_key,
    open_store,
    open_with_recovery_key,
    take_slot,
)
from app.storage.sealing import SealBroken, public_of, seal, unseal
from app.storage.store import Store
from tests.storage.bytes_on_disk import files_of
from tests.strategies import seeded_random

MANAGER = SlotOwner("u-suwanqing", "苏晚晴", "负责人")
NURSE = SlotOwner("u-zhoumin", "周敏", "护士")
RANDOM = seeded_random(1)
SECRET = bytes(range(KEY_BYTES))
OTHER = bytes(KEY_BYTES)
MADE_AT = "2026-11-23T01:00:00.000Z"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was set up and whose recovery key lies in its envelope."""
    folder = tmp_path_factory.mktemp("site")
    store = create_store(folder, [MANAGER, NURSE], "first-1", RANDOM, use_keyring=False)
    make_recovery_key(store, SECRET, MADE_AT, RANDOM, use_keyring=False)
    store.write(lambda transaction: put_setting(transaction.db, "town", "云溪镇"))
    store.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "site")


def recovered(folder: Path, secret: bytes = SECRET) -> Store:
    return open_with_recovery_key(folder, secret, RANDOM, use_keyring=False)


def refused(folder: Path, secret: bytes) -> Refusal:
    before = files_of(folder)
    with pytest.raises(Refusal) as caught:
        recovered(folder, secret)
    assert files_of(folder) == before
    return caught.value


def signed_in(folder: Path, owner: SlotOwner, password: str) -> None:
    open_store(folder, owner.staff_id, password, RANDOM, use_keyring=False).close()


def test_the_recovery_key_opens_the_store_and_gives_the_manager_a_password(folder: Path) -> None:
    store = recovered(folder)
    assert get_setting(store.read(), "town") == "云溪镇"
    give_slot_after_recovery(store, MANAGER, "second-2", RANDOM, use_keyring=False)
    store.close()
    signed_in(folder, MANAGER, "second-2")
    signed_in(folder, NURSE, "first-1")


def test_on_another_machine_it_opens_too_and_the_manager_is_the_first_who_can_sign_in(folder: Path) -> None:
    (folder / "device.secret").unlink()
    store = recovered(folder)
    give_slot_after_recovery(store, MANAGER, "second-2", RANDOM, use_keyring=False)
    give_slot(store, NURSE, "third-3", RANDOM, use_keyring=False)
    store.close()
    signed_in(folder, MANAGER, "second-2")
    signed_in(folder, NURSE, "third-3")
    recovered(folder).close()


def test_another_recovery_key_opens_nothing_and_is_told_which_sheet_is_wanted(folder: Path) -> None:
    assert refused(folder, OTHER) == RecoveryKeyWrong(MADE_AT)


def test_without_a_recovery_key_there_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    create_store(folder, [MANAGER], "first-1", RANDOM, use_keyring=False).close()
    assert refused(folder, SECRET) == RecoveryKeyNone(str(folder / "keys.json"))


def test_a_new_recovery_key_ends_the_one_before(folder: Path) -> None:
    store = recovered(folder)
    make_recovery_key(store, OTHER, "2026-12-01T01:00:00.000Z", RANDOM, use_keyring=False)
    store.close()
    assert refused(folder, SECRET) == RecoveryKeyWrong("2026-12-01T01:00:00.000Z")
    recovered(folder, OTHER).close()


def edited(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((folder / "keys.json").read_bytes())
    edit(content)
    (folder / "keys.json").write_text(json.dumps(content), "utf-8")


def test_an_edited_key_file_is_noticed_by_the_recovery_key_too(folder: Path) -> None:
    edited(folder, lambda content: content["slots"].pop())
    assert isinstance(refused(folder, SECRET), KeyFileChanged)


def test_a_seal_of_a_slot_is_none_for_the_recovery_key(folder: Path) -> None:
    edited(folder, lambda content: content["recovery"].update(sealed=content["slots"][0]["sealed"]))
    assert isinstance(refused(folder, SECRET), RecoveryKeyWrong)


def test_whoever_is_removed_signs_in_no_more_and_the_last_one_stays(folder: Path) -> None:
    store = open_store(folder, MANAGER.staff_id, "first-1", RANDOM, use_keyring=False)
    take_slot(store, NURSE.staff_id, RANDOM, use_keyring=False)
    with pytest.raises(LastSlot):
        take_slot(store, MANAGER.staff_id, RANDOM, use_keyring=False)
    store.close()
    with pytest.raises(PasswordWrong):
        signed_in(folder, NURSE, "first-1")
    assert key_file(folder, RANDOM, use_keyring=False).owners() == [MANAGER]


def test_a_seal_opens_for_its_holder_and_its_label_alone() -> None:
    mine, others = RANDOM(32), RANDOM(32)
    sealed = seal(public_of(mine), b"secret", b"label", RANDOM)
    assert unseal(mine, sealed, b"label") == b"secret"
    assert seal(public_of(mine), b"secret", b"label", RANDOM) != sealed
    for private, content, label in (
        (others, sealed, b"label"),
        (mine, sealed, b"other"),
        (mine, sealed[:-1], b"label"),
        (mine, bytes(32) + sealed[32:], b"label"),
        (mine, b"", b"label"),
    ):
        with pytest.raises(SealBroken):
            unseal(private, content, label)
