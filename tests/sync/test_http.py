"""The transport over HTTP, against real sockets that answer what a bad network answers."""

import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from app.domain.refusals import Refusal
from app.sync.frame import MAGIC, MAX_FRAME_BYTES
from app.sync.http import (
    DEFAULT_RETRY_AFTER_S,
    AddressUnreadable,
    HttpTransport,
    PlaintextForbidden,
    check_address,
)
from app.sync.identity import Identity
from app.sync.transport import AnswerForeign, CentreBusy, CentreUnreachable
from server.tls import Tls
from tests.clocks import ManualClock
from tests.sync.canned_server import CannedServer
from tests.sync.certificates import centre_tls, identity_of
from tests.sync.connect_proxy import ConnectProxy

Answering = Callable[..., CannedServer]
CLOCK = ManualClock()
FRAME = MAGIC + b"answer"
TLS = centre_tls()
DEVICE = identity_of(TLS)


@pytest.fixture
def answering() -> Iterator[Answering]:
    servers: list[CannedServer] = []

    def start(*answers: bytes | None) -> CannedServer:
        servers.append(CannedServer(answers, TLS.context))
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
    transport = HttpTransport(server.url, DEVICE, CLOCK, **options)
    try:
        return transport.exchange(b"request")
    finally:
        transport.close()


def test_the_request_goes_up_as_it_is(answering: Answering) -> None:
    server = answering(http("200 OK", FRAME))
    assert exchange(server) == FRAME
    assert server.requests[0].startswith(b"POST /v1/sync HTTP/1.1\r\n")
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
    transport = HttpTransport(url, DEVICE, CLOCK)
    with pytest.raises(CentreUnreachable) as refused:
        transport.exchange(b"request")
    assert refused.value == CentreUnreachable("connect")
    transport.close()


def test_after_a_cut_the_next_exchange_connects_anew(answering: Answering) -> None:
    server = answering(None, http("200 OK", FRAME))
    transport = HttpTransport(server.url, DEVICE, CLOCK)
    with pytest.raises(CentreUnreachable):
        transport.exchange(b"request")
    assert transport.exchange(b"request") == FRAME
    transport.close()


def test_an_exchange_under_way_can_be_broken_off_from_another_thread(answering: Answering) -> None:
    server = answering()
    transport = HttpTransport(server.url, DEVICE, CLOCK)
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
    "url",
    [
        "http://centre.example", "http://192.0.2.7:8443", "http://127.0.0.1:80", "http://localhost",
        "ftp://127.0.0.1", "centre.example", "https://", "",
    ],
)  # fmt: skip
def test_plaintext_is_refused_on_this_machine_as_well(url: str) -> None:
    """SEC-1."""
    with pytest.raises(PlaintextForbidden):
        HttpTransport(url, DEVICE, CLOCK)


