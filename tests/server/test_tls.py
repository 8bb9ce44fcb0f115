"""The real centre behind TLS: who is let through, in mid-session as well, and who is believed (SEC-1)."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from app.domain.refusals import Refusal
from app.practice.centre import is_forgotten
from app.sync import wire
from app.sync.enrolment import CentreUnproven, Enrolled, Enrolment, encode_enrolled, enrol
from app.sync.frame import MAGIC
from app.sync.http import HttpTransport
from app.sync.identity import Identity, make_request, new_key
from app.sync.renewal import RenewingTransport
from app.sync.state import Idle, Refused
from app.sync.transport import AnswerForeign, CentreDeclined, CentreUnreachable
from app.sync.unfit import UnfitRun
from server.devices import list_devices, revoke
from server.web import utc_now
from tests.clocks import ManualClock
from tests.server.centre_process import CentreProcess
from tests.server.wired_site import WiredSite
from tests.sync.canned_server import CannedServer
from tests.sync.certificates import centre_tls, make_device
from tests.sync.local_journal import SITE, LocalJournal

HELLO = wire.encode_request(wire.Request(wire.Hello("device-9")))
CODE = "ABCDE-FGHJK-MNPQR-STVWX"


@pytest.fixture
def site(shared_centre: CentreProcess, request: pytest.FixtureRequest) -> Iterator[WiredSite]:
    """Return an enrolled device of the test's own."""
    site = WiredSite(shared_centre, LocalJournal(seed=sum(request.node.name.encode()) + 5000))
    yield site
    site.close()


def withdraw(site: WiredSite) -> None:
    with site.centre.database() as database:
        revoke(database, site.journal.device_id, utc_now())


def test_revoked_in_mid_session_a_device_is_refused_at_its_next_request_and_loses_nothing(
    site: WiredSite,
) -> None:
    site.journal.record_many(2)
    assert isinstance(site.sync(), Idle)
    withdraw(site)
    site.journal.record()
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (CentreDeclined("DeviceRevoked", ""),)
    assert len(site.journal.receipted()) == 2


def test_revoked_a_device_is_refused_in_a_resumed_session_too(site: WiredSite) -> None:
    """TLS 1.3 looks at no certificate when a session is taken up again: the database is asked each time."""
    site.journal.record()
    site.sync()
    site.line.close()
    withdraw(site)
    site.journal.record()
    state = site.sync()
    assert isinstance(state, Refused)
    assert state.refusals == (CentreDeclined("DeviceRevoked", ""),)


def test_let_in_again_by_a_new_code_a_device_sends_what_it_kept(site: WiredSite) -> None:
    site.journal.record()
    withdraw(site)
    site.sync()
    identity = site.centre.enrol(site.journal.device_id, site.centre.issue_code())
    site.line.identify(identity)
    assert isinstance(site.sync(), Idle)
    assert site.in_step()


def test_a_device_speaks_for_the_site_its_certificate_names_and_for_no_other(
    shared_centre: CentreProcess,
) -> None:
    journal = LocalJournal(seed=5901)
    shared_centre.enrol(journal.device_id, shared_centre.issue_code("another-site"))
    site = WiredSite(shared_centre, journal)
    site.journal.record()
    assert isinstance(site.sync(), Idle)
    assert site.journal.unfit == [UnfitRun(1, 1, "SiteOutOfScope", "site")]
    site.close()


def test_a_device_never_speaks_for_another_device(site: WiredSite) -> None:
    hello = wire.encode_request(wire.Request(wire.Hello(LocalJournal(seed=5902).device_id)))
    assert wire.decode_answer(site.direct.exchange(hello)) == wire.Declined("DeviceUnknown")


def refused_as(refusal: Refusal, url: str, identity: Identity | None) -> None:
    line = HttpTransport(url, identity, ManualClock())
    with pytest.raises(type(refusal)) as refused:
        line.exchange(HELLO)
    assert refused.value == refusal
    line.close()


def test_a_certificate_of_another_authority_does_not_come_through_the_handshake(
    shared_centre: CentreProcess, site: WiredSite
) -> None:
    """The centre ends the connection; a name it knows in a certificate it did not sign helps nobody."""
    own = shared_centre.identity_of(site.journal)
    stranger = make_device(centre_tls(number=3).authority, own.device_id, SITE)
    refused_as(CentreUnreachable("cut"), shared_centre.url, replace(stranger, trust=own.trust))


def test_a_centre_of_another_authority_gets_nothing_from_an_enrolled_device(
    shared_centre: CentreProcess,
) -> None:
    stranger = make_device(centre_tls(number=3).authority, "device-9", SITE)
    refused_as(CentreUnreachable("issuer"), shared_centre.url, stranger)


def test_a_certificate_whose_year_is_over_is_told_so(shared_centre: CentreProcess, site: WiredSite) -> None:
    own = shared_centre.identity_of(site.journal)
    with shared_centre.database() as database:
        database.execute(
            "update device_certificate set expires_at = now() where device_id = %s", (own.device_id,)
        )
    answer = wire.decode_answer(site.line.exchange(HELLO))
    assert answer == wire.Declined("CertificateExpired")


