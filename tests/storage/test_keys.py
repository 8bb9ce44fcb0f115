"""The key file opens for its users alone, and shows when somebody has been at it (SEC-2, SEC-6)."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.storage.keys import (
    KeyFile,
    KeyFileChanged,
    KeyFileMissing,
    KeyFileUnreadable,
    PasswordWrong,
    SlotOwner,
    Unlocked,
)
from app.storage.stretching import ARGON2 as IN_USE
from tests.storage.bytes_on_disk import KEY, OTHER_KEY, files_of
from tests.strategies import seeded_random

ZHOU = SlotOwner("u-zhoumin", "周敏", "护士")
ZHAO = SlotOwner("u-zhaoqinghe", "赵清和", "医生")
SECRET = bytes(32)


def key_file(folder: Path, secret: bytes = SECRET) -> KeyFile:
    return KeyFile(folder / "keys.json", lambda: secret)


@cache
def two_slots() -> bytes:
    """Return the content of a key file with two users; made once, the stretching is slow on purpose."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        keys = key_file(Path(folder))
        keys.add(ZHOU, "杨柳-7", KEY, seeded_random(1))
        keys.add(ZHAO, "poplar-8", KEY, seeded_random(2))
        return keys.path.read_bytes()


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    (tmp_path / "keys.json").write_bytes(two_slots())
    return key_file(tmp_path)


def test_each_user_opens_their_slot(keys: KeyFile) -> None:
    assert keys.unlock("u-zhoumin", "杨柳-7") == Unlocked(KEY, 2)
    assert keys.unlock("u-zhaoqinghe", "poplar-8") == Unlocked(KEY, 2)
    assert keys.owners() == [ZHOU, ZHAO]


@pytest.mark.parametrize(
    ("staff_id", "password"),
    [
        ("u-zhoumin", "poplar-8"),
        ("u-zhoumin", "杨柳-7 "),
        ("u-zhoumin", ""),
        ("u-zhoumin", "\udcff"),
        ("u-nobody", "杨柳-7"),
    ],
)
def test_a_wrong_password_or_user_is_refused(staff_id: str, password: str, keys: KeyFile) -> None:
    with pytest.raises(PasswordWrong):
        keys.unlock(staff_id, password)


def test_the_secret_of_another_machine_opens_nothing(keys: KeyFile) -> None:
    with pytest.raises(PasswordWrong):
        KeyFile(keys.path, lambda: bytes(31) + b"\1").unlock("u-zhoumin", "杨柳-7")


def test_nobody_is_greeted_with_the_help_of_a_secret(keys: KeyFile) -> None:
    def not_needed() -> bytes:
        raise AssertionError

    assert KeyFile(keys.path, not_needed).owners() == [ZHOU, ZHAO]


def test_the_file_holds_neither_key_nor_password(keys: KeyFile) -> None:
    content = keys.path.read_bytes()
    for secret in (KEY, KEY.hex().encode(), "杨柳-7".encode(), b"poplar-8"):
        assert secret not in content
    assert oct(keys.path.stat().st_mode)[-2:] in ("00", "44")


def test_a_new_password_replaces_the_old_one(keys: KeyFile) -> None:
    assert keys.add(ZHOU, "new-9", KEY, seeded_random(3)) == 3
    assert keys.unlock("u-zhoumin", "new-9") == Unlocked(KEY, 3)
    assert keys.owners() == [ZHAO, ZHOU]
    with pytest.raises(PasswordWrong):
        keys.unlock("u-zhoumin", "杨柳-7")


def test_a_slot_made_while_the_database_key_is_changed_does_not_bring_the_old_file_back(
    keys: KeyFile,
) -> None:
    def change_meanwhile() -> bytes:
        keys.move(KEY, OTHER_KEY, "store-3.db", seeded_random(4))
        return SECRET

    with pytest.raises(KeyFileChanged):
        KeyFile(keys.path, change_meanwhile).add(ZHOU, "new-9", KEY, seeded_random(3))
    assert keys.unlock("u-zhoumin", "杨柳-7") == Unlocked(OTHER_KEY, 3, "store-3.db", "store.db")


def test_no_two_slots_share_salt_or_key(keys: KeyFile) -> None:
    first, second = json.loads(keys.path.read_bytes())["slots"]
    assert first["salt"] != second["salt"]
    assert first["public"] != second["public"]
    assert first["sealed"][:43] != second["sealed"][:43]