def listen(serve: Callable[[socket.socket], object], ask: Callable[[str], object]) -> None:
    """Serve one connection while ``ask`` is given the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)

        def run() -> None:
            with listener.accept()[0] as connection:
                serve(connection)

        thread = threading.Thread(target=run)
        thread.start()
        ask(f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()


@pytest.mark.parametrize(
    ("tls", "reason"),
    [
        (centre_tls(number=2), "issuer"),
        (centre_tls("centre.example"), "host"),
        (centre_tls("127.0.0.2"), "host"),
        (centre_tls(days_old=800), "expired"),
        (centre_tls(days_old=-800), "expired"),
    ],
    ids=["of another authority", "for another host", "for another address", "too old", "not yet good"],
)
def test_a_centre_whose_certificate_does_not_prove_it_gets_nothing(tls: Tls, reason: str) -> None:
    """SEC-1: a captive portal, another centre, a name that points elsewhere, a clock that is wrong."""
    received: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError):
            received.append(tls.context.wrap_socket(connection, server_side=True).recv(100))

    identity = identity_of(TLS) if reason == "issuer" else identity_of(tls)
    listen(serve, lambda url: refused_as(CentreUnreachable(reason), url, identity))
    assert received == []


def refused_as(refusal: Refusal, url: str, identity: Identity, **options: str) -> None:
    transport = HttpTransport(url, identity, CLOCK, **options)
    with pytest.raises(type(refusal)) as refused:
        transport.exchange(b"request")
    assert refused.value == refusal
    transport.close()


@pytest.mark.parametrize("host", ["a b", "a\x7fb", "a..b", "x" * 70])
def test_an_address_no_machine_can_have_is_refused_before_it_is_kept(host: str) -> None:
    """Else it would be a bug at every start."""
    with pytest.raises(AddressUnreadable):
        check_address(f"https://{host}:8443")


def test_an_answer_in_plaintext_is_told_as_such() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(http("200 OK", FRAME))

    listen(serve, lambda url: refused_as(CentreUnreachable("plaintext"), url, DEVICE))


def test_a_server_that_does_not_believe_this_device_is_told_as_such() -> None:
    """What a TLS front says; the centre itself lets go of such a connection without a word."""

    def serve(connection: socket.socket) -> None:
        context = centre_tls(number=2).context
        context.verify_mode = ssl.CERT_REQUIRED
        with suppress(OSError):
            context.wrap_socket(connection, server_side=True)

    foreign = replace(DEVICE, trust=centre_tls(number=2).authority.trust)
    listen(serve, lambda url: refused_as(CentreUnreachable("rejected"), url, foreign))


def test_the_device_shows_its_certificate_and_takes_its_session_up_again(answering: Answering) -> None:
    """Performance.md row 6: a handshake anew costs a kilobyte more."""
    server = answering(http("200 OK", FRAME), http("200 OK", FRAME))
    transport = HttpTransport(server.url, DEVICE, CLOCK)
    for _ in range(2):
        assert transport.exchange(b"request") == FRAME
        transport.close()
    assert server.resumed == [False, True]
    assert server.shown == [DEVICE.certificate] * 2


def test_the_key_lies_in_no_file(
    answering: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    exchange(answering(http("200 OK", FRAME)))
    assert list(tmp_path.iterdir()) == []


def test_without_an_identity_anybody_answers_for_enrolment_has_its_own_proof(answering: Answering) -> None:
    server = answering(http("200 OK", FRAME))
    transport = HttpTransport(server.url, None, CLOCK)
    assert transport.post("/v1/enrol", b"request") == FRAME
    assert server.shown == [None]
    transport.close()


def test_the_environments_proxy_is_not_used_but_the_settings_is(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC-1: through a proxy the two ends still prove themselves to each other, and it reads nothing."""
    unused, proxy = ConnectProxy(), ConnectProxy()
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, unused.url)
    assert exchange(answering(http("200 OK", FRAME))) == FRAME
    server = answering(http("200 OK", FRAME))
    assert exchange(server, proxy=proxy.url) == FRAME
    for closing in (unused, proxy):
        closing.close()
    assert unused.asked == b""
    assert proxy.asked.startswith(b"CONNECT 127.0.0.1:")
    assert server.shown == [DEVICE.certificate]
    assert b"request" not in proxy.carried


def test_a_proxy_that_does_not_let_through_is_told_as_such() -> None:
    proxy = ConnectProxy(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    refused_as(CentreUnreachable("proxy"), "https://127.0.0.1:1", DEVICE, proxy=proxy.url)
    proxy.close()


def test_httpcore_is_not_imported_until_the_first_request_leaves() -> None:
    """Performance.md row 14: it costs a tenth of a second."""
    program = (
        "import sys\n"
        "import app.sync.runner, app.sync.enrolment\n"
        "from app.sync.http import HttpTransport\n"
        "from app.devices.system_clock import SystemClock\n"
        "HttpTransport('https://centre.example', None, SystemClock()).close()\n"
        "sys.exit('httpcore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
