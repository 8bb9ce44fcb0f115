"""A backup is put in place beside what is there, here or on another machine, or nothing happens (SEC-3)."""

import json
import os
import shutil
from collections.abc import Iterator
from errno import EIO
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.storage import immunizations, journal, restoring
from app.storage.backups import BackupDamaged, Manifest, check_copy
from app.storage.device_secret import DeviceSecretMissing
from app.storage.keys import PasswordWrong, RecoveryKeyWrong, SlotOwner
from app.storage.local import get_setting
from app.storage.opening import give_slot_after_recovery, open_store
from app.storage.rekeying import change_key
from app.storage.restoring import (
    RESTORED,
    NoRoomToRestore,
    RestoreBrokenOff,
    put_in_place,
    recover_backup,
    unlock_backup,
)
from tests.factories import KEY, MANAGER, NURSE
from tests.storage.bytes_on_disk import files_of
from tests.storage.kept_site import MADE_AT, PASSWORD, RECOVERY, KeptSite, keys_of, opened
from tests.strategies import seeded_random
from tests.workflows.copied_site import quick_folder

RANDOM = seeded_random(9)


@pytest.fixture
def site() -> Iterator[KeptSite]:
    with quick_folder() as folder:
        site = KeptSite(Path(folder) / "site")
        yield site
        site.close()


@pytest.fixture
def backup(site: KeptSite) -> Path:
    """A copy made after one dose; another dose followed it."""
    site.vaccinated()
    backup = site.back_up(site.folder.parent / "disk").folder
    site.vaccinated(site.patient(index=1), vial=1)
    return backup


def doses(folder: Path) -> int:
    store = opened(folder)
    (count,) = store.read().execute("select count(*) from immunization").fetchone()
    store.close()
    return int(count)


def put(site: KeptSite, backup: Path, folder: Path) -> None:
    put_in_place(backup, KEY, folder, site.clock.now(), RANDOM, lambda: None)


def test_on_a_new_machine_the_recovery_key_opens_and_the_manager_begins(site: KeptSite, backup: Path) -> None:
    new = site.folder.parent / "new"
    assert recover_backup(backup, RECOVERY).key == KEY
    put(site, backup, new)
    store = opened(new)
    assert len(immunizations.history_of(store.read(), site.patient().patient_id)) == 1
    owner = SlotOwner(MANAGER, "苏晚晴", "负责人")
    give_slot_after_recovery(store, owner, "second-2", RANDOM, use_keyring=False)
    store.close()
    assert keys_of(new).owners() == [owner]
    open_store(new, MANAGER, "second-2", RANDOM, use_keyring=False).close()


def test_on_the_same_machine_everybody_keeps_their_password_and_what_was_there_stays(
    site: KeptSite, backup: Path
) -> None:
    site.close()
    before = files_of(site.folder)
    unlocked = unlock_backup(backup, site.folder, NURSE, PASSWORD, use_keyring=False)
    put_in_place(backup, unlocked.key, site.folder, site.clock.now(), RANDOM, lambda: None)
    after = files_of(site.folder)
    kept = next(name for name in after if name.startswith("keys-"))
    assert after[kept] == before["keys.json"]
    assert after["store.db"] == before["store.db"]
    open_store(site.folder, NURSE, PASSWORD, RANDOM, use_keyring=False).close()
    assert doses(site.folder) == 1


def test_the_restored_store_goes_on_in_a_new_stream_and_says_what_it_is(site: KeptSite, backup: Path) -> None:
    new = site.folder.parent / "new"
    old = journal.current_stream(site.desk.read())
    put(site, backup, new)
    store = opened(new)
    stream = journal.current_stream(store.read())
    assert stream.device_id == old.device_id
    assert stream.epoch != old.epoch
    journal.verify(store.read())
    told = json.loads(get_setting(store.read(), RESTORED))
    assert told["made_at"] <= told["at"]
    store.close()


def test_it_can_be_restored_again_and_again(site: KeptSite, backup: Path) -> None:
    site.close()
    for _ in range(3):
        put(site, backup, site.folder)
        site.clock.go(minutes=1)
        assert doses(site.folder) == 1
    assert (site.folder / "store.db").exists()


