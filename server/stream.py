"""What the centre makes of a push, given how far it holds the stream; pure."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from app.domain.journal import Entry, Event, NotCanonical, Stream, decode, link
from app.domain.refusals import Refusal
from app.sync.reading import read_alike, read_events
from app.sync.wire import EventRefused, Fork, Gap, Push
from server.sheaf import Sheaf

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAX_KIND = 100
MAX_BIGINT = 2**63 - 1


@dataclass(unsafe_hash=True)
class EnvelopeMalformed(Refusal):
    """An event's envelope cannot be filed."""

    reason: str


@dataclass(unsafe_hash=True)
class SiteOutOfScope(Refusal):
    """The event is of a site its device may not speak for; before its site is set up a device has none."""

    reason: str


@dataclass(frozen=True)
class Cursor:
    """How far the centre holds a stream."""

    acked: int
    head: bytes


@dataclass(frozen=True)
class Unfit:
    """An event that cannot be filed, at its place in the stream: nothing follows from its bytes."""

    stream: Stream
    seq: int
    data: bytes
    hash: bytes
    name: str
    """Of the refusal."""
    reason: str

    @property
    def event_id(self) -> str | None:
        """The event's id, as far as the bytes tell it."""
        told = _told(self.data, "id")
        return told if is_uuid(told) else None

    @property
    def site(self) -> str | None:
        """The site the event is of, as far as the bytes tell it."""
        told = _told(self.data, "site")
        return told if told is not None and len(told) <= MAX_KIND and told.isprintable() else None


@dataclass(frozen=True)
class Accepted:
    """The push follows on: some of it is known, the rest is new, as a sheaf if all of it can be filed."""

    known: int
    """The last ``seq`` of the push that the centre held before."""
    sheaf: Sheaf | None = None
    fit: tuple[Entry, ...] = ()
    """Without a sheaf: what of the rest can be filed."""
    unfit: tuple[Unfit, ...] = ()
    """And what cannot."""
    refused: EventRefused | None = None
    """Why nothing of the push is taken."""

    @property
    def entries(self) -> Sequence[Entry]:
        """All that is new and can be filed, as entries."""
        return self.fit if self.sheaf is None else self.sheaf.entries()

    @property
    def end(self) -> Cursor | None:
        """Where the stream ends with what is new; None if nothing is."""
        if self.sheaf is not None:
            return Cursor(self.sheaf.seqs[-1], self.sheaf.hashes[-1])
        ends = [Cursor(entry.event.seq, entry.hash) for entry in self.fit[-1:]]
        ends += [Cursor(unfit.seq, unfit.hash) for unfit in self.unfit[-1:]]
        return max(ends, key=lambda end: end.acked, default=None)


def judge(
    push: Push, stream: Stream, cursor: Cursor, sites: Collection[str], hash_at: Callable[[int], bytes]
) -> Accepted | Gap | Fork:
    """Return what a push means for a stream; ``hash_at`` tells the centre's own hash below ``acked``."""
    if push.after > cursor.acked:
        return Gap(push.epoch, cursor.acked, cursor.head)
    hashes = list(accumulate(push.events, link, initial=push.after_hash))
    if hashes[-1] != push.head:
        return Accepted(push.after, refused=EventRefused(push.after + 1, "ChainBroken", "hash"))
    known = min(push.after + len(push.events), cursor.acked)
    own = cursor.head if known == cursor.acked else hash_at(known)
    if hashes[known - push.after] != own:
        return Fork(push.epoch, cursor.acked, cursor.head)
    return _take(push, stream, known, hashes, sites)


def _take(push: Push, stream: Stream, known: int, hashes: list[bytes], sites: Collection[str]) -> Accepted:
    begin = known - push.after
    new = push.events[begin:] if begin else push.events
    if not new:
        return Accepted(known)
    sheaf = _bound(stream, known, new, hashes[begin + 1 :], sites)
    return _each_by_itself(push, stream, known, hashes, sites) if sheaf is None else Accepted(known, sheaf)


