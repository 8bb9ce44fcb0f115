"""The signed text of a certificate (HCERT): CWT, COSE_Sign1, zlib, Base45, ``HC1:`` (WHO hcert_spec)."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

import base45
import cbor2

from app.documents import cose
from app.documents.claims import health_claim
from app.documents.stated import stated_content
from app.documents.trust import Identity, check_in_date, key_id, load_private
from app.domain.certificate import COUNTRY, CertificateFacts, check_certifiable
from app.domain.trust import PRACTICE_ISSUER, StatedContent

PREFIX = "HC1:"
LIFETIME = timedelta(days=731)
"""The spec asks for a limited signature; the sheet may be printed again at any time."""
SIZE_LIMIT = 64 * 1024
"""A QR code holds 3 KB: more than this after unpacking is an attack, not a certificate."""
ISSUER, EXPIRES, NOT_BEFORE, ISSUED, HEALTH = 1, 4, 5, 6, -260
"""Claim labels (RFC 8392; -260 is the health certificate)."""


@dataclass(frozen=True)
class Token:
    """A read, not yet believed certificate: its message, its dates and what it states."""

    message: cose.Sign1
    issuer: str
    issued_at: datetime | None
    not_before: datetime | None
    expires_at: datetime | None
    content: StatedContent


def signed_text(facts: CertificateFacts, signer: Identity, *, carry_certificate: bool = False) -> str:
    """Return the ``HC1:`` text of a certificate, alphanumeric for a QR code.

    ``carry_certificate`` adds the signer's certificate (x5chain), so that a verifier which holds only the
    root can check it; the code grows by some 500 characters. Raises NoDoseToCertify, SigningKeyOutOfDate.
    """
    check_certifiable(facts)
    ends_at = check_in_date(signer, facts.issued_at)
    claims = {
        ISSUER: PRACTICE_ISSUER if facts.practice else COUNTRY,
        EXPIRES: int(min(facts.issued_at + LIFETIME, ends_at).timestamp()),
        ISSUED: int(facts.issued_at.timestamp()),
        HEALTH: health_claim(facts),
    }
    chain = signer.certificate_der if carry_certificate else None
    kid = key_id(signer.certificate_der)
    return pack(cose.sign(cbor2.dumps(claims), kid, load_private(signer.private_pem), chain))


def pack(message: bytes) -> str:
    """Return the ``HC1:`` text of a COSE message."""
    squeezed: bytes = base45.b45encode(zlib.compress(message, 9))
    return PREFIX + squeezed.decode("ascii")


def unpack(text: str) -> bytes:
    """Return the COSE message in an ``HC1:`` text; raises MalformedError."""
    if not text.startswith(PREFIX):
        raise cose.MalformedError("no HC1: prefix")
    try:
        squeezed = base45.b45decode(text[len(PREFIX) :])
        opened = zlib.decompressobj()
        message = opened.decompress(squeezed, SIZE_LIMIT)
    except (ValueError, zlib.error) as fault:
        raise cose.MalformedError(str(fault)) from fault
    if not opened.eof:
        raise cose.MalformedError("cut off, or too large")
    return message


def read(text: str) -> Token:
    """Return what an ``HC1:`` text holds, unverified; raises MalformedError."""
    message = cose.read(unpack(text))
    claims = cose.read_cbor(message.payload)
    if not isinstance(claims, Mapping):
        raise cose.MalformedError("no CWT claims")
    content = stated_content(claims.get(HEALTH))
    if content is None:
        raise cose.MalformedError("no health certificate")
    issuer = claims.get(ISSUER)
    return Token(
        message=message,
        issuer=issuer if isinstance(issuer, str) else "",
        issued_at=_instant(claims.get(ISSUED)),
        not_before=_instant(claims.get(NOT_BEFORE)),
        expires_at=_instant(claims.get(EXPIRES)),
        content=content,
    )


def _instant(value: Any) -> datetime | None:
    """Return an instant of a NumericDate, whole or broken, or of a tagged date; None for anything else."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
