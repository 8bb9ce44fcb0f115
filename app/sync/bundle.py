"""The bundle: what a device without a line has to send, on a stick, readable by its centre alone.

It holds the very requests the device would post (``app/sync/wire.py``), each with its seal, signed with the
key of the device's certificate and encrypted to the centre's authority. Who carries it can drop it, not read
or change it. What the centre says comes back as receipts: the very answers, signed by the authority.
"""

import hashlib
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.clock import epoch_ms
from app.domain.journal import Json, Stream, canonical
from app.domain.refusals import Refusal
from app.sync import frame
from app.sync.fields import Fields, as_instant, as_items, as_number, as_object
from app.sync.frame import MessageMalformed, MessageTooLarge
from app.sync.identity import Identity
from app.sync.seal import Seal
from app.sync.wire import read_seal, seal_items

MAGIC = b"VXPBUNDLE/1\n"
MAX_BUNDLE_BYTES = 64 << 20
MAX_HEADER_BYTES = 4096
PURPOSE = b"vaxpost-bundle/1\n"
RECEIPTS_PURPOSE = b"vaxpost-receipts/1\n"
_UNREADABLE = (MessageMalformed, ValueError, TypeError, struct.error, InvalidSignature, UnsupportedAlgorithm)
_LENGTH = struct.Struct(">I")
_FORM = serialization.PublicFormat.SubjectPublicKeyInfo
_DER = serialization.Encoding.DER


@dataclass(unsafe_hash=True)
class BundleDamaged(Refusal):
    """What was read is no bundle, is cut off, or was changed."""

    reason: str
    """``foreign`` (no bundle at all), ``cut`` or ``changed``."""


@dataclass(unsafe_hash=True)
class BundleOfOtherCentre(Refusal):
    """The bundle is for another centre, or the receipts are from one."""


@dataclass(unsafe_hash=True)
class BundleKeyMissing(Refusal):
    """This device does not know the authority that signed its certificate; it was told another to trust."""


@dataclass(frozen=True)
class PlacedSeal:
    """A seal with the place it was made at."""

    stream: Stream
    seq: int
    head: bytes
    seal: Seal


@dataclass(frozen=True)
class Bundle:
    """What a device has to send."""

    certificate: bytes
    """The device's, DER: as whom it speaks."""
    made_at: datetime
    """On the device's clock, in whole milliseconds."""
    requests: tuple[bytes, ...]
    """Frames, each with a push."""
    seals: tuple[PlacedSeal, ...] = ()
    """Those made hour by hour."""

    @property
    def digest(self) -> bytes:
        """Return what the same bundle is known by, however often it is written."""
        return hashlib.sha256(b"".join(self.requests)).digest()


@dataclass(frozen=True)
class Receipts:
    """What the centre says of a bundle."""

    device_id: str
    outcome: str
    """``taken``, ``quarantined`` or ``rejected``."""
    reason: str = ""
    """The operator's, of what was rejected."""
    answers: tuple[bytes, ...] = field(default=())
    """Frames, one to each request of a bundle that was taken."""


def authority_of(identity: Identity) -> x509.Certificate:
    """Return whom a device's bundles are for; raises BundleKeyMissing."""
    own = x509.load_der_x509_certificate(identity.certificate)
    for root in map(x509.load_der_x509_certificate, identity.trust):
        try:
            own.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return root
    raise BundleKeyMissing


def write_bundle(bundle: Bundle, identity: Identity) -> bytes:
    """Return the file of a bundle; raises BundleKeyMissing."""
    key = authority_of(identity).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey), "the authority's is one"
    about = {
        "certificate": b64encode(bundle.certificate).decode(),
        "made_at": epoch_ms(bundle.made_at),
        "sizes": [len(request) for request in bundle.requests],
        "seals": [_seal_items(placed) for placed in bundle.seals],
    }
    line = canonical(about)
    content = _LENGTH.pack(len(line)) + line + b"".join(bundle.requests)
    private = serialization.load_der_private_key(identity.key, None)
    assert isinstance(private, ec.EllipticCurvePrivateKey), "the device made it"
    signature = private.sign(PURPOSE + content, ec.ECDSA(hashes.SHA256()))
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    point = ephemeral.public_key().public_bytes(_DER, _FORM)
    plain = _LENGTH.pack(len(signature)) + signature + content
    header = canonical({"to": _name(key), "key": b64encode(point).decode(), "size": len(plain) + 16})
    opener = MAGIC + header + b"\n"
    return opener + _cipher(ephemeral, key, point).encrypt(bytes(12), plain, opener)


