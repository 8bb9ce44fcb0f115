"""The lists a verifier lives from, signed by the root: trusted keys, and revoked certificates.

Both travel as COSE_Sign1 over compact CBOR (some 60 bytes a key, 16 a revocation) and never go backwards.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import cbor2
from cryptography import x509

from app.documents import cose
from app.documents.refusals import ListGoesBack, ListNotGenuine
from app.documents.trust import Identity, key_id, load_private, load_public
from app.domain.trust import HASH_BYTES, KeyUsage, Revocations, TrustedKey, TrustList

TRUST_LIST, REVOCATION_LIST = "vaxpost-trust-1", "vaxpost-revoked-1"
"""What a list calls itself, so that neither can stand in for the other."""
T = TypeVar("T")


def write_trust_list(listed: TrustList, root: Identity) -> bytes:
    """Return the trust list signed by the root."""
    rows = [
        [
            key.kid,
            key.public_key,
            _seconds(key.not_before),
            _seconds(key.not_after),
            key.usage.value,
            _seconds(key.withdrawn_at) if key.withdrawn_at else 0,
        ]
        for key in listed.keys
    ]
    return _signed([TRUST_LIST, listed.sequence, _seconds(listed.issued_at), rows], root)


def read_trust_list(data: bytes, root_der: bytes, known_sequence: int = 0) -> TrustList:
    """Return a trust list the root signed; raises ListNotGenuine, ListGoesBack."""
    sequence, issued_at, rows = _opened(data, root_der, TRUST_LIST, known_sequence)
    keys = _or_refused(lambda: tuple(_key(*row) for row in rows))
    return TrustList(sequence, _or_refused(lambda: _instant(issued_at)), keys, roots=(root_der,))


def write_revocations(revoked: Revocations, issued_at: datetime, root: Identity) -> bytes:
    """Return the revocation list signed by the root."""
    return _signed([REVOCATION_LIST, revoked.sequence, _seconds(issued_at), dict(revoked.slices)], root)


def read_revocations(data: bytes, root_der: bytes, known_sequence: int = 0) -> Revocations:
    """Return a revocation list the root signed; raises ListNotGenuine, ListGoesBack."""
    sequence, _issued_at, slices = _opened(data, root_der, REVOCATION_LIST, known_sequence)
    if not isinstance(slices, dict) or any(len(run) % HASH_BYTES for run in slices.values()):
        raise ListNotGenuine()
    return Revocations(sequence, slices)


def _signed(content: list[Any], root: Identity) -> bytes:
    return cose.sign(cbor2.dumps(content), key_id(root.certificate_der), load_private(root.private_pem))


def _opened(data: bytes, root_der: bytes, kind: str, known: int) -> tuple[int, Any, Any]:
    root_key = x509.load_der_x509_certificate(root_der).public_key()
    try:
        message = cose.read(data)
        content = cose.read_cbor(message.payload) if cose.is_signed_by(message, root_key) else None
    except cose.MalformedError as fault:
        raise ListNotGenuine() from fault
    match content:
        case [found, int(sequence), issued_at, rows] if found == kind:
            if sequence < known:
                raise ListGoesBack(sequence, known)
            return sequence, issued_at, rows
    raise ListNotGenuine()


def _key(kid: bytes, public_key: bytes, *rest: int) -> TrustedKey:
    not_before, not_after, usage, withdrawn = rest
    load_public(public_key)
    withdrawn_at = _instant(withdrawn) if withdrawn else None
    return TrustedKey(
        kid, public_key, _instant(not_before), _instant(not_after), KeyUsage(usage), withdrawn_at
    )


def _or_refused(read: Callable[[], T]) -> T:
    try:
        return read()
    except (ValueError, TypeError, OverflowError) as fault:
        raise ListNotGenuine() from fault


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
