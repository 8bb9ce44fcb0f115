"""The centre's HTTP surface: what it takes, what it refuses and with which status, and what it never logs."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from app.sync import wire
from app.sync.frame import MAGIC, MAX_FRAME_BYTES
from app.sync.state import Idle
from server.postgres import EmbeddedPostgres
from server.web import make_app
from tests.server.centre_process import CentreProcess
from tests.server.desk import AUTHORITY, push_of
from tests.server.wired_site import WiredSite
from tests.sync.local_journal import LocalJournal

HELLO = wire.Request(wire.Hello("nobody", {}))


@pytest.fixture
def nobody(shared_centre: CentreProcess) -> Iterator[httpx.Client]:
    """Return a client without a certificate."""
    with shared_centre.client() as client:
        yield client


@pytest.fixture
def client(shared_centre: CentreProcess) -> Iterator[httpx.Client]:
    """Return the client of an enrolled device."""
    with shared_centre.client(shared_centre.identity_of(LocalJournal(seed=201))) as client:
        yield client


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/renew"])
def test_nobody_pushes_or_renews_without_a_certificate(nobody: httpx.Client, path: str) -> None:
    """SEC-1."""
    response = nobody.post(path, content=wire.encode_request(HELLO))
    assert response.status_code == 401
    assert wire.decode_answer(response.content) == wire.Declined("DeviceUnknown")


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 400, "MessageMalformed"),
        (b"<html>", 400, "MessageMalformed"),
        (MAGIC + b"\xc8\x01rest", 426, "WireVersionUnknown"),
        (MAGIC + b"\x01\x01rest", 400, "MessageMalformed"),
        (bytes(MAX_FRAME_BYTES + 1), 413, "MessageTooLarge"),
    ],
)
def test_a_message_that_is_none_is_declined_by_name(
    client: httpx.Client, body: bytes, status: int, name: str
) -> None:
    response = client.post("/v1/sync", content=body)
    assert response.status_code == status
    declined = wire.decode_answer(response.content)
    assert isinstance(declined, wire.Declined)
    assert declined.name == name


def test_answers_carry_no_header_that_is_not_needed(client: httpx.Client) -> None:
    """Performance.md rows 5 and 6: every byte is paid at 40 kbit/s."""
    hello = wire.Hello(LocalJournal(seed=201).device_id, {})
    response = client.post("/v1/sync", content=wire.encode_request(wire.Request(hello)))
    assert set(response.headers) == {"content-length"}


def test_one_dose_and_a_no_change_sync_keep_within_their_bytes(shared_centre: CentreProcess) -> None:
    """Performance.md row 6 (400 bytes, one turn), bodies with the headers of both directions."""
    site = WiredSite(shared_centre, LocalJournal(seed=203))
    site.journal.record_many(2)
    site.sync()
    site.sent.clear()
    site.sync()
    (request,) = site.sent
    answer = site.direct.exchange(request)
    headers = 84 + len("HTTP/1.1 200 OK\r\ncontent-length: 106\r\n\r\n")
    assert len(request) + len(answer) + headers <= 400
    site.close()


def get(centre: CentreProcess, path: str) -> httpx.Response:
    with centre.client() as nobody:
        return nobody.get(path)


def test_health_says_ok_while_the_database_answers(nobody: httpx.Client) -> None:
    response = nobody.get("/v1/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_health_says_so_when_the_database_is_away(centre: CentreProcess, postgres: str) -> None:
    name = centre.dsn.rsplit("/", 1)[1]
    with psycopg.connect(postgres, autocommit=True) as admin:
        admin.execute(f"alter database {name} allow_connections false".encode())
        assert get(centre, "/v1/health").status_code == 503
        admin.execute(f"alter database {name} allow_connections true".encode())


def test_the_summary_counts_what_has_reached_the_centre(centre: CentreProcess) -> None:
    """SYN-1: proof of completeness."""
    site = WiredSite(centre, LocalJournal(seed=204))
    person = "0192f0c0-0000-7000-8000-000000000001"
    site.journal.record("patient.registered", {"patient_id": person, "name": "a", "sex": "1"}, person=person)
    site.journal.record_many(2)
    site.sync()
    summary = get(centre, "/v1/summary").json()
    assert {key: summary[key] for key in ("devices", "streams", "events", "people", "immunizations")} == {
        "devices": 1, "streams": 1, "events": 3, "people": 1, "immunizations": 0,
    }  # fmt: skip
    assert summary["kinds"] == {"note.made": 2, "patient.registered": 1}
    assert summary["errors"] == [
        {
            "device_id": site.journal.device_id, "epoch": site.journal.stream.epoch, "seq": 1,
            "kind": "patient.registered", "field": "birth_on", "reason": "missing",
        }
    ]  # fmt: skip
    site.close()


def test_a_push_that_breaks_off_leaves_the_centre_well(
    shared_centre: CentreProcess, client: httpx.Client
) -> None:
    journal = LocalJournal(seed=201)

    def half() -> Iterator[bytes]:
        yield b"half a request"
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        client.post("/v1/sync", content=half())
    site = WiredSite(shared_centre, journal)
    site.journal.record()
    assert isinstance(site.sync(), Idle)
    site.close()


def test_no_log_ever_holds_a_persons_data(centre: CentreProcess, cluster: EmbeddedPostgres) -> None:
    """Neither the centre's nor, of a broken projection, PostgreSQL's own messages."""
    secret = "绝密姓名"
    site = WiredSite(centre, LocalJournal(seed=206))
    person = "0192f0c0-0000-7000-8000-000000000001"
    with centre.database() as database:
        database.execute("alter table person add check (name not like '%绝密%')")
    body = {"patient_id": person, "name": secret, "sex": "1", "birth_on": "2020-01-01"}
    site.journal.record("patient.registered", body, person=person)
    assert isinstance(site.sync(), Idle)
    with centre.database() as database:
        database.execute("alter table event_home add check (event_id is null) not valid")
    site.journal.record("patient.amended", body, person=person)
    assert type(site.sync()).__name__ == "Refused"
    log, database_log = centre.log.read_text(), cluster.log.read_text()
    assert "CheckViolation" in log
    assert "violates check constraint" in database_log
    assert secret not in log + database_log
    site.close()


def test_practice_is_for_this_machine_alone() -> None:
    arguments = ["--dsn", "postgresql://localhost/x", "--tls", "x", "--host", "0.0.0.0", "--practice"]
    run = subprocess.run([sys.executable, "-m", "server", *arguments], capture_output=True, check=False)
    assert run.returncode == 2
    assert b"loopback" in run.stderr


def test_outside_practice_nothing_is_counted(dsn: str) -> None:
    routes = make_app(dsn, AUTHORITY).routes
    assert [getattr(route, "path", "") for route in routes] == [
        "/v1/sync", "/v1/lookup", "/v1/bundle", "/v1/enrol", "/v1/renew", "/v1/health",
    ]  # fmt: skip


def test_a_newer_database_stops_the_centre_with_a_word(dsn: str, centre: CentreProcess) -> None:
    with centre.database() as database:
        database.execute("insert into schema_version values (9000, now())")
    command = [sys.executable, "-m", "server", "--dsn", dsn, "--tls", str(centre.tls)]
    run = subprocess.run(command, capture_output=True, check=False)
    assert run.returncode == 1
    assert b"DatabaseNewer" in run.stderr


def test_an_operators_port_that_is_taken_stops_the_centre_with_a_word(dsn: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ["--dsn", dsn, "--tls", str(tmp_path / "tls"), "--port", "0", "--operator-port", port]
        run = subprocess.run([sys.executable, "-m", "server", *words], capture_output=True, check=False)
    assert run.returncode == 1
    assert run.stderr.decode().splitlines()[-1] == f"the operator's port {port}: Address already in use"


def test_push_of_is_what_the_engine_sends(shared_centre: CentreProcess) -> None:
    """The tests' short cut into the transaction makes the very request the engine makes."""
    site = WiredSite(shared_centre, LocalJournal(seed=207))
    site.journal.record_many(3)
    expected = push_of(site.journal)
    site.sync()
    assert wire.decode_request(site.sent[0]).push == expected
    site.close()
