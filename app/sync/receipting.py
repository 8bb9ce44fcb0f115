"""The receipts of a push, written down while the next request is on its way (sync.md, *One push*)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.journal import Stream
from app.sync.outbox import Outbox, OutboxStream, Written
from app.sync.unfit import UnfitRun
from app.sync.wire import ReceiptRun


@dataclass(frozen=True)
class _Writing:
    """Receipts handed to the store and not known to be durable yet."""

    stream: Stream
    last_seq: int
    count: int
    written: Written


class Receipting:
    """Hands receipts to the store; what is to be sent next is known before they are durable.

    They count for nothing before that: whoever draws a conclusion from them or shows them lands them first.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._writing: _Writing | None = None

    @property
    def under_way(self) -> int:
        """So many are not known to be durable."""
        return self._writing.count if self._writing else 0

    def begin(self, stream: Stream, runs: Sequence[ReceiptRun], unfit: Sequence[UnfitRun]) -> None:
        """Have receipts written, and what of them is unfit; those before have landed."""
        written, last_seq = self._outbox.record_receipts(stream, runs, unfit), runs[-1].last_seq
        self._writing = _Writing(stream, last_seq, last_seq - runs[0].first_seq + 1, written)

    def land(self) -> int:
        """Wait for what was begun; return how many are durable now. Raises OutboxUnavailable: none."""
        writing, self._writing = self._writing, None
        if writing is None:
            return 0
        writing.written()
        return writing.count

    def streams(self) -> Sequence[OutboxStream]:
        """Return every local stream, as if what was begun had landed."""
        return [self._landed(local) for local in self._outbox.streams()]

    def _landed(self, local: OutboxStream) -> OutboxStream:
        writing = self._writing
        if writing is None or writing.stream != local.stream or writing.last_seq <= local.acked:
            return local
        return replace(local, acked=writing.last_seq)
