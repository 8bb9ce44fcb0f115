"""The frame around every message: four bytes that say what follows, then lines of text, compressed.

``8F 56`` · wire version · codec · compressed payload. The payload is a header (one line of JSON) and then the
events, one a line, as the exact bytes they were first written in: canonical JSON holds no line feed, so no
lengths are needed. Everything malformed is refused with its reason; nothing is unpacked beyond its limit.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.refusals import Refusal
from app.sync.dictionary import DICTIONARY

MAGIC = b"\x8fV"
"""No web page, JSON document or gzip file begins like this, so a captive portal is told at once."""
LOWEST_WIRE = 1
WIRE = 1
"""The wire version spoken; versions from ``LOWEST_WIRE`` on are understood."""
CODEC_ZLIB = 1
"""zlib with ``DICTIONARY``; a better codec takes the next number."""

MAX_FRAME_BYTES = 8 << 20
MAX_PAYLOAD_BYTES = 32 << 20
MAX_EVENT_BYTES = 256 << 10
"""What one event may weigh; the act that records it has to keep below."""
MAX_EVENTS = 2000
"""In one push (sync.md: adaptive, 1 to 2,000 events)."""

LEVEL = 6


@dataclass(unsafe_hash=True)
class MessageMalformed(Refusal):
    """A message is not one this program could have been sent."""

    reason: str


@dataclass(unsafe_hash=True)
class MessageTooLarge(Refusal):
    """A message, or a part of it, is beyond its limit."""

    part: str
    limit: int


@dataclass(unsafe_hash=True)
class WireVersionUnknown(Refusal):
    """The other side speaks a version this program does not."""

    wire: int
    lowest: int
    highest: int


def pack(header: bytes, events: Sequence[bytes] = ()) -> bytes:
    """Return the frame of a header and its events; raises MessageMalformed or MessageTooLarge."""
    if len(events) > MAX_EVENTS:
        raise MessageTooLarge("events", MAX_EVENTS)
    for event in events:
        _check_event(event)
    payload = b"\n".join([header, *events])
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageTooLarge("payload", MAX_PAYLOAD_BYTES)
    squeezer = zlib.compressobj(LEVEL, zdict=DICTIONARY)
    return MAGIC + bytes((WIRE, CODEC_ZLIB)) + squeezer.compress(payload) + squeezer.flush()


def unpack(frame: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return header and events of a frame; raises a refusal on anything else."""
    if len(frame) > MAX_FRAME_BYTES:
        raise MessageTooLarge("frame", MAX_FRAME_BYTES)
    if frame[:2] != MAGIC or len(frame) < 4:
        raise MessageMalformed("magic")
    if not LOWEST_WIRE <= frame[2] <= WIRE:
        raise WireVersionUnknown(frame[2], LOWEST_WIRE, WIRE)
    if frame[3] != CODEC_ZLIB:
        raise MessageMalformed("codec")
    payload = _decompress(frame[4:])
    if payload.count(b"\n") > MAX_EVENTS:
        raise MessageTooLarge("events", MAX_EVENTS)
    header, *events = payload.split(b"\n")
    for event in events:
        _check_event(event)
    return header, tuple(events)


def _decompress(data: bytes) -> bytes:
    expander = zlib.decompressobj(zdict=DICTIONARY)
    try:
        payload = expander.decompress(data, MAX_PAYLOAD_BYTES + 1)
    except zlib.error as error:
        raise MessageMalformed("compression") from error
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MessageTooLarge("payload", MAX_PAYLOAD_BYTES)
    if not expander.eof or expander.unused_data:
        raise MessageMalformed("compression")
    return payload


def _check_event(event: bytes) -> None:
    if not event or b"\n" in event:
        raise MessageMalformed("event")
    if len(event) > MAX_EVENT_BYTES:
        raise MessageTooLarge("event", MAX_EVENT_BYTES)
