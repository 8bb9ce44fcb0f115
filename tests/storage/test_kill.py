"""Killed at any moment, the store loses no dose it has acknowledged and keeps no half of one (TRC-1)."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import IO

import pytest

from app.storage import journal
from tests.workflows.copied_site import CopiedSite
from tests.workflows.morning import check_consistency

ROOT = Path(__file__).parents[2]


def killed_run(folder: Path, seed: int, after: Callable[[IO[str]], list[str]]) -> list[str]:
    """Let doses be recorded, kill the process at the moment ``after`` picks, return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.doses_without_end", str(folder), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", "the work begins"
    heard = after(process.stdout)
    process.kill()
    said = [*heard, *process.stdout.read().split()]
    process.stdout.close()
    assert process.wait() == -9, "it was killed at work, not by a fault of its own"
    return said


def as_soon_as_said(doses: int) -> Callable[[IO[str]], list[str]]:
    """The moment a dose has been acknowledged: it must be on the disk by now."""
    return lambda stdout: list(filter(None, (stdout.readline().strip() for _ in range(doses))))


def some_time_later(milliseconds: float) -> Callable[[IO[str]], list[str]]:
    """Any moment, mostly in the middle of an act."""

    def wait(stdout: IO[str]) -> list[str]:
        threading.Event().wait(milliseconds / 1000)
        return []

    return wait


def check_after_kill(folder: Path, seed: int, acknowledged: list[str]) -> list[str]:
    """Open the store again; return the doses that stand in it."""
    site = CopiedSite(folder, seed=seed)
    db = site.desk.read()
    kept = [row[0] for row in db.execute("select immunization_id from immunization order by rowid")]
    assert kept[: len(acknowledged)] == acknowledged, "nothing acknowledged is lost"
    assert len(kept) - len(acknowledged) <= 1, "at most the dose in hand was committed unsaid"
    assert len(set(kept)) == len(kept)
    recorded = [e.body["immunization_id"] for e in journal.events(db) if e.kind == "immunization.recorded"]
    assert recorded == kept, "nothing twice, nothing without its journal entry"
    check_consistency(site)
    assert site.store.check_pages() > 0
    site.close()
    return kept


def run_and_kill(folder: Path, seed: int, times: int) -> None:
    random, standing = Random(seed), list[str]()
    for run in range(times):
        moment = (
            some_time_later(random.uniform(20, 700)) if run % 2 else as_soon_as_said(random.randint(1, 3))
        )
        said = killed_run(folder, seed * 1000 + run, moment)
        standing = check_after_kill(folder, 900_000 + seed * 1000 + run, [*standing, *said])
    assert standing, "some doses were recorded between the kills"


def test_a_site_killed_in_the_middle_of_its_acts_loses_no_dose(tmp_path: Path) -> None:
    run_and_kill(tmp_path, seed=1, times=2)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(2, 12))
def test_a_site_killed_again_and_again_loses_no_dose(seed: int, tmp_path: Path) -> None:
    run_and_kill(tmp_path, seed, times=8)
