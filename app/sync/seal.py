"""Seals: a device signs how far a stream reaches, and with it everything before (sync.md, *Journal*)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.journal import Stream
from app.domain.refusals import Refusal
from app.domain.seal import ED25519, sealed_bytes

KEY_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(unsafe_hash=True)
class SealBroken(Refusal):
    """A push is not sealed by the device it comes from."""

    reason: str
    """``missing``, ``algorithm``, ``key`` or ``signature``."""


@dataclass(frozen=True)
class Seal:
    """A device's signature over (device, epoch, seq, head, time)."""

    algorithm: str
    key: bytes
    """The device's public key, 32 bytes."""
    sealed_at: datetime
    """On the device's clock, in whole milliseconds."""
    signature: bytes


Sealer = Callable[[Stream, int, bytes, datetime], Seal]
"""Seals a stream at (seq, head) and an instant."""


def sealer(private_key: bytes) -> Sealer:
    """Return what seals with a private key of 32 bytes."""
    own = Ed25519PrivateKey.from_private_bytes(private_key)
    public = own.public_key().public_bytes_raw()

    def seal(stream: Stream, seq: int, head: bytes, at: datetime) -> Seal:
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        return Seal(ED25519, public, at, own.sign(sealed_bytes(stream, seq, head, at)))

    return seal


def check_seal(seal: Seal | None, known_key: bytes | None, stream: Stream, seq: int, head: bytes) -> None:
    """Pass a seal by the key the device is known by, any key if by none; raises SealBroken.

    Without a seal only a device passes that never sealed.
    """
    if seal is None:
        if known_key is not None:
            raise SealBroken("missing")
        return
    if seal.algorithm != ED25519:
        raise SealBroken("algorithm")
    if seal.key != (known_key or seal.key):
        raise SealBroken("key")
    try:
        public = Ed25519PublicKey.from_public_bytes(seal.key)
        public.verify(seal.signature, sealed_bytes(stream, seq, head, seal.sealed_at))
    except (InvalidSignature, ValueError) as broken:
        raise SealBroken("signature") from broken
