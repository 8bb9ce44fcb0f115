"""A signature drawn on the screen: strokes, bound to the words, answers, person and time they are under.

电子签名法 art. 13: a signature is reliable when it is the signer's own and every later change of it or
of what was signed shows. The strokes alone prove neither, so they are hashed together with the exact text
(by its version and SHA-256), the answers, who signed for whom and when; the device's key signs that hash.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from app.domain.journal import Json, canonical
from app.domain.refusals import Refusal

PAD_WIDTH, PAD_HEIGHT = 3000, 1000
"""The pad's own units, whatever the size of the screen."""
FEWEST_POINTS, SHORTEST_LENGTH = 8, 600
"""Less ink than this is a slip of the hand, no signature."""
MOST_POINTS = 4000
"""More ink than this the pad does not take: a record has to fit into one message."""

Point = tuple[int, int, int]
"""x and y in the pad's units, milliseconds since the first touch."""
Stroke = tuple[Point, ...]


class SignatureMeans(StrEnum):
    """How a signature was given."""

    PAPER = "paper"
    DRAWN = "drawn"


@dataclass(frozen=True)
class Signed:
    """What a person put their name under."""

    what: str
    """``screening``, ``advice`` or ``consent``; ``decision`` is the doctor's word on the first two."""
    encounter_id: str
    patient_id: str
    document_hash: str
    """SHA-256 of the document number of whom it is about: the identity, without carrying it."""
    text_id: str
    text_version: str
    text_sha256: str
    answers: Json
    """What was answered or decided, as it is recorded."""
    signer: str
    relation: str
    signed_at: str
    """UTC instant, as in bodies."""


@dataclass(frozen=True)
class DrawnSignature:
    """Strokes, and the device's word that they were drawn under this content."""

    strokes: tuple[Stroke, ...]
    digest: str
    """SHA-256 of content and strokes, hexadecimal."""
    algorithm: str
    public_key: str
    value: str
    """The device's signature over the digest, hexadecimal."""


@dataclass(frozen=True)
class Drawn:
    """A drawn signature as it is handed in with what is to be recorded."""

    signature: DrawnSignature
    signed_at: str
    """UTC instant, as in bodies."""


@dataclass(unsafe_hash=True)
class SignatureTooShort(Refusal):
    """There is hardly any ink."""


@dataclass(unsafe_hash=True)
class SignatureNotBound(Refusal):
    """The signature was drawn under something else than what is recorded, or one was changed."""

    what: str


def identity_hash(document_number: str) -> str:
    """Return what stands for a person's document in a signature."""
    return hashlib.sha256(b"vaxpost identity 1\n" + document_number.encode()).hexdigest()


def digest_of(content: Signed, strokes: Sequence[Stroke]) -> str:
    """Return the SHA-256 that binds strokes to their content."""
    bound = {
        "what": content.what,
        "encounter_id": content.encounter_id,
        "patient_id": content.patient_id,
        "document_hash": content.document_hash,
        "text_id": content.text_id,
        "text_version": content.text_version,
        "text_sha256": content.text_sha256,
        "answers": content.answers,
        "signer": content.signer,
        "relation": content.relation,
        "signed_at": content.signed_at,
        "strokes": [[list(point) for point in stroke] for stroke in strokes],
    }
    return hashlib.sha256(b"vaxpost signature 1\n" + canonical(bound)).hexdigest()


def check_ink(strokes: Sequence[Stroke]) -> None:
    """Pass strokes that may be a name; raises SignatureTooShort."""
    points = sum(len(stroke) for stroke in strokes)
    length = sum(
        abs(x - before_x) + abs(y - before_y)
        for stroke in strokes
        for (before_x, before_y, _), (x, y, _) in pairwise(stroke)
    )
    if points < FEWEST_POINTS or length < SHORTEST_LENGTH:
        raise SignatureTooShort()


def check_bound(signature: DrawnSignature, content: Signed) -> None:
    """Pass a signature drawn under this content; raises SignatureTooShort or SignatureNotBound."""
    check_ink(signature.strokes)
    if signature.digest != digest_of(content, signature.strokes):
        raise SignatureNotBound(content.what)


def signature_body(signature: DrawnSignature, content: Signed) -> Json:
    """Return a drawn signature as it stands in the body of an event, beside the signer's name and relation.

    With it stand the two facts of its content that are nowhere else in the body.
    """
    return {
        "means": str(SignatureMeans.DRAWN),
        "strokes": [[list(point) for point in stroke] for stroke in signature.strokes],
        "digest": signature.digest,
        "algorithm": signature.algorithm,
        "public_key": signature.public_key,
        "value": signature.value,
        "document_hash": content.document_hash,
        "signed_at": content.signed_at,
    }


def read_signature(body: Json) -> DrawnSignature:
    """Return the drawn signature of a body."""
    strokes = tuple(tuple((x, y, at) for x, y, at in stroke) for stroke in body["strokes"])
    return DrawnSignature(strokes, body["digest"], body["algorithm"], body["public_key"], body["value"])
