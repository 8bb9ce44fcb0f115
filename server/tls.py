"""The centre's TLS folder: its authority, its own certificate, and what the listener makes of them.

| file | holds | if it is missing |
|---|---|---|
| ``authority.pem`` | certificate and key that sign the devices' certificates | made, once for all |
| ``server.pem`` | the centre's certificate, those between, and its key | the authority signs one |
| ``trust.pem`` | whom devices trust to be the centre | the authority: right while it signs ``server.pem`` |
"""

import os
import secrets
import ssl
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.refusals import Refusal
from app.sync.tls import NO_CHECK_TIME
from server.authority import Authority, make_authority, new_key

AUTHORITY, SERVER, TRUST = "authority.pem", "server.pem", "trust.pem"
PEM = serialization.Encoding.PEM


@dataclass(unsafe_hash=True)
class TlsFileUnusable(Refusal):
    """A file of the TLS folder does not hold what it should, or everybody may read its key."""

    path: str
    reason: str


@dataclass(frozen=True)
class Tls:
    """What the listener needs: the context of its connections, and the authority behind enrolment."""

    context: ssl.SSLContext
    authority: Authority


def open_tls(folder: Path, names: Sequence[str], now: datetime) -> Tls:
    """Return what the folder holds, making what is missing; raises TlsFileUnusable.

    ``names`` are the host names and addresses devices reach the centre by; they count where the centre signs
    its own certificate.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = _open_authority(folder / AUTHORITY, now)
    server = folder / SERVER
    if not server.exists() or _is_stale(_read_certificates(server)[0], authority, names, now):
        key = new_key()
        certificate = authority.issue_server(names, key.public_key(), now).certificate
        write_pair(server, x509.load_der_x509_certificate(certificate), key).replace(server)
    authority = _with_trust(authority, folder)
    return Tls(_make_context(server, authority), authority)


def open_authority(folder: Path) -> Authority:
    """Return the authority of a folder that has one; raises TlsFileUnusable."""
    path = folder / AUTHORITY
    if not path.exists():
        raise TlsFileUnusable(str(path), "missing")
    _check_private(path)
    return _with_trust(Authority(*_load(path)), folder)


def _with_trust(authority: Authority, folder: Path) -> Authority:
    """Return an authority with whom devices are told to trust, if that is not itself."""
    path = folder / TRUST
    return replace(authority, server_trust=_read_certificates(path)) if path.exists() else authority


def _make_context(server: Path, authority: Authority) -> ssl.SSLContext:
    """TLS 1.3 only. A device about to enrol has no certificate yet: the application asks for it."""
    _check_private(server)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.num_tickets = 1
    try:
        context.load_cert_chain(server)
    except ssl.SSLError as error:
        raise TlsFileUnusable(str(server), "certificate and key") from error
    context.load_verify_locations(cadata=authority.certificate.public_bytes(PEM).decode())
    context.verify_mode = ssl.CERT_OPTIONAL
    # A device whose year is over is to be told so.
    context.verify_flags = ssl.VerifyFlags(context.verify_flags | NO_CHECK_TIME)
    return context


def _open_authority(path: Path, now: datetime) -> Authority:
    if not path.exists():
        made = make_authority(now)
        draft = write_pair(path, made.certificate, made.key)
        with suppress(FileExistsError):  # another process of the centre was first: its authority counts
            os.link(draft, path)
        draft.unlink()
    _check_private(path)
    return Authority(*_load(path))


def _is_stale(
    certificate: x509.Certificate, authority: Authority, names: Sequence[str], now: datetime
) -> bool:
    """Whether the centre signed its certificate itself, long ago or for other names; a given one never is."""
    try:
        certificate.verify_directly_issued_by(authority.certificate)
    except (ValueError, TypeError, InvalidSignature):
        return False
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    known = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return now > begin + (end - begin) / 2 or [str(name.value) for name in known] != list(names)


def _load(path: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate = _read_certificates(path)[0]
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise TlsFileUnusable(str(path), "key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise TlsFileUnusable(str(path), "key")
    return certificate, key


def _read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except ValueError as error:
        raise TlsFileUnusable(str(path), "certificate") from error


def write_pair(path: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Path:
    """Write certificate and key beside a file, for its owner alone, and return where."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    plain = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(certificate.public_bytes(PEM) + plain)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _check_private(path: Path) -> None:
    if sys.platform != "win32" and path.stat().st_mode & 0o007:
        raise TlsFileUnusable(str(path), "everybody may read it")
