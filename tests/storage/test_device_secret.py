"""The machine's half of the keys is made once and never replaced by another (SEC-6)."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from app.storage.device_secret import DeviceSecretMissing, find_device_secret, make_device_secret
from tests.storage.bytes_on_disk import files_of
from tests.strategies import seeded_random


class MemoryKeyring(KeyringBackend):
    """A keyring that can be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.locked:
            raise KeyringLocked
        self.kept[service, username] = password


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def test_the_keyring_keeps_the_secret_where_there_is_one(memory: MemoryKeyring, tmp_path: Path) -> None:
    secret = make_device_secret(tmp_path, seeded_random(1))
    assert len(secret) == 32
    assert find_device_secret(tmp_path) == secret
    assert files_of(tmp_path) == {}


def test_without_a_keyring_a_file_for_this_user_alone_keeps_it(memory: MemoryKeyring, tmp_path: Path) -> None:
    memory.locked = True
    secret = make_device_secret(tmp_path, seeded_random(1))
    assert find_device_secret(tmp_path) == secret
    assert files_of(tmp_path) == {"device.secret": secret}
    assert (tmp_path / "device.secret").stat().st_mode & 0o077 == 0


def test_the_file_counts_even_if_a_keyring_appears_later(memory: MemoryKeyring, tmp_path: Path) -> None:
    memory.locked = True
    secret = make_device_secret(tmp_path, seeded_random(1))
    memory.locked = False
    assert find_device_secret(tmp_path) == secret


def test_a_locked_keyring_never_leads_to_a_new_secret(memory: MemoryKeyring, tmp_path: Path) -> None:
    """A new one, kept by the keyring once it is open again, would shut the store for ever."""
    secret = make_device_secret(tmp_path, seeded_random(1))
    memory.locked = True
    with pytest.raises(DeviceSecretMissing):
        find_device_secret(tmp_path)
    assert files_of(tmp_path) == {}
    memory.locked = False
    assert find_device_secret(tmp_path) == secret


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_secret_of_the_wrong_length_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "device.secret").write_bytes(content)
    with pytest.raises(DeviceSecretMissing):
        find_device_secret(tmp_path, use_keyring=False)


def test_rubbish_in_the_keyring_is_refused(memory: MemoryKeyring, tmp_path: Path) -> None:
    memory.kept["vaxpost", str(tmp_path.resolve())] = "rubbish"
    with pytest.raises(DeviceSecretMissing):
        find_device_secret(tmp_path)


def test_two_folders_have_two_secrets(memory: MemoryKeyring, tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    secrets = [make_device_secret(folder, seeded_random(seed)) for seed, folder in enumerate(folders)]
    assert [find_device_secret(folder) for folder in folders] == secrets
    assert secrets[0] != secrets[1]
