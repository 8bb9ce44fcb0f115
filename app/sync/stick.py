"""A device's own side of the bundle: what it writes to a stick, and the receipts it takes from one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.store import Store
from app.sync import wire
from app.sync.bundle import MAX_BUNDLE_BYTES, Bundle, BundleDamaged, read_receipts, write_bundle
from app.sync.frame import CODEC_COLUMNS, MAX_EVENTS
from app.sync.identity import Identity
from app.sync.outbox import Outbox, OutboxStream, Receipt
from app.sync.pace import sendable_part
from app.sync.seal import Sealer, sealer
from app.sync.sealing import placed_seals
from app.sync.store_outbox import StoreOutbox

ROOM = MAX_BUNDLE_BYTES - (16 << 20)
"""For requests; what does not fit goes with the next bundle."""


@dataclass(unsafe_hash=True)
class NothingToCarry(Refusal):
    """Everything on this device has its receipt."""


@dataclass(unsafe_hash=True)
class BundleRejected(Refusal):
    """An operator of the centre decided not to take what this device had; it stays on the device."""

    reason: str


@dataclass(unsafe_hash=True)
class BundleQuarantined(Refusal):
    """The centre holds the bundle apart until an operator decides about this device."""


@dataclass(frozen=True)
class Packed:
    """A bundle as it goes onto the stick."""

    data: bytes
    count: int
    """Events in it."""
    left: int
    """Events that had no room."""


def pack_bundle(store: Store, identity: Identity, clock: Clock, random: Randomness) -> Packed:
    """Return everything that has no receipt, for a stick; raises NothingToCarry or BundleKeyMissing."""
    outbox = StoreOutbox(store)
    seal = sealer(outbox.seal_key(random))
    streams = outbox.streams()
    waiting = sum(local.last_seq - local.acked for local in streams)
    if not waiting:
        raise NothingToCarry
    hello = wire.Hello(identity.device_id, {local.stream.epoch: local.last_seq for local in streams})
    requests, count, weight = list[bytes](), 0, 0
    for request, events in _requests(outbox, streams, hello, seal, clock):
        if requests and weight + len(request) > ROOM:
            break
        requests.append(request)
        count, weight = count + events, weight + len(request)
    now = clock.now()
    made_at = now.replace(microsecond=now.microsecond // 1000 * 1000)
    bundle = Bundle(identity.certificate, made_at, tuple(requests), placed_seals(store))
    return Packed(write_bundle(bundle, identity), count, waiting - count)


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


def take_receipts(store: Store, identity: Identity, data: bytes) -> int:
    """Write the receipts of a stick down; return how many events the centre has now that had none before.

    An answer is believed as in an exchange: only if its hash is this device's own. Twice is the same as once.
    Raises BundleDamaged, BundleOfOtherCentre, BundleKeyMissing, BundleRejected or BundleQuarantined.
    """
    receipts = read_receipts(data, identity)
    if receipts.outcome == "rejected":
        raise BundleRejected(receipts.reason)
    if receipts.outcome != "taken":
        raise BundleQuarantined
    outbox = StoreOutbox(store)
    return sum(_take(outbox, answer) for answer in receipts.answers)


def _take(outbox: Outbox, data: bytes) -> int:
    try:
        answer = wire.decode_answer(data)
    except Refusal as refusal:
        raise BundleDamaged("changed") from refusal
    told = answer.push if isinstance(answer, wire.Answer) else None
    local = next((one for one in outbox.streams() if told and one.stream.epoch == told.epoch), None)
    if local is None or told is None or isinstance(told, wire.Fork) or told.acked > local.last_seq:
        return 0
    if outbox.hash_at(local.stream, told.acked) != told.head:
        return 0
    if isinstance(told, wire.Gap):
        if told.acked < local.acked:
            outbox.withdraw_receipts(local.stream, told.acked)
        return 0
    taken = local.acked
    receipts: list[Receipt] = []
    for run in told.receipts:
        last = min(run.last_seq, told.acked)
        if not run.first_seq <= taken + 1 <= last:
            continue
        events = outbox.pending(local.stream, taken, last - taken)
        receipts += [Receipt(event.event_id, event.seq, run.received_at) for event in events]
        taken = last
    if receipts:
        outbox.record_receipts(local.stream, receipts)()
    return len(receipts)