def _bound(
    stream: Stream, after: int, new: Sequence[bytes], hashes: Sequence[bytes], sites: Collection[str]
) -> Sheaf | None:
    """Return new events as a sheaf; None if one of them cannot be filed."""
    try:
        sheaf = Sheaf(stream, after, new, hashes, read_alike(new))
    except NotCanonical:
        return None
    types = {name: set(map(type, sheaf.told(name))) for name in ("seq", "hlc", "id", "site", "kind")}
    if types != _TYPES or sheaf.told("seq") != list(range(after + 1, after + len(new) + 1)):
        return None
    if not are_uuids(sheaf.ids) or min(sheaf.hlcs) < 0 or max(sheaf.hlcs) > MAX_BIGINT:
        return None
    if not all(not site or site in sites for site in set(sheaf.sites)):
        return None
    return sheaf if all(map(_is_kind, set(sheaf.kinds))) else None


_TYPES = {"seq": {int}, "hlc": {int}, "id": {str}, "site": {str}, "kind": {str}}


def _each_by_itself(
    push: Push, stream: Stream, known: int, hashes: list[bytes], sites: Collection[str]
) -> Accepted:
    """Return what can be filed and what cannot: the chain holds either, so none waits for another."""
    fit: list[Entry] = []
    unfit: list[Unfit] = []
    begin = known - push.after
    for place, event in enumerate(read_events(push.events[begin:]), start=begin):
        seq, data, digest = push.after + place + 1, push.events[place], hashes[place + 1]
        try:
            fit.append(Entry(stream, _admitted(event, seq, sites), data, digest))
        except UNFIT as refusal:
            unfit.append(Unfit(stream, seq, data, digest, type(refusal).__name__, refusal.reason))
    return Accepted(known, None, tuple(fit), tuple(unfit))


UNFIT = (NotCanonical, EnvelopeMalformed, SiteOutOfScope)
"""What is said to an event that cannot be filed."""


def read_fit(data: bytes, seq: int, sites: Collection[str]) -> Event:
    """Return the event in bytes that stand under a number, if it can be filed; raises one of ``UNFIT``."""
    return _admitted(decode(data), seq, sites)


def _admitted(event: Event | NotCanonical, seq: int, sites: Collection[str]) -> Event:
    if isinstance(event, NotCanonical):
        raise event
    if type(event.seq) is not int or event.seq != seq:
        raise EnvelopeMalformed("seq")
    check_envelope(event, sites)
    return event


def _told(data: bytes, name: str) -> str | None:
    """Return a text of the envelope in bytes that may be anything; None if they tell none."""
    try:
        told = json.loads(data)[name]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return told if isinstance(told, str) else None


def check_envelope(event: Event, sites: Collection[str]) -> None:
    """Pass an event that can be filed; its meaning is nobody's business here.

    Raises EnvelopeMalformed or SiteOutOfScope.
    """
    if not is_uuid(event.id):
        raise EnvelopeMalformed("id")
    if type(event.hlc) is not int or not 0 <= event.hlc <= MAX_BIGINT:
        raise EnvelopeMalformed("hlc")
    if not isinstance(event.site, str):
        raise EnvelopeMalformed("site")
    if not isinstance(event.kind, str) or not _is_kind(event.kind):
        raise EnvelopeMalformed("kind")
    if event.site and event.site not in sites:
        raise SiteOutOfScope("site")


def _is_kind(text: str) -> bool:
    return 0 < len(text) <= MAX_KIND and text.isprintable()


def match(haves: Collection[tuple[int, bytes]], hashes: Mapping[int, bytes]) -> int:
    """Return the highest number at which the sender has the centre's own hash, 0 if there is none."""
    return max((seq for seq, digest in haves if hashes.get(seq) == digest), default=0)


def is_uuid(value: object) -> bool:
    """Return whether a value is the one text form of a UUID."""
    return isinstance(value, str) and _is_uuid_text(value)


def are_uuids(texts: Sequence[str]) -> bool:
    """Return whether every text is the one form of a UUID."""
    data = "\n".join([*texts, ""]).encode()
    return len(data) == _BYTES * len(texts) and data.translate(_NO_HEX) == _PATTERN * len(texts)


_NO_HEX = bytes.maketrans(b"123456789abcdef", b"0" * 15)
_PATTERN = b"00000000-0000-0000-0000-000000000000\n"
_BYTES = len(_PATTERN)


@lru_cache(4096)
def _is_uuid_text(text: str) -> bool:
    """The same ids are asked about again and again: by the envelope, the journal and every projection."""
    return UUID_TEXT.fullmatch(text) is not None
