"""The messages of sync and their one encoding (sync.md, *Four idempotent verbs*); the centre uses it too.

One POST carries a request: hello, at most one push or offer, and a pull. One answer comes back: welcome, what
became of the push, and a page of a feed. Every reader ignores keys it does not know.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.clock import epoch_ms
from app.domain.journal import Json, canonical
from app.sync import frame
from app.sync.fields import (
    MAX_NUMBER,
    Fields,
    as_digest,
    as_epoch,
    as_hex,
    as_instant,
    as_items,
    as_number,
    digest_text,
)
from app.sync.frame import MessageMalformed, MessageTooLarge
from app.sync.pages import Feeds, Pull, feeds_items, lines_of, pull_items, read_feeds, read_pull
from app.sync.seal import KEY_BYTES, SIGNATURE_BYTES, Seal
from app.sync.unfit import UnfitRun, read_unfit, unfit_items

MAX_STREAMS = 1000
"""Of one device, ever; each begins with an installation, a restore or a copy."""
MAX_HAVES = 64
"""Of one stream: at distances that double, enough for any."""


@dataclass(frozen=True)
class Hello:
    """Who calls, and how far each of its streams reaches."""

    device_id: str
    tips: dict[str, int] = field(default_factory=dict)
    """Last ``seq`` by epoch: all local streams, the closed ones as well."""
    haves: dict[str, tuple[tuple[int, bytes], ...]] = field(default_factory=dict)
    """By epoch, where the histories differ: some of the sender's (seq, hash), to find where they part."""


@dataclass(frozen=True)
class Push:
    """A run of events of one stream, as their original bytes."""

    epoch: str
    after: int
    """The first event has ``seq`` after + 1."""
    after_hash: bytes
    """The sender's hash at ``after``."""
    head: bytes
    """The sender's hash at the last event sent."""
    events: tuple[bytes, ...]
    seal: Seal | None = None
    """The device's signature over ``head``."""


@dataclass(frozen=True)
class Request:
    """What one POST carries to the centre."""

    hello: Hello
    push: Push | None = None
    pull: Pull | None = None
    offer: tuple[bytes, ...] = ()
    """Events of others that the centre may have lost; never beside a push."""


@dataclass(frozen=True)
class Standing:
    """How far the centre holds a stream."""

    acked: int
    head: bytes
    """The centre's hash at ``acked``."""
    at_last: bytes | None = None
    """The centre's hash at the sender's last event, told only when the centre holds more than the sender."""
    match: int | None = None
    """The highest of the sender's haves that is the centre's as well, 0 if none; told when there were any."""


@dataclass(frozen=True)
class Welcome:
    """The centre's greeting."""

    incarnation: str
    """Changes when the centre was restored from a backup."""
    server_time: datetime
    standings: dict[str, Standing] = field(default_factory=dict)
    """By epoch: every stream of the hello, save the one pushed."""
    durable_to: datetime | None = None
    """Whatever the centre had received by then lies in a second place as well; None while it cannot tell."""
    lowest_wire: int = frame.LOWEST_WIRE
    highest_wire: int = frame.WIRE


@dataclass(frozen=True)
class ReceiptRun:
    """Neighbouring events the centre committed at one instant."""

    first_seq: int
    last_seq: int
    received_at: datetime


@dataclass(frozen=True)
class EventRefused:
    """Where the centre stopped taking a push, and why; what stands before is kept."""

    seq: int
    name: str
    reason: str


@dataclass(frozen=True)
class Ack:
    """The events are committed at the centre; ``head`` proves which ones."""

    epoch: str
    acked: int
    head: bytes
    receipts: tuple[ReceiptRun, ...] = ()
    refused: EventRefused | None = None
    at_last: bytes | None = None
    """The centre's hash at the last event of the push, told only when the centre holds more."""
    unfit: tuple[UnfitRun, ...] = ()
    """What of the push the centre keeps, as the receipts say, and cannot file; never beside ``refused``."""


@dataclass(frozen=True)
class Gap:
    """The centre holds the stream only up to ``acked``: send from there."""

    epoch: str
    acked: int
    head: bytes


@dataclass(frozen=True)
class Fork:
    """The centre holds other events under these numbers."""

    epoch: str
    acked: int
    head: bytes


PushResult = Ack | Gap | Fork


@dataclass(frozen=True)
class Answer:
    """What one POST brings back."""

    welcome: Welcome
    push: PushResult | None = None
    feeds: Feeds | None = None
    """The answer to a pull."""
    offered: int = 0
    """So many events of an offer are the centre's now, new to it or not."""


@dataclass(frozen=True)
class Declined:
    """A request refused as a whole: the refusal's name, and the reason if it has one."""

    name: str
    reason: str = ""


