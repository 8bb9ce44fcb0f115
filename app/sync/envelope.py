"""A file for one reader, signed by its writer: whoever carries it can drop it, not read or change it.

What it holds is a header line and frames, signed (ECDSA P-256, SHA-256) and then encrypted to the reader's
P-256 key (ephemeral ECDH, HKDF, AES-256-GCM). The opening line names the reader by their key.
"""

import hashlib
import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.journal import Json, canonical
from app.domain.refusals import Refusal
from app.sync.fields import Fields, as_items, as_number
from app.sync.frame import MessageMalformed, MessageTooLarge

MAX_FILE_BYTES = 64 << 20
MAX_OPENER_BYTES = 4096
UNREADABLE = (MessageMalformed, ValueError, TypeError, struct.error, InvalidSignature, UnsupportedAlgorithm)
"""What reading a content that is not one may raise."""
_LENGTH = struct.Struct(">I")
_FORM = serialization.PublicFormat.SubjectPublicKeyInfo
_DER = serialization.Encoding.DER
_ALGORITHM = ec.ECDSA(hashes.SHA256())


@dataclass(unsafe_hash=True)
class BundleDamaged(Refusal):
    """What was read is no file of sync, is cut off, or was changed."""

    reason: str
    """``foreign`` (no such file at all), ``cut`` or ``changed``."""


@dataclass(frozen=True)
class Envelope:
    """One kind of file."""

    magic: bytes
    """What its first line is."""
    purpose: bytes
    """Bound into signature and key, so that no file passes for one of another kind."""
    elsewhere: type[Refusal]
    """What is raised for one addressed to somebody else."""

    def close(
        self,
        about: Json,
        frames: Sequence[bytes],
        own: ec.EllipticCurvePrivateKey,
        to: ec.EllipticCurvePublicKey,
    ) -> bytes:
        """Return the file that holds a header and frames, signed by ``own`` for the reader ``to``."""
        line = canonical(about | {"sizes": [len(frame) for frame in frames]})
        content = _LENGTH.pack(len(line)) + line + b"".join(frames)
        signature = own.sign(self.purpose + content, _ALGORITHM)
        plain = _LENGTH.pack(len(signature)) + signature + content
        ephemeral = ec.generate_private_key(ec.SECP256R1())
        point = ephemeral.public_key().public_bytes(_DER, _FORM)
        header = canonical({"to": _name(to), "key": b64encode(point).decode(), "size": len(plain) + 16})
        opener = self.magic + header + b"\n"
        return opener + self._cipher(ephemeral, to, point).encrypt(bytes(12), plain, opener)

    def open(self, data: bytes, own: ec.EllipticCurvePrivateKey) -> "Opened":
        """Return what a file for ``own`` holds, its signature still to be checked.

        Raises BundleDamaged, MessageTooLarge or ``elsewhere``.
        """
        if len(data) > MAX_FILE_BYTES:
            raise MessageTooLarge("bundle", MAX_FILE_BYTES)
        if not data.startswith(self.magic):
            raise BundleDamaged(
                "cut" if data and self.magic.startswith(data[: len(self.magic)]) else "foreign"
            )
        end = data.find(b"\n", len(self.magic), len(self.magic) + MAX_OPENER_BYTES)
        if end < 0:
            raise BundleDamaged("cut" if len(data) < len(self.magic) + MAX_OPENER_BYTES else "changed")
        opener, sealed = data[: end + 1], data[end + 1 :]
        try:
            header = Fields.of(data[len(self.magic) : end])
            named, point, size = header.text("to"), b64decode(header.text("key")), header.number("size")
            ephemeral = serialization.load_der_public_key(point)
        except (MessageMalformed, ValueError, UnsupportedAlgorithm) as error:
            raise BundleDamaged("changed") from error
        if not isinstance(ephemeral, ec.EllipticCurvePublicKey):
            raise BundleDamaged("changed")
        if named != _name(own.public_key()):
            raise self.elsewhere()
        if len(sealed) < size:
            raise BundleDamaged("cut")
        try:
            plain = self._cipher(own, ephemeral, point).decrypt(bytes(12), sealed, opener)
            return Opened(self.purpose, *_piece(plain))
        except (InvalidTag, ValueError, struct.error) as error:
            raise BundleDamaged("changed") from error

    def _cipher(
        self, own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, point: bytes
    ) -> AESGCM:
        """Return the cipher of one file: its key is of one use, so the nonce may be of zeros."""
        shared = own.exchange(ec.ECDH(), other)
        return AESGCM(HKDF(hashes.SHA256(), 32, salt=point, info=self.purpose).derive(shared))


@dataclass(frozen=True)
class Opened:
    """What a file held, before anybody is believed."""

    purpose: bytes
    signature: bytes
    content: bytes

    def read(self) -> tuple[Fields, tuple[bytes, ...]]:
        """Return header and frames; raises one of ``UNREADABLE``."""
        line, frames = _piece(self.content)
        about = Fields.of(line)
        sizes = [as_number(size, "sizes") for size in as_items(about.value("sizes"), "sizes")]
        if sum(sizes) != len(frames):
            raise ValueError
        ends = accumulate(sizes, initial=0)
        return about, tuple(frames[start:end] for start, end in pairwise(ends))

    def check(self, key: ec.EllipticCurvePublicKey) -> None:
        """Pass what the owner of a key has signed; raises InvalidSignature."""
        key.verify(self.signature, self.purpose + self.content, _ALGORITHM)


def private_key(der: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the key of PKCS#8, DER, as a device or an authority keeps it."""
    key = serialization.load_der_private_key(der, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey), "made by new_key"
    return key


def _piece(data: bytes) -> tuple[bytes, bytes]:
    (length,) = _LENGTH.unpack_from(data)
    if length > len(data) - _LENGTH.size:
        raise ValueError
    return data[_LENGTH.size : _LENGTH.size + length], data[_LENGTH.size + length :]


def _name(key: ec.EllipticCurvePublicKey) -> str:
    """Return by what a reader's key is named."""
    return hashlib.sha256(key.public_bytes(_DER, _FORM)).hexdigest()
