"""The transport over HTTP, against real sockets that answer what a bad network answers."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.domain.refusals import Refusal
from app.sync.frame import MAGIC, MAX_FRAME_BYTES
from app.sync.http import DEFAULT_RETRY_AFTER_S, HttpTransport, PlaintextForbidden
from app.sync.transport import AnswerForeign, CentreBusy, CentreUnreachable
from tests.clocks import ManualClock
from tests.sync.canned_server import CannedServer

Answering = Callable[..., CannedServer]
CLOCK = ManualClock()
FRAME = MAGIC + b"answer"


@pytest.fixture
def answering() -> Iterator[Answering]:
    servers: list[CannedServer] = []

    def start(*answers: bytes | None) -> CannedServer:
        servers.append(CannedServer(answers))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def http(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def later(seconds: int) -> str:
    return format_datetime(CLOCK.now() + timedelta(seconds=seconds))


def exchange(server: CannedServer, **options: str) -> bytes:
    transport = HttpTransport(server.url, "TOKEN", CLOCK, practice=True, **options)
    try:
        return transport.exchange(b"request")
    finally:
        transport.close()


def test_the_request_goes_up_as_it_is_with_the_devices_token(answering: Answering) -> None:
    server = answering(http("200 OK", FRAME))
    assert exchange(server) == FRAME
    assert server.requests[0].startswith(b"POST /v1/sync HTTP/1.1\r\n")
    assert b"\r\nauthorization: bearer token\r\n" in server.requests[0].lower()
    assert server.requests[0].endswith(b"\r\n\r\nrequest")


def test_headers_cost_no_more_than_they_must(answering: Answering) -> None:
    """Performance.md row 6: a no-change sync within 400 bytes, all overheads."""
    server = answering(http("200 OK", FRAME))
    exchange(server)
    assert len(server.requests[0]) - len(b"request") <= 130


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (http("200 OK", b"<html>Please sign in</html>"), AnswerForeign("content", 200)),
        (http("200 OK", b""), AnswerForeign("content", 200)),
        (http("200 OK", bytes(MAX_FRAME_BYTES + 1)), AnswerForeign("content", 200)),
        (http("302 Found", b"", "Location: http://portal.example/"), AnswerForeign("redirect", 302)),
        (http("301 Moved", FRAME, "Location: https://centre.example/"), AnswerForeign("redirect", 301)),
        (http("403 Forbidden", b"proxy says no"), AnswerForeign("status", 403)),
        (http("404 Not Found", b"nothing here"), AnswerForeign("status", 404)),
        (http("502 Bad Gateway", b"<html>"), AnswerForeign("status", 502)),
        (http("200 OK", MAGIC + bytes(MAX_FRAME_BYTES)), AnswerForeign("size", 200)),
        (b"rubbish that is no HTTP\r\n\r\n", CentreUnreachable("cut")),
        (None, CentreUnreachable("cut")),
        (http("200 OK", FRAME)[:-3], CentreUnreachable("cut")),
        (http("429 Too Many", b"", "Retry-After: 17"), CentreBusy(429, 17.0)),
        (http("503 Unavailable", b"<html>"), CentreBusy(503, DEFAULT_RETRY_AFTER_S)),
        (http("503 Unavailable", b"", "Retry-After: soon"), CentreBusy(503, DEFAULT_RETRY_AFTER_S)),
        (http("503 Unavailable", b"", "Retry-After: -5"), CentreBusy(503, DEFAULT_RETRY_AFTER_S)),
        (
            http("503 Unavailable", b"", f"Retry-After: {later(90)}"),
            CentreBusy(503, 90.0),
        ),
        (
            http("503 Unavailable", b"", f"Retry-After: {later(-86400)}"),
            CentreBusy(503, 0.0),
        ),
    ],
)  # fmt: skip
def test_whatever_answers_instead_of_the_centre_is_named(
    answering: Answering, answer: bytes | None, refusal: Refusal
) -> None:
    with pytest.raises(type(refusal)) as refused:
        exchange(answering(answer))
    assert refused.value == refusal


def test_a_refusal_of_the_centre_comes_back_as_its_frame_whatever_the_status(answering: Answering) -> None:
    assert exchange(answering(http("401 Unauthorized", FRAME))) == FRAME


def test_nobody_listening_is_known_before_anything_is_sent(answering: Answering) -> None:
    server = answering()
    url = server.url
    server.close()
    transport = HttpTransport(url, "TOKEN", CLOCK, practice=True)
    with pytest.raises(CentreUnreachable) as refused:
        transport.exchange(b"request")
    assert refused.value == CentreUnreachable("connect")
    transport.close()


def test_after_a_cut_the_next_exchange_connects_anew(answering: Answering) -> None:
    server = answering(None, http("200 OK", FRAME))
    transport = HttpTransport(server.url, "TOKEN", CLOCK, practice=True)
    with pytest.raises(CentreUnreachable):
        transport.exchange(b"request")
    assert transport.exchange(b"request") == FRAME
    transport.close()


def test_an_exchange_under_way_can_be_broken_off_from_another_thread(answering: Answering) -> None:
    server = answering()
    transport = HttpTransport(server.url, "TOKEN", CLOCK, practice=True)
    outcome: list[Refusal] = []

    def ask() -> None:
        try:
            transport.exchange(b"request")
        except CentreUnreachable as refusal:
            outcome.append(refusal)

    thread = threading.Thread(target=ask)
    thread.start()
    assert server.asked.wait(10)
    transport.cancel()
    thread.join(10)
    assert outcome == [CentreUnreachable("cut")]
    with pytest.raises(CentreUnreachable):
        transport.exchange(b"request")
    transport.close()


@pytest.mark.parametrize(
    ("url", "practice"),
    [
        ("http://centre.example", True), ("http://192.0.2.7:8443", True), ("http://127.0.0.1:80", False),
        ("http://localhost", False), ("ftp://127.0.0.1", True), ("centre.example", True), ("https://", False),
        ("http://127.0.0.1.example.com", True),
    ],
)  # fmt: skip
def test_plaintext_is_refused_except_for_practice_on_this_machine(url: str, practice: bool) -> None:
    with pytest.raises(PlaintextForbidden):
        HttpTransport(url, "TOKEN", CLOCK, practice=practice)


@pytest.mark.parametrize(
    ("url", "practice"),
    [
        ("https://centre.example", False),
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost:1", True),
    ],
)
def test_https_and_practice_on_this_machine_are_accepted(url: str, practice: bool) -> None:
    HttpTransport(url, "TOKEN", CLOCK, practice=practice).close()


@pytest.fixture
def own_certificate(tmp_path: Path) -> Path:
    """A certificate nobody signed but itself, as a captive portal shows one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.IPAddress(IPv4Address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "own.pem"
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(certificate.public_bytes(pem) + key.private_bytes(pem, pkcs8, plain))
    return path


def test_a_centre_whose_certificate_nobody_vouches_for_gets_nothing(own_certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate)
    received: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            received.append(context.wrap_socket(connection, server_side=True).recv(100))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        transport = HttpTransport(f"https://127.0.0.1:{listener.getsockname()[1]}", "TOKEN", CLOCK)
        with pytest.raises(CentreUnreachable) as refused:
            transport.exchange(b"request")
        thread.join(10)
        transport.close()
    assert refused.value == CentreUnreachable("tls")
    assert received == []


def test_the_environments_proxy_is_not_used_but_the_settings_is(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, centre = answering(http("200 OK", FRAME)), answering(http("200 OK", FRAME))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    exchange(centre)
    assert proxy.requests == []
    exchange(answering(), proxy=proxy.url)
    assert proxy.requests[0].startswith(b"POST http://127.0.0.1")


def test_httpx_is_not_imported_until_the_first_request_leaves() -> None:
    """Performance.md row 14: it costs a tenth of a second."""
    program = (
        "import sys\n"
        "import app.sync.runner, app.sync.enrolment\n"
        "from app.sync.http import HttpTransport\n"
        "from app.devices.system_clock import SystemClock\n"
        "HttpTransport('https://centre.example', 'TOKEN', SystemClock()).close()\n"
        "sys.exit('httpx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
