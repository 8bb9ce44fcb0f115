"""The core of sync: what to send next, what an answer means, when to call again.

No clock, randomness, socket or thread of its own: all are passed in. ``step`` makes at most one exchange and
returns how long to wait; whoever calls it (``runner``, a test, a simulator) does the waiting.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.domain.journal import Stream
from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.frame import (
    BEST_CODEC,
    CODEC_ZLIB,
    MessageMalformed,
    MessageTooLarge,
    WireVersionUnknown,
)
from app.sync.inbox import Inbox
from app.sync.outbox import Outbox, OutboxStream, OutboxUnavailable, PendingEvent
from app.sync.pace import Batch, Patience, sendable_part
from app.sync.puller import Puller
from app.sync.pushing import Ahead, Aside, Packed, Sent, receipts_of
from app.sync.receipting import Receipting
from app.sync.recovery import KnownCentre, StreamForked, StreamRewound, haves
from app.sync.seal import Sealer
from app.sync.state import ClockOffset, Idle, Offline, Refused, SyncState, Working, offset_of
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable, Transport

EPOCH_BYTES = 8
SLOW_S = 1.0
"""Of an exchange: over such a link the disk is waited for at once, or a screen would tell too late."""


@dataclass(unsafe_hash=True)
class EventNotTaken(Refusal):
    """The centre cannot file an event; or it takes nothing from here on, and the stream waits."""

    epoch: str
    seq: int
    name: str
    reason: str


class SyncEngine:
    """Sends every local stream to the centre, writes down the receipts, and takes in the feeds."""

    def __init__(
        self,
        device_id: str,
        outbox: Outbox,
        transport: Transport,
        clock: Clock,
        random: Randomness,
        on_change: Callable[[SyncState], None] = lambda state: None,
        seal: Sealer | None = None,
        inbox: Inbox | None = None,
        aside: Aside | None = None,
    ) -> None:
        """``on_change`` is called from the stepping thread, each time ``state`` becomes another.

        ``seal`` signs each push; a device without a key of its own sends unsealed. Without ``inbox`` nothing
        is pulled. With ``aside`` the push that follows is packed while the centre works on the one before.
        """
        self._seal, self._aside = seal, aside
        self._ahead: Ahead | None = None
        self._puller = Puller(inbox) if inbox else None
        self._device_id = device_id
        self._outbox, self._receipts = outbox, Receipting(outbox)
        self._transport = transport
        self._clock, self._on_change = clock, on_change
        self._batch = Batch()
        self._codec = BEST_CODEC
        """Until the centre says it is too old for it."""
        self._patience = Patience(random)
        self._due_at_s = float("-inf")
        self._running, self._done = False, 0
        self._synced_at: datetime | None = None
        self._offline_since: datetime | None = None
        self._random = random
        self._centre = KnownCentre(outbox)
        self._doubted: set[str] = set()
        """Epochs whose history is not the centre's: the next hello asks where they part."""
        self._parted = False
        """The centre holds other events under a stream's numbers: a page beside that may leave out, as this
        device's own, what it never had."""
        self._asked: set[str] = set()
        """Epochs asked about in this run: a centre that contradicts itself is not asked for ever."""
        self._recovered: list[Refusal] = []
        """What this run put in order."""
        self._halted: dict[str, Refusal] = {}
        """By epoch: why a stream goes no further, until it is asked again."""
        self._ask_again_at_s = float("-inf")
        self._resting = True
        """The last run came to its end: the wait is not a back-off."""
        self.state: SyncState = Idle(None)
        self.clock_offset: ClockOffset | None = None

    def wake(self, *, forced: bool = False) -> None:
        """Something new was recorded; ``forced``: a person asked, so do not sit out the back-off.

        A stream in trouble does not keep a new record of another one waiting, nor is it asked again for it.
        """
        if forced:
            self._ask_again_at_s = float("-inf")
        if forced or self._resting:
            self._due_at_s = float("-inf")

    def step(self) -> float:
        """Make one exchange if one is due; return seconds until the next is."""
        wait = self._due_at_s - self._clock.monotonic()
        if wait > 0:
            return wait
        try:
            if self._exchange():
                return 0.0
            return self._finish()
        except CentreBusy as busy:
            return self._offline(busy, busy.retry_after_s)
        except (CentreUnreachable, AnswerForeign, MessageMalformed, MessageTooLarge) as cause:
            return self._offline(cause)
        except (CentreDeclined, OutboxUnavailable, WireVersionUnknown) as refusal:
            return self._refused((refusal,), self._patience.after_failure())

    def _exchange(self) -> bool:
        """Make one exchange; return whether more is waiting."""
        if not self._running:
            self._land()
            self._running, self._resting, self._done = True, False, 0
            self._recovered, self._asked = [], set()
            if self._puller:
                self._puller.begin()
            if self._clock.monotonic() >= self._ask_again_at_s:
                self._halted.clear()
        streams = self._receipts.streams()
        ahead, self._ahead = self._fitting_ahead(streams), None
        sent = ahead.sent if ahead else self._next_push(streams)
        if isinstance(self.state, Idle):
            self._show_work(streams)
        self._parted = False
        try:
            answer, took_s = self._call(streams, sent, ahead)
        finally:
            self._land()
        self._show_work(streams)
        for local in streams:
            standing = answer.welcome.standings.get(local.stream.epoch)
            if standing is not None:
                self._compare(local, standing)
        if sent is not None:
            self._settle(sent, answer.push)
        self._recovered += self._centre.hear(answer.welcome)
        if self._puller and answer.feeds is not None and not self._parted:
            self._puller.hear(answer.feeds, answer.offered, took_s)
        self._patience.succeeded()
        streams = self._receipts.streams()
        more_up = any(local.acked < local.last_seq for local in self._open(streams))
        unasked = ahead is not None and self._puller is not None
        more_down = bool(self._puller and self._puller.wants_more)
        more = more_up or unasked or bool(self._doubted) or more_down
        if not more or took_s > SLOW_S:
            self._land()
        self._show_work(streams)
        return more

    def _land(self) -> None:
        """Wait for what was begun to be written down of the answer before."""
        self._done += self._receipts.land()
        if self._puller:
            self._puller.land()

    def _call(
        self, streams: Sequence[OutboxStream], sent: Sent | None, ahead: Packed | None
    ) -> tuple[wire.Answer, float]:
        """Return the centre's answer and the seconds it took."""
        request = ahead.frame if ahead else self._encode(self._request(streams, sent))
        self._look_ahead(streams, sent)
        started_s, started_at = self._clock.monotonic(), self._clock.now()
        try:
            raw = self._transport.exchange(request)
        except CentreUnreachable as cause:
            if cause.reason in ("timeout", "cut"):
                if sent is not None:
                    self._batch.failed()
                if self._puller:
                    self._puller.failed()
            raise
        took_s = self._clock.monotonic() - started_s
        answer = self._decode(raw)
        if isinstance(answer, wire.Declined):
            if answer == wire.CODEC_UNKNOWN and self._codec != CODEC_ZLIB:
                self._codec = CODEC_ZLIB
                return self._call(streams, sent, None)
            raise CentreDeclined(answer.name, answer.reason)
        self._synced_at, self._offline_since = self._clock.now(), None
        offset = offset_of(self._clock, started_at, took_s, answer.welcome.server_time)
        self.clock_offset = offset or self.clock_offset
        if sent is not None:
            self._batch.took(len(sent.events), took_s)
        return answer, took_s

    def _encode(self, request: wire.Request) -> bytes:
        return wire.encode_request(request, self._codec)

    def _decode(self, raw: bytes) -> wire.Answer | wire.Declined:
        return wire.decode_answer(raw)

    def _look_ahead(self, streams: Sequence[OutboxStream], sent: Sent | None) -> None:
        """Have the push read and packed that follows if the centre takes this one whole."""
        if self._aside is None or sent is None or self._doubted or sent.last >= sent.local.last_seq:
            return
        limit = min(self._batch.after(len(sent.events)), sent.local.last_seq - sent.last)
        hello, codec = self._hello(streams), self._codec
        packed = self._aside(partial(self._pack_ahead, sent.local, sent.last, limit, hello))
        self._ahead = Ahead(sent.local.stream, sent.last, hello, codec, packed)

    def _pack_ahead(self, local: OutboxStream, after: int, limit: int, hello: wire.Hello) -> Packed:
        """Return a push as the request that carries it; runs beside the exchange under way."""
        sent = Sent(local, after, sendable_part(self._outbox.pending(local.stream, after, limit)))
        push = self._push_of(sent) if sent.events else None
        return Packed(sent, self._encode(wire.Request(hello, push)))

    def _fitting_ahead(self, streams: Sequence[OutboxStream]) -> Packed | None:
        """Return the request packed ahead, if everything has come as it was expected."""
        local = next((local for local in self._open(streams) if local.acked < local.last_seq), None)
        if self._ahead is None or local is None or self._doubted:
            return None
        if not self._ahead.follows(self._hello(streams), local, self._codec):
            return None
        packed = self._ahead.packed.result()
        if not 0 < len(packed.sent.events) <= self._batch.size:
            return None  # too much, or the link has shown itself slower than was thought
        return replace(packed, sent=replace(packed.sent, local=local))

    def _request(self, streams: Sequence[OutboxStream], sent: Sent | None) -> wire.Request:
        hello, push = self._hello(streams), self._push_of(sent)
        if self._puller is None or hello.haves:
            return wire.Request(hello, push)
        offer = () if push else tuple(self._puller.offer())
        return wire.Request(hello, push, self._puller.ask(), offer)

    def _hello(self, streams: Sequence[OutboxStream]) -> wire.Hello:
        asking = [local for local in streams if local.stream.epoch in self._doubted]
        self._asked |= self._doubted
        return wire.Hello(
            self._device_id,
            {local.stream.epoch: local.last_seq for local in streams},
            {
                local.stream.epoch: haves(
                    local.last_seq, local.acked, partial(self._outbox.hash_at, local.stream)
                )
                for local in asking
            },
        )

    def _next_push(self, streams: Sequence[OutboxStream]) -> Sent | None:
        for local in self._open(streams):
            after = local.acked
            if after < local.last_seq:
                limit = min(self._batch.size, local.last_seq - after)
                events = self._outbox.pending(local.stream, after, limit)
                if not events:
                    raise OutboxUnavailable("events missing")
                sendable = sendable_part(events)
                if sendable:
                    return Sent(local, after, sendable)
                self._halt_at(local, events[0])
        return None

    def _halt_at(self, local: OutboxStream, event: PendingEvent) -> None:
        epoch = local.stream.epoch
        self._halted[epoch] = EventNotTaken(epoch, event.seq, MessageTooLarge.__name__, "event")

    def _push_of(self, sent: Sent | None) -> wire.Push | None:
        if sent is None:
            return None
        stream = sent.local.stream
        after_hash = self._outbox.hash_at(stream, sent.after)
        events = tuple(event.data for event in sent.events)
        head = sent.events[-1].hash
        seal = self._seal(stream, sent.last, head, self._clock.now()) if self._seal else None
        return wire.Push(stream.epoch, sent.after, after_hash, head, events, seal)

    def _open(self, streams: Sequence[OutboxStream]) -> list[OutboxStream]:
        waiting = {*self._halted, *self._doubted}
        return [local for local in streams if local.stream.epoch not in waiting]

    def _compare(self, local: OutboxStream, standing: wire.Standing) -> None:
        """Hold the centre's standing of a stream against the local one (sync.md, *At welcome*)."""
        epoch, last = local.stream.epoch, local.last_seq
        self._doubted.discard(epoch)
        beyond = standing.acked > last
        theirs = standing.at_last if beyond else standing.head
        if theirs != self._outbox.hash_at(local.stream, last if beyond else standing.acked):
            self._part(local, standing)
        elif beyond and local.current:
            self._carry_on(local, last)
            self._parted = True
            if self._puller:
                self._puller.rewound(local.stream, last)
            self._recovered.append(StreamRewound(epoch, standing.acked, last))
        elif standing.acked < local.acked:
            self._outbox.withdraw_receipts(local.stream, standing.acked)

    def _part(self, local: OutboxStream, standing: wire.Standing) -> None:
        """Ask where the histories part; once that is known, go on from there in another stream."""
        self._parted = True
        epoch = local.stream.epoch
        if standing.match is not None:
            carried = self._carry_on(local, min(standing.match, local.last_seq))
            if self._puller:
                self._puller.parted()
            self._recovered.append(StreamForked(epoch, standing.acked, carried))
        elif epoch in self._asked:
            self._halted[epoch] = StreamForked(epoch, standing.acked)
        else:
            self._doubted.add(epoch)

    def _carry_on(self, local: OutboxStream, keep: int) -> int:
        fresh = Stream(self._device_id, self._random(EPOCH_BYTES).hex())
        return self._outbox.carry_on(local.stream, keep, fresh, self._clock.now())

    def _settle(self, sent: Sent, result: wire.PushResult | None) -> None:
        """Draw the consequences of what became of a push."""
        if result is None or result.epoch != sent.local.stream.epoch:
            raise MessageMalformed("push")
        standing = wire.Standing(result.acked, result.head)
        if isinstance(result, wire.Fork):
            self._part(sent.local, standing)
            return
        self._compare(sent.local, standing)
        if isinstance(result, wire.Ack):
            self._receipt(sent, result)
        elif result.acked >= sent.after:
            raise MessageMalformed("gap")

    def _receipt(self, sent: Sent, ack: wire.Ack) -> None:
        epoch = sent.local.stream.epoch
        if not self._proves(sent, ack):
            return
        receipts = receipts_of(sent, ack)
        if receipts:
            self._receipts.begin(sent.local.stream, receipts, ack.unfit)
        if ack.refused is not None:
            refused = ack.refused
            self._halted[epoch] = EventNotTaken(epoch, refused.seq, refused.name, refused.reason)

    def _proves(self, sent: Sent, ack: wire.Ack) -> bool:
        """Whether the centre's hash is this device's own: where it stands, or at the last event sent."""
        if ack.acked > sent.local.last_seq:
            return ack.at_last == sent.events[-1].hash
        return ack.head == self._outbox.hash_at(sent.local.stream, ack.acked)

    def _show_work(self, streams: Sequence[OutboxStream]) -> None:
        left = sum(local.last_seq - local.acked for local in self._open(streams)) + self._receipts.under_way
        kept, behind = self._puller.progress if self._puller else (0, 0)
        if left or behind or isinstance(self.state, Working):
            self._show(Working(self._done, self._done + left, kept, kept + behind))

    def _finish(self) -> float:
        wait = self._patience.until_next_run()
        self._resting = True
        differences = self._puller.differences() if self._puller else ()
        if self._halted or differences:
            now_s = self._clock.monotonic()
            if self._ask_again_at_s <= now_s:
                self._ask_again_at_s = now_s + wait
            return self._refused((*self._halted.values(), *differences), self._ask_again_at_s - now_s)
        repaired = self._puller.repaired if self._puller else ()
        return self._rest(Idle(self._synced_at, (*self._recovered, *repaired)), wait)

    def _refused(self, refusals: tuple[Refusal, ...], wait_s: float) -> float:
        due_at = self._clock.now() + timedelta(seconds=wait_s)
        return self._rest(Refused(refusals, due_at, self._synced_at), wait_s)

    def _offline(self, cause: Refusal, asked_s: float = 0.0) -> float:
        wait = self._patience.after_failure(asked_s)
        now = self._clock.now()
        self._offline_since = self._offline_since or now
        due_at = now + timedelta(seconds=wait)
        return self._rest(Offline(self._offline_since, due_at, cause, self._synced_at), wait)

    def _rest(self, state: SyncState, seconds: float) -> float:
        """End the run, however it went; before anybody hears of it, whoever came can be found."""
        self._running = False
        if self._puller:
            self._puller.end()
        self._show(state)
        self._due_at_s = self._clock.monotonic() + seconds
        return seconds

    def _show(self, state: SyncState) -> None:
        if state != self.state:
            self.state = state
            self._on_change(state)
