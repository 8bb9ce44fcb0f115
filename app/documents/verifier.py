"""The offline verifier: any scanned text in, one verdict out."""

from datetime import datetime, timedelta

from app.documents import cose, hcert
from app.documents.trust import key_from_chain, load_public
from app.domain.trust import (
    Revocations,
    TrustedKey,
    TrustList,
    Verdict,
    Verification,
    revocation_hashes,
)

LIST_MAX_AGE = timedelta(days=7)
"""After this a trust list is old, and the verdict says so."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far the issuer's clock may run ahead of this one."""
FOREIGN_FAMILIES = (
    ("shc:/", "SMART Health Card"),
    ("DC03", "ICAO VDS"),
    ("NL2:", "CoronaCheck"),
    ("LT1:", "EU DCC (light)"),
    ("PK", "DIVOC"),
)
"""How the codes of other certificate families begin."""
_VDS_NC = '"t":"icao.'


def verify(
    text: str,
    trusted: TrustList,
    at: datetime,
    revoked: Revocations | None = None,
    list_max_age: timedelta = LIST_MAX_AGE,
) -> Verification:
    """Return the verdict on any text at the instant ``at``; never raises.

    ``revoked`` holds the centre's list joined with this site's own. A certificate whose text could be read is
    shown with its content whatever the verdict, because name and birth date are compared with a document.
    """
    text = text.strip("\r\n\t\0")
    try:
        token = hcert.read(text)
        kid, chain = token.message.header(cose.KEY_ID), token.message.unprotected.get(cose.X5CHAIN)
    except cose.MalformedError:
        return _not_ours(text)
    keys = _keys(kid, chain, trusted)
    verdict = _verdict(token, keys, at, revoked or Revocations())
    if verdict is Verdict.VALID and at - trusted.issued_at > list_max_age:
        verdict = Verdict.VALID_LIST_OLD
    return Verification(verdict, token.content, token.issuer, token.issued_at, token.expires_at)


def _not_ours(text: str) -> Verification:
    for beginning, family in FOREIGN_FAMILIES:
        if text.startswith(beginning):
            return Verification(Verdict.FOREIGN_FORMAT, family=family)
    if text.startswith("{") and _VDS_NC in "".join(text.split()):
        return Verification(Verdict.FOREIGN_FORMAT, family="ICAO VDS-NC")
    return Verification(Verdict.NOT_A_CERTIFICATE)


def _keys(kid: object, chain: object, trusted: TrustList) -> tuple[TrustedKey, ...]:
    listed = trusted.named(kid) if isinstance(kid, bytes) else ()
    carried = None if listed else key_from_chain(chain, trusted.roots)
    return (carried,) if carried else listed


def _verdict(token: hcert.Token, keys: tuple[TrustedKey, ...], at: datetime, revoked: Revocations) -> Verdict:
    if not keys:
        return Verdict.UNKNOWN_ISSUER
    key = next((key for key in keys if cose.is_signed_by(token.message, load_public(key.public_key))), None)
    if key is None:
        return Verdict.SIGNATURE_INVALID
    if key.withdrawn_at is not None and key.withdrawn_at <= at:
        return Verdict.KEY_WITHDRAWN
    if token.content.usage & ~key.usage:
        return Verdict.WRONG_KEY_USAGE
    if revoked.holds(key.kid, _hashes(token)):
        return Verdict.REVOKED
    return _verdict_of_dates(token, key, at)


def _hashes(token: hcert.Token) -> tuple[bytes, ...]:
    ecdsa = token.message.header(cose.ALGORITHM) == cose.ES256
    return revocation_hashes(token.issuer, token.content.ci, token.message.signature, ecdsa)


def _verdict_of_dates(token: hcert.Token, key: TrustedKey, at: datetime) -> Verdict:
    ends = min(token.expires_at or key.not_after, key.not_after)
    starts = [instant for instant in (token.issued_at, token.not_before) if instant is not None]
    if at >= ends:
        return Verdict.EXPIRED
    if any(at + CLOCK_TOLERANCE < start for start in starts):
        return Verdict.NOT_YET_VALID
    return Verdict.VALID
