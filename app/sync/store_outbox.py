"""The encrypted store as the engine's outbox."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlcipher3 import dbapi2

from app.domain.clock import instant_text
from app.domain.ids import Randomness
from app.domain.journal import Stream
from app.storage import receipts
from app.storage.carrying import carry_on
from app.storage.local import get_secret, get_setting, put_secret, put_setting
from app.storage.seals import SEAL_KEY
from app.storage.store import Store, StoreFull, StoreUnwritable, Transaction
from app.storage.unfit import put_unfit
from app.sync.outbox import OutboxStream, OutboxUnavailable, PendingEvent, Written
from app.sync.seal import KEY_BYTES
from app.sync.unfit import UnfitRun
from app.sync.wire import ReceiptRun

T = TypeVar("T")
INCARNATION = "centre.incarnation"
"""The setting that remembers which centre, restored or not, was last heard of."""


class StoreOutbox:
    """Reads on the sync thread's own connection; receipts go through the one writer."""

    def __init__(self, store: Store, received: Callable[[], object] = lambda: None) -> None:
        """``received`` is told, on whatever thread, after receipts were written."""
        self._store = store
        self._received = received

    def streams(self) -> Sequence[OutboxStream]:
        """Return every local stream, the one in use last."""
        states = asked(lambda: receipts.stream_states(self._store.read()))
        return [OutboxStream(state.stream, state.last_seq, state.acked, state.current) for state in states]

    def pending(self, stream: Stream, after_seq: int, limit: int) -> Sequence[PendingEvent]:
        """Return the events after ``after_seq`` in order."""
        rows = asked(lambda: receipts.pending(self._store.read(), stream, after_seq, limit))
        return list(map(PendingEvent._make, rows))

    def hash_at(self, stream: Stream, seq: int) -> bytes:
        """Return the chain's hash at ``seq``."""
        return asked(lambda: receipts.hash_at(self._store.read(), stream, seq))

    def record_receipts(
        self, stream: Stream, runs: Sequence[ReceiptRun], unfit: Sequence[UnfitRun] = ()
    ) -> Written:
        """Begin to write receipts in one transaction, and what of them is unfit."""
        rows = [(run.last_seq, instant_text(run.received_at)) for run in runs]
        span = runs[0].first_seq, runs[-1].last_seq
        refused = [(run.first_seq, run.last_seq, run.name, run.reason) for run in unfit]

        def work(transaction: Transaction) -> None:
            receipts.put_receipts(transaction.db, stream, rows)
            put_unfit(transaction.db, stream, span, refused)

        return begin(self._store, work, self._received)

    def withdraw_receipts(self, stream: Stream, after_seq: int) -> None:
        """Forget the receipts after ``after_seq``."""
        self._write(lambda transaction: receipts.withdraw_receipts(transaction.db, stream, after_seq))
        self._received()

    def carry_on(self, stream: Stream, keep: int, fresh: Stream, at: datetime) -> int:
        """Give a stream up after ``keep``; return how many events go on elsewhere."""
        opened_at = instant_text(at)
        carried = self._write(lambda transaction: carry_on(transaction.db, stream, keep, fresh, opened_at))
        self._received()
        return carried

    def incarnation(self) -> str:
        """Return the incarnation of the centre last heard of."""
        return asked(lambda: get_setting(self._store.read(), INCARNATION))

    def remember_incarnation(self, incarnation: str) -> None:
        """Keep the centre's incarnation."""
        self._write(lambda transaction: put_setting(transaction.db, INCARNATION, incarnation))

    def remember_durable(self, to: datetime) -> None:
        """Keep by when whatever the centre had received lies in a second place."""
        self._write(lambda transaction: receipts.put_durable(transaction.db, to))
        self._received()

    def seal_key(self, random: Randomness) -> bytes:
        """Return this device's own signing key, made the first time and kept in the encrypted store."""
        return asked(lambda: get_secret(self._store.read(), SEAL_KEY)) or self._write(
            lambda transaction: _make_key(transaction, random)
        )

    def _write(self, work: Callable[[Transaction], T]) -> T:
        return asked(lambda: self._store.write(work))


def _make_key(transaction: Transaction, random: Randomness) -> bytes:
    key = random(KEY_BYTES)
    put_secret(transaction.db, SEAL_KEY, key)
    return key


def begin(store: Store, work: Callable[[Transaction], object], done: Callable[[], object]) -> Written:
    """Have the one writer run ``work``; ``done`` is told, on its thread, once that is committed."""
    future = store.submit(work)
    future.add_done_callback(lambda ended: ended.exception() or done())
    return lambda: asked(future.result)


def asked(ask: Callable[[], T]) -> T:
    """Turn a store that cannot be asked or written just now into the engine's refusal."""
    try:
        return ask()
    except (dbapi2.Error, StoreFull, StoreUnwritable) as error:
        raise OutboxUnavailable(str(error)) from error
