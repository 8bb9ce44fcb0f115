"""Who is at the other end: the certificate a device showed, from the connection to the application.

uvicorn keeps it to itself; this protocol puts it where the ASGI TLS extension has it.
"""

import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.authority import fingerprint_of
from server.devices import DeviceUnknown


@dataclass(frozen=True)
class Peer:
    """A device as its certificate names it, proven by handshake; the database knows whether it counts."""

    device_id: str
    fingerprint: bytes


class PeerProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which also tells the application the certificate of the other side."""

    def connection_made(self, transport: Any) -> None:
        """Read the certificate once for all requests of the connection: a resumed session has it as well."""
        super().connection_made(transport)
        shown = transport.get_extra_info("ssl_object").getpeercert(True)
        self._chain = [] if shown is None else [ssl.DER_cert_to_PEM_cert(shown)]

    def on_message_begin(self) -> None:
        """Begin a request: its scope gets the TLS extension."""
        super().on_message_begin()
        self.scope["extensions"] = {"tls": {"client_cert_chain": self._chain}}


def peer_of(scope: Any) -> Peer:
    """Return who sent a request; raises DeviceUnknown if no certificate was shown."""
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain")
    if not chain:
        raise DeviceUnknown
    return _read(chain[0])


@lru_cache(maxsize=4096)
def _read(pem: str) -> Peer:
    certificate = x509.load_pem_x509_certificate(pem.encode())
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if len(names) != 1:
        raise DeviceUnknown
    return Peer(str(names[0].value), fingerprint_of(ssl.PEM_cert_to_DER_cert(pem)))
