"""What sync is doing, as a screen can show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.clock import Clock, epoch_ms
from app.domain.hlc import PEER_PULL_LIMIT_MS
from app.domain.refusals import Refusal


@dataclass(frozen=True)
class Idle:
    """Everything is receipted."""

    synced_at: datetime | None
    """When the centre last answered, on this device's clock; None before the first time since start."""
    recovered: tuple[Refusal, ...] = ()
    """What the run that just ended found and put in order again: a restored store, a copied disk."""


@dataclass(frozen=True)
class Working:
    """Events are going up, or coming down."""

    done: int
    total: int
    """Of this run, growing while new events are recorded."""
    pulled: int = 0
    to_pull: int = 0
    """Of this run: events of the area's other devices."""

    @property
    def is_receiving(self) -> bool:
        """Everything has gone up; what comes down is under way."""
        return self.done == self.total and self.pulled < self.to_pull

    @property
    def progress(self) -> tuple[int, int]:
        """How many of how many, of what is under way: first up, then down."""
        return (self.pulled, self.to_pull) if self.is_receiving else (self.done, self.total)


@dataclass(frozen=True)
class Offline:
    """The centre is not reached; nothing is lost, the next attempt is set."""

    since: datetime
    next_try_at: datetime
    cause: Refusal
    synced_at: datetime | None


@dataclass(frozen=True)
class Refused:
    """The centre is reached but something cannot go up as it is; a person has to look."""

    refusals: tuple[Refusal, ...]
    next_try_at: datetime
    synced_at: datetime | None


@dataclass(frozen=True)
class Relayed:
    """How it stands with the lead PC."""

    left: int = 0
    """Events it was given last."""
    left_at: datetime | None = None
    trouble: Refusal | None = None
    """Why the last try came to nothing."""


SyncState = Idle | Working | Offline | Refused


@dataclass(frozen=True)
class ClockOffset:
    """How far this device's clock was from the centre's (facts for ``ClockQuality``)."""

    offset_ms: int
    """Centre time minus local time."""
    measured_at_s: float
    """``Clock.monotonic`` when it was measured: its age is the difference to now."""


APART_MS = PEER_PULL_LIMIT_MS
"""A clock further than that from the centre's is wrong: no peer's may pull it as far."""


@dataclass(unsafe_hash=True)
class ClockApart(Refusal):
    """This device's clock is far from the centre's: what is recorded now bears a wrong time."""

    ahead_s: int
    """Seconds this device is ahead; negative where it is behind."""


def clock_apart(offset: ClockOffset | None) -> ClockApart | None:
    """Return how wrong this device's clock is, None while it is right or nobody knows."""
    if offset is None or abs(offset.offset_ms) <= APART_MS:
        return None
    return ClockApart(-round(offset.offset_ms / 1000))


TRUSTED_ROUND_TRIP_S = 10.0
"""A longer round trip says too little about the centre's time."""


def offset_of(clock: Clock, started_at: datetime, took_s: float, server_time: datetime) -> ClockOffset | None:
    """Return how far the device's clock was from the centre's in the middle of a round trip just ended."""
    if took_s > TRUSTED_ROUND_TRIP_S:
        return None
    midway = started_at + timedelta(seconds=took_s / 2)
    return ClockOffset(epoch_ms(server_time) - epoch_ms(midway), clock.monotonic())
