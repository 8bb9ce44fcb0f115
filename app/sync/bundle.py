"""The bundle: what a device without a line has to send, on a stick, readable by its centre alone.

It holds the very requests the device would post (``app/sync/wire.py``), each with its seal, and what it would
ask (``app/sync/question.py``); signed with the key of the device's certificate, encrypted to the centre's
authority. What the centre says comes back as a reply (``app/sync/reply.py``).
"""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.clock import epoch_ms
from app.domain.journal import Json, Stream
from app.domain.refusals import Refusal
from app.sync.envelope import UNREADABLE, BundleDamaged, Envelope, private_key
from app.sync.fields import Fields, as_instant, as_items, as_object
from app.sync.frame import MessageTooLarge
from app.sync.identity import Identity
from app.sync.question import Question, question_items, read_question
from app.sync.seal import Seal
from app.sync.wire import read_seal, seal_items


@dataclass(unsafe_hash=True)
class BundleOfOtherCentre(Refusal):
    """The bundle is for another centre, or the reply is from one."""


@dataclass(unsafe_hash=True)
class BundleKeyMissing(Refusal):
    """This device does not know the authority that signed its certificate; it was told another to trust."""


ENDING = ".vxb"
MAGIC = b"VXPBUNDLE/1\n"
_ENVELOPE = Envelope(MAGIC, b"vaxpost-bundle/1\n", BundleOfOtherCentre)


@dataclass(frozen=True)
class PlacedSeal:
    """A seal with the place it was made at."""

    stream: Stream
    seq: int
    head: bytes
    seal: Seal


@dataclass(frozen=True)
class Bundle:
    """What a device has to send, and what it asks."""

    certificate: bytes
    """The device's, DER: as whom it speaks."""
    made_at: datetime
    """On the device's clock, in whole milliseconds."""
    requests: tuple[bytes, ...]
    """Frames, each with a push."""
    seals: tuple[PlacedSeal, ...] = ()
    """Those made hour by hour."""
    question: Question | None = None
    """None from a device that only delivers."""

    @property
    def digest(self) -> bytes:
        """Return what the same bundle is known by, however often it is written."""
        return hashlib.sha256(b"".join(self.requests)).digest()


def authority_of(identity: Identity) -> ec.EllipticCurvePublicKey:
    """Return the key a device's bundles are for, and that signs its replies; raises BundleKeyMissing."""
    key = root_of(identity).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey), "the authority's is one"
    return key


def root_of(identity: Identity) -> x509.Certificate:
    """Return the certificate of the authority that signed a device's; raises BundleKeyMissing."""
    own = x509.load_der_x509_certificate(identity.certificate)
    for root in map(x509.load_der_x509_certificate, identity.trust):
        try:
            own.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return root
    raise BundleKeyMissing


def key_of(certificate: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key of a device's certificate (DER); raises ValueError for what is none."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise ValueError
    return key


def write_bundle(bundle: Bundle, identity: Identity) -> bytes:
    """Return the file of a bundle; raises BundleKeyMissing."""
    about: Json = {
        "certificate": b64encode(bundle.certificate).decode(),
        "made_at": epoch_ms(bundle.made_at),
        "seals": [_seal_items(placed) for placed in bundle.seals],
    }
    if bundle.question is not None:
        about["question"] = question_items(bundle.question)
    return _ENVELOPE.close(about, bundle.requests, private_key(identity.key), authority_of(identity))


def read_bundle(data: bytes, private: ec.EllipticCurvePrivateKey) -> Bundle:
    """Return the bundle in a file; ``private`` is the authority's key.

    Raises BundleDamaged, BundleOfOtherCentre or MessageTooLarge. The signature is that of the certificate the
    bundle names; whether that is anybody's is for the caller to say.
    """
    opened = _ENVELOPE.open(data, private)
    try:
        about, requests = opened.read()
        certificate = b64decode(about.value("certificate"))
        opened.check(key_of(certificate))
        seals = tuple(
            _read_seal(as_object(item, "seals")) for item in as_items(about.value("seals"), "seals")
        )
        question = read_question(about.child("question")) if "question" in about.raw else None
        made_at = as_instant(about.value("made_at"), "made_at")
    except (*UNREADABLE, MessageTooLarge) as error:
        raise BundleDamaged("changed") from error
    return Bundle(certificate, made_at, requests, seals, question)


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