def read_bundle(data: bytes, private: ec.EllipticCurvePrivateKey) -> Bundle:
    """Return the bundle in a file; ``private`` is the authority's key.

    Raises BundleDamaged, BundleOfOtherCentre or MessageTooLarge. The signature is that of the certificate the
    bundle names; whether that is anybody's is for the caller to say.
    """
    if len(data) > MAX_BUNDLE_BYTES:
        raise MessageTooLarge("bundle", MAX_BUNDLE_BYTES)
    if not data.startswith(MAGIC):
        raise BundleDamaged("cut" if data and MAGIC.startswith(data[: len(MAGIC)]) else "foreign")
    end = data.find(b"\n", len(MAGIC), len(MAGIC) + MAX_HEADER_BYTES)
    if end < 0:
        raise BundleDamaged("cut" if len(data) < len(MAGIC) + MAX_HEADER_BYTES else "changed")
    opener, sealed = data[: end + 1], data[end + 1 :]
    try:
        header = Fields.of(data[len(MAGIC) : end])
        named, point, size = header.text("to"), b64decode(header.text("key")), header.number("size")
        ephemeral = serialization.load_der_public_key(point)
    except (MessageMalformed, ValueError, UnsupportedAlgorithm) as error:
        raise BundleDamaged("changed") from error
    if not isinstance(ephemeral, ec.EllipticCurvePublicKey):
        raise BundleDamaged("changed")
    if named != _name(private.public_key()):
        raise BundleOfOtherCentre
    if len(sealed) < size:
        raise BundleDamaged("cut")
    try:
        plain = _cipher(private, ephemeral, point).decrypt(bytes(12), sealed, opener)
    except (InvalidTag, ValueError) as error:
        raise BundleDamaged("changed") from error
    try:
        return _read(plain)
    except _UNREADABLE as error:
        raise BundleDamaged("changed") from error


def _read(plain: bytes) -> Bundle:
    signature, content = _piece(plain)
    line, requests = _piece(content)
    about = Fields.of(line)
    certificate = b64decode(about.value("certificate"))
    public = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ValueError
    public.verify(signature, PURPOSE + content, ec.ECDSA(hashes.SHA256()))
    sizes = [as_number(size, "sizes") for size in as_items(about.value("sizes"), "sizes")]
    if sum(sizes) != len(requests):
        raise ValueError
    ends = accumulate(sizes, initial=0)
    seals = tuple(_read_seal(as_object(item, "seals")) for item in as_items(about.value("seals"), "seals"))
    frames = tuple(requests[start:end] for start, end in pairwise(ends))
    return Bundle(certificate, as_instant(about.value("made_at"), "made_at"), frames, seals)


def write_receipts(receipts: Receipts, private: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the frame that says what became of a bundle, signed by the authority."""
    said = _said(receipts)
    signature = private.sign(RECEIPTS_PURPOSE + canonical(said), ec.ECDSA(hashes.SHA256()))
    return frame.pack(canonical({"receipts": said | {"signature": b64encode(signature).decode()}}))


def read_receipts(data: bytes, identity: Identity) -> Receipts:
    """Return what the centre said of a bundle of this device.

    Raises BundleDamaged, BundleOfOtherCentre (also for another device's) or BundleKeyMissing.
    """
    key = authority_of(identity).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey), "the authority's is one"
    try:
        fields = Fields.of(frame.unpack(data)[0]).child("receipts")
        answers = tuple(b64decode(item) for item in as_items(fields.value("answers"), "answers"))
        receipts = Receipts(fields.text("device_id"), fields.text("outcome"), fields.text("reason"), answers)
        signature = b64decode(fields.text("signature"))
    except (Refusal, ValueError, TypeError) as error:
        raise BundleDamaged("foreign" if not data.startswith(frame.MAGIC) else "changed") from error
    try:
        key.verify(signature, RECEIPTS_PURPOSE + canonical(_said(receipts)), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise BundleOfOtherCentre from error
    if receipts.device_id != identity.device_id:
        raise BundleOfOtherCentre
    return receipts


def _said(receipts: Receipts) -> Json:
    return {
        "device_id": receipts.device_id,
        "outcome": receipts.outcome,
        "reason": receipts.reason,
        "answers": [b64encode(answer).decode() for answer in receipts.answers],
    }


def _seal_items(placed: PlacedSeal) -> Json:
    return {
        "device_id": placed.stream.device_id,
        "epoch": placed.stream.epoch,
        "seq": placed.seq,
        "head": placed.head.hex(),
        "seal": seal_items(placed.seal),
    }


def _read_seal(items: Json) -> PlacedSeal:
    fields = Fields(items)
    stream = Stream(fields.text("device_id"), fields.text("epoch"))
    return PlacedSeal(
        stream, fields.number("seq"), bytes.fromhex(fields.text("head")), read_seal(fields.child("seal"))
    )


def _piece(data: bytes) -> tuple[bytes, bytes]:
    (length,) = _LENGTH.unpack_from(data)
    if length > len(data) - _LENGTH.size:
        raise ValueError
    return data[_LENGTH.size : _LENGTH.size + length], data[_LENGTH.size + length :]


def _name(key: ec.EllipticCurvePublicKey) -> str:
    """Return by what an authority's key is named."""
    return hashlib.sha256(key.public_bytes(_DER, _FORM)).hexdigest()


def _cipher(own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, point: bytes) -> AESGCM:
    """Return the cipher of one bundle: its key is of one use, so the nonce may be of zeros."""
    try:
        shared = own.exchange(ec.ECDH(), other)
    except ValueError as error:
        raise BundleDamaged("changed") from error
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=point, info=PURPOSE).derive(shared))