CODEC_UNKNOWN = Declined(MessageMalformed.__name__, "codec")
"""What a centre of an older release says to a codec it does not know."""


def encode_request(request: Request, codec: int = frame.CODEC_ZLIB) -> bytes:
    """Return the frame of a request in the best codec the centre takes; raises MessageTooLarge."""
    hello = request.hello
    header: Json = {"hello": {"device_id": hello.device_id, "tips": hello.tips}}
    if hello.haves:
        header["hello"]["haves"] = {
            epoch: [[seq, digest_text(digest)] for seq, digest in haves]
            for epoch, haves in hello.haves.items()
        }
    if request.pull is not None:
        header["pull"] = pull_items(request.pull)
    if request.push is None:
        if request.offer:
            header["offer"] = len(request.offer)
        return frame.pack(canonical(header), request.offer, codec)
    push = request.push
    header["push"] = {
        "epoch": push.epoch,
        "after": push.after,
        "after_hash": digest_text(push.after_hash),
        "head": digest_text(push.head),
        "count": len(push.events),
    }
    if push.seal is not None:
        header["push"]["seal"] = seal_items(push.seal)
    return frame.pack(canonical(header), push.events, codec)


def decode_request(data: bytes) -> Request:
    """Return the request in a frame; raises MessageMalformed, MessageTooLarge or WireVersionUnknown."""
    line, events = frame.unpack(data)
    header = Fields.of(line)
    hello = header.child("hello")
    tips = hello.child("tips")
    if len(tips.raw) > MAX_STREAMS:
        raise MessageTooLarge("tips", MAX_STREAMS)
    haves = hello.child("haves").raw if "haves" in hello.raw else {}
    hello_record = Hello(
        hello.text("device_id"),
        {as_epoch(epoch): tips.number(epoch) for epoch in tips.raw},
        {as_epoch(epoch): _read_haves(items) for epoch, items in haves.items()},
    )
    pull = read_pull(header.child("pull")) if "pull" in header.raw else None
    if "push" in header.raw:
        return Request(hello_record, _read_push(header.child("push"), events), pull)
    if len(events) != (header.number("offer") if "offer" in header.raw else 0):
        raise MessageMalformed("events without push")
    return Request(hello_record, None, pull, events)


def encode_answer(answer: Answer | Declined, codec: int = frame.CODEC_ZLIB) -> bytes:
    """Return the frame of an answer in the codec of its request; raises MessageTooLarge."""
    if isinstance(answer, Declined):
        return frame.pack(canonical({"declined": {"name": answer.name, "reason": answer.reason}}))
    welcome = answer.welcome
    header: Json = {
        "welcome": {
            "incarnation": welcome.incarnation,
            "server_time": epoch_ms(welcome.server_time),
            "wire": [welcome.lowest_wire, welcome.highest_wire],
            "standings": {epoch: _standing_items(item) for epoch, item in welcome.standings.items()},
        }
    }
    if welcome.durable_to is not None:
        header["welcome"]["durable"] = epoch_ms(welcome.durable_to)
    if answer.push is not None:
        header["push"] = _push_result_items(answer.push)
    if answer.offered:
        header["offered"] = answer.offered
    if answer.feeds is None:
        return frame.pack(canonical(header), codec=codec)
    header["feeds"] = feeds_items(answer.feeds)
    page = answer.feeds.page
    # What is condensed is no event: it has no columns left to find.
    codec = frame.CODEC_ZLIB if page and page.condensed else codec
    return frame.pack(canonical(header), lines_of(answer.feeds), codec)


def decode_answer(data: bytes) -> Answer | Declined:
    """Return the answer in a frame; raises MessageMalformed, MessageTooLarge or WireVersionUnknown."""
    line, events = frame.unpack(data)
    header = Fields.of(line)
    declined = read_declined(header)
    if declined is not None:
        return declined
    push = _read_push_result(header.child("push")) if "push" in header.raw else None
    feeds = read_feeds(header.child("feeds"), events) if "feeds" in header.raw else None
    if feeds is None and events:
        raise MessageMalformed("events in an answer")
    offered = header.number("offered") if "offered" in header.raw else 0
    return Answer(_read_welcome(header.child("welcome")), push, feeds, offered)


def read_declined(header: Fields) -> Declined | None:
    """Return the centre's no if the header holds one."""
    if "declined" not in header.raw:
        return None
    fields = header.child("declined")
    return Declined(fields.text("name"), fields.text("reason"))