def edited(keys: KeyFile, edit: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(keys.path.read_bytes())
    edit(content)
    keys.path.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content["slots"][0].update(name="赵敏"),
        lambda content: content["slots"][0].update(title="负责人"),
        lambda content: content["slots"][0].update(extra="x"),
        lambda content: content["slots"].pop(1),
        lambda content: content["slots"].reverse(),
        lambda content: content["slots"].append(content["slots"][1]),
        lambda content: content.update(revision=99),
        lambda content: content.update(revision=1),
        lambda content: content.update(mac="00"),
        lambda content: content.update(database="store-9.db"),
        lambda content: content.update(former="store-9.db"),
        lambda content: content.update(recovery={"made_at": "", "public": "", "sealed": ""}),
        lambda content: content["slots"][1].update(public=content["slots"][0]["public"]),
    ],
)
def test_an_edited_file_is_noticed(edit: Callable[[dict[str, Any]], object], keys: KeyFile) -> None:
    edited(keys, edit)
    before = files_of(keys.path.parent)
    with pytest.raises(KeyFileChanged):
        keys.unlock("u-zhoumin", "杨柳-7")
    with pytest.raises(KeyFileChanged):
        keys.add(ZHOU, "new-9", KEY, seeded_random(3))
    assert files_of(keys.path.parent) == before


def test_a_slot_given_another_name_does_not_open(keys: KeyFile) -> None:
    """The staff id is bound into the slot: nobody signs in as somebody else with their own password."""
    edited(keys, lambda content: content["slots"][0].update(staff_id="u-suwanqing"))
    with pytest.raises(PasswordWrong):
        keys.unlock("u-suwanqing", "杨柳-7")


def test_a_file_of_another_store_is_never_added_to(keys: KeyFile) -> None:
    with pytest.raises(KeyFileChanged):
        keys.add(ZHOU, "new-9", OTHER_KEY, seeded_random(3))


def test_a_missing_file_is_refused_and_not_made(tmp_path: Path) -> None:
    keys = key_file(tmp_path)
    for ask in (keys.owners, lambda: keys.unlock("u-zhoumin", "杨柳-7")):
        with pytest.raises(KeyFileMissing):
            ask()
    assert files_of(tmp_path) == {}


def broken_slot(**fields: object) -> Callable[[dict[str, Any]], object]:
    return lambda content: content["slots"][0].update(fields)


ARGON2 = dict(IN_USE)
"""As the program has it: read before any test makes passwords quick."""


def test_a_password_is_stretched_as_rfc_9106_recommends() -> None:
    assert ARGON2 == {"time_cost": 3, "memory_cost_kib": 65536, "lanes": 2}


@pytest.mark.parametrize(
    "edit",
    [
        lambda content: content.update(version=0),
        lambda content: content.update(version=1),
        lambda content: content.update(version=4),
        lambda content: content.update(database="../store.db"),
        lambda content: content.update(former="keys.json"),
        lambda content: content.update(recovery="x"),
        lambda content: content.update(revision=None),
        lambda content: content.update(slots=None),
        lambda content: content.pop("mac"),
        lambda content: content["slots"][0].pop("salt"),
        lambda content: content["slots"][0].pop("name"),
        broken_slot(salt="AAAA"),
        broken_slot(salt="?"),
        broken_slot(sealed=7),
        broken_slot(sealed=None),
        broken_slot(argon2=None),
        broken_slot(argon2=ARGON2 | {"memory_cost_kib": 1 << 40}),
        broken_slot(argon2=ARGON2 | {"time_cost": 1 << 30}),
        broken_slot(argon2=ARGON2 | {"time_cost": 0}),
        broken_slot(argon2=ARGON2 | {"lanes": -1}),
        broken_slot(argon2={"lanes": 1}),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_and_left(
    edit: Callable[[dict[str, Any]], object], keys: KeyFile
) -> None:
    edited(keys, edit)
    before = files_of(keys.path.parent)
    with pytest.raises(KeyFileUnreadable):
        keys.unlock("u-zhoumin", "杨柳-7")
    assert files_of(keys.path.parent) == before


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b"{" * 10])
def test_rubbish_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_bytes(content)
    for ask in (key_file(tmp_path).owners, lambda: key_file(tmp_path).unlock("u-zhoumin", "x")):
        with pytest.raises(KeyFileUnreadable):
            ask()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(min_value=0), change=st.integers(1, 255))
def test_no_changed_byte_of_the_file_opens_it_unnoticed(place: int, change: int, tmp_path: Path) -> None:
    content = bytearray(two_slots())
    content[place % len(content)] ^= change
    (tmp_path / "keys.json").write_bytes(content)
    try:
        unlocked = key_file(tmp_path).unlock("u-zhoumin", "杨柳-7")
    except (PasswordWrong, KeyFileChanged, KeyFileUnreadable):
        return
    assert json.loads(bytes(content)) == json.loads(two_slots()), "only blanks may differ"
    assert unlocked == Unlocked(KEY, 2)
