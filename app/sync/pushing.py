"""A push on its way, and the one after it, made ready while the centre works on the first."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from app.domain.journal import Stream
from app.sync import wire
from app.sync.frame import MessageMalformed
from app.sync.outbox import OutboxStream, PendingEvent


@dataclass(frozen=True)
class Sent:
    """A push on its way, with what it was made of."""

    local: OutboxStream
    after: int
    events: Sequence[PendingEvent]

    @property
    def last(self) -> int:
        """The last ``seq`` of the push."""
        return self.after + len(self.events)


@dataclass(frozen=True)
class Packed:
    """A push as the request that carries it."""

    sent: Sent
    """Without events if the first alone is more than a push may be, and then not to be sent."""
    frame: bytes = b""


Aside = Callable[[Callable[[], Packed]], "Future[Packed]"]
"""Runs something beside the exchange under way, as an executor's ``submit``."""


@dataclass(frozen=True)
class Ahead:
    """The request that is next if the centre takes the one under way whole; it asks for no feed."""

    stream: Stream
    after: int
    hello: wire.Hello
    codec: int
    packed: "Future[Packed]"

    def follows(self, hello: wire.Hello, local: OutboxStream, codec: int) -> bool:
        """Whether all it was made from is as it was expected to be."""
        mine = self.hello, self.codec, self.stream, self.after
        return mine == (hello, codec, local.stream, local.acked)


def receipts_of(sent: Sent, ack: wire.Ack) -> list[wire.ReceiptRun]:
    """Return the receipts of the events sent that the centre holds; raises MessageMalformed if one lacks."""
    taken = sent.last if ack.refused is None else min(sent.last, ack.refused.seq - 1)
    if ack.acked < taken:
        raise MessageMalformed("acked")
    last, runs = sent.after, list[wire.ReceiptRun]()
    for run in ack.receipts:
        if run.first_seq <= last + 1 <= min(run.last_seq, taken):
            runs.append(wire.ReceiptRun(last + 1, min(run.last_seq, taken), run.received_at))
            last = runs[-1].last_seq
    if last < taken:
        raise MessageMalformed("receipts")
    return runs
