"""Sealing: hour by hour what is not at the centre yet, and before each backup all that will stand in it."""

from contextlib import suppress

from app.domain.clock import Clock, epoch_ms
from app.domain.ids import Randomness
from app.storage.receipts import hash_at, stream_states
from app.storage.seals import KeptSeal, kept_seals, put_seal, unsealed_heads
from app.storage.store import Store, Transaction
from app.sync.bundle import PlacedSeal
from app.sync.outbox import OutboxUnavailable
from app.sync.seal import Seal, Sealer, sealer
from app.sync.store_outbox import StoreOutbox, asked

EVERY_S = 3600.0


class HourlySealing:
    """Signs how far the streams reach, at most once an hour and only where something is new."""

    def __init__(self, store: Store, clock: Clock, seal: Sealer) -> None:
        self._store = store
        self._clock = clock
        self._seal = seal
        self._due_at_s = clock.monotonic()

    def look(self) -> None:
        """Seal if an hour has gone by; returns at once, the writing is the writer's."""
        if self._clock.monotonic() >= self._due_at_s:
            self._due_at_s = self._clock.monotonic() + EVERY_S
            self._store.submit(self.seal_now)

    def seal_now(self, transaction: Transaction) -> int:
        """Seal what is not sealed yet, in a transaction; return how many streams were."""
        return _seal_heads(transaction, self._clock, self._seal, receipted=False)


def seal_for_backup(store: Store, clock: Clock, random: Randomness) -> None:
    """Seal every stream to its end, so that the copy made next carries a signed head.

    A full disk here keeps no copy from another disk: it then carries the seals there are.
    """
    with suppress(OutboxUnavailable):
        seal = sealer(StoreOutbox(store).seal_key(random))
        asked(lambda: store.write(lambda work: _seal_heads(work, clock, seal, receipted=True)))


def placed_seals(store: Store) -> tuple[PlacedSeal, ...]:
    """Return the seals over what has no receipt yet, as a bundle carries them."""
    db = store.read()
    acked = {state.stream: state.acked for state in stream_states(db)}
    return tuple(
        PlacedSeal(
            kept.stream,
            kept.seq,
            kept.head,
            Seal(kept.algorithm, kept.public_key, kept.sealed_at, kept.signature),
        )
        for kept in kept_seals(db)
        if kept.seq > acked.get(kept.stream, 0)
    )


def _seal_heads(transaction: Transaction, clock: Clock, seal: Sealer, *, receipted: bool) -> int:
    now = clock.now()
    places = unsealed_heads(transaction.db, receipted=receipted)
    for stream, seq in places:
        head = hash_at(transaction.db, stream, seq)
        made = seal(stream, seq, head, now)
        kept = KeptSeal(stream, seq, head, epoch_ms(made.sealed_at), made.algorithm, made.key, made.signature)
        put_seal(transaction.db, kept)
    return len(places)
