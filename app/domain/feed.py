"""The feed of an area: what its sites tell each other of people and doses, and how two copies are compared.

Events stand in it in the order the centre first saw them, numbered 1, 2, 3 … A copy up to a position is
known by its digest: the sum of the first eight bytes of each event's SHA-256 (sync.md, *End of sync*).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from struct import Struct

SHARED_KINDS = frozenset({
    "patient.registered", "patient.amended", "immunization.recorded", "immunization.voided",
    "adverse_event.drafted", "patient.judged", "condition.recorded", "past_dose.recorded",
    "past_dose.withdrawn",
})  # fmt: skip
"""What another site of the area has to know; everything else is the business of its own site."""

DIGEST_BYTES = 8
_MODULUS = 1 << (8 * DIGEST_BYTES)
_FOUR = Struct(">4Q")
"""A hash as numbers of so many bytes."""


@dataclass(frozen=True)
class FeedPosition:
    """How far a copy of a feed reaches: so many events, and their digest."""

    pos: int = 0
    digest: int = 0

    def after(self, events: Iterable[bytes]) -> "FeedPosition":
        """Return the position after some more events, given as their bytes."""
        added = marks(events)
        return FeedPosition(self.pos + len(added), (self.digest + sum(added)) % _MODULUS)

    def plus(self, other: "FeedPosition") -> "FeedPosition":
        """Return the position after as many events more as the other counts."""
        return FeedPosition(self.pos + other.pos, (self.digest + other.digest) % _MODULUS)

    def minus(self, earlier: "FeedPosition") -> "FeedPosition":
        """Return what lies between an earlier position and this one."""
        return FeedPosition(self.pos - earlier.pos, (self.digest - earlier.digest) % _MODULUS)


START = FeedPosition()


def marks(events: Iterable[bytes]) -> Sequence[int]:
    """Return what each of some events adds to a digest."""
    hashes = [hashlib.sha256(data).digest() for data in events]
    return [first for first, *_ in _FOUR.iter_unpack(b"".join(hashes))]
