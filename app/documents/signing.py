"""The device's word under a drawn signature, and whether it still stands (电子签名法 art. 13)."""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.signature import (
    DrawnSignature,
    SignatureNotBound,
    Signed,
    Stroke,
    check_bound,
    check_ink,
    digest_of,
)

ED25519 = "ed25519"
_PURPOSE = b"vaxpost-signature/1\n"


def sign(private_key: bytes, content: Signed, strokes: Sequence[Stroke]) -> DrawnSignature:
    """Return strokes signed under their content with the device's 32-byte key; raises SignatureTooShort."""
    check_ink(strokes)
    own, digest = Ed25519PrivateKey.from_private_bytes(private_key), digest_of(content, strokes)
    value = own.sign(_PURPOSE + bytes.fromhex(digest)).hex()
    return DrawnSignature(tuple(strokes), digest, ED25519, own.public_key().public_bytes_raw().hex(), value)


def verify_signature(signature: DrawnSignature, content: Signed) -> None:
    """Pass a signature neither of whose parts was changed since; raises SignatureNotBound."""
    check_bound(signature, content)
    if signature.algorithm != ED25519:
        raise SignatureNotBound(content.what)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public_key))
        key.verify(bytes.fromhex(signature.value), _PURPOSE + bytes.fromhex(signature.digest))
    except (InvalidSignature, ValueError) as broken:
        raise SignatureNotBound(content.what) from broken
