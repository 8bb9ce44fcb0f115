"""One visit, whole: two scans, four keys, thirty minutes, one certificate, one receipt each."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.documents.trust import trusted_key
from app.documents.verifier import verify
from app.domain.trust import TrustList, Verdict
from app.storage import journal
from app.ui.certificate.workstation import find_identity
from tests.documents.rendering import codes, pages
from tests.journeys.scripted_visit import Walk

SPOKEN_TO: dict[str, Callable[[Any], object]] = {
    "socket.connect": lambda given: given[1],
    "socket.sendto": lambda given: given[1],
    "socket.getaddrinfo": lambda given: given[:2],
}
"""What Python tells an audit hook, and where in it the other side stands."""


@pytest.fixture(scope="module")
def addresses() -> list[Any]:
    """Everybody this process speaks to, or asks the network for the address of."""
    found: list[Any] = []

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event in SPOKEN_TO:
            found.append(SPOKEN_TO[event](given))

    sys.addaudithook(hear)  # for good: there is no taking it away
    return found


def test_one_person_one_vial_one_dose_one_certificate_one_receipt(
    tmp_path: Path, qapp: QApplication, addresses: list[Any]
) -> None:
    """VER-1, TRC-2, OBS-1, CRT-1, SYN-1: real windows, real encrypted store, real PostgreSQL; nobody else."""
    addresses.clear()
    walk = Walk(tmp_path, residents=30)
    try:
        sheet, summary = walk.whole_visit()
        store = walk.bench.desk.store
        identity = find_identity(store)
        entries = sum(journal.verify(store.read()).values())
    finally:
        walk.program.close()
    assert (summary["immunizations"], summary["people"]) == (1, 30)
    assert summary["events"] == entries
    assert summary["semantic_errors"] == 0
    assert identity is not None
    code = next(text for text in codes(pages(sheet.read_bytes())[0]).values() if text.startswith("HC1:"))
    trust = TrustList(1, walk.clock.now(), (trusted_key(identity.certificate_der),))
    assert verify(code, trust, walk.clock.now()).verdict is Verdict.VALID
    assert len(list((tmp_path / "steps").glob("*.png"))) >= 20
    assert {host for host, _ in addresses} == {"127.0.0.1"}, "nobody but this machine's own centre"
    assert len({port for _, port in addresses}) == 1
