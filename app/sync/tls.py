"""The TLS of the line to the centre: the device's certificate, the one authority believed, what fails."""

import os
import secrets
import socket
import ssl
import tempfile
from pathlib import Path
from typing import Any

from app.sync.identity import Identity, locked_pem

ISSUER_CODES = (2, 18, 19, 20, 21)
"""X509_V_ERR of a chain that does not end at who is trusted."""
DATE_CODES = (9, 10)
NAME_CODES = (62, 64)
NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, which Python does not name."""
NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST", "RECORD_LAYER_FAILURE")


class CentreSocket(ssl.SSLSocket):
    """A connection that its context knows from before the handshake on, so that it can be broken off."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands, known to the context."""
        self.context.line = self  # type: ignore[attr-defined]
        super().do_handshake(block)


class CentreContext(ssl.SSLContext):
    """A context for one centre that takes up its last session again, which saves a kilobyte."""

    sslsocket_class = CentreSocket
    session: ssl.SSLSession | None = None
    line: ssl.SSLSocket | None = None
    """The newest connection."""

    def wrap_socket(self, sock: socket.socket, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        """Wrap a socket, with the session of the last connection if there was one."""
        options.setdefault("session", self.session)
        return super().wrap_socket(sock, *arguments, **options)


def make_context(identity: Identity | None) -> CentreContext:
    """Return the context of a device's connections, TLS 1.3 only.

    Without an identity anybody is believed to be the centre: fit for an enrolment, which has its own proof.
    """
    context = CentreContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if identity is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    context.load_verify_locations(cadata=b"".join(identity.trust))
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    load_key(context, identity)
    return context


def tls_reason(error: ssl.SSLError) -> str:
    """Return why no trusted connection came about (``CentreUnreachable.reason``)."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reasons = {"issuer": ISSUER_CODES, "expired": DATE_CODES, "host": NAME_CODES}
        return next((reason for reason, codes in reasons.items() if error.verify_code in codes), "tls")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "cut"
    if error.reason in NOT_TLS:
        return "plaintext"
    return "rejected" if "ALERT" in (error.reason or "") else "tls"


def load_key(context: ssl.SSLContext, identity: Identity) -> None:
    """Let a context show who this device is.

    Python takes a key from a file only: it lies there for a moment, under a password kept nowhere.
    """
    password = secrets.token_bytes(32).hex().encode()
    handle, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(locked_pem(identity, password))
        context.load_cert_chain(name, password=password)
    finally:
        Path(name).unlink()
