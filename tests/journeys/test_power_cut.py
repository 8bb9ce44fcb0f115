"""The power goes off in the middle of each step; after the restart nothing is lost and nothing is twice."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.storage import immunizations, journal
from tests.dumps import dump, rebuilt_dump
from tests.journeys.scripted_visit import MANAGER, Walk

OUTAGE = timedelta(minutes=40)
"""The walk before may have sent its clock thirty minutes ahead; when the power is back it is later still."""
CUTS = (
    pytest.param("registration", 3, marks=pytest.mark.long),
    pytest.param("screening", 14, marks=pytest.mark.long),
    pytest.param("vaccination", 5, marks=pytest.mark.long),
    ("vaccination", 8),
    pytest.param("observation", 5, marks=pytest.mark.long),
    pytest.param("certificate", 3, marks=pytest.mark.long),
    pytest.param("centre", 1, marks=pytest.mark.long),
)
"""The step, and after how many of its keys and scans: each the key that writes, before its answer."""


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("step", "inputs"), CUTS)
def test_a_visit_goes_on_where_the_power_cut_left_it(
    step: str, inputs: int, tmp_path: Path, qapp: QApplication
) -> None:
    """SITE-4, SYN-5: SIGKILL, start again, finish the visit with the same keys."""
    command = [sys.executable, "-m", "tests.journeys.interrupted_visit", str(tmp_path), step, str(inputs)]
    cut = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert cut.returncode == -signal.SIGKILL, cut.stderr
    assert cut.stdout.splitlines()[-1] == step
    walk = Walk(tmp_path, residents=30, ahead=OUTAGE, pictured=False)
    try:
        walk.sign_in(MANAGER)
        store = walk.bench.desk.store
        before = dump(store.read())
        assert rebuilt_dump(store) == before
        _, summary = walk.go_on()
        entries = sum(journal.verify(store.read()).values())
        (doses,) = (
            store.read()
            .execute("select count(*) from immunization where status = ?", [immunizations.COMPLETED])
            .fetchone()
        )
    finally:
        walk.program.close()
    assert doses == 1
    assert (summary["immunizations"], summary["voided"], summary["semantic_errors"]) == (1, 0, 0)
    assert summary["events"] == entries
