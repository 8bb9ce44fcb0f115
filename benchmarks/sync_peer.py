"""The program as a peer of the common sync workload: its real centre, and a headless client.

A record is a person and a dose. ``load`` writes both by way of journal, projections and encrypted store,
250 in a transaction: the person by the act of registration; the dose without the rules of the needle, as
the entry one real visit left, with its own person, vial, instants and id. The record of the other peers
has no visit, so all doses here belong to that one.

    python -m benchmarks.sync_peer serve FOLDER PORT
    python -m benchmarks.sync_peer load|push|pull|count FOLDER PORT FILE

Beside the peers of the common workload it runs as their ``peers/project.py``, which is one line:
``from benchmarks.sync_peer import client, server``.
"""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.devices.system_clock import SystemClock
from app.domain.checklist import Injection
from app.domain.clock import instant_text
from app.domain.identity import check_digit
from app.domain.journal import Entry, Event, Json
from app.domain.people import Guardian, Patient, Sex, is_minor
from app.practice import site as practice
from app.practice.people import residents
from app.storage import journal
from app.storage.catalogue import get_product
from app.storage.store import Store
from app.sync.engine import SyncEngine
from app.sync.http import HttpTransport
from app.sync.seal import sealer
from app.sync.state import Idle
from app.sync.store_identity import enrol_store, get_identity
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox
from app.workflows import immunization, registration
from app.workflows.desk import Act, Desk
from benchmarks.visit import PRODUCT, bring_to_dose, grown_ups, vials
from server.database import open_database
from server.devices import issue_code
from server.listener import make_server
from server.postgres import EmbeddedPostgres
from server.tls import open_tls
from server.web import make_app, utc_now

ROOT = Path(__file__).parents[1]
KEY = bytes(range(32))
BATCH = 250
START_S = 60


