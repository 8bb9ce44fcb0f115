"""Sealing hour by hour: what is not at the centre yet is signed with its time."""

from datetime import UTC, datetime

from app.domain.clock import Clock, epoch_ms
from app.storage.receipts import hash_at
from app.storage.seals import KeptSeal, kept_seals, put_seal, unsealed_heads
from app.storage.store import Store, Transaction
from app.sync.bundle import PlacedSeal
from app.sync.seal import Seal, Sealer

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
        now = self._clock.now()
        places = unsealed_heads(transaction.db)
        for stream, seq in places:
            head = hash_at(transaction.db, stream, seq)
            made = self._seal(stream, seq, head, now)
            kept = KeptSeal(
                stream, seq, head, epoch_ms(made.sealed_at), made.algorithm, made.key, made.signature
            )
            put_seal(transaction.db, kept)
        return len(places)


def placed_seals(store: Store) -> tuple[PlacedSeal, ...]:
    """Return the seals made hour by hour as a bundle carries them."""
    return tuple(
        PlacedSeal(
            kept.stream,
            kept.seq,
            kept.head,
            Seal(
                kept.algorithm,
                kept.public_key,
                datetime.fromtimestamp(kept.sealed_at_ms / 1000, UTC),
                kept.signature,
            ),
        )
        for kept in kept_seals(store.read())
    )
