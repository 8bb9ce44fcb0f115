"""A backup is made in a process of its own, which ends with the program and leaves nothing half (SEC-3)."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.storage.backup_process import BackupBrokenOff, back_up_aside
from app.storage.backups import BackupFolderGone, Source, backups_in, place_of, source_of
from app.storage.drill import drill
from app.storage.keys import KeyFileChanged
from tests.factories import KEY
from tests.storage.bytes_on_disk import OTHER_KEY
from tests.storage.kept_site import KeptSite

FOR_EVER = """
from threading import Event
from app.storage.aside import step_back
print(step_back().hex()[:4], flush=True)
Event().wait()
"""


@pytest.fixture
def site(tmp_path: Path) -> KeptSite:
    (tmp_path / "disk").mkdir()
    return KeptSite(tmp_path / "site")


def test_what_is_copied_aside_passes_the_drill(site: KeptSite, tmp_path: Path) -> None:
    site.vaccinated()
    at = site.clock.now()
    backup = back_up_aside(source_of(site.store), tmp_path / "disk", at, "0.1.0")
    assert backups_in(tmp_path / "disk" / place_of(site.store)) == [backup]
    assert backup.made_at == at.replace(microsecond=0)
    assert drill(backup.folder, KEY, tmp_path / "scratch").doses == 1


def test_a_refusal_comes_across_the_process(site: KeptSite, tmp_path: Path) -> None:
    away = tmp_path / "away"
    with pytest.raises(BackupFolderGone) as caught:
        back_up_aside(source_of(site.store), away, site.clock.now(), "0.1.0")
    assert caught.value == BackupFolderGone(str(away))
    source = source_of(site.store)
    foreign = Source(source.path, OTHER_KEY, source.place)
    with pytest.raises(KeyFileChanged):
        back_up_aside(foreign, tmp_path / "disk", site.clock.now(), "0.1.0")


def test_one_that_is_ended_says_so_and_leaves_nothing(site: KeptSite, tmp_path: Path) -> None:
    source, disk = source_of(site.store), tmp_path / "disk"
    half = disk / source.place / ".new-20261123T010000Z-0000"
    half.mkdir(parents=True)
    (half / "store.db").write_bytes(b"half")
    with pytest.raises(BackupBrokenOff):
        back_up_aside(source, disk, site.clock.now(), "0.1.0", lambda process: process.kill())
    assert list((disk / source.place).iterdir()) == []


def test_the_process_ends_with_the_one_that_asked() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", FOR_EVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{KEY.hex()}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline().strip() == KEY.hex()[:4].encode()
        assert process.poll() is None
        process.stdin.close()
        try:
            assert process.wait(timeout=60) == 1
        finally:
            process.kill()
