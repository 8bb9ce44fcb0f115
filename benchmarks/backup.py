"""A dose while a backup runs beside it: the copy must not stand in the way of the needle (SEC-3)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from app.domain.checklist import Injection
from app.domain.journal import Json
from app.storage.backup_process import BackupBrokenOff, back_up_aside
from app.storage.backups import source_of
from app.storage.catalogue import get_product
from app.storage.keys import KeyFile, SlotOwner
from app.workflows import immunization
from app.workflows.desk import Desk
from benchmarks.big_site import FOLDER, KEY, copied_site
from benchmarks.figures import Figure, p50, p99, send, timed, verdict
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, second_person, vials

ROUNDS, TURN = 300, 10


def main(people: int, doses: int) -> None:
    """Measure and send."""
    with copied_site(people, doses) as desk, TemporaryDirectory(dir=FOLDER) as disk:
        keys = KeyFile(desk.store.path.with_name("keys.json"), lambda: bytes(32))
        keys.add(SlotOwner("u-1", "测量", ""), "measuring", KEY, os.urandom)
        alone, beside = _measure(desk, Path(disk))
    send(
        [
            Figure(
                "SEC-3", f"one dose while a backup runs ({people:,} people, {doses:,} doses)",
                f"p50 {p50(beside):.2f}, p99 {p99(beside):.2f} ms",
                f"without p50 {p50(alone):.2f}, p99 {p99(alone):.2f} ms",
                f"{p99(beside) / p99(alone):.2f}x of p99", "p99 <= 1.25x", "p99 <= 25 ms",
                verdict(must=p99(beside) <= 1.25 * p99(alone), aim=p99(beside) <= 25),
            )
        ]
    )  # fmt: skip


def _measure(desk: Desk, disk: Path) -> tuple[list[float], list[float]]:
    """Return the times of a dose while a backup under way stands still, and while it goes on.

    In short turns, for the machine's own speed comes and goes; the doses are over before the backup.
    """
    doses = _doses(desk)
    process: list[subprocess.Popen[bytes]] = []
    over: list[object] = []

    def back_up() -> None:
        try:
            over.append(back_up_aside(source_of(desk.store), disk, desk.now(), "0", process.append))
        except BackupBrokenOff:
            return

    thread = Thread(target=back_up)
    thread.start()
    while not any(file.stat().st_size for file in disk.glob("*/.new-*/store.db")):
        time.sleep(0.01)
    alone: list[float] = []
    beside: list[float] = []
    while len(beside) < ROUNDS:
        process[0].send_signal(signal.SIGSTOP)
        alone += islice(doses, TURN)
        process[0].send_signal(signal.SIGCONT)
        beside += islice(doses, TURN)
    assert not over, "the backup was over before the doses"
    process[0].kill()
    thread.join()
    return alone, beside


def _doses(desk: Desk) -> Iterator[float]:
    """Give doses and yield how long each took; each is voided, so that the vial lasts."""
    product = get_product(desk.read(), PRODUCT)
    injection = Injection(product.body_site, product.route)
    vial = vials(desk)[0]
    for patient_id in grown_ups(desk, 4 * ROUNDS):
        encounter_id = bring_to_dose(desk, patient_id, vial)
        if encounter_id is None:
            continue
        records: list[Json] = []
        yield timed(partial(_dose, desk, encounter_id, injection, records))
        desk.do(immunization.void_immunization, records[0]["immunization_id"], "测量", second_person(desk))


def _dose(desk: Desk, encounter_id: str, injection: Injection, records: list[Json]) -> None:
    records.append(desk.do(immunization.record_immunization, encounter_id, injection))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
