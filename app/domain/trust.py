"""Whom a verifier trusts without a network: signing keys, revoked certificates, and the verdicts."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Flag, StrEnum
from hashlib import sha256

PRACTICE_ISSUER = "XX"
"""An ISO 3166 code left to users: no country's certificate can carry it."""
HASH_BYTES = 16
"""A revocation entry is the first half of a SHA-256."""


class KeyUsage(Flag):
    """What a signing key may sign (HCERT A.2); a certificate without any such mark may sign all three."""

    TEST = 1
    VACCINATION = 2
    RECOVERY = 4


ANY_USAGE = KeyUsage.TEST | KeyUsage.VACCINATION | KeyUsage.RECOVERY


class Verdict(StrEnum):
    """What a verifier says; UNKNOWN_ISSUER is never shown like SIGNATURE_INVALID."""

    VALID = "valid"
    VALID_LIST_OLD = "valid_list_old"
    SIGNATURE_INVALID = "signature_invalid"
    UNKNOWN_ISSUER = "unknown_issuer"
    KEY_WITHDRAWN = "key_withdrawn"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    WRONG_KEY_USAGE = "wrong_key_usage"
    FOREIGN_FORMAT = "foreign_format"
    """A health certificate of another family, named in ``Verification.family``."""
    NOT_A_CERTIFICATE = "not_a_certificate"


@dataclass(frozen=True)
class TrustedKey:
    """One document signing key on the trust list."""

    kid: bytes
    """First 8 bytes of SHA-256 over its certificate (DER)."""
    public_key: bytes
    """A P-256 point in 33 compressed bytes, or a DER SubjectPublicKeyInfo (RSA of other issuers)."""
    not_before: datetime
    not_after: datetime
    usage: KeyUsage = ANY_USAGE
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class TrustList:
    """The centre's signing keys at one moment; ``sequence`` only grows."""

    sequence: int
    issued_at: datetime
    keys: tuple[TrustedKey, ...]
    roots: tuple[bytes, ...] = ()
    """Root certificates (DER), for a code that carries its signer's certificate along."""
    _by_kid: dict[bytes, tuple[TrustedKey, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_kid: dict[bytes, tuple[TrustedKey, ...]] = {}
        for key in self.keys:
            by_kid[key.kid] = (*by_kid.get(key.kid, ()), key)
        object.__setattr__(self, "_by_kid", by_kid)

    def named(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """Return every key of that name: eight bytes may collide, and then all are tried (HCERT 3.2.3)."""
        return self._by_kid.get(kid, ())


@dataclass(frozen=True)
class Revocations:
    """Revoked certificates: per signing key a run of sorted 16-byte hashes, so no false "revoked"."""

    sequence: int = 0
    slices: Mapping[bytes, bytes] = field(default_factory=dict)

    def holds(self, kid: bytes, hashes: Iterable[bytes]) -> bool:
        """Return whether any of the hashes stands in that key's slice."""
        run = self.slices.get(kid, b"")
        return any(_stands_in(run, wanted) for wanted in hashes)

    def joined(self, kid: bytes, hashes: Iterable[bytes]) -> "Revocations":
        """Return these with more hashes for a key: the site that revokes knows at once, the centre later."""
        run = self.slices.get(kid, b"")
        known = {run[at : at + HASH_BYTES] for at in range(0, len(run), HASH_BYTES)}
        return Revocations(self.sequence, {**self.slices, kid: b"".join(sorted(known.union(hashes)))})


def _stands_in(run: bytes, wanted: bytes) -> bool:
    places = range(len(run) // HASH_BYTES)
    at = bisect_left(places, wanted, key=lambda place: run[place * HASH_BYTES : (place + 1) * HASH_BYTES])
    return run[at * HASH_BYTES : (at + 1) * HASH_BYTES] == wanted and len(wanted) == HASH_BYTES


def uci_hash(ci: str) -> bytes:
    """Return the revocation hash of a certificate identifier (type UCI)."""
    return sha256(ci.encode()).digest()[:HASH_BYTES]


def revocation_hashes(issuer: str, ci: str, signature: bytes, ecdsa: bool) -> tuple[bytes, ...]:
    """Return the three hashes a certificate may be revoked under: UCI, COUNTRYCODEUCI, SIGNATURE.

    ``signature`` is raw; of an ECDSA one only r counts, because s can be flipped by anybody.
    """
    signed = signature[: len(signature) // 2] if ecdsa else signature
    return (uci_hash(ci), uci_hash(issuer + ci), sha256(signed).digest()[:HASH_BYTES])


@dataclass(frozen=True)
class StatedDose:
    """One dose as read from a signed code, in the code's own words."""

    vaccine: str
    dose_number: str
    occurred_on: str
    lot_number: str = ""
    issuer: str = ""


@dataclass(frozen=True)
class StatedContent:
    """What a signed code says, to be compared with a document: name and birth date above all."""

    name: str
    latin_name: str
    birth: str
    doses: tuple[StatedDose, ...]
    ci: str
    usage: KeyUsage
    """What kind of statement it is; a vaccination desk also meets test and recovery certificates."""
    document_number: str = ""


@dataclass(frozen=True)
class Verification:
    """The answer of a verifier: the verdict, and the content whenever it could be read."""

    verdict: Verdict
    content: StatedContent | None = None
    issuer: str = ""
    """Claim ``iss``; PRACTICE_ISSUER marks a certificate of the practice site."""
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    family: str = ""
