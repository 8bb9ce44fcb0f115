"""The program as a peer of the common sync workload: its real centre, and a headless client.

A record is a person and a dose. ``load`` writes both by way of journal, projections and encrypted store,
250 in a transaction: the person by the act of registration; the dose without the rules of the needle, as
the entry one real visit left, with its own person, vial, instants and id. The record of the other peers
has no visit, so all doses here belong to that one.

    python -m benchmarks.sync_peer load|push|pull|count FOLDER PORT FILE

Beside the peers of the common workload it runs as their ``peers/project.py``, which is one line:
``from benchmarks.sync_peer import client, server``. As theirs, the client has loaded what it speaks HTTP with
before its clock starts, and its files are compiled, as those of an installed program are.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpcore  # noqa: F401 - not while the push is timed
import zstandard  # noqa: F401

from app.devices.system_clock import SystemClock
from app.domain.journal import Json
from app.storage.store import Store
from app.sync.engine import SyncEngine
from app.sync.http import HttpTransport
from app.sync.seal import sealer
from app.sync.state import Idle
from app.sync.store_identity import enrol_store, get_identity
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox

if TYPE_CHECKING:
    from benchmarks.sync_centre import Server

ROOT = Path(__file__).parents[1]
KEY = bytes(range(32))


def server(folder: str, port: int) -> "Server":
    """Start the real centre on an empty database."""
    import compileall  # the client has no use for it

    from benchmarks.sync_centre import Server

    for room in ("app", "server", "benchmarks"):
        compileall.compile_dir(ROOT / room, quiet=2)
    return Server(Path(folder), port)


def client(verb: str, db: str, port: int, file: str) -> list[str]:
    """Return the command of a headless client."""
    return [sys.executable, "-m", "benchmarks.sync_peer", verb, db, str(port), file]


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


def _load(folder: Path, file: Path) -> Json:
    from benchmarks.sync_records import load

    return load(folder, file)


def _sync(folder: Path, port: int, done: str) -> Json:
    gc.disable()  # as in the program, which collects every five seconds (app/ui/collecting.py)
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
def engine_at(folder: Path, port: int) -> Iterator[tuple[Store, SyncEngine]]:
    """Yield the headless client: its store and its engine, wired to the centre and enrolled."""
    store, clock, url = _store_at(folder), SystemClock(), f"https://127.0.0.1:{port}"
    identity = get_identity(store)
    if identity is None:
        identity = enrol_store(store, url, _ask_centre("code", port), clock)
    outbox = StoreOutbox(store)
    line, aside = HttpTransport(url, identity, clock), ThreadPoolExecutor(1)
    engine = SyncEngine(
        identity.device_id, outbox, line, clock, os.urandom, seal=sealer(outbox.seal_key(os.urandom)),
        inbox=StoreInbox(store, clock), aside=aside.submit,
    )  # fmt: skip
    try:
        yield store, engine
    finally:
        aside.shutdown()
        line.close()
        store.close()


def _store_at(folder: Path) -> Store:
    """Return the store of a site; one set up before needs nothing of the desks."""
    path = folder / "store.db"
    if not path.exists():
        from benchmarks.sync_records import desk_at

        desk_at(folder).store.close()
    return Store(path, KEY)


def _count(folder: Path, port: int) -> int:
    if str(folder) == "-":
        return int(_ask_centre("count", port))
    store = _store_at(folder)
    (count,) = (
        store.read()
        .execute(
            "select (select count(*) from journal where kind = 'immunization.recorded')"
            " + (select count(*) from dose_elsewhere where not voided)"
        )
        .fetchone()
    )
    store.close()
    return int(count)


def _ask_centre(what: str, port: int) -> str:
    """Return an enrolment code, or the number of doses, from a process of the centre's own."""
    command = [sys.executable, "-m", "benchmarks.sync_centre", what, str(_centre_port(port))]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _centre_port(port: int) -> int:
    """Return the port of the centre itself: the one given, unless a proxy stands there."""
    return int(os.environ.get("SYNC_PEER_CENTRE_PORT", port))


if __name__ == "__main__":
    said = run(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    sys.stdout.write(json.dumps(said) + "\n")
