"""A program to be killed: records doses at an enrolled site, says each aloud, and syncs all the while."""

import sys
import threading
import time
from datetime import date
from pathlib import Path

from app.domain.checklist import PERSON_ITEMS, Injection
from app.domain.people import Patient
from app.domain.vial import CodeSource
from app.practice.people import residents
from app.storage.catalogue import get_product
from app.storage.journal import current_stream
from app.sync.engine import SyncEngine
from app.sync.http import HttpTransport
from app.sync.runner import SyncRunner
from app.sync.seal import sealer
from app.sync.store_identity import get_identity
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.workflows import immunization, needle, registration
from app.workflows.needle import HandEntry
from tests.clocks import ManualClock
from tests.factories import NURSE
from tests.workflows.copied_site import CopiedSite
from tests.workflows.next_session import begin_next_session

PRODUCT = "RAB-1"
BREATH_S = 0.3


class RunningClock(ManualClock):
    """The test's day, with the machine's own time beside it."""

    def monotonic(self) -> float:
        return time.monotonic()


def open_site(folder: Path, seed: int) -> CopiedSite:
    return CopiedSite(folder, clock=RunningClock(), seed=seed)


def engine_of(site: CopiedSite, line: HttpTransport) -> SyncEngine:
    outbox = StoreOutbox(site.store)
    device_id = current_stream(site.desk.read()).device_id
    return SyncEngine(
        device_id, outbox, line, site.clock, site.random,
        seal=sealer(outbox.seal_key(site.random)), inbox=StoreInbox(site.store, site.clock),
    )  # fmt: skip


def line_of(site: CopiedSite, url: str) -> HttpTransport:
    return HttpTransport(url, get_identity(site.store), site.clock)


def give_dose(site: CopiedSite, patient: Patient) -> str:
    """Bring somebody through the visit, the label of whose vial cannot be read; return the dose's id."""
    encounter_id = site.at_needle(patient, PRODUCT).encounter_id
    entry = HandEntry(CodeSource.UNREADABLE, "标签破损", PRODUCT, "HAND-1", date(2027, 12, 1), None)
    site.desk.do(needle.enter_vial, encounter_id, entry, site.beside())
    for item in PERSON_ITEMS:
        site.desk.do(needle.confirm_item, encounter_id, item)
    product = get_product(site.desk.read(), PRODUCT)
    injection = Injection(product.body_site, product.route)
    record = site.desk.do(immunization.record_immunization, encounter_id, injection)
    return str(record["immunization_id"])


def main(folder: Path, url: str, seed: int) -> None:
    """Vaccinate one new person after the other until killed; a line is an acknowledged dose."""
    site = open_site(folder, seed)
    line = line_of(site, url)
    runner = SyncRunner(engine_of(site, line), line)
    runner.start()
    begin_next_session(site, f"第 {seed} 场")
    print("ready", flush=True)
    for number, person in enumerate(residents(2000, site.desk.today(), seed=seed)):
        site.as_user(NURSE)
        site.desk.name = f"接种台 {seed}-{number}"
        patient = site.desk.do(registration.register_patient, person)
        print(give_dose(site, patient), flush=True)
        runner.sync_now()
        assert runner.is_alive, "sync outlives whatever the link does"
        threading.Event().wait(BREATH_S)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
