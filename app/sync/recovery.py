"""What happened when centre and device hold different histories, and how they find where these part."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.refusals import Refusal
from app.sync.outbox import Outbox
from app.sync.wire import Welcome


@dataclass(unsafe_hash=True)
class StreamForked(Refusal):
    """The centre holds other events under these numbers: the disk was cloned, or restored and used."""

    epoch: str
    acked: int
    carried: int = 0
    """So many events go on in another stream."""


@dataclass(unsafe_hash=True)
class StreamRewound(Refusal):
    """The centre holds more of this stream than the device: the store was restored from an old backup."""

    epoch: str
    acked: int
    last_seq: int


@dataclass(unsafe_hash=True)
class CentreRestored(Refusal):
    """The centre was restored from its backup; what it lost of this device was sent again."""

    incarnation: str


OFTEN = timedelta(seconds=30)
"""Steps smaller than that are not worth a write."""


class KnownCentre:
    """Which centre this device speaks to, and whether it began anew."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._incarnation: str | None = None
        self._durable_to: datetime | None = None

    def hear(self, welcome: Welcome) -> list[Refusal]:
        """Remember it, and return what is to be told of it; receipts of what it lost are withdrawn by now."""
        if welcome.durable_to is not None:
            self._hear_durable(welcome.durable_to)
        incarnation = welcome.incarnation
        before = self._outbox.incarnation() if self._incarnation is None else self._incarnation
        if incarnation != before:
            self._outbox.remember_incarnation(incarnation)
        self._incarnation = incarnation
        return [CentreRestored(incarnation)] if incarnation != before != "" else []

    def _hear_durable(self, told: datetime) -> None:
        """Remember by when all lies in a second place; not each of its many small steps."""
        known = self._durable_to
        if known is None or told < known or told - known >= OFTEN:
            self._outbox.remember_durable(told)
            self._durable_to = told


def haves(last_seq: int, acked: int, hash_at: Callable[[int], bytes]) -> tuple[tuple[int, bytes], ...]:
    """Return (seq, hash) at ``acked`` and at distances 0, 1, 2, 4 … from the last event.

    Of those that match the centre takes the highest: what is carried on needlessly is at most as much as what
    has to be.
    """
    seqs, distance = {acked, last_seq}, 1
    while distance < last_seq:
        seqs.add(last_seq - distance)
        distance *= 2
    return tuple((seq, hash_at(seq)) for seq in sorted(seqs - {0}))