def _read_push(push: Fields, events: tuple[bytes, ...]) -> Push:
    if not events or push.number("count") != len(events):
        raise MessageMalformed("count")
    if push.number("after") + len(events) > MAX_NUMBER:
        raise MessageMalformed("after")
    return Push(
        as_epoch(push.text("epoch")),
        push.number("after"),
        push.digest("after_hash"),
        push.digest("head"),
        events,
        read_seal(push.child("seal")) if "seal" in push.raw else None,
    )


def seal_items(seal: Seal) -> Json:
    """Return a seal as it travels."""
    return {
        "algorithm": seal.algorithm,
        "key": seal.key.hex(),
        "time": epoch_ms(seal.sealed_at),
        "signature": seal.signature.hex(),
    }


def read_seal(seal: Fields) -> Seal:
    """Return the seal of its items."""
    return Seal(
        seal.text("algorithm"),
        as_hex(seal.value("key"), "key", KEY_BYTES),
        as_instant(seal.value("time"), "time"),
        as_hex(seal.value("signature"), "signature", SIGNATURE_BYTES),
    )


def _read_welcome(welcome: Fields) -> Welcome:
    standings = welcome.child("standings")
    lowest, highest = (
        as_number(version, "wire") for version in as_items(welcome.value("wire"), "wire", (2,))
    )
    return Welcome(
        welcome.text("incarnation"),
        as_instant(welcome.value("server_time"), "server_time"),
        {as_epoch(epoch): _read_standing(item) for epoch, item in standings.raw.items()},
        as_instant(welcome.value("durable"), "durable") if "durable" in welcome.raw else None,
        lowest,
        highest,
    )


def _read_haves(raw: object) -> tuple[tuple[int, bytes], ...]:
    haves = as_items(raw, "haves")
    if len(haves) > MAX_HAVES:
        raise MessageTooLarge("haves", MAX_HAVES)
    pairs = [as_items(have, "haves", (2,)) for have in haves]
    return tuple((as_number(seq, "haves"), as_digest(digest, "haves")) for seq, digest in pairs)


def _read_standing(raw: object) -> Standing:
    acked, head, *rest = as_items(raw, "standings", (2, 3, 4))
    at_last = as_digest(rest[0], "standings") if rest and rest[0] is not None else None
    match = as_number(rest[1], "standings") if rest[1:] else None
    return Standing(as_number(acked, "standings"), as_digest(head, "standings"), at_last, match)


def _standing_items(standing: Standing) -> list[Any]:
    at_last = None if standing.at_last is None else digest_text(standing.at_last)
    items: list[Any] = [standing.acked, digest_text(standing.head), at_last, standing.match]
    while items[-1] is None:
        items.pop()
    return items


def _read_push_result(push: Fields) -> PushResult:
    epoch, acked, head = as_epoch(push.text("epoch")), push.number("acked"), push.digest("head")
    if "gap" in push.raw:
        return Gap(epoch, acked, head)
    if "fork" in push.raw:
        return Fork(epoch, acked, head)
    runs = tuple(_read_run(run) for run in as_items(push.value("receipts"), "receipts"))
    unfit = read_unfit(push.value("unfit")) if "unfit" in push.raw else ()
    refused = _read_event_refused(push.child("refused")) if "refused" in push.raw and not unfit else None
    at_last = push.digest("at_last") if "at_last" in push.raw else None
    return Ack(epoch, acked, head, runs, refused, at_last, unfit)


def _push_result_items(result: PushResult) -> Json:
    items: Json = {"epoch": result.epoch, "acked": result.acked, "head": digest_text(result.head)}
    if isinstance(result, Gap):
        return {**items, "gap": True}
    if isinstance(result, Fork):
        return {**items, "fork": True}
    items["receipts"] = [[run.first_seq, run.last_seq, epoch_ms(run.received_at)] for run in result.receipts]
    refused = result.refused
    if result.unfit:
        items["unfit"] = unfit_items(result.unfit)
        first = result.unfit[0]  # where a device stops that knows of nothing unfit
        refused = EventRefused(first.first_seq, first.name, first.reason)
    if refused is not None:
        items["refused"] = {"seq": refused.seq, "name": refused.name, "reason": refused.reason}
    if result.at_last is not None:
        items["at_last"] = digest_text(result.at_last)
    return items


def _read_event_refused(refused: Fields) -> EventRefused:
    return EventRefused(refused.number("seq"), refused.text("name"), refused.text("reason"))


def _read_run(raw: object) -> ReceiptRun:
    first, last, received = as_items(raw, "receipts", (3,))
    run = ReceiptRun(
        as_number(first, "receipts"), as_number(last, "receipts"), as_instant(received, "receipts")
    )
    if not 1 <= run.first_seq <= run.last_seq:
        raise MessageMalformed("receipts")
    return run
