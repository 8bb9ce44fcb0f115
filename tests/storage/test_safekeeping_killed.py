"""Killed or out of room in a change of password or key, a backup, a restore: all old or all new (SEC-3)."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.storage import journal, projections
from app.storage.backups import check_copy, search
from app.storage.keys import PasswordWrong
from app.workflows.forecast import use_packs
from tests.factories import KEY, NURSE
from tests.storage.bad_disk import injected
from tests.storage.kept_site import PASSWORD, KeptSite, keys_of, opened
from tests.storage.safekeeping_at_work import NEW_PASSWORD
from tests.workflows.brought_packs import pack_text, take
from tests.workflows.copied_site import everything, quick_folder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace injects the faults")
ROOT = Path(__file__).parents[2]
CALLS = "pwrite64,write,fsync,rename,ftruncate,unlink"
TASKS = ("password", "key", "backup", "restore")


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """The folders ``kept`` fills, which are only copied."""
    with quick_folder() as folder:
        kept(Path(folder))
        yield Path(folder)


@pytest.fixture
def site(made: Path) -> Iterator[Path]:
    """The folder of a closed site as ``kept`` makes it, the disk of its backups beside it."""
    with quick_folder() as folder:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        yield Path(folder) / "site"


def kept(folder: Path) -> Path:
    """Return the folder of a site with a copy of its first dose and its rule pack on the disk.

    A second dose followed, and the file of the pack was lost.
    """
    site = KeptSite(folder / "site")
    take(site, pack_text())
    site.vaccinated()
    site.back_up(folder / "disk")
    site.vaccinated(site.patient(index=1), vial=1)
    site.close()
    pack_of(site.folder).unlink()
    use_packs(None)
    return site.folder


def pack_of(site: Path) -> Path:
    return site / "schedules" / "cn-hpv-2025.json"


def run(site: Path, task: str, *faults: str) -> list[str]:
    """Let it work while strace injects faults; return what it said."""
    disk = site.parent / "disk"
    work = [sys.executable, "-m", "tests.storage.safekeeping_at_work", str(site), str(disk), task]
    done = subprocess.run(
        ["strace", "-f", "-o", "/dev/null", *injected(faults), *work],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    assert "strace:" not in done.stderr, done.stderr
    return done.stdout.split()


def judge(site: Path, task: str, said: list[str]) -> None:
    """Hold what is on the disks against what was said."""
    done, disk = "done" in said, site.parent / "disk"
    store = opened(site)
    db = store.read()
    (doses,) = db.execute("select count(*) from immunization").fetchone()
    if task == "restore":
        assert doses == 1 if done else doses in (1, 2)
        there = pack_of(site).read_text("utf-8") if pack_of(site).exists() else ""
        wanted = ("", pack_text()) if doses == 2 else (pack_text(),)
        assert there in wanted, "whole, and never behind the store"
    else:
        assert doses == 2
    assert journal.verify(db)
    before = everything(db)
    store.write(lambda transaction: projections.rebuild(transaction.db))
    assert everything(store.read()) == before
    assert store.check_pages() > 0
    if done and task == "key":
        assert store.key != KEY
    assert len(list(site.glob("store*.db.copying"))) == 0, "what was half is swept up"
    key = store.key
    store.close()
    copies = search(disk)
    assert len(copies) == 2 if done and task == "backup" else len(copies) in (1, 2)
    for copy in copies:
        check_copy(copy.folder, KEY)
    keys_of(site).check(key)
    if task == "password":
        check_passwords(site, done)


def check_passwords(site: Path, done: bool) -> None:
    """One of the two opens, the new one for sure once it was said."""
    opens = []
    for password in (PASSWORD, NEW_PASSWORD):
        try:
            keys_of(site).unlock(NURSE, password)
            opens.append(password)
        except PasswordWrong:
            continue
    assert opens == [NEW_PASSWORD] if done else len(opens) == 1


@pytest.mark.parametrize(
    ("task", "fault"),
    [
        ("password", "rename"),
        ("key", "rename:2"),
        ("key", "pwrite64:120"),
        ("backup", "fsync:2"),
        ("restore", "rename:2"),
        ("restore", "rename:3"),
    ],
)
def test_killed_in_the_middle_all_is_old_or_all_is_new(site: Path, task: str, fault: str) -> None:
    call, _, number = fault.partition(":")
    said = run(site, task, f"{call}:signal=SIGKILL:when={number or 1}")
    assert "closed" not in said, "it was killed"
    judge(site, task, said)


@pytest.mark.parametrize(("task", "refusal"), [("key", "StoreFull"), ("backup", "BackupDiskFull")])
def test_a_disk_that_fills_up_in_the_middle_is_a_sentence(site: Path, task: str, refusal: str) -> None:
    said = run(site, task, "pwrite64:error=ENOSPC:when=100+")
    assert said[1:3] == ["refused", refusal]
    judge(site, task, said)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("call", CALLS.split(","))
def test_killed_at_any_call_all_is_old_or_all_is_new(task: str, call: str) -> None:
    number, step = 1, 1 if call != "pwrite64" else 23
    while True:
        with quick_folder() as folder:
            site = kept(Path(folder))
            said = run(site, task, f"{call}:signal=SIGKILL:when={number}")
            judge(site, task, said)
        if "closed" in said:
            return
        number += step


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("fault", ["pwrite64:error=ENOSPC", "pwrite64:error=EIO", "fsync:error=EIO"])
def test_a_disk_that_fails_from_any_call_on_leaves_the_old(task: str, fault: str) -> None:
    for number in (1, 2, 3, 5, 20, 80, 200, 400):
        with quick_folder() as folder:
            site = kept(Path(folder))
            judge(site, task, run(site, task, f"{fault}:when={number}+"))
