"""What a device writes to a stick: all that has no receipt, and what it asks of its centre."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.clock import Clock
from app.domain.feed import FeedPosition
from app.domain.ids import Randomness
from app.storage.store import Store
from app.sync import wire
from app.sync.bundle import Bundle, write_bundle
from app.sync.envelope import MAX_FILE_BYTES
from app.sync.frame import CODEC_COLUMNS, MAX_EVENTS
from app.sync.identity import Identity, make_request
from app.sync.inbox import Inbox
from app.sync.outbox import Outbox, OutboxStream
from app.sync.pace import sendable_part
from app.sync.question import MAX_MARKS, Question
from app.sync.seal import Sealer, sealer
from app.sync.sealing import placed_seals
from app.sync.store_inbox import StoreInbox
from app.sync.store_outbox import StoreOutbox

ROOM = MAX_FILE_BYTES - (16 << 20)
"""For requests; what does not fit goes with the next bundle."""


@dataclass(frozen=True)
class Packed:
    """A bundle as it goes onto the stick."""

    data: bytes
    count: int
    """Events in it; none in one that only asks."""
    left: int
    """Events that had no room."""


def pack_bundle(store: Store, identity: Identity, clock: Clock, random: Randomness) -> Packed:
    """Return everything that has no receipt, and the question, for a stick; raises BundleKeyMissing."""
    outbox = StoreOutbox(store)
    seal = sealer(outbox.seal_key(random))
    streams = outbox.streams()
    waiting = sum(local.last_seq - local.acked for local in streams)
    hello = wire.Hello(identity.device_id, {local.stream.epoch: local.last_seq for local in streams})
    requests, count, weight = list[bytes](), 0, 0
    for request, events in _requests(outbox, streams, hello, seal, clock):
        if requests and weight + len(request) > ROOM:
            break
        requests.append(request)
        count, weight = count + events, weight + len(request)
    now = clock.now()
    made_at = now.replace(microsecond=now.microsecond // 1000 * 1000)
    question = ask(StoreInbox(store, clock), identity, clock)
    bundle = Bundle(identity.certificate, made_at, tuple(requests), placed_seals(store), question)
    return Packed(write_bundle(bundle, identity), count, waiting - count)


def ask(inbox: Inbox, identity: Identity, clock: Clock) -> Question:
    """Return what a device without a line asks of its centre."""
    held = {area: _marks(position, inbox.ends(area)) for area, position in inbox.positions().items()}
    due = clock.now() >= identity.renew_at
    csr = make_request(identity.key, identity.device_id) if due else b""
    return Question(held, inbox.feedback(), csr)


def _marks(position: FeedPosition, ends: Sequence[FeedPosition]) -> tuple[FeedPosition, ...]:
    """Return where a copy ends, then ends of its pages at distances that double."""
    before = [end for end in reversed(ends) if end.pos < position.pos]
    steps = [before[(1 << step) - 1] for step in range(MAX_MARKS - 1) if 1 << step <= len(before)]
    return (position, *steps)


def _requests(
    outbox: Outbox, streams: Sequence[OutboxStream], hello: wire.Hello, seal: Sealer, clock: Clock
) -> Iterator[tuple[bytes, int]]:
    """Yield request by request what has no receipt, each with how many events it carries."""
    for local in streams:
        after = local.acked
        while after < local.last_seq:
            events = sendable_part(outbox.pending(local.stream, after, MAX_EVENTS))
            events = events[: local.last_seq - after]
            if not events:
                break
            head, last = events[-1].hash, after + len(events)
            push = wire.Push(
                local.stream.epoch,
                after,
                outbox.hash_at(local.stream, after),
                head,
                tuple(event.data for event in events),
                seal(local.stream, last, head, clock.now()),
            )
            yield wire.encode_request(wire.Request(hello, push), CODEC_COLUMNS), len(events)
            after = last
