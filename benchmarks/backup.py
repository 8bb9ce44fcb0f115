"""A dose while a backup runs beside it: the copy must not stand in the way of the needle (SEC-3)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
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

ROUNDS = 150


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
    """Return the times of a dose without and with a backup under way, so many of each, in two turns each."""
    people = iter(grown_ups(desk, 8 * ROUNDS))
    injection = Injection(
        get_product(desk.read(), PRODUCT).body_site, get_product(desk.read(), PRODUCT).route
    )
    vial = vials(desk)[0]

    def doses() -> list[float]:
        times: list[float] = []
        for patient_id in people:
            encounter_id = bring_to_dose(desk, patient_id, vial)
            if encounter_id is None:
                continue
            records: list[Json] = []
            times.append(timed(partial(_dose, desk, encounter_id, injection, records)))
            desk.do(
                immunization.void_immunization, records[0]["immunization_id"], "测量", second_person(desk)
            )
            if len(times) == ROUNDS // 2:
                break
        return times

    alone, beside = doses(), _beside(desk, disk, doses)
    return alone + doses(), beside + _beside(desk, disk, doses)


def _beside(desk: Desk, disk: Path, doses: Callable[[], list[float]]) -> list[float]:
    """Return the times of doses while a backup is made, which is broken off after the last of them."""
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
    times = doses()
    assert not over, "the backup was over before the doses"
    process[0].kill()
    thread.join()
    return times


def _dose(desk: Desk, encounter_id: str, injection: Injection, records: list[Json]) -> None:
    records.append(desk.do(immunization.record_immunization, encounter_id, injection))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
