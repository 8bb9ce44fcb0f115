"""Rows 1, 4, 5, 6, 9 and 10: the real centre over TLS and a headless client on the encrypted store.

The yardsticks of other programs are figures taken once, together, on another day; here only this program
runs. Bytes do not depend on the machine; rates do, and the ratios of rows 1 and 9 are worth that much.
"""

import json
import socket
import statistics
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.journal import Json
from benchmarks.figures import Figure, send, verdict
from benchmarks.sync_centre import Server
from benchmarks.sync_peer import client, engine_at, settle
from benchmarks.sync_records import desk_on, pattern_dose, record, records

RECORDS = 2000
REPEATS = 3
POUCHDB_PER_S, POUCHDB_CPU_US, FLOOR_CPU_US, LIMIT_BYTES = 3400, 356, 53, 58.5


class Relay:
    """Passes bytes on to the centre and counts them."""

    def __init__(self, target: int) -> None:
        self.up = self.down = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def take(self) -> tuple[int, int]:
        """Return the bytes up and down since the last time."""
        taken = self.up, self.down
        self.up = self.down = 0
        return taken

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            far = socket.create_connection(("127.0.0.1", self._target))
            for source, target, counts in ((near, far, self._went_up), (far, near, self._went_down)):
                threading.Thread(target=_pump, args=(source, target, counts), daemon=True).start()

    def _went_up(self, size: int) -> None:
        self.up += size

    def _went_down(self, size: int) -> None:
        self.down += size


def _pump(source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
    while data := source.recv(65536):
        count(len(data))
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)


def main() -> None:
    """Measure and send."""
    runs = [_round(number) for number in range(REPEATS)]
    middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
    per_s, cpu_us, each = middle["per_s"], middle["cpu_us"], middle["bytes"]
    note = f"{RECORDS:,} records of two events, TLS, durable"
    send(
        [
            Figure("1", f"push ({note})", f"{per_s:,.0f}/s", "PouchDB 3,400-4,400/s when it was measured",
                   f"{per_s / POUCHDB_PER_S:.2f}x", ">= 2x PouchDB", ">= 3x PouchDB",
                   verdict(must=per_s >= 2 * POUCHDB_PER_S, aim=per_s >= 3 * POUCHDB_PER_S)),
            Figure("4", f"bytes a record ({note})", f"{each:.0f} B", "typed columns, zstd-19: 58.5 B",
                   f"{each / LIMIT_BYTES:.2f}x", "<= 105 B", "<= 76 B",
                   verdict(must=each <= 105, aim=each <= 76)),
            Figure("5", "one new record of two events, warm TLS connection", f"{middle['one']:.0f} B",
                   "Anki 3,879, floor 658 B, both without TLS", f"{middle['one'] / 658:.2f}x floor",
                   "<= 900 B", "<= 550 B", verdict(must=middle["one"] <= 900, aim=middle["one"] <= 550)),
            Figure("6", "a sync with nothing to send, warm TLS connection", f"{middle['nothing']:.0f} B",
                   "Anki 3,489, floor 198 B, both without TLS", f"{middle['nothing'] / 198:.2f}x floor",
                   "<= 400 B", "<= 200 B",
                   verdict(must=middle["nothing"] <= 400, aim=middle["nothing"] <= 200)),
            Figure("6", "the same cold: connection and full handshake with it", f"{middle['cold']:.0f} B",
                   "-", "-", "-", "-", "-"),
            Figure("9", "processor a record, client, centre and PostgreSQL", f"{cpu_us:.0f} us",
                   "floor 53-60, PouchDB 356-433 us when they were measured",
                   f"{cpu_us / FLOOR_CPU_US:.1f}x floor", "<= 0.6x PouchDB", "<= 2.5x floor",
                   verdict(must=cpu_us <= 0.6 * POUCHDB_CPU_US, aim=cpu_us <= 2.5 * FLOOR_CPU_US)),
            Figure("10", f"peak memory of the headless client, {RECORDS:,} records waiting",
                   f"{middle['rss']:.0f} MiB", "Anki 123, PouchDB 170 MiB at 10,000", "-", "growth <= 1.3x",
                   "<= 80 MiB", "growth not measured"),
        ]
    )  # fmt: skip


def _round(number: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "records.jsonl"
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records(RECORDS, 11 + number))
        file.write_text("".join(lines), "utf-8")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        centre = Server(Path(folder) / "centre", port)
        try:
            return _measure(Path(folder), file, port, centre)
        finally:
            centre.stop()


def _measure(folder: Path, file: Path, port: int, centre: Server) -> dict[str, float]:
    relay = Relay(port)

    def ask(verb: str, to: int) -> Json:
        command = client(verb, str(folder / "site"), to, str(file))
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        said: Json = json.loads(run.stdout)
        return said

    empty = folder / "empty.jsonl"
    empty.write_text("")
    subprocess.run(client("load", str(folder / "site"), port, str(empty)), check=True, capture_output=True)
    ask("push", relay.port)
    relay.take()
    ask("push", relay.port)
    cold = sum(relay.take())
    idle_s = ask("push", relay.port)["cpu"]
    relay.take()
    warm = _warm(folder / "site", relay)
    ask("load", port)
    before_s = centre.stat()[0]
    pushed = ask("push", relay.port)
    spent_s = centre.stat()[0] - before_s + pushed["cpu"] - idle_s
    return {
        "per_s": RECORDS / pushed["pushed"],
        "bytes": sum(relay.take()) / RECORDS,
        "cold": cold,
        **warm,
        "cpu_us": spent_s / RECORDS * 1e6,
        "rss": pushed["rss"],
    }


def _warm(folder: Path, relay: Relay) -> dict[str, float]:
    """Return the bytes of one record and of nothing over a connection that stands."""
    with engine_at(folder, relay.port) as (store, engine):
        settle(engine)
        desk = desk_on(store)
        pattern, one = pattern_dose(desk), list(records(1, seed=977))
        relay.take()
        desk.do(record, pattern, one)
        settle(engine)
        of_one = sum(relay.take())
        settle(engine)
        return {"one": of_one, "nothing": sum(relay.take())}


if __name__ == "__main__":
    main()