def test_a_certificate_long_over_comes_through_the_handshake_to_be_told_so() -> None:
    """OpenSSL would let go of the connection without a word."""
    tls = centre_tls(number=4)
    server = CannedServer([b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n" + MAGIC + b"x"], tls.context)
    old = make_device(tls.authority, "device-9", SITE, utc_now() - timedelta(days=500))
    line = HttpTransport(server.url, old, ManualClock())
    assert line.exchange(HELLO) == MAGIC + b"x"
    assert server.shown == [old.certificate]
    line.close()
    server.close()


def test_plaintext_gets_no_answer(shared_centre: CentreProcess) -> None:
    with socket.create_connection(("127.0.0.1", shared_centre.port)) as plain:
        plain.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        with suppress(ConnectionResetError):
            answer = plain.recv(1000)
    assert b"HTTP" not in answer


def test_older_tls_is_refused(shared_centre: CentreProcess) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", shared_centre.port)) as plain,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        context.wrap_socket(plain)


def renewing(site: WiredSite, days: int, kept: list[Identity]) -> RenewingTransport:
    """Return the line of a device whose clock stands so many days after today."""
    clock = ManualClock(utc_now() + timedelta(days=days))
    own = site.centre.identity_of(site.journal)
    return RenewingTransport(HttpTransport(site.centre.url, own, clock), own, clock, kept.append)


def hello_of(site: WiredSite) -> bytes:
    return wire.encode_request(wire.Request(wire.Hello(site.journal.device_id)))


def test_at_half_of_its_life_a_certificate_is_renewed_once_and_then_used(site: WiredSite) -> None:
    kept: list[Identity] = []
    line = renewing(site, 183, kept)
    old = site.centre.identity_of(site.journal)
    for _ in range(3):
        assert isinstance(wire.decode_answer(line.exchange(hello_of(site))), wire.Answer)
    (new,) = kept
    assert (new.key, new.sites) == (old.key, old.sites)
    assert new.certificate != old.certificate
    with site.centre.database() as database:
        database.execute(
            "update device_certificate set revoked_at = now() where certificate = %s", (old.certificate,)
        )
    assert isinstance(wire.decode_answer(line.exchange(hello_of(site))), wire.Answer)
    line.close()


def test_a_young_certificate_is_left_alone(site: WiredSite) -> None:
    kept: list[Identity] = []
    line = renewing(site, 180, kept)
    line.exchange(hello_of(site))
    assert kept == []
    line.close()


def test_a_renewal_that_is_refused_costs_no_exchange(site: WiredSite) -> None:
    kept: list[Identity] = []
    line = renewing(site, 183, kept)
    withdraw(site)
    assert wire.decode_answer(line.exchange(hello_of(site))) == wire.Declined("DeviceRevoked")
    assert kept == []
    line.close()


def test_a_practice_device_comes_anew_to_a_centre_that_forgot_it_and_stays_out_when_revoked(
    site: WiredSite,
) -> None:
    identity, clock = site.centre.identity_of(site.journal), site.journal.clock
    assert not is_forgotten(site.centre.url, identity, clock)
    withdraw(site)
    assert not is_forgotten(site.centre.url, identity, clock)
    with site.centre.database() as database:
        database.execute("delete from device_certificate where device_id = %s", (identity.device_id,))
    assert is_forgotten(site.centre.url, identity, clock)


def test_over_tls_a_device_enrols_by_its_code_and_no_second_one_does(shared_centre: CentreProcess) -> None:
    code = shared_centre.issue_code("site-7")
    assert shared_centre.enrol("device-7", code).sites == {"site-7"}
    with pytest.raises(CentreDeclined) as refused:
        shared_centre.enrol("device-8", code)
    assert refused.value == CentreDeclined("EnrolmentCodeUnknown", "")
    with shared_centre.database() as database:
        assert "device-8" not in {listed.device_id for listed in list_devices(database)}


class Line:
    """A line whose other end answers what it is told to."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def post(self, path: str, body: bytes) -> bytes:
        return self._answer


def test_who_does_not_know_the_code_cannot_answer_for_the_centre() -> None:
    """Somebody between hands out a certificate and an authority of their own."""
    csr = make_request(new_key(), "device-9")
    forged = Enrolled(b"certificate", (b"authority",))
    guessed = forged.proven(b"another key", Enrolment.made(CODE, csr))
    for answer in (forged, guessed):
        with pytest.raises(CentreUnproven):
            enrol(Line(encode_enrolled(answer)), CODE, csr)


def test_a_captive_portal_answers_an_enrolment_with_a_page_and_is_told_as_such() -> None:
    page = b"<html>Please sign in</html>"
    server = CannedServer(
        [b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page], centre_tls().context
    )
    line = HttpTransport(server.url, None, ManualClock())
    with pytest.raises(AnswerForeign):
        enrol(line, CODE, make_request(new_key(), "device-9"))
    line.close()
    server.close()


@pytest.mark.parametrize("csr", [b"rubbish", b"0", make_request(new_key(), "d")[:-1]])
def test_a_request_that_is_none_is_declined_by_name(shared_centre: CentreProcess, csr: bytes) -> None:
    line = HttpTransport(shared_centre.url, None, ManualClock())
    with pytest.raises(CentreDeclined) as refused:
        enrol(line, CODE, csr)
    assert refused.value == CentreDeclined("MessageMalformed", "csr")
    line.close()


def test_the_health_of_the_centre_is_told_without_a_certificate(shared_centre: CentreProcess) -> None:
    with shared_centre.client() as nobody:
        assert nobody.get("/v1/health").json() == {"status": "ok"}
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{shared_centre.url}/v1/health", trust_env=False)
