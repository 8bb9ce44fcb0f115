"""The reply: what the centre has for a device without a line, on a stick, readable by that device alone.

It holds the very answers the device would have been given (``app/sync/wire.py``): receipts, pages of the
feeds, findings, and the next certificate; signed by the centre's authority, encrypted to the device's key.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.clock import epoch_ms
from app.domain.feed import START, FeedPosition
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.sync.bundle import BundleOfOtherCentre, authority_of
from app.sync.envelope import UNREADABLE, BundleDamaged, Envelope, private_key
from app.sync.fields import Fields, as_instant, as_items
from app.sync.frame import MessageTooLarge
from app.sync.identity import Identity
from app.sync.pages import position_items, read_position


@dataclass(unsafe_hash=True)
class ReplyForAnother(Refusal):
    """The reply is for another device; this one cannot read it."""


ENDING = ".vxr"
MAGIC = b"\x8fVXPREPLY/1\n"
"""Begins as every answer of the centre does (``frame.MAGIC``)."""
_ENVELOPE = Envelope(MAGIC, b"vaxpost-reply/1\n", ReplyForAnother)


@dataclass(frozen=True)
class Parting:
    """Where a device's copy of a feed is not the centre's."""

    held: FeedPosition
    """Where the copy ended when the device asked."""
    agreed: FeedPosition
    """Up to where both are the same; the pages of the reply begin there."""


@dataclass(frozen=True)
class Reply:
    """What the centre says of a bundle, and what it has for the device."""

    device_id: str
    made_at: datetime
    """On the centre's clock, in whole milliseconds."""
    outcome: str
    """``taken``, ``quarantined``, ``rejected``; ``refused`` to who only asks and is not in good standing."""
    reason: str = ""
    """The operator's, of what was rejected; the name of the refusal to who was refused."""
    answers: tuple[bytes, ...] = ()
    """Frames: one to each request of a bundle that was taken, then pages and findings in their order."""
    heard: FeedPosition = START
    """From where on the findings are told."""
    partings: Mapping[str, Parting] = field(default_factory=dict)
    """By area."""
    enrolled: bytes = b""
    """The frame that answers a renewal; empty where none was asked."""
    more: bool = False
    """There is more than had room: it comes with the reply to the next bundle."""


def write_reply(reply: Reply, to: ec.EllipticCurvePublicKey, authority: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the file of a reply."""
    about: Json = {
        "device_id": reply.device_id,
        "made_at": epoch_ms(reply.made_at),
        "outcome": reply.outcome,
        "reason": reply.reason,
        "heard": position_items(reply.heard),
        "partings": {
            area: [*position_items(parting.held), *position_items(parting.agreed)]
            for area, parting in reply.partings.items()
        },
        "enrolled": b64encode(reply.enrolled).decode(),
        "more": reply.more,
    }
    return _ENVELOPE.close(about, reply.answers, authority, to)


def read_reply(data: bytes, identity: Identity) -> Reply:
    """Return what the centre of this device says to it.

    Raises BundleDamaged, BundleOfOtherCentre (another authority signed it), ReplyForAnother, BundleKeyMissing
    or MessageTooLarge.
    """
    opened = _ENVELOPE.open(data, private_key(identity.key))
    try:
        opened.check(authority_of(identity))
    except InvalidSignature as error:
        raise BundleOfOtherCentre from error
    try:
        about, answers = opened.read()
        reply = _read(about, answers)
    except (*UNREADABLE, MessageTooLarge) as error:
        raise BundleDamaged("changed") from error
    if reply.device_id != identity.device_id:
        raise ReplyForAnother
    return reply


def _read(about: Fields, answers: tuple[bytes, ...]) -> Reply:
    return Reply(
        about.text("device_id"),
        as_instant(about.value("made_at"), "made_at"),
        about.text("outcome"),
        about.text("reason"),
        answers,
        read_position(about.value("heard"), "heard"),
        {area: _read_parting(item) for area, item in about.child("partings").raw.items()},
        b64decode(about.value("enrolled")),
        about.value("more") is True,
    )


def _read_parting(raw: object) -> Parting:
    items = as_items(raw, "partings", (4,))
    return Parting(read_position(items[:2], "partings"), read_position(items[2:], "partings"))
