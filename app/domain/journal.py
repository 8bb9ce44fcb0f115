"""The journal: events, the bytes they are written in, and the chain that holds them (sync.md, *Journal*).

The encoding can never change: the chain covers the bytes as first written. It is JSON with sorted keys, no
blanks, UTF-8 unescaped and no floating point; measures with decimals travel as text.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.domain.refusals import Refusal

HASH_ALGORITHM = "sha256"
MAX_EVENT_BYTES = 256 << 10
"""Of one event, as written: no centre takes more."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Stream:
    """One unbroken run of a device's events: installation, restore, fork or copy begin a new ``epoch``."""

    device_id: str
    epoch: str
    """64 random bits as 16 hexadecimal digits."""


@dataclass(frozen=True)
class ClockQuality:
    """How far the wall time of an event can be believed."""

    uptime_ms: int
    """Monotonic milliseconds since the machine started."""
    offset_ms: int | None = None
    """Centre time minus local time when the centre last told its time."""
    age_ms: int | None = None
    """How long ago that was."""


@dataclass(frozen=True)
class Event:
    """One thing that happened, as the journal keeps it for ever."""

    id: str
    """UUIDv7; the same id is never applied twice, whatever stream brings it."""
    seq: int
    """1, 2, 3 … without a gap in the stream."""
    hlc: int
    """Hybrid logical clock: 48 bits of milliseconds, 16 bits of counter."""
    wall: int
    """Milliseconds since 1970 on the device's clock."""
    clock: ClockQuality
    kind: str
    v: int
    """Version of the body's shape."""
    site: str
    desk: str
    user: str
    person: str | None = None
    body: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """An event in its stream, with its bytes and its place in the chain."""

    stream: Stream
    event: Event
    data: bytes
    hash: bytes


@dataclass(unsafe_hash=True)
class NotCanonical(Refusal):
    """The bytes are not the one encoding this event can have."""

    reason: str


@dataclass(unsafe_hash=True)
class EventTooLarge(Refusal):
    """The centre would never take so large an event, and everything after it would wait for ever."""

    kind: str
    size: int


@dataclass(unsafe_hash=True)
class ChainBroken(Refusal):
    """An entry does not follow from the one before it."""

    device_id: str
    epoch: str
    seq: int
    reason: str


def canonical(value: Json) -> bytes:
    """Return the deterministic bytes of a JSON object; raises TypeError or ValueError on what has none."""
    _reject_floats(value)
    return _ENCODER.encode(value).encode()


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def encode(event: Event) -> bytes:
    """Return the bytes of an event, as they are hashed, stored and sent."""
    clock = event.clock
    return canonical(
        {
            "hash": HASH_ALGORITHM,
            "id": event.id,
            "seq": event.seq,
            "hlc": event.hlc,
            "wall": event.wall,
            "clock_quality": {
                "age_ms": clock.age_ms,
                "offset_ms": clock.offset_ms,
                "uptime_ms": clock.uptime_ms,
            },
            "kind": event.kind,
            "v": event.v,
            "site": event.site,
            "desk": event.desk,
            "user": event.user,
            "person": event.person,
            "body": event.body,
        }
    )


_NOT_AN_EVENT = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


_ENVELOPE = frozenset("body clock_quality desk hash hlc id kind person seq site user v wall".split())
_CLOCK = frozenset({"age_ms", "offset_ms", "uptime_ms"})


def _refuse(text: str) -> None:
    raise ValueError(text)


_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_REWRITER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
)
"""The one encoding of what was just read, which holds no circle."""


def parse(data: bytes) -> Event:
    """Return the event in bytes that were checked before; raises NotCanonical on what is no event at all."""
    try:
        return event_of(_DECODER.decode(data.decode()))
    except _NOT_AN_EVENT as error:
        raise NotCanonical(type(error).__name__) from error


def parse_readable(lines: Iterable[bytes]) -> list[Event]:
    """Return the events of lines that are some; a newer program perhaps wrote what is none here."""
    events = []
    for data in lines:
        try:
            events.append(parse(data))
        except NotCanonical:
            continue
    return events


def decode(data: bytes) -> Event:
    """Return the event that ``data`` encodes; raises NotCanonical on anything else.

    The whole is read once, fractions refused, and written once: what is written is the one encoding, so a key
    given twice, another order or another spelling shows.
    """
    try:
        raw, sound = _read(data)
        event = event_of(raw)
    except _NOT_AN_EVENT as error:
        raise NotCanonical(type(error).__name__) from error
    if not sound:
        raise NotCanonical("other encoding")
    return event


def fields_of(data: bytes) -> Json:
    """Return the envelope of the event that ``data`` encodes; raises NotCanonical on anything else."""
    try:
        raw, sound = _read(data)
    except _NOT_AN_EVENT as error:
        raise NotCanonical(type(error).__name__) from error
    if not sound or raw["hash"] != HASH_ALGORITHM:
        raise NotCanonical("other encoding or algorithm")
    return raw


def _read(data: bytes) -> tuple[Json, bool]:
    """Return an envelope, and whether it is whole and this its one encoding; raises ``_NOT_AN_EVENT``."""
    text = data.decode()
    raw = _DECODER.decode(text)
    faithful = _REWRITER.encode(raw) == text
    return raw, faithful and raw.keys() == _ENVELOPE and raw["clock_quality"].keys() == _CLOCK


def event_of(raw: Json) -> Event:
    """Return the event of an envelope, which is used up; raises NotCanonical or one of ``_NOT_AN_EVENT``."""
    algorithm, quality = raw.pop("hash"), ClockQuality(**raw.pop("clock_quality"))
    if algorithm != HASH_ALGORITHM:
        raise NotCanonical("other algorithm")
    return Event(clock=quality, **raw)


def genesis(stream: Stream) -> bytes:
    """Return the hash before the first event: it binds the chain to its device and epoch."""
    return hashlib.sha256(f"vaxpost-journal/1\n{stream.device_id}\n{stream.epoch}".encode()).digest()


def link(previous: bytes, data: bytes) -> bytes:
    """Return ``hash_n = SHA-256(hash_{n-1} ‖ bytes_n)``."""
    return hashlib.sha256(previous + data).digest()


def verify_chain(entries: Iterable[Entry]) -> int:
    """Return how many entries of one stream, first to last, hold together; raises ChainBroken otherwise."""
    count, previous, stream = 0, b"", None
    for count, entry in enumerate(entries, start=1):
        if stream is None:
            stream, previous = entry.stream, genesis(entry.stream)
        elif entry.stream != stream:
            raise ChainBroken(stream.device_id, stream.epoch, count, reason="stream")
        verify_entry(entry, seq=count, previous=previous)
        previous = entry.hash
    return count


def verify_entry(entry: Entry, *, seq: int, previous: bytes) -> None:
    """Check one entry against its place: number, encoding and hash; raises ChainBroken."""
    place = (entry.stream.device_id, entry.stream.epoch, seq)
    try:
        event = decode(entry.data)
    except NotCanonical as broken:
        raise ChainBroken(*place, reason="encoding") from broken
    if event != entry.event or event.seq != seq:
        raise ChainBroken(*place, reason="sequence")
    if link(previous, entry.data) != entry.hash:
        raise ChainBroken(*place, reason="hash")


_ONE_ENCODING = frozenset({str, int, bool, type(None)})
"""Most values: passed over here, for every act waits for this."""


def _reject_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("floating point has no one encoding; send decimals as text")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("keys are text")
            if type(item) not in _ONE_ENCODING:
                _reject_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) not in _ONE_ENCODING:
                _reject_floats(item)
