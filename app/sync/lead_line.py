"""A desk's line to the lead PC of its site, over the LAN: both sides proven by the centre's certificates."""

import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from socket import SHUT_RDWR, socket
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from app.domain.clock import Clock
from app.domain.refusals import Refusal
from app.domain.relay import DEFAULT_PORT
from app.sync.bundle import root_of
from app.sync.envelope import MAX_FILE_BYTES
from app.sync.http import SILENCE_S, check_address
from app.sync.identity import Identity
from app.sync.tls import load_key

CONNECT_S = 5.0
"""A machine on the LAN answers at once or not at all; the end of the program waits no longer for one."""


@dataclass(unsafe_hash=True)
class LeadUnreachable(Refusal):
    """The lead PC did not answer, or what answered is not one; the desk keeps everything."""

    reason: str
    """``connect``, ``cut``, ``stranger`` (no certificate of this centre and site) or ``size``."""


class LeadLine:
    """One request at a time, each on a connection of its own."""

    def __init__(self, url: str, identity: Identity, clock: Clock) -> None:
        """``url``: ``https://HOST:PORT``. Raises as ``check_address``, or BundleKeyMissing."""
        check_address(url)
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or DEFAULT_PORT
        self._identity, self._clock = identity, clock
        self._root = root_of(identity)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        # A device's certificate is made for the other side of a connection: who it names is asked below.
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        load_key(self._context, identity)
        self._open: socket | None = None
        self._cancelled = False

    def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer; nothing is sent to a stranger. Raises LeadUnreachable."""
        if self._cancelled:
            raise LeadUnreachable("cut")
        line = HTTPSConnection(self._host, self._port, timeout=CONNECT_S, context=self._context)
        try:
            try:
                line.connect()
            except OSError as error:
                raise LeadUnreachable("connect") from error
            self._open = line.sock
            if self._cancelled:
                raise LeadUnreachable("cut")
            assert isinstance(line.sock, ssl.SSLSocket)
            line.sock.settimeout(SILENCE_S)
            self._check(line.sock.getpeercert(True))
            line.request("POST", path, body)
            answer = line.getresponse()
            data = answer.read(MAX_FILE_BYTES + 1)
        except (OSError, HTTPException) as error:
            raise LeadUnreachable("cut") from error
        finally:
            self._open = None
            line.close()
        if len(data) > MAX_FILE_BYTES:
            raise LeadUnreachable("size")
        return answer.status, data

    def cancel(self) -> None:
        """Break off, for good, from another thread."""
        self._cancelled = True
        line = self._open
        if line is not None:
            with suppress(OSError):
                socket.shutdown(line, SHUT_RDWR)

    def close(self) -> None:
        """There is nothing to let go: each request has its own connection."""

    def _check(self, shown: bytes | None) -> None:
        """Pass a device in its year, of this centre and of a site of this one; it proved to hold the key."""
        try:
            certificate = x509.load_der_x509_certificate(shown or b"")
            certificate.verify_directly_issued_by(self._root)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise LeadUnreachable("stranger") from error
        other = Identity(b"", shown or b"", ())
        in_time = certificate.not_valid_before_utc <= self._clock.now() < certificate.not_valid_after_utc
        if not in_time or not other.sites & self._identity.sites:
            raise LeadUnreachable("stranger")
