"""The device's word under a drawn signature, and whether it still stands (电子签名法 art. 13)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.journal import Event, Json
from app.domain.refusals import Refusal
from app.domain.signature import (
    DrawnSignature,
    SignatureNotBound,
    SignatureTooShort,
    Signed,
    Stroke,
    check_bound,
    check_ink,
    digest_of,
)
from app.domain.signed_records import drawn_in

ED25519 = "ed25519"
_PURPOSE = b"vaxpost-signature/1\n"


@dataclass(unsafe_hash=True)
class RecordedSignatureBroken(Refusal):
    """A record of the journal is not what was signed on the screen, or its signature is not the one drawn."""

    event_id: str
    seq: int
    what: str


def sign(private_key: bytes, content: Signed, strokes: Sequence[Stroke]) -> DrawnSignature:
    """Return strokes signed under their content with the device's 32-byte key; raises SignatureTooShort."""
    check_ink(strokes)
    own, digest = Ed25519PrivateKey.from_private_bytes(private_key), digest_of(content, strokes)
    value = own.sign(_PURPOSE + bytes.fromhex(digest)).hex()
    return DrawnSignature(tuple(strokes), digest, ED25519, public_key_of(private_key), value)


def public_key_of(private_key: bytes) -> str:
    """Return the public half of a device's 32-byte key, as it stands in its signatures."""
    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw().hex()


def verify_signature(signature: DrawnSignature, content: Signed) -> None:
    """Pass a signature neither of whose parts was changed since; raises SignatureNotBound."""
    try:
        check_bound(signature, content)
        key, value = bytes.fromhex(signature.public_key), bytes.fromhex(signature.value)
        # Hexadecimal can be written in several ways: only the one that was written first stands.
        if (ED25519, key.hex(), value.hex()) != (signature.algorithm, signature.public_key, signature.value):
            raise SignatureNotBound(content.what)
        word = _PURPOSE + bytes.fromhex(signature.digest)
        Ed25519PublicKey.from_public_bytes(key).verify(value, word)
    except (InvalidSignature, SignatureTooShort, ValueError, TypeError) as broken:
        raise SignatureNotBound(content.what) from broken


def verify_record(body: Json, patient_id: str) -> tuple[DrawnSignature, ...]:
    """Return the drawn signatures of a recorded screening or consent, none where paper was signed.

    Raises SignatureNotBound when the record or a signature was changed since.
    """
    found = drawn_in(body, patient_id)
    for signature, content in found:
        verify_signature(signature, content)
    return tuple(signature for signature, _ in found)


def verify_records(events: Iterable[Event]) -> Counter[str]:
    """Return how many drawn signatures stand under these events, by the public key of the device.

    The events are of the kinds of ``signed_records.RECORDS``. Raises RecordedSignatureBroken at the first
    that does not stand.
    """
    found: Counter[str] = Counter()
    for event in events:
        try:
            signatures = verify_record(event.body, event.person or "")
        except SignatureNotBound as broken:
            raise RecordedSignatureBroken(event.id, event.seq, broken.what) from broken
        found.update(signature.public_key for signature in signatures)
    return found