def test_a_backup_from_before_a_change_of_the_key_is_opened_by_its_own(site: KeptSite, backup: Path) -> None:
    change_key(site.store, RANDOM, use_keyring=False)
    newest = site.back_up(site.folder.parent / "disk").folder
    new_key = site.store.key
    site.close()
    assert recover_backup(backup, RECOVERY).key == KEY
    assert recover_backup(newest, RECOVERY).key == new_key != KEY
    put(site, backup, site.folder)
    assert doses(site.folder) == 1


@pytest.mark.parametrize("with_secret", [False, True])
def test_a_copied_backup_and_a_password_open_nothing_elsewhere(
    with_secret: bool, site: KeptSite, backup: Path
) -> None:
    """The machine's secret is half of every password's key, and never in a backup."""
    stranger = site.folder.parent / "stranger"
    stranger.mkdir()
    if with_secret:
        (stranger / "device.secret").write_bytes(bytes(32))
    assert "device.secret" not in files_of(backup)
    with pytest.raises(PasswordWrong if with_secret else DeviceSecretMissing):
        unlock_backup(backup, stranger, NURSE, PASSWORD, use_keyring=False)
    with pytest.raises(RecoveryKeyWrong) as caught:
        recover_backup(backup, bytes(20))
    assert caught.value == RecoveryKeyWrong(MADE_AT)


def refused(site: KeptSite, backup: Path) -> Refusal:
    site.close()
    before = files_of(site.folder)
    with pytest.raises(Refusal) as caught:
        put(site, backup, site.folder)
    assert files_of(site.folder) == before
    return caught.value


def test_a_damaged_backup_is_not_put_in_place(site: KeptSite, backup: Path) -> None:
    content = bytearray((backup / "store.db").read_bytes())
    content[9000] ^= 1
    (backup / "store.db").write_bytes(content)
    assert refused(site, backup) == BackupDamaged(str(backup), "store.db")


def test_without_room_nothing_is_changed(
    site: KeptSite, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(backup)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=4096))
    assert isinstance(refused(site, backup), NoRoomToRestore)


class BrokenOff(Exception):
    """The program closes."""


def test_a_restore_broken_off_leaves_what_was_there(site: KeptSite, backup: Path) -> None:
    site.close()
    before = files_of(site.folder)

    def stop() -> None:
        raise BrokenOff

    with pytest.raises(BrokenOff):
        put_in_place(backup, KEY, site.folder, site.clock.now(), RANDOM, stop)
    assert files_of(site.folder) == before
    assert doses(site.folder) == 2


def test_a_disk_that_fails_and_lets_nothing_be_removed_is_a_sentence(
    site: KeptSite, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.close()

    def fail(path: Path, missing_ok: bool = False) -> None:
        raise OSError(EIO, os.strerror(EIO), str(path))

    with monkeypatch.context() as disk:
        disk.setattr(restoring, "sync_file", fail)
        disk.setattr(Path, "unlink", fail)
        with pytest.raises(RestoreBrokenOff):
            put(site, backup, site.folder)
    assert doses(site.folder) == 2


def test_a_backup_disk_pulled_out_once_it_is_checked_is_a_sentence(
    site: KeptSite, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, gone = backup.parent, backup.parent.with_name("elsewhere")

    def checked(folder: Path, key: bytes) -> Manifest:
        manifest = check_copy(folder, key)
        disk.rename(gone)
        return manifest

    monkeypatch.setattr(restoring, "check_copy", checked)
    assert isinstance(refused(site, backup), RestoreBrokenOff)


def test_a_backup_disk_pulled_out_once_it_is_read_is_wanted_no_more(site: KeptSite, backup: Path) -> None:
    site.close()
    disk, pieces = backup.parent, -(-(backup / "store.db").stat().st_size // restoring._PIECE)
    read: list[None] = []

    def pull_out() -> None:
        read.append(None)
        if len(read) == pieces:
            disk.rename(disk.with_name("elsewhere"))

    put_in_place(backup, KEY, site.folder, site.clock.now(), RANDOM, pull_out)
    assert not disk.exists()
    assert doses(site.folder) == 1
