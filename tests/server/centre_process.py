"""The real centre in a process of its own, which tests start, kill and start again."""

import signal
import socket
import ssl
import time
from pathlib import Path
from random import Random

import httpx

from app.sync.enrolment import enrol
from app.sync.http import HttpTransport
from app.sync.identity import Identity, make_identity, make_request, new_key
from app.sync.tls import make_context
from server.database import Database, open_database
from server.devices import issue_code
from server.tls import AUTHORITY
from server.web import utc_now
from tests.clocks import ManualClock
from tests.server.forked import Forked
from tests.sync.local_journal import SITE, LocalJournal

START_S = 30
GLANCE_S = 0.02


class CentreProcess:
    """``server --practice`` on one database and one port, its log and its TLS folder in files.

    ``practice``: everything in one process, and a summary for all.
    """

    def __init__(self, dsn: str, log: Path, *, practice: bool = True) -> None:
        self.dsn = dsn
        self.log = log
        self._kind = ["--practice"] if practice else []
        self.tls = log.with_name("tls")
        self._identities: dict[str, Identity] = {}
        self.port, self.operator_port = free_port(), free_port()
        self._process: Forked | None = None

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def operator_url(self) -> str:
        """Where the operator's pages are."""
        return f"http://127.0.0.1:{self.operator_port}"

    def start(self) -> "CentreProcess":
        words = (
            *("--dsn", self.dsn, "--port", str(self.port), "--tls", str(self.tls)),
            *("--operator-port", str(self.operator_port), *self._kind),
        )
        self._process = Forked(words, self.log)
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert not self._process.has_ended(), self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
        return self

    @property
    def pid(self) -> int:
        """Which process it is."""
        assert self._process is not None, "not started"
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def database(self) -> Database:
        return open_database(self.dsn)

    def issue_code(self, site: str = SITE) -> str:
        with self.database() as database:
            return issue_code(database, site, utc_now(), Random().randbytes)

    def transport(self, journal: LocalJournal, url: str | None = None) -> HttpTransport:
        """Return the transport of a device, enrolled if it is new."""
        return HttpTransport(url or self.url, self.identity_of(journal), journal.clock)

    def identity_of(self, journal: LocalJournal) -> Identity:
        """Return who the device is, the same each time; enrol it through the real end point when new."""
        known = self._identities.get(journal.device_id)
        return known or self.enrol(journal.device_id, self.issue_code())

    def enrol(self, device_id: str, code: str, key: bytes | None = None) -> Identity:
        key = key or new_key()
        line = HttpTransport(self.url, None, ManualClock())
        try:
            identity = make_identity(key, enrol(line, code, make_request(key, device_id)))
        finally:
            line.close()
        self._identities[device_id] = identity
        return identity

    def client(self, identity: Identity | None = None) -> httpx.Client:
        """Return a plain client that believes this centre, with or without a certificate of its own."""
        if identity is not None:
            return httpx.Client(base_url=self.url, trust_env=False, verify=make_context(identity))
        context = ssl.create_default_context(cafile=str(self.tls / AUTHORITY))
        return httpx.Client(base_url=self.url, trust_env=False, verify=context)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port)).close()
        except OSError:
            time.sleep(GLANCE_S)
            return False
        return True

    def _end(self, number: signal.Signals) -> None:
        assert self._process is not None, "not started"
        self._process.send(number)
        assert self._process.has_ended(START_S), "it ends"
        self._process.close()
        self._process = None


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def held(database: Database, journal: LocalJournal, epoch: str | None = None) -> list[bytes]:
    """Return what the centre's journal holds of a device's stream, in order."""
    rows = database.execute(
        "select data from journal where device_id = %s and epoch = %s order by seq",
        (journal.device_id, epoch or journal.stream.epoch),
    )
    return [row[0] for row in rows]


def in_step(database: Database, journal: LocalJournal) -> bool:
    """Whether every event of a device is at the centre exactly once and receipted with its commit."""
    stream = journal.stream
    rows = database.execute(
        """
        select event_id::text, data, received_at from journal
        where device_id = %s and epoch = %s order by seq
        """,
        (journal.device_id, stream.epoch),
    ).fetchall()
    sent = [(entry.event_id, entry.data) for entry in journal.entries[stream]]
    committed = [(event_id, received_at) for event_id, _, received_at in rows]
    return [(event_id, data) for event_id, data, _ in rows] == sent and committed == journal.receipted()
