"""COSE_Sign1 over CBOR: strict when writing, permissive when reading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM, KEY_ID, X5CHAIN = 1, 4, 33
"""Header labels (RFC 9052, RFC 9360)."""
ES256, PS256 = -7, -37
SIGN1_TAG, CWT_TAG = 18, 61
COORDINATE_BYTES = 32


class MalformedError(ValueError):
    """The bytes are not CBOR, or not a COSE_Sign1."""


@dataclass(frozen=True)
class Sign1:
    """A signed message taken apart; ``protected`` are the bytes the signature covers."""

    protected: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    def header(self, label: int) -> Any:
        """Return a header; the protected one wins over the unprotected."""
        headers = read_cbor(self.protected) if self.protected else {}
        if not isinstance(headers, Mapping):
            raise MalformedError("protected headers are no map")
        return headers[label] if label in headers else self.unprotected.get(label)


def sign(payload: bytes, kid: bytes, key: ec.EllipticCurvePrivateKey, chain: bytes | None = None) -> bytes:
    """Return the tagged COSE_Sign1 (ES256) of a payload, optionally with the signer's certificate (DER)."""
    protected = cbor2.dumps({ALGORITHM: ES256, KEY_ID: kid})
    r, s = decode_dss_signature(key.sign(_covered(protected, payload), ec.ECDSA(SHA256())))
    signature = r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")
    unprotected = {X5CHAIN: chain} if chain else {}
    return cbor2.dumps(cbor2.CBORTag(SIGN1_TAG, [protected, unprotected, payload, signature]))


def read(data: bytes) -> Sign1:
    """Return the parts of a COSE_Sign1: tagged 18, 61+18 or not at all; raises MalformedError."""
    message = read_cbor(data)
    for tag in (CWT_TAG, SIGN1_TAG):
        if isinstance(message, cbor2.CBORTag) and message.tag == tag:
            message = message.value
    match message:
        case [bytes(protected), Mapping() as unprotected, bytes(payload), bytes(signature)]:
            return Sign1(protected, unprotected, payload, signature)
    raise MalformedError("no COSE_Sign1")


def is_signed_by(message: Sign1, public_key: object) -> bool:
    """Return whether the key made the signature: P-256 under ES256 or RSA under PS256, nothing else."""
    covered = _covered(message.protected, message.payload)
    try:
        match message.header(ALGORITHM), public_key:
            case (-7, ec.EllipticCurvePublicKey()) if isinstance(public_key.curve, ec.SECP256R1):
                public_key.verify(_der_signature(message.signature), covered, ec.ECDSA(SHA256()))
            case (-37, rsa.RSAPublicKey()):
                pss = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)
                public_key.verify(message.signature, covered, pss, SHA256())
            case _:
                return False
    except (InvalidSignature, ValueError):
        return False
    return True


def read_cbor(data: bytes) -> Any:
    """Return what the CBOR bytes hold; raises MalformedError whatever is wrong with them."""
    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError, TypeError, ArithmeticError, RecursionError, re.error) as fault:
        raise MalformedError(str(fault)) from fault


def _covered(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _der_signature(raw: bytes) -> bytes:
    if len(raw) != 2 * COORDINATE_BYTES:
        raise ValueError("an ES256 signature has 64 bytes")
    r, s = raw[:COORDINATE_BYTES], raw[COORDINATE_BYTES:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
