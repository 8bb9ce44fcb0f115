"""Rows 16 and 17: many devices at once, each record durable before its answer, over mutual TLS.

The yardstick of row 16 is a route that reads a body and says nothing, behind the same TLS on the same box,
asked by the same clients, which are Python and cost as much as they ask.
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.ids import uuid7
from app.domain.journal import ClockQuality, Event, Json, Stream, encode, genesis, link
from app.practice import site as practice
from app.sync import wire
from app.sync.enrolment import Enrolment
from app.sync.frame import BEST_CODEC
from app.sync.identity import Identity, make_request, new_key
from app.sync.tls import make_context
from benchmarks.figures import Figure, p99, send, verdict
from benchmarks.sync_centre import Server, centre_dsn
from benchmarks.sync_records import dose_of
from server.database import Database, open_database
from server.devices import enrol, issue_code
from server.listener import make_server
from server.tls import open_tls
from server.web import utc_now

CONNECTIONS, RECORDS = 32, 25
SITES, OF_EACH = 200, (300, 200)
"""As a device sends five hundred: a first batch of 300, and the rest."""
SMALL = 2_000
"""More single doses than one device can send while the herd is there."""
AT = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class Device:
    """An enrolled device with its pushes ready to be sent."""

    identity: Identity
    frames: list[bytes]


@dataclass
class Run:
    """What came of asking."""

    took_s: float
    waits_ms: list[float]
    beside_ms: list[float]
    """What a device waited that asked on its own meanwhile."""

    @property
    def per_s(self) -> float:
        """Requests a second."""
        return len(self.waits_ms) / self.took_s


def main() -> None:
    """Measure and send."""
    with TemporaryDirectory() as named:
        folder = Path(named)
        centre, bare = Server(folder / "centre", _free_port()), _Bare(folder / "centre" / "tls", _free_port())
        try:
            dose = dose_of(folder / "pattern")
            with open_database(centre_dsn(centre.port)) as database:
                singles = _devices(database, folder, dose, CONNECTIONS, [1] * RECORDS)
                herd = _devices(database, folder, dose, SITES, OF_EACH)
                (small,) = _devices(database, folder, dose, 1, [1] * SMALL)
                one = _post(bare.port, "/", singles)
                ours = _post(centre.port, "/v1/sync", singles)
                alone = _post(centre.port, "/v1/sync", _devices(database, folder, dose, 1, OF_EACH * 20))
                together = _post(centre.port, "/v1/sync", herd, small)
                held = _count(database)
        finally:
            bare.stop()
            centre.stop()
    ratio, wait = ours.per_s / one.per_s, p99(ours.waits_ms)
    each, longest = sum(OF_EACH), max(together.beside_ms)
    wanted = CONNECTIONS * RECORDS + 20 * each + SITES * each + len(together.beside_ms)
    rate, single = SITES * each / together.took_s, 20 * each / alone.took_s
    send(
        [
            Figure("16", f"one dose a POST, {CONNECTIONS} connections, durable",
                   f"{ours.per_s:,.0f}/s, p99 {wait:.0f} ms", f"a bare route {one.per_s:,.0f}/s",
                   f"{ratio:.2f}x",
                   ">= 0.15x, p99 <= 60 ms", ">= 0.25x, p99 <= 30 ms",
                   verdict(must=ratio >= 0.15 and wait <= 60, aim=ratio >= 0.25 and wait <= 30)),
            Figure("17", f"{SITES} sites push {each} doses each at once",
                   f"{rate:,.0f}/s, {wanted - held} lost", f"one device alone {single:,.0f}/s",
                   f"{rate / single:.2f}x", ">= 0.4x floor, 0 lost", ">= 0.6x floor",
                   "must" if held == wanted and rate >= 0.4 * single else "**missed**"),
            Figure("17", "one dose of another device meanwhile",
                   f"{len(together.beside_ms)} of them, the longest {longest:.0f} ms", "-", "-", "-",
                   "p99 <= 1 s", "aim" if longest <= 1000 else "**missed**"),
        ]
    )  # fmt: skip


class _Bare:
    """A route that reads a body and says nothing, in a process of its own."""

    def __init__(self, tls: Path, port: int) -> None:
        self.port = port
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.herd", "bare", str(tls), str(port)], stdin=subprocess.PIPE
        )
        while _refuses(port):
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def _serve_bare(tls: Path, port: int) -> None:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        await request.body()
        return Response(b"ok")

    app = Starlette(routes=[Route("/", take, methods=["POST"])])
    context = open_tls(tls, ("127.0.0.1", "localhost"), utc_now()).context
    make_server(app, "127.0.0.1", port, context).run()


def _devices(
    database: Database, folder: Path, dose: Json, count: int, batches: Sequence[int]
) -> list[Device]:
    """Enrol so many devices; each has one push for each batch, of so many doses."""
    authority = open_tls(folder / "centre" / "tls", ("127.0.0.1", "localhost"), utc_now()).authority
    devices = []
    for _ in range(count):
        device_id, key = uuid7(AT, os.urandom), new_key()
        code = issue_code(database, practice.SITE.site_id, utc_now(), os.urandom)
        enrolled = enrol(database, authority, Enrolment.made(code, make_request(key, device_id)), utc_now())
        identity = Identity(key, enrolled.certificate, enrolled.trust)
        devices.append(Device(identity, list(_frames(device_id, dose, batches))))
    return devices


def _frames(device_id: str, dose: Json, batches: Sequence[int]) -> Iterator[bytes]:
    stream = Stream(device_id, os.urandom(8).hex())
    after, head = 0, genesis(stream)
    for size in batches:
        events, before = [], head
        for seq in range(after + 1, after + size + 1):
            events.append(encode(_event(seq, dose)))
            head = link(head, events[-1])
        hello = wire.Hello(device_id, {stream.epoch: after + size})
        push = wire.Push(stream.epoch, after, before, head, tuple(events))
        yield wire.encode_request(wire.Request(hello, push), BEST_CODEC)
        after += size


def _event(seq: int, dose: Json) -> Event:
    person, hlc = uuid7(AT, os.urandom), (int(AT.timestamp() * 1000) << 16) + seq
    body = dose | {"patient_id": person, "immunization_id": uuid7(AT, os.urandom), "trace_code": None}
    return Event(
        uuid7(AT, os.urandom), seq, hlc, hlc >> 16, ClockQuality(1000), "immunization.recorded", 1,
        practice.SITE.site_id, "接种台 1", "u-zhoumin", person, body,
    )  # fmt: skip


def _post(port: int, path: str, devices: list[Device], beside: Device | None = None) -> Run:
    """Let every device send its frames over a connection of its own, all at once; connecting is not timed.

    ``beside`` sends its own one by one for as long as the others are there.
    """
    ready, over = threading.Barrier(len(devices) + (1 if beside is None else 2)), threading.Event()
    waits: list[float] = []
    beside_waits: list[float] = []

    def send_all(line: http.client.HTTPSConnection, frames: list[bytes], into: list[float]) -> None:
        ready.wait()
        for frame in frames:
            if over.is_set():
                break
            start = time.perf_counter()
            line.request("POST", path, frame)
            answer = line.getresponse()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            answer.read()
            into.append((time.perf_counter() - start) * 1000)
        line.close()

    def started(device: Device, into: list[float]) -> threading.Thread:
        context = make_context(device.identity)
        line = http.client.HTTPSConnection("127.0.0.1", port, context=context)
        line.connect()
        thread = threading.Thread(target=send_all, args=(line, device.frames, into))
        thread.start()
        return thread

    threads = [started(device, waits) for device in devices]
    others = [started(beside, beside_waits)] if beside is not None else []
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    took_s = time.perf_counter() - start
    over.set()
    for thread in others:
        thread.join()
    return Run(took_s, waits, beside_waits)


def _count(database: Database) -> int:
    row = database.execute("select count(*) from journal").fetchone()
    assert row is not None, "a count has a row"
    return int(row[0])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return True
    return False


if __name__ == "__main__":
    if sys.argv[1:2] == ["bare"]:
        _serve_bare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
