"""A site with many residents and doses in a real encrypted store: made once under build/, only copied."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from app.devices.system_clock import SystemClock
from app.domain.checklist import Injection
from app.domain.clock import instant_text
from app.domain.journal import Event, Json
from app.domain.people import Patient
from app.practice import site as practice
from app.practice.people import residents
from app.storage import journal, shape
from app.storage.catalogue import get_product
from app.storage.receipts import put_receipts
from app.storage.store import Store, Transaction
from app.workflows import immunization, observation, registration
from app.workflows.desk import Act, Desk
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, vials

KEY = bytes(range(32))
FOLDER = Path(__file__).parents[1] / "build" / "benchmarks"
BATCH = 1000
DAY = 250
"""Doses in one past session."""
KEPT = ("encounter.opened", "screening.recorded", "consent.recorded", "immunization.recorded",
        "observation.ended")  # fmt: skip
"""What each past visit leaves in the journal here; the steps between are left out to build in minutes."""


@contextmanager
def copied_site(people: int, doses: int) -> Iterator[Desk]:
    """Yield a desk at a copy of the site; whatever is done there is gone afterwards."""
    with copied_folder(people, doses) as folder:
        desk = _desk(folder / "store.db")
        try:
            yield desk
        finally:
            desk.store.close()


@contextmanager
def copied_folder(people: int, doses: int) -> Iterator[Path]:
    """Yield a folder with a copy of the database; nothing is measured before the disk has all of it."""
    made = make_site(people, doses)
    with TemporaryDirectory(dir=FOLDER) as folder:
        path = Path(folder) / "store.db"
        shutil.copyfile(made, path)
        with open(path, "rb") as copy:
            os.fsync(copy.fileno())
        yield Path(folder)


def make_site(people: int, doses: int) -> Path:
    """Return the database of a site with so many people and doses; the first call takes minutes."""
    folder = FOLDER / f"{people}-{doses}"
    path, done = folder / "store.db", folder / "done.json"
    wanted = {"people": people, "doses": doses, "shape": _shape()}
    if not (done.exists() and json.loads(done.read_text()) == wanted):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        for leftover in folder.glob("store.db*"):
            leftover.unlink()
        desk = _desk(path, create=True)
        _fill(desk, people, doses)
        desk.store.close()
        done.write_text(json.dumps(wanted))
    else:
        Store(path, KEY).close()  # one made by an earlier program is brought up to this one's shape here
    return path


def _desk(path: Path, *, create: bool = False) -> Desk:
    desk = Desk(Store(path, KEY, create=create), SystemClock(), os.urandom, "接种台 1")
    desk.user = practice.MANAGER
    return desk


def _shape() -> str:
    tables = (*shape.RECORD_0001, *shape.PROJECTIONS_0001, *shape.LOCAL_0001)
    return hashlib.sha256("\n".join(tables).encode()).hexdigest()


def _fill(desk: Desk, people: int, doses: int) -> None:
    practice.fill(desk, 0)
    desk.user = practice.MANAGER
    everybody = iter(residents(people, desk.today(), seed=11))
    ids: list[str] = []
    while batch := list(islice(everybody, BATCH)):
        ids += desk.do(_register, batch)
        sys.stderr.write(f"\r{len(ids)} people")
    pattern = _one_visit(desk)
    for start in range(0, doses, DAY):
        desk.do(_hold_session, pattern, ids, range(start, min(start + DAY, doses)), doses)
        sys.stderr.write(f"\r{start + DAY} doses      ")
    desk.store.write(_receipt_all)
    sys.stderr.write("\n")


def _register(act: Act, people: list[Patient]) -> list[str]:
    return [registration.register_patient(act, patient).patient_id for patient in people]


def _one_visit(desk: Desk) -> list[Event]:
    """Walk one person through a whole visit and return what it left in the journal."""
    last = journal.current_stream(desk.read())
    before = max((entry.event.seq for entry in journal.entries(desk.read(), last)), default=0)
    encounter_id = bring_to_dose(desk, grown_ups(desk, 1)[0], vials(desk)[0])
    assert encounter_id is not None, "nothing stands against a grown-up"
    product = get_product(desk.read(), PRODUCT)
    desk.do(immunization.record_immunization, encounter_id, Injection(product.body_site, product.route))
    desk.do(observation.leave_early, encounter_id, "测量")
    left = journal.entries(desk.read(), last, after=before)
    return [entry.event for entry in left if entry.event.kind in KEPT]


def _hold_session(act: Act, pattern: list[Event], ids: list[str], numbers: range, doses: int) -> None:
    """Append a past day: the pattern visit once for each number, of other people."""
    session_id, opened_at = act.new_id(), instant_text(_at(act, numbers[0], doses))
    act.append("session.opened", {"session_id": session_id, "name": "常规门诊", "opened_at": opened_at})
    for number in numbers:
        changed = _changed(act, session_id, ids[number * 7 % len(ids)], number, doses)
        for event in pattern:
            own = {name: value for name, value in changed.items() if name in event.body}
            act.append(event.kind, event.body | own, person=changed["patient_id"])
    act.append("session.closed", {"session_id": session_id, "closed_at": opened_at})


def _changed(act: Act, session_id: str, patient_id: str, number: int, doses: int) -> Json:
    """Return in what a visit differs from the pattern."""
    at = _at(act, number, doses)
    began, ends = instant_text(at), instant_text(at + timedelta(minutes=30))
    return {
        "session_id": session_id, "patient_id": patient_id, "encounter_id": act.new_id(),
        "screening_id": act.new_id(), "consent_id": act.new_id(), "immunization_id": act.new_id(),
        "ticket_seq": number + 1, "ticket_number": f"A{number % DAY + 1:03d}",
        "ticket_token": f"{number:010d}", "trace_code": f"8900808{number + 2_000_000:013d}",
        "registered_at": began, "recorded_at": began, "occurred_at": began, "vial_opened_at": began,
        "observe_until": ends, "ended_at": ends,
        "early": False, "note": "",
    }  # fmt: skip


def _at(act: Act, number: int, doses: int) -> datetime:
    return act.now - timedelta(days=1 + (doses - 1 - number) // DAY)


def _receipt_all(transaction: Transaction) -> None:
    """Let the centre have taken in everything so far."""
    db = transaction.db
    (last_seq,) = db.execute("select max(seq) from journal").fetchone()
    put_receipts(db, journal.current_stream(db), [(last_seq, instant_text(SystemClock().now()))])


if __name__ == "__main__":
    make_site(int(sys.argv[1]), int(sys.argv[2]))
