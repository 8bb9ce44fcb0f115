"""Sealing something for whoever holds a private key: X25519, HKDF and AES-256-GCM, a fresh key each time.

So the database key can be sealed anew for everybody without anybody's password at hand.
"""

from app.domain.ids import Randomness

PRIVATE_LENGTH = 32
_PUBLIC = 32
_NONCE = bytes(12)
"""Each seal has a key of its own, so one nonce does."""


class SealBroken(ValueError):
    """The private key does not open this, or it was changed."""


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(public: bytes, secret: bytes, label: bytes, random: Randomness) -> bytes:
    """Return ``secret`` for the holder of the private half; the label is bound in.

    Raises ValueError for what is no public key.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    once = random(PRIVATE_LENGTH)
    key = _shared(once, public, public_of(once), public)
    return public_of(once) + AESGCM(key).encrypt(_NONCE, secret, label)


def unseal(private: bytes, sealed: bytes, label: bytes) -> bytes:
    """Return what was sealed; raises SealBroken."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        once, body = sealed[:_PUBLIC], sealed[_PUBLIC:]
        key = _shared(private, once, once, public_of(private))
        return AESGCM(key).decrypt(_NONCE, body, label)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _shared(private: bytes, other: bytes, once: bytes, holder: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    met = X25519PrivateKey.from_private_bytes(private).exchange(X25519PublicKey.from_public_bytes(other))
    return HKDF(SHA256(), 32, once + holder, b"vaxpost-seal/1").derive(met)
