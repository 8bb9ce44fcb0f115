"""The lead PC: takes what other desks of the site leave over the LAN, hands it in when there is a line.

It is not trusted with anything: what it carries is encrypted for the centre or for the desk, and a desk keeps
every record until the centre's own receipt comes back. Only devices of the same centre and site are let in.
"""

import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socket import socket
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Thread
from typing import Any

from app.domain.clock import Clock
from app.domain.journal import canonical
from app.domain.refusals import Refusal
from app.sync import bundle, frame, reply, wire
from app.sync.bundle import root_of
from app.sync.enrolment import Post
from app.sync.envelope import MAX_FILE_BYTES, BundleDamaged
from app.sync.fields import Fields
from app.sync.frame import MessageTooLarge
from app.sync.identity import DER, Identity
from app.sync.shelf import Shelf, ShelfFull, answer_digest
from app.sync.stick_files import PATH, StickUnusable
from app.sync.tls import NO_CHECK_TIME, load_key
from app.sync.transport import AnswerForeign, CentreBusy, CentreUnreachable
from app.sync.wire import read_declined

REPLY_PATH = "/v1/reply"
GLANCE_S = 0.1
"""How long the end of the program waits for the listener to look up."""
HANDSHAKE_S = 5.0
SILENCE_S = 30.0
"""Longest pause of a desk that sends or receives."""
AT_ONCE = 4
"""Desks that are heard at the same time; others come again."""
LOOK_S = 60.0
NOT_ABOUT_IT = {"CentreFailed", "DeviceUnknown", "DeviceRevoked", "CertificateExpired"}
"""Of the centre's refusals: the centre's own trouble, or this machine's."""


@dataclass(unsafe_hash=True)
class RelayPortTaken(Refusal):
    """The port for the other desks could not be opened; this machine's own work goes on."""

    port: int
    technical: str


@dataclass(unsafe_hash=True)
class DeskForeign(Refusal):
    """A device of the centre, but of no site of this one."""


class LeadListener:
    """Hears the desks of the site, each in a thread of its own."""

    def __init__(
        self, shelf: Shelf, identity: Identity, address: tuple[str, int], left: Callable[[], object]
    ) -> None:
        """``left`` is called, on any thread, after a bundle was left.

        Raises RelayPortTaken or BundleKeyMissing.
        """
        context = _context(identity)

        class Handler(_Desk):
            on_the = shelf
            sites = identity.sites
            tell = staticmethod(left)

        try:
            self._server = _Server(address, Handler, context)
        except OSError as error:
            raise RelayPortTaken(address[1], error.strerror or "") from error
        self._thread = Thread(target=self._server.serve_forever, args=(GLANCE_S,), name="lead", daemon=True)

    @property
    def port(self) -> int:
        """Where it hears."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def stop(self) -> None:
        """Hear nobody any more; a desk cut off comes again, here or elsewhere."""
        self._server.shutdown()
        self._server.server_close()


class LeadDuty:
    """Hands in what lies on the shelf and puts the answers beside it; ``step`` says when to look again."""

    def __init__(self, shelf: Shelf, line: Post, clock: Clock) -> None:
        self._shelf, self._line, self._clock = shelf, line, clock
        self._due_at_s = float("-inf")

    def wake(self, *, forced: bool = False) -> None:
        """Something new lies there."""
        self._due_at_s = float("-inf")

    def step(self) -> float:
        """Hand in what can be; return seconds until the next look."""
        wait = self._due_at_s - self._clock.monotonic()
        if wait > 0:
            return wait
        self._due_at_s = self._clock.monotonic() + LOOK_S
        for left in self._shelf.waiting():
            data = self._shelf.bundle(left)
            if data is None:
                continue
            try:
                answer = self._line.post(PATH, data)
                if _is_final(answer):
                    self._shelf.answered(left, answer)
            except (CentreUnreachable, CentreBusy, AnswerForeign, StickUnusable):
                break
        return LOOK_S


def _is_final(answer: bytes) -> bool:
    """Return whether an answer is about the bundle, and not about the centre's own trouble."""
    if answer.startswith(reply.MAGIC):
        return True
    try:
        declined = read_declined(Fields.of(frame.unpack(answer)[0]))
    except Refusal:
        return False
    return declined is not None and declined.name not in NOT_ABOUT_IT


def _context(identity: Identity) -> ssl.SSLContext:
    """TLS 1.3, and nobody without a certificate of the centre's authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=root_of(identity).public_bytes(DER))
    # Whose year is over leaves too: the centre decides about what they bring, by its own clock.
    context.verify_flags |= ssl.VerifyFlags(ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | NO_CHECK_TIME)
    load_key(context, identity)
    return context


class _Server(ThreadingMixIn, TCPServer):
    """Lets few callers in at a time, each in a thread that ends with the program."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = sys.platform != "win32"  # there it would let another program have the same port
    request_queue_size = 16

    def __init__(self, address: tuple[str, int], handler: type["_Desk"], context: ssl.SSLContext) -> None:
        self._context = context
        self._room = BoundedSemaphore(AT_ONCE)
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hear in a thread of its own, if there is room for one more."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Hear to the end, and make room."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands here and not where others wait to be let in."""
        assert isinstance(request, socket)
        request.settimeout(HANDSHAKE_S)
        with self._context.wrap_socket(request, server_side=True) as secured:
            secured.settimeout(SILENCE_S)
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A desk that breaks off, or is nobody's, is nothing to report."""


class _Desk(BaseHTTPRequestHandler):
    """One desk that calls."""

    protocol_version = "HTTP/1.1"
    on_the: Shelf
    sites: frozenset[str]
    tell: Callable[[], object]
    connection: ssl.SSLSocket

    def do_POST(self) -> None:
        """Keep a bundle, or tell what the centre said."""
        try:
            shown = self.connection.getpeercert(True)
            assert shown is not None, "nobody comes in without"
            desk = Identity(b"", shown, ())
            body = self._body()
            if not desk.sites & self.sites:
                raise DeskForeign
            if self.path == PATH:
                self._keep(desk.device_id, body)
            elif self.path == REPLY_PATH:
                self._tell(desk.device_id, Fields.of(frame.unpack(body)[0]).text("known"))
            else:
                self._answer(404)
        except (StickUnusable, ShelfFull):
            self._decline(507, ShelfFull())
        except Refusal as refusal:
            self._decline(400, refusal)

    def _keep(self, device_id: str, data: bytes) -> None:
        if not data.startswith(bundle.MAGIC):
            raise BundleDamaged("foreign")
        self.on_the.leave(device_id, data)
        type(self).tell()
        self._answer(200, frame.pack(canonical({"kept": True})))

    def _tell(self, device_id: str, known: str) -> None:
        answer = self.on_the.answer(device_id)
        if answer is not None and answer_digest(answer) != known:
            self._answer(200, answer)
        else:
            self._answer(204 if answer is not None or self.on_the.holds(device_id) else 404)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            raise BundleDamaged("foreign")
        if int(length) > MAX_FILE_BYTES:
            self.close_connection = True
            raise MessageTooLarge("bundle", MAX_FILE_BYTES)
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            raise BundleDamaged("cut")
        return data

    def _decline(self, status: int, refusal: Refusal) -> None:
        said = wire.Declined(type(refusal).__name__, str(refusal.facts().get("reason", "")))
        self._answer(status, wire.encode_answer(said))

    def _answer(self, status: int, body: bytes = b"") -> None:
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no request with its status alone."""
        self.close_connection = True
        self._answer(code)

    def log_message(self, format: str, *args: object) -> None:
        """Who calls for what is nobody's business."""
