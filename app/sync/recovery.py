"""What happened when centre and device hold different histories, and how they find where these part."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.refusals import Refusal


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
