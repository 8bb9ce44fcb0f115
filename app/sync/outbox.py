"""What the sync engine needs of the store: the local streams, their events in order, a place for receipts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from app.domain.journal import Stream
from app.domain.refusals import Refusal
from app.sync.unfit import UnfitRun
from app.sync.wire import ReceiptRun


@dataclass(frozen=True)
class OutboxStream:
    """One local stream and how far it is receipted."""

    stream: Stream
    last_seq: int
    """Of the last event that goes up in this stream; 0 when there is none."""
    acked: int
    """Every event up to here has its receipt."""
    current: bool = True
    """New events go to this stream."""


class PendingEvent(NamedTuple):
    """One event as it stands in the journal."""

    seq: int
    event_id: str
    data: bytes
    """The bytes as first written."""
    hash: bytes
    """The chain's hash at this event."""


@dataclass(unsafe_hash=True)
class OutboxUnavailable(Refusal):
    """The store cannot be asked or written just now (disk full, closing); sync tries again later."""

    reason: str


Written = Callable[[], object]
"""Waits until what was handed over is durable; raises OutboxUnavailable if nothing of it was written."""


class Outbox(Protocol):
    """The store as the engine sees it.

    Called from the sync thread alone, save ``pending`` and ``hash_at``: they are asked for the push that
    follows, too, while one is under way. A call may block until the store's writer is free. Any call may
    raise OutboxUnavailable; nothing else is expected.
    """

    def streams(self) -> Sequence[OutboxStream]:
        """Return every stream this device ever wrote, oldest first, the one in use last."""
        ...

    def pending(self, stream: Stream, after_seq: int, limit: int) -> Sequence[PendingEvent]:
        """Return the events after ``after_seq``, receipted or not, in order, gapless, at most ``limit``."""
        ...

    def hash_at(self, stream: Stream, seq: int) -> bytes:
        """Return the chain's hash at ``seq`` (0 to ``last_seq``); at 0 it is ``genesis(stream)``."""
        ...

    def withdraw_receipts(self, stream: Stream, after_seq: int) -> None:
        """Forget durably the receipts after ``after_seq``: the centre went back and no longer holds these."""
        ...

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        """Give a stream up after ``keep``, in one transaction; return how many events go on elsewhere.

        They are appended with the same ids to the stream in use, which is ``fresh``, opened ``at``, if it was
        the one in use that is given up.
        """
        ...

    def incarnation(self) -> str:
        """Return the incarnation of the centre last heard of; empty before the first."""
        ...

    def remember_incarnation(self, incarnation: str) -> None:
        """Keep the centre's incarnation durably."""
        ...

    def remember_durable(self, to: datetime) -> None:
        """Keep durably by when whatever the centre had received lies in a second place."""
        ...

    def record_receipts(
        self, stream: Stream, runs: Sequence[ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        """Begin to write receipts durably, in one transaction, before whatever is written after this call.

        The runs leave no gap, neither between them nor behind what has its receipt, which it keeps.
        ``unfit``: what the centre has of them and cannot file; nothing else of them is.
        """
        ...
