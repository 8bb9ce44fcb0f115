"""Requests to the centre over HTTPS, on httpcore, which is imported only when the first one leaves."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.domain.clock import Clock
from app.domain.refusals import Refusal
from app.sync.frame import MAGIC, MAX_FRAME_BYTES
from app.sync.transport import AnswerForeign, CentreBusy, CentreUnreachable

if TYPE_CHECKING:
    import httpcore

    from app.sync.identity import Identity
    from app.sync.tls import CentreContext

CONNECT_S = 10.0
SILENCE_S = 30.0
"""Longest pause while sending or receiving."""
WHOLE_ANSWER_S = 120.0
TIMEOUTS = {"connect": CONNECT_S, "read": SILENCE_S, "write": SILENCE_S, "pool": SILENCE_S}
KEEP_ALIVE_S = 60.0
"""Shorter than the centre's, so that it is always this side that lets go."""
DEFAULT_RETRY_AFTER_S = 5.0


@dataclass(unsafe_hash=True)
class PlaintextForbidden(Refusal):
    """The centre's address is not https."""

    url: str


@dataclass(unsafe_hash=True)
class AddressUnreadable(Refusal):
    """An address names no port or host there can be."""

    url: str


class HttpTransport:
    """One kept-alive connection to one centre, both sides proven by certificate."""

    def __init__(
        self, url: str, identity: "Identity | None", clock: Clock, *, proxy: str | None = None
    ) -> None:
        """``url`` is the centre's root; ``proxy`` the only proxy ever used: the environment is not asked.

        Without an identity nothing is proven: for enrolment alone. Raises as ``check_address``.
        """
        check_address(url)
        self._root = url.rstrip("/")
        self._identity = identity
        self._clock = clock
        self._proxy = proxy
        self._pool: httpcore.ConnectionPool | None = None
        self._context: CentreContext | None = None
        self._socket: socket.socket | None = None
        self._cancelled = False

    def exchange(self, request: bytes) -> bytes:
        """Return the frame that answers; raises CentreUnreachable, CentreBusy or AnswerForeign."""
        return self.post("/v1/sync", request)

    def identify(self, identity: "Identity") -> None:
        """Be somebody else from the next connection on: the certificate was renewed."""
        self.close()
        self._identity, self._context = identity, None

    def post(self, path: str, body: bytes) -> bytes:
        """Post to a path of the centre and return the frame that answers; raises as ``exchange``."""
        if self._cancelled:
            raise CentreUnreachable("cut")
        pool = self._pool = self._pool or self._connect()
        extensions = {"trace": self._trace, "timeout": TIMEOUTS}
        try:
            with pool.stream("POST", self._root + path, content=body, extensions=extensions) as response:
                self._keep_session(response)
                return self._read(response)
        except _failures() as error:
            raise CentreUnreachable(_reason(error)) from error

    def cancel(self) -> None:
        """Break off, for good, from another thread: an exchange under way ends as CentreUnreachable."""
        self._cancelled = True
        secured = self._context.line if self._context is not None else None
        for line in (self._socket, secured):
            if line is not None:
                with suppress(OSError):
                    socket.socket.shutdown(line, socket.SHUT_RDWR)  # not TLS's own: another thread reads

    def close(self) -> None:
        """Let the connection go."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _connect(self) -> "httpcore.ConnectionPool":
        import httpcore

        from app.sync.tls import make_context

        self._context = self._context or make_context(self._identity)
        return httpcore.ConnectionPool(
            ssl_context=self._context,
            proxy=httpcore.Proxy(self._proxy) if self._proxy else None,
            max_connections=1,
            keepalive_expiry=KEEP_ALIVE_S,
        )

    def _keep_session(self, response: "httpcore.Response") -> None:
        """Remember the session once its ticket has come, which is with the first answer."""
        line = response.extensions["network_stream"].get_extra_info("ssl_object")
        if self._context is not None and line is not None:
            self._context.session = line.session

    def _read(self, response: "httpcore.Response") -> bytes:
        status = response.status
        if status in (429, 503):
            asked = [value for name, value in response.headers if name.lower() == b"retry-after"]
            raise CentreBusy(status, self._retry_after(asked[0].decode("latin-1") if asked else None))
        if 300 <= status < 400:
            raise AnswerForeign("redirect", status)
        answer = b"".join(self._pieces(response))
        if answer.startswith(MAGIC):
            return answer
        raise AnswerForeign("content" if status == 200 else "status", status)

    def _pieces(self, response: "httpcore.Response") -> Iterator[bytes]:
        """Yield the body; give up on one too big, too slow or, by its first bytes, not the centre's."""
        started_s, size = self._clock.monotonic(), 0
        for piece in response.iter_stream():
            if size == 0 and not piece.startswith(MAGIC[: len(piece)]):
                return
            size += len(piece)
            if size > MAX_FRAME_BYTES:
                raise AnswerForeign("size", response.status)
            if self._clock.monotonic() - started_s > WHOLE_ANSWER_S:
                raise AnswerForeign("slow", response.status)
            yield piece

    def _retry_after(self, text: str | None) -> float:
        """Return seconds from a Retry-After field: a number, or a date (RFC 9110 §10.2.3)."""
        if text is None:
            return DEFAULT_RETRY_AFTER_S
        if text.strip().isascii() and text.strip().isdigit():
            return float(text)
        try:
            until = parsedate_to_datetime(text)
            return max(0.0, (until - self._clock.now()).total_seconds())
        except (ValueError, TypeError):
            return DEFAULT_RETRY_AFTER_S

    def _trace(self, name: str, info: dict[str, Any]) -> None:
        if name == "connection.connect_tcp.complete":
            self._socket = info["return_value"].get_extra_info("socket")
            if self._cancelled:
                self.cancel()


def check_address(url: str) -> None:
    """Pass an address whose connections are encrypted; raises PlaintextForbidden or AddressUnreadable."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        host = parts.hostname or ""
        host.encode("idna")
    except ValueError as error:
        raise AddressUnreadable(url) from error
    if not host.isprintable() or " " in host:
        raise AddressUnreadable(url)
    if parts.scheme != "https" or not host:
        raise PlaintextForbidden(url)


def _failures() -> tuple[type[Exception], ...]:
    """Return what is raised when no whole answer came."""
    import httpcore

    return (
        httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    )  # fmt: skip


def _reason(error: Exception) -> str:
    import ssl

    import httpcore

    from app.sync.tls import tls_reason

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return tls_reason(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ProxyError):
        return "proxy"
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.PoolTimeout):
        return "connect"
    return "timeout" if isinstance(error, httpcore.TimeoutException) else "cut"
