"""Rows 2, 3 and the first fill: an empty site takes in what others recorded, from the centre over TLS."""

import json
import socket
import statistics
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.journal import Json
from benchmarks.figures import Figure, send, verdict
from benchmarks.filled_centre import fill_centre
from benchmarks.sync import Relay
from benchmarks.sync_centre import Server, centre_dsn
from benchmarks.sync_peer import client, engine_at
from benchmarks.sync_records import dose_of
from server.database import open_database

POUCHDB_PULL_PER_S, POUCHDB_FILL_S, ANKI_FILL_S, LAN_S = 3400, 22.0, 6.1, 120
RUNS = (("2", 10_000, 10_000, 3), ("3", 100_000, 100_000, 1), ("fill", 50_000, 600_000, 1))
"""Row, people, doses, repeats: a record of rows 2 and 3 is a person and a dose."""
EACH_TIME = ("2", "3")
"""The fill takes minutes to prepare: ``python -m benchmarks.pull fill``."""


def main(wanted: list[str]) -> None:
    """Measure and send."""
    figures = {"2": _pull, "3": _first_fill, "fill": _bootstrap}
    send(
        [
            figures[row](people, doses, [_round(people, doses) for _ in range(repeats)])
            for row, people, doses, repeats in RUNS
            if row in (wanted or EACH_TIME)
        ]
    )


def _pull(people: int, doses: int, rounds: list[Json]) -> Figure:
    per_s = people / statistics.median(each["pulled"] for each in rounds)
    return Figure(
        "2", f"pull into an empty client ({people:,} records of two events)",
        _said(rounds, f"{per_s:,.0f}/s"),
        "PouchDB 3,400-4,500/s when it was measured", f"{per_s / POUCHDB_PULL_PER_S:.2f}x",
        ">= 2.5x PouchDB", ">= 4x PouchDB",
        verdict(must=per_s >= 2.5 * POUCHDB_PULL_PER_S, aim=per_s >= 4 * POUCHDB_PULL_PER_S),
    )  # fmt: skip


def _first_fill(people: int, doses: int, rounds: list[Json]) -> Figure:
    took_s = statistics.median(each["pulled"] for each in rounds)
    return Figure(
        "3", f"first fill of an empty site ({people:,} records of two events)",
        _said(rounds, f"{took_s:.1f} s"),
        "PouchDB 22.0 s, Anki 6.1 s when they were measured", f"{took_s / POUCHDB_FILL_S:.2f}x PouchDB",
        "<= 0.45x PouchDB", "<= 0.4x Anki",
        verdict(must=took_s <= 0.45 * POUCHDB_FILL_S, aim=took_s <= 0.4 * ANKI_FILL_S),
    )  # fmt: skip


def _bootstrap(people: int, doses: int, rounds: list[Json]) -> Figure:
    took_s = statistics.median(each["pulled"] for each in rounds)
    return Figure(
        "-", f"a new site filled ({people:,} people, {doses:,} doses)", _said(rounds, f"{took_s:.0f} s"),
        "-", "-", "< 120 s on a LAN", "-", verdict(must=took_s < LAN_S, aim=False),
    )  # fmt: skip


def _said(rounds: list[Json], headline: str) -> str:
    middle = {key: statistics.median(each[key] for each in rounds) for key in ("cpu", "rss", "down")}
    return f"{headline}; {middle['down'] / 1e6:.1f} MB down, {middle['rss']:.0f} MiB"


def _round(people: int, doses: int) -> Json:
    with TemporaryDirectory() as named:
        folder = Path(named)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        centre = Server(folder / "centre", port)
        try:
            with open_database(centre_dsn(port)) as database:
                fill_centre(database, dose_of(folder / "pattern"), people, doses)
            relay = Relay(port)
            with engine_at(folder / "site", relay.port):
                pass  # enrolled before the clock runs
            relay.take()
            said = _run(folder / "site", relay)
            return said | {"down": relay.take()[1]}
        finally:
            centre.stop()


def _run(folder: Path, relay: Relay) -> Json:
    run = subprocess.run(
        client("pull", str(folder), relay.port, "-"), capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    said: Json = json.loads(run.stdout)
    return said


if __name__ == "__main__":
    main(sys.argv[1:])
