"""A backup is whole or not there, opens for whoever may, and never costs an older one (SEC-3)."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import ANY

import pytest

from app.domain.generations import Generations
from app.domain.refusals import Refusal
from app.storage import backups, immunizations
from app.storage.backups import (
    Backup,
    BackupDamaged,
    BackupDiskFull,
    BackupFolderGone,
    BackupOnSameDisk,
    BackupUnwritable,
    backups_in,
    check_copy,
    check_place,
    drop_old,
    make_backup,
    read_manifest,
    source_of,
)
from app.storage.connecting import connect_still
from app.storage.keys import KeyFileChanged
from app.storage.store import Store, StoreUnreadable
from tests.factories import KEY
from tests.storage.bytes_on_disk import OTHER_KEY
from tests.storage.kept_site import KeptSite
from tests.workflows.copied_site import quick_folder


@pytest.fixture
def site() -> Iterator[KeptSite]:
    with quick_folder() as folder:
        site = KeptSite(Path(folder) / "site")
        yield site
        site.close()


@pytest.fixture
def disk(site: KeptSite) -> Path:
    disk = site.folder.parent / "disk"
    disk.mkdir()
    return disk


def files_of(disk: Path) -> dict[str, bytes]:
    return {str(f.relative_to(disk)): f.read_bytes() for f in sorted(disk.rglob("*")) if f.is_file()}


def place(site: KeptSite, disk: Path) -> Path:
    return disk / backups.place_of(site.store)


def test_a_backup_holds_what_was_there_and_says_so_before_it_is_opened(site: KeptSite, disk: Path) -> None:
    dose = site.vaccinated()
    backup = site.back_up(disk)
    manifest = check_copy(backup.folder, KEY)
    assert (manifest.people, manifest.doses, manifest.program) == (30, 1, "0.1.0")
    (head,) = manifest.heads
    assert head.seq == manifest.entries
    db = connect_still(backup.folder / manifest.database, KEY)
    assert immunizations.history_of(db, dose["patient_id"])
    db.conn.close()
    assert backups_in(place(site, disk)) == [Backup(backup.folder, site.clock.now().replace(microsecond=0))]


def test_acts_done_meanwhile_are_saved_and_the_copy_is_of_one_instant(site: KeptSite, disk: Path) -> None:
    acts: list[int] = []

    def vaccinate() -> None:
        if len(acts) < 3:
            site.vaccinated(site.patient(index=len(acts)), vial=len(acts))
            acts.append(1)

    backup = make_backup(source_of(site.store), disk, site.clock.now(), "0.1.0", site.random, vaccinate)
    assert acts == [1, 1, 1]
    manifest = check_copy(backup.folder, KEY)
    db = connect_still(backup.folder / manifest.database, KEY)
    assert (manifest.doses, db.execute("select count(*) from immunization").fetchone()) == (0, (0,))
    db.conn.close()
    assert site.desk.read().execute("select count(*) from immunization").fetchone() == (3,)


def test_no_file_name_says_who_is_in_it(site: KeptSite, disk: Path) -> None:
    site.back_up(disk)
    names = {part for name in files_of(disk) for part in Path(name).parts}
    assert all(name.isascii() for name in names)
    assert {"store.db", "keys.json", "manifest.json"} <= names


def refused(site: KeptSite, disk: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        make_backup(source_of(site.store), disk, site.clock.now(), "0.1.0", site.random, lambda: None)
    return caught.value


def test_an_unplugged_disk_is_a_sentence(site: KeptSite, disk: Path) -> None:
    assert refused(site, disk / "gone") == BackupFolderGone(str(disk / "gone"))


def test_the_data_folder_is_no_second_disk(site: KeptSite) -> None:
    (site.folder / "copies").mkdir()
    assert refused(site, site.folder / "copies") == BackupOnSameDisk(str(site.folder / "copies"))
    assert refused(site, site.folder) == BackupOnSameDisk(str(site.folder))


def test_without_room_nothing_is_written_and_the_old_copies_stay(
    site: KeptSite, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.back_up(disk)
    before = files_of(disk)
    usage = shutil.disk_usage(disk)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1 << 20))
    refusal = refused(site, disk)
    assert isinstance(refusal, BackupDiskFull)
    assert refusal.needed > refusal.free == 1 << 20
    assert files_of(disk) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes anywhere")
def test_a_protected_disk_is_a_sentence(site: KeptSite, disk: Path) -> None:
    disk.chmod(0o500)
    assert isinstance(refused(site, disk), BackupUnwritable)


@pytest.mark.parametrize("folder", ["", "disk"])
def test_a_folder_without_its_disk_is_none(
    folder: str, site: KeptSite, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line left empty would be wherever the program was started."""
    monkeypatch.chdir(disk.parent)
    with pytest.raises(BackupFolderGone):
        check_place(site.folder, Path(folder))


