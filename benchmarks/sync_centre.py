"""The centre of the common sync workload: a process of its own, for which its clients load nothing.

python -m benchmarks.sync_centre serve|code|count PORT [FOLDER]
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from app.practice import site as practice
from server.database import open_database
from server.devices import issue_code
from server.listener import make_server
from server.postgres import EmbeddedPostgres
from server.tls import open_tls
from server.web import make_app, utc_now

ROOT = Path(__file__).parents[1]
START_S = 60


class Server:
    """The centre in a process of its own; ``stop`` ends it and its database."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-m", "benchmarks.sync_centre", "serve", str(port), str(folder)]
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
        spent, sizes = 0.0, []
        for each in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):  # a connection of PostgreSQL's may end just now
                times = each.cpu_times()
                spent += times.user + times.system + times.children_user + times.children_system
                sizes.append(each.memory_info().rss / 2**20)
        return spent, max(sizes), sum(sizes)

    def stop(self) -> None:
        """End it and wait."""
        assert self.process.stdin is not None, "a pipe was asked for"
        self.process.stdin.close()
        self.process.wait()


def serve(folder: Path, port: int) -> None:
    """Serve until standard input ends."""
    folder.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        dsn = postgres.start()
        tls = open_tls(folder / "tls", ("127.0.0.1", "localhost"), utc_now())
        centre = make_server(
            make_app(dsn, tls.authority, practice=True, apart=True), "127.0.0.1", port, tls.context
        )
        _dsn_file(port).write_text(dsn)

        def wait() -> None:
            sys.stdin.read()
            centre.should_exit = True

        threading.Thread(target=wait, daemon=True).start()
        centre.run()
    finally:
        _dsn_file(port).unlink(missing_ok=True)
        postgres.stop()


def centre_dsn(port: int) -> str:
    """Return the DSN of the centre that listens on a port."""
    return _dsn_file(port).read_text()


def _dsn_file(port: int) -> Path:
    return Path(tempfile.gettempdir()) / f"vaxpost-sync-peer-{port}.dsn"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


def _ask(what: str, port: int) -> str:
    """Return an enrolment code of the centre on a port, or the number of doses it holds."""
    with open_database(centre_dsn(port)) as database:
        if what == "code":
            return issue_code(database, practice.SITE.site_id, utc_now(), os.urandom)
        row = database.execute("select count(*) from journal where kind = 'immunization.recorded'").fetchone()
        assert row is not None, "a count has a row"
        return str(row[0])


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[3]), int(sys.argv[2]))
    else:
        sys.stdout.write(_ask(sys.argv[1], int(sys.argv[2])))
