"""A disk really full in a change of password or key, a backup, a restore: nothing is lost (SEC-3)."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage.kept_site import KeptSite
from tests.storage.test_safekeeping_killed import ROOT, TASKS, judge
from tests.workflows.copied_site import quick_folder

_NAMESPACE = ["unshare", "--mount", "--"]
_ON_A_SMALL_DISK = """
set -e
mount -t tmpfs -o size="$1" none "$3"
cp -a "$2/." "$3/"
"$5" -m tests.storage.safekeeping_at_work "$3/site" "$3/disk" "$6" "$4"
rm -rf "$2"
cp -a "$3/." "$2"
"""
"""Copies a folder to a disk of so many bytes, works there while it is full, copies all back."""


def _may_mount() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    tried = [*_NAMESPACE, "mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not _may_mount(), reason="needs a mount of its own")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A folder that is only copied: a closed site of two doses, and a disk with a copy of the first."""
    with quick_folder() as folder:
        site = KeptSite(Path(folder) / "site")
        site.vaccinated()
        site.back_up(Path(folder) / "disk")
        site.vaccinated(site.patient(index=1), vial=1)
        site.close()
        yield Path(folder)


@pytest.fixture
def site(made: Path) -> Iterator[Path]:
    """The folder of the site."""
    with quick_folder() as folder:
        shutil.copytree(made, Path(folder) / "all")
        yield Path(folder) / "all" / "site"


def run(site: Path, task: str, pages: int) -> list[str]:
    """Let it work on a disk with room for so many pages; return what it said."""
    everything = site.parent
    size = sum(file.stat().st_size for file in everything.rglob("*") if file.is_file())
    mounted = everything.with_name("small")
    mounted.mkdir()
    words = (str(2 * size + (4 << 20)), str(everything), str(mounted), str(pages), sys.executable, task)
    done = subprocess.run(
        [*_NAMESPACE, "sh", "-c", _ON_A_SMALL_DISK, "sh", *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "ready" in done.stdout, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    ("task", "refusals"),
    [
        ("password", {"KeyFileUnwritable"}),
        ("key", {"NoRoomForKeyChange"}),
        ("backup", {"BackupDiskFull"}),
        ("restore", {"NoRoomToRestore"}),
    ],
)
def test_a_full_disk_is_a_sentence_and_all_is_as_it_was(site: Path, task: str, refusals: set[str]) -> None:
    said = run(site, task, 0)
    assert said[1] == "refused"
    assert said[2] in refusals
    judge(site, task, said)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("pages", [1, 2, 3, 8, 40, 150, 400])
def test_however_little_room_is_left_all_is_old_or_all_is_new(site: Path, task: str, pages: int) -> None:
    judge(site, task, run(site, task, pages))