def test_a_file_in_the_place_of_the_folder_is_a_sentence(site: KeptSite, disk: Path) -> None:
    place(site, disk).write_bytes(b"")
    assert isinstance(refused(site, disk), BackupUnwritable)


def test_a_disk_pulled_out_in_the_middle_leaves_nothing_that_looks_whole(site: KeptSite, disk: Path) -> None:
    site.back_up(disk)
    gone = disk.with_name("elsewhere")
    moved: list[int] = []

    def pull_out() -> None:
        if not moved:
            disk.rename(gone)
            moved.append(1)

    with pytest.raises(BackupFolderGone):
        make_backup(source_of(site.store), disk, site.clock.now(), "0.1.0", site.random, pull_out)
    gone.rename(disk)
    assert len(backups_in(place(site, disk))) == 1
    site.clock.go(minutes=60)
    site.back_up(disk)
    assert [p for p in place(site, disk).iterdir() if p.name.startswith(".new")] == [], "swept up"
    assert len(backups_in(place(site, disk))) == 2


class BrokenOff(Exception):
    """The program closes."""


def test_a_copy_broken_off_leaves_nothing(site: KeptSite, disk: Path) -> None:
    def stop() -> None:
        raise BrokenOff

    with pytest.raises(BrokenOff):
        make_backup(source_of(site.store), disk, site.clock.now(), "0.1.0", site.random, stop)
    assert files_of(disk) == {}


def test_a_damaged_page_of_the_store_is_not_copied_in_silence(site: KeptSite, disk: Path) -> None:
    path = site.store.path
    site.close()
    content = bytearray(path.read_bytes())
    place = len(content) // 8192 * 4096
    content[place + 500 : place + 600] = bytes(100)
    path.write_bytes(content)
    site.store = Store(path, KEY)
    assert refused(site, disk) == StoreUnreadable(str(path), ANY)
    assert files_of(disk) == {}


@pytest.mark.parametrize("name", ["store.db", "keys.json", "manifest.json"])
def test_a_tampered_copy_is_noticed(name: str, site: KeptSite, disk: Path) -> None:
    backup = site.back_up(disk).folder
    content = bytearray((backup / name).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / name).write_bytes(content)
    with pytest.raises((BackupDamaged, KeyFileChanged, Refusal)):
        check_copy(backup, KEY)


def test_an_edited_manifest_is_noticed_and_so_is_a_missing_file(site: KeptSite, disk: Path) -> None:
    backup = site.back_up(disk).folder
    told = json.loads((backup / "manifest.json").read_bytes())
    (backup / "manifest.json").write_text(json.dumps(told | {"doses": 99}), "utf-8")
    assert read_manifest(backup).doses == 99, "unproven until the key is there"
    with pytest.raises(BackupDamaged):
        check_copy(backup, KEY)
    (backup / "manifest.json").write_text(json.dumps(told), "utf-8")
    check_copy(backup, KEY)
    (backup / "store.db").unlink()
    with pytest.raises(BackupDamaged):
        check_copy(backup, KEY)


def test_another_key_proves_nothing(site: KeptSite, disk: Path) -> None:
    with pytest.raises(KeyFileChanged):
        check_copy(site.back_up(disk).folder, OTHER_KEY)


def test_old_generations_go_once_the_new_copy_is_whole(site: KeptSite, disk: Path) -> None:
    made = [site.back_up(disk, site.clock.now() + timedelta(hours=hour)) for hour in range(4)]
    (place(site, disk) / "notes").mkdir()
    dropped = drop_old(place(site, disk), Generations(2, 1, 1, 1), made[-1])
    assert [backup.folder for backup in dropped] == [backup.folder for backup in (made[1], made[0])]
    assert [b.folder for b in backups_in(place(site, disk))] == [made[3].folder, made[2].folder]
    assert (place(site, disk) / "notes").exists(), "what is not ours stays"


def test_a_copy_made_by_a_clock_that_was_behind_is_not_dropped_at_once(site: KeptSite, disk: Path) -> None:
    for hour in range(3):
        site.back_up(disk, site.clock.now() + timedelta(hours=hour))
    behind = site.back_up(disk, site.clock.now() - timedelta(days=400))
    drop_old(place(site, disk), Generations(2, 1, 1, 1), behind)
    assert behind.folder.exists()