class Server:
    """The centre in a process of its own; ``stop`` ends it and its database."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "benchmarks.sync_peer", "serve", str(folder), str(port)]
        os.environ["SYNC_PEER_CENTRE_PORT"] = str(port)  # for clients that come through a proxy
        self.port = port
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
        deadline = time.monotonic() + START_S
        while not _answers(port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the centre does not come up")
            time.sleep(0.05)

    def stat(self) -> tuple[float, float, float]:
        """Return processor seconds, MiB of the largest process and of all, database included."""
        root = psutil.Process(self.process.pid)
        family = [root, *root.children(recursive=True)]
        times = [each.cpu_times() for each in family]
        spent = sum(t.user + t.system + t.children_user + t.children_system for t in times)
        sizes = [each.memory_info().rss / 2**20 for each in family]
        return float(spent), max(sizes), sum(sizes)

    def stop(self) -> None:
        """End it and wait."""
        assert self.process.stdin is not None, "a pipe was asked for"
        self.process.stdin.close()
        self.process.wait()


def server(folder: str, port: int) -> Server:
    """Start the real centre on an empty database."""
    return Server(Path(folder), port)


def client(verb: str, db: str, port: int, file: str) -> list[str]:
    """Return the command of a headless client."""
    return [sys.executable, "-m", "benchmarks.sync_peer", verb, db, str(port), file]


def serve(folder: Path, port: int) -> None:
    """Serve until standard input ends."""
    import threading

    folder.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        dsn = postgres.start()
        tls = open_tls(folder / "tls", ("127.0.0.1", "localhost"), utc_now())
        centre = make_server(make_app(dsn, tls.authority, practice=True), "127.0.0.1", port, tls.context)
        _dsn_file(port).write_text(dsn)

        def wait() -> None:
            sys.stdin.read()
            centre.should_exit = True

        threading.Thread(target=wait, daemon=True).start()
        centre.run()
    finally:
        _dsn_file(port).unlink(missing_ok=True)
        postgres.stop()


def run(verb: str, folder: Path, port: int, file: str) -> Json:
    """Do one verb of a client and return what it says of itself."""
    start = time.perf_counter()
    if verb == "count":
        said: Json = {"count": _count(folder, port)}
    elif verb == "load":
        said = _load(folder, Path(file))
    elif verb == "push":
        said = _sync(folder, port, "pushed")
    elif verb == "pull":
        said = _sync(folder, port, "pulled")
    else:
        raise SystemExit(f"no such verb: {verb}")
    use = resource.getrusage(resource.RUSAGE_SELF)
    said |= {"wall": time.perf_counter() - start}
    if verb in ("push", "pull"):
        said["wall"] = said[f"{verb}ed"]  # a new site made and enrolled is no part of it
    return said | {"cpu": use.ru_utime + use.ru_stime, "rss": use.ru_maxrss / 1024}


def records(count: int, seed: int = 11) -> Iterator[Json]:
    """Yield records of the common shape about invented people."""
    first = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
    for number, patient in enumerate(residents(count, date(2026, 11, 1), seed)):
        at = first + timedelta(days=number // 160, seconds=number % 160 * 135 + number * 7919 % 90)
        person = {
            "idno": patient.document_number, "name": patient.name, "birth": patient.birth_on.isoformat(),
            "sex": "M" if patient.sex is Sex.MALE else "F", "phone": patient.phone, "addr": patient.address,
        }  # fmt: skip
        dose = {"lot": f"202610{number // 600:04d}", "expiry": "2028-04-30", "time": at.isoformat(),
                "trace": f"8900808{2_000_000 + number:013d}", "dose_no": 1}  # fmt: skip
        yield {"person": person, "dose": dose}


def _load(folder: Path, file: Path) -> Json:
    desk = _desk(folder)
    pattern = pattern_dose(desk)
    count, written_s = 0, 0.0
    with file.open(encoding="utf-8") as lines:
        while batch := [json.loads(line) for line in islice(lines, BATCH)]:
            start = time.perf_counter()
            desk.do(record, pattern, batch)
            written_s += time.perf_counter() - start
            count += len(batch)
    desk.store.close()
    return {"n": count, "local_write": written_s}


def record(act: Act, pattern: Json, batch: list[Json]) -> None:
    """Register the person of each record and write the dose down."""
    for one in batch:
        patient = registration.register_patient(act, _patient(one["person"]))
        body = _dose(act, pattern, patient, one["dose"])
        act.append("immunization.recorded", body, person=patient.patient_id)


def _patient(person: Json) -> Patient:
    birth_on, number = date.fromisoformat(person["birth"]), person["idno"]
    if birth_on > date(2026, 11, 1):  # the common workload counts days without end
        birth_on = birth_on.replace(year=1920 + birth_on.year % 100, day=min(birth_on.day, 28))
        first17 = f"{number[:6]}{birth_on:%Y%m%d}{number[14:17]}"
        number = first17 + check_digit(first17)
    [anybody] = residents(1, date(2026, 11, 1))
    return replace(
        anybody, patient_id="", name=person["name"], birth_on=birth_on, document_number=number,
        document_type="citizen_card", sex=Sex.MALE if person["sex"] == "M" else Sex.FEMALE,
        phone=person["phone"], address=person["addr"],
        guardian=Guardian("陈知雨", "母亲", "10078038634") if is_minor(birth_on, date(2026, 11, 1)) else None,
    )  # fmt: skip


def _dose(act: Act, pattern: Json, patient: Patient, dose: Json) -> Json:
    at = datetime.fromisoformat(dose["time"]).astimezone(UTC)
    began = datetime.fromisoformat(pattern["occurred_at"])
    checks = [
        [item, how, by, instant_text(at + (datetime.fromisoformat(when) - began))]
        for item, how, by, when in pattern["checks"]
    ]
    snapshot = {
        "name": patient.name, "sex": str(patient.sex), "birth_on": patient.birth_on.isoformat(),
        "document_type": str(patient.document_type), "document_number": patient.document_number,
    }  # fmt: skip
    own = {
        "patient": snapshot, "patient_id": patient.patient_id, "immunization_id": act.new_id(),
        "checks": checks, "occurred_at": instant_text(at), "vial_opened_at": instant_text(at),
        "observe_until": instant_text(at + timedelta(minutes=30)), "lot_number": dose["lot"],
        "expires_on": dose["expiry"], "trace_code": dose["trace"], "dose_number": dose["dose_no"],
    }  # fmt: skip
    return pattern | own


def _desk(folder: Path) -> Desk:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "store.db"
    new = not path.exists()
    desk = Desk(Store(path, KEY, create=new), SystemClock(), os.urandom, "接种台 1")
    if new:
        practice.fill(desk, 20)
    desk.user = practice.MANAGER
    return desk


def dose_of(folder: Path) -> Json:
    """Return the body of a real dose, given at a site made in a folder."""
    desk = _desk(folder)
    try:
        return pattern_dose(desk)
    finally:
        desk.store.close()


def pattern_dose(desk: Desk) -> Json:
    """Return the body of the first dose given here; the visit is walked if there was none."""
    stream = journal.current_stream(desk.read())
    found = _first_dose(list(journal.entries(desk.read(), stream)))
    if found is None:
        product = get_product(desk.read(), PRODUCT)
        injection = Injection(product.body_site, product.route)
        for patient_id in grown_ups(desk, 5):
            encounter_id = bring_to_dose(desk, patient_id, vials(desk)[0])
            if encounter_id is not None:
                return desk.do(immunization.record_immunization, encounter_id, injection)
    assert found is not None, "nothing stands against a grown-up"
    return found


def _first_dose(entries: list[Entry]) -> Json | None:
    doses: Iterator[Event] = (entry.event for entry in entries if entry.event.kind == "immunization.recorded")
    first = next(doses, None)
    return first.body if first else None


def _sync(folder: Path, port: int, done: str) -> Json:
    with engine_at(folder, port) as (_, engine):
        start = time.perf_counter()
        settle(engine)
        return {done: time.perf_counter() - start}


def settle(engine: SyncEngine) -> None:
    """Sync until nothing waits."""
    engine.wake(forced=True)
    while engine.step() == 0:
        pass
    if not isinstance(engine.state, Idle):
        raise SystemExit(f"{engine.state}")


@contextmanager
def engine_at(folder: Path, port: int) -> Iterator[tuple[Desk, SyncEngine]]:
    """Yield the headless client: its desk and its engine, wired to the centre and enrolled."""
    desk = _desk(folder)
    url = f"https://127.0.0.1:{port}"
    identity = get_identity(desk.store)
    if identity is None:
        with open_database(centre_dsn(_centre_port(port))) as database:
            code = issue_code(database, practice.SITE.site_id, utc_now(), os.urandom)
        identity = enrol_store(desk.store, url, code, desk.clock)
    outbox = StoreOutbox(desk.store)
    line = HttpTransport(url, identity, desk.clock)
    engine = SyncEngine(
        identity.device_id, outbox, line, desk.clock, os.urandom, seal=sealer(outbox.seal_key(os.urandom)),
        inbox=StoreInbox(desk.store, desk.clock),
    )  # fmt: skip
    try:
        yield desk, engine
    finally:
        line.close()
        desk.store.close()


def _count(folder: Path, port: int) -> int:
    ask = "select count(*) from journal where kind = 'immunization.recorded'"
    if str(folder) != "-":
        desk = _desk(folder)
        both = f"select ({ask}) + (select count(*) from dose_elsewhere where not voided)"
        (count,) = desk.read().execute(both).fetchone()
        desk.store.close()
    else:
        with open_database(centre_dsn(_centre_port(port))) as database:
            row = database.execute(ask).fetchone()
            assert row is not None, "a count has a row"
            count = row[0]
    return int(count)


def centre_dsn(port: int) -> str:
    """Return the DSN of the centre that listens on a port."""
    return _dsn_file(port).read_text()


def _dsn_file(port: int) -> Path:
    return Path(tempfile.gettempdir()) / f"vaxpost-sync-peer-{port}.dsn"


def _centre_port(port: int) -> int:
    """Return the port of the centre itself: the one given, unless a proxy stands there."""
    return int(os.environ.get("SYNC_PEER_CENTRE_PORT", port))


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.stdout.write(
            json.dumps(run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])) + "\n"
        )
