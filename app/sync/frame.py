"""The frame around every message: four bytes that say what follows, then lines of text, compressed.

``8F 56`` · wire version · codec · payload. The lines are a header (JSON) and then the events, as the
exact bytes they were first written in: canonical JSON holds no line feed, so no lengths are needed.
Codec 2 lays the lines out in columns (``app/sync/codec.py``), codec 3 keeps the text of a short message
(``app/sync/short.py``); both are checked before they are sent, and what does not come back byte for byte goes
as codec 1. Everything malformed is refused with its reason; nothing is
unpacked beyond its limit.
"""

import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain import journal
from app.domain.refusals import Refusal
from app.sync import short
from app.sync.codec import expand, squeeze
from app.sync.columns import Lines, Unfit
from app.sync.dictionary import DICTIONARY
from app.sync.forms import Events, behind_header

MAGIC = b"\x8fV"
"""No web page, JSON document or gzip file begins like this, so a captive portal is told at once."""
LOWEST_WIRE = 1
WIRE = 1
"""The wire version spoken; versions from ``LOWEST_WIRE`` on are understood."""
CODEC_ZLIB = 1
"""zlib with ``DICTIONARY``: what every release reads."""
CODEC_COLUMNS = 2
"""Columns, zstd and the dictionary in ``resources/sync``."""
CODEC_SHORT = 3
"""The text of a message of few events, zstd and another dictionary; a better codec takes the next number."""
BEST_CODEC = CODEC_SHORT
SHORT_EVENTS = 1
"""With more events, columns make the frame smaller."""

MAX_FRAME_BYTES = 8 << 20
MAX_PAYLOAD_BYTES = 32 << 20
MAX_EVENT_BYTES = journal.MAX_EVENT_BYTES
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


class Squeezed(tuple[bytes, ...]):
    """Lines that are kept as a zlib stream of theirs: codec 1 sends that, and squeezes nothing anew."""

    stream: bytes

    @classmethod
    def of(cls, stream: bytes) -> "Squeezed":
        """Return the lines of a stream without a dictionary; raises zlib.error."""
        made = cls(zlib.decompress(stream).split(b"\n"))
        made.stream = stream
        return made


def pack(header: bytes, events: Sequence[bytes] = (), codec: int = CODEC_ZLIB) -> bytes:
    """Return the frame of a header and its events; raises MessageMalformed or MessageTooLarge.

    ``codec`` is the best the other side takes; the frame names the one it was made with.
    """
    if len(events) > MAX_EVENTS:
        raise MessageTooLarge("events", MAX_EVENTS)
    _check_events(events)
    lines = [header, *events]
    if sum(map(len, lines)) + len(events) > MAX_PAYLOAD_BYTES:
        raise MessageTooLarge("payload", MAX_PAYLOAD_BYTES)
    if codec >= CODEC_SHORT and len(events) <= SHORT_EVENTS:
        with suppress(Unfit):
            return MAGIC + bytes((WIRE, CODEC_SHORT)) + short.squeeze(lines)
    if codec >= CODEC_COLUMNS:
        with suppress(Unfit):
            return MAGIC + bytes((WIRE, CODEC_COLUMNS)) + squeeze(lines)
    begin = MAGIC + bytes((WIRE, CODEC_ZLIB))
    if isinstance(events, Squeezed):
        return begin + _before(header + b"\n", events)
    squeezer = zlib.compressobj(LEVEL, zdict=DICTIONARY)
    return begin + squeezer.compress(b"\n".join(lines)) + squeezer.flush()


def _before(header: bytes, events: Squeezed) -> bytes:
    """Return the zlib stream of a header and the lines behind it, which are a whole number of blocks already.

    Two bytes begin such a stream, and the sum of the plain text is its end (RFC 1950).
    """
    squeezer = zlib.compressobj(LEVEL, zdict=DICTIONARY)
    begin = squeezer.compress(header) + squeezer.flush(zlib.Z_SYNC_FLUSH)
    total = zlib.adler32(b"\n".join(events), zlib.adler32(header))
    return begin + events.stream[2:-4] + total.to_bytes(4)


def unpack(frame: bytes) -> tuple[bytes, Events]:
    """Return header and events of a frame; raises a refusal on anything else."""
    lines = lines_of(frame)
    events = Events(lines[1:])
    if isinstance(lines, Lines):
        events.sheets = behind_header(lines.sheets)
        if not all(events):
            raise MessageMalformed("event")
    else:
        _check_events(events)
    return lines[0], events


def lines_of(frame: bytes) -> list[bytes]:
    """Return the lines of a frame, the header first; raises a refusal on anything else."""
    if len(frame) > MAX_FRAME_BYTES:
        raise MessageTooLarge("frame", MAX_FRAME_BYTES)
    if frame[:2] != MAGIC or len(frame) < 4:
        raise MessageMalformed("magic")
    if not LOWEST_WIRE <= frame[2] <= WIRE:
        raise WireVersionUnknown(frame[2], LOWEST_WIRE, WIRE)
    if frame[3] == CODEC_SHORT:
        return _expand_short(frame[4:])
    if frame[3] == CODEC_COLUMNS:
        return _expand(frame[4:])
    if frame[3] != CODEC_ZLIB:
        raise MessageMalformed("codec")
    payload = _decompress(frame[4:])
    if payload.count(b"\n") > MAX_EVENTS:
        raise MessageTooLarge("events", MAX_EVENTS)
    return payload.split(b"\n")


def codec_of(frame: bytes) -> int:
    """Return the codec to answer a frame in: its own, if it is one of ours."""
    return frame[3] if frame[3:4] in (bytes((CODEC_COLUMNS,)), bytes((CODEC_SHORT,))) else CODEC_ZLIB


def _expand_short(data: bytes) -> list[bytes]:
    try:
        lines = short.expand(data)
    except Unfit as error:
        raise MessageMalformed("short") from error
    if len(lines) > MAX_EVENTS + 1:
        raise MessageTooLarge("events", MAX_EVENTS)
    return lines


def _expand(data: bytes) -> Lines:
    try:
        lines = expand(data, MAX_EVENT_BYTES, MAX_PAYLOAD_BYTES)
    except Unfit as error:
        raise MessageMalformed("columns") from error
    if not lines:
        raise MessageMalformed("columns")
    if len(lines) > MAX_EVENTS + 1:
        raise MessageTooLarge("events", MAX_EVENTS)
    return lines


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


def _check_events(events: Sequence[bytes]) -> None:
    if not all(events) or any([b"\n" in event for event in events]):
        raise MessageMalformed("event")
    if events and max(map(len, events)) > MAX_EVENT_BYTES:
        raise MessageTooLarge("event", MAX_EVENT_BYTES)
