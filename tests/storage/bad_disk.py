"""What a failing disk did to a store, held against what the program had called saved."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from app.storage import journal
from tests.workflows.copied_site import CopiedSite
from tests.workflows.morning import check_consistency

ROOT = Path(__file__).parents[2]
SEED = 101
Lines = list[tuple[str, ...]]
"""What the program said, in words."""


def run(folder: Path, faults: Sequence[str], doses: int = 3) -> Lines:
    """Record doses while strace injects faults into the calls on the store; return what was said."""
    files = [word for name in ("", "-wal", "-shm") for word in ("-P", f"{folder}/store.db{name}")]
    return watched(folder, ["-o", "/dev/null", *files, *injected(faults)], doses)


def injected(faults: Sequence[str]) -> list[str]:
    """Return strace's options for faults; it looks at the calls that fail and lets all others pass."""
    calls = ",".join(sorted({fault.partition(":")[0] for fault in faults}))
    return [f"--trace={calls}", *(f"--inject={fault}" for fault in faults)]


def watched(folder: Path, options: Sequence[str], doses: int) -> Lines:
    """Record doses under strace with these options; return what was said."""
    work = [sys.executable, "-m", "tests.storage.doses_on_a_bad_disk", str(folder), str(SEED), str(doses)]
    done = subprocess.run(
        ["strace", "-f", *options, *work], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "strace:" not in done.stderr, done.stderr
    return said(done.stdout)


def said(text: str) -> Lines:
    return [tuple(line.split()) for line in text.splitlines()]


def called(lines: Lines, kind: str) -> list[str]:
    return [line[-1] for line in lines if line[0] == kind]


def judge(folder: Path, lines: Lines) -> int:
    """Hold what the store has against what was called saved; return how many acts it has beyond that."""
    site = CopiedSite(folder, seed=SEED + 1)
    written = [
        (event.kind, event.body) for event in journal.events(site.desk.read())
        if event.kind in ("patient.registered", "immunization.recorded")
    ]  # fmt: skip
    people = [body["patient_id"] for kind, body in written if kind == "patient.registered"][site.people :]
    doses = [body["immunization_id"] for kind, body in written if kind == "immunization.recorded"]
    beyond = 0
    for saved, told in ((people, called(lines, "person")), (doses, called(lines, "dose"))):
        assert saved[: len(told)] == told, "nothing called saved is lost"
        assert len(set(saved)) == len(saved), "nothing is there twice"
        beyond += len(saved) - len(told)
    check_consistency(site)
    assert site.store.check_pages() > 0
    site.close()
    return beyond
