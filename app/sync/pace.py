"""How much at once and how long to wait: the two measures by which sync adapts to its link."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.ids import Randomness
from app.sync.frame import MAX_EVENT_BYTES, MAX_EVENTS
from app.sync.outbox import PendingEvent

FIRST_BATCH = 300
"""About five seconds of a 2G link (performance.md, row 8)."""
LINK_S = 5.0
"""A push should keep the link no longer than this, so that a cut costs little."""
GROWTH = 4.0
BATCH_BYTES = 4 << 20
"""Events of one push together, uncompressed; a single event may exceed it."""

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0
LONGEST_ASKED_WAIT_S = 3600.0
"""A centre may ask for patience, but not for ever."""


@dataclass
class Batch:
    """The number of events to send next, learnt from how long the last ones took."""

    size: int = FIRST_BATCH
    growing: bool = True
    """The last push was quick enough for all the growth there is; so may the one under way be."""

    def took(self, events: int, seconds: float) -> None:
        """Aim the next push at ``LINK_S``; a push shorter than ``size`` says nothing about a longer one."""
        aim = events * LINK_S / max(seconds, 0.001)
        if seconds > LINK_S:
            self.size, self.growing = max(1, min(self.size, int(aim))), False
        elif events >= self.size:
            most = self.size * GROWTH
            self.size, self.growing = max(1, min(MAX_EVENTS, int(min(aim, most)))), aim >= most

    def failed(self) -> None:
        """Halve: a push that does not get through may be too long for the link."""
        self.size, self.growing = max(1, self.size // 2), False

    def after(self, events: int) -> int:
        """Return how many to make ready behind a push of so many: what ``took`` will say if it is quick."""
        return min(MAX_EVENTS, int(self.size * GROWTH)) if self.growing and events >= self.size else self.size


@dataclass
class Patience:
    """Exponential back-off with jitter, so that many sites do not call again all at once."""

    random: Randomness
    failures: int = 0

    def after_failure(self, asked_s: float = 0.0) -> float:
        """Return seconds to wait: between half and all of 2, 4, 8 … 300, and never less than asked."""
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * float(1 << min(self.failures, 16)))
        self.failures += 1
        asked = min(max(asked_s, 0.0), LONGEST_ASKED_WAIT_S)
        return max(wait * (1 + self._chance()) / 2, asked * (1 + self._chance() / 10))

    def until_next_run(self) -> float:
        """Return seconds until asking again though nothing waits: the longest wait, give or take a tenth."""
        return LONGEST_WAIT_S * (0.9 + self._chance() / 5)

    def succeeded(self) -> None:
        """Begin again with the shortest wait."""
        self.failures = 0

    def _chance(self) -> float:
        return int.from_bytes(self.random(4), "big") / 2**32


def sendable_part(events: Sequence[PendingEvent]) -> Sequence[PendingEvent]:
    """Return the longest beginning that fits into one push; empty if the first event is over the limit."""
    sizes = [len(event.data) for event in events]
    if sum(sizes) <= BATCH_BYTES and max(sizes, default=0) <= MAX_EVENT_BYTES:
        return events
    weight = 0
    for count, event in enumerate(events):
        weight += len(event.data)
        if len(event.data) > MAX_EVENT_BYTES or (count and weight > BATCH_BYTES):
            return events[:count]
    return events
