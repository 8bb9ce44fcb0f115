"""The process of the practice centre: ``python -m server.practice_process FOLDER SITE``.

It writes its address as one line of JSON and serves until its standard input ends, which happens when whoever
started it stops it or dies.
"""

import json
import logging
import os
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import IO

import uvicorn

from app.domain.refusals import Refusal
from server.database import open_database
from server.devices import issue_code
from server.listener import count_connections, make_server
from server.log import begin_log
from server.metrics import Gauges
from server.operator.beside import running_beside
from server.operator.practice import put_practice_operator
from server.operator.web import make_desk
from server.postgres import EmbeddedPostgres
from server.tls import Tls, open_tls
from server.web import make_app, utc_now

LOCK_S = 30.0
"""A killed predecessor needs a moment to end its database."""
GLANCE_S = 0.05
NAMES = ("127.0.0.1", "localhost")

log = logging.getLogger("vaxpost.centre")


def main(folder: Path, site: str) -> int:
    """Serve until standard input ends; return the exit code."""
    begin_log()
    ended = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), name="parent", daemon=True).start()
    with (folder / "lock").open("ab") as lock:
        if not _lock(lock):
            sys.stderr.write("another practice centre uses this folder\n")
            return 1
        postgres = EmbeddedPostgres(folder / "postgres")
        try:
            tls = open_tls(folder / "tls", NAMES, utc_now())
            _serve(postgres.start(), folder, tls, site, ended)
        except Refusal as refusal:
            sys.stderr.write(f"{refusal}\n")
            return 1
        finally:
            postgres.stop()
    return 0


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def _serve(dsn: str, folder: Path, tls: Tls, site: str, ended: threading.Event) -> None:
    gauges = Gauges()
    app = make_app(dsn, tls.authority, practice=True, gauges=gauges)
    server = make_server(app, "127.0.0.1", 0, tls.context)
    gauges.connections = partial(count_connections, server)
    threading.Thread(target=_end_server, args=(server, ended), name="end", daemon=True).start()
    with open_database(dsn) as database:
        code = issue_code(database, site, utc_now(), os.urandom)
        password_file = put_practice_operator(database, folder)
    desk = make_desk(dsn, utc_now, gauges, tls.authority)
    with socket.socket() as listener, running_beside(desk, "127.0.0.1", 0) as address:
        log.info("the operator's pages: %s (name and password: %s)", address, password_file)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        sys.stdout.write(json.dumps({"url": url, "code": code}) + "\n")
        sys.stdout.flush()
        server.run(sockets=[listener])


def _end_server(server: uvicorn.Server, ended: threading.Event) -> None:
    ended.wait()
    server.should_exit = True


def _lock(file: IO[bytes]) -> bool:
    """Take the folder for this process, waiting for one just ending; the system lets go when it ends."""
    deadline = time.monotonic() + LOCK_S
    while time.monotonic() < deadline:
        try:
            _try_lock(file)
        except OSError:
            time.sleep(GLANCE_S)
        else:
            return True
    return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
