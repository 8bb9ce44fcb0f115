"""A clock that goes where the test sends it."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    """Wall and monotonic time, moved together or, for a clock jump, the wall alone."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)) -> None:
        self._wall = at
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Return the wall time."""
        return self._wall

    def monotonic(self) -> float:
        """Return seconds since the machine started."""
        return self._monotonic

    def go(self, seconds: float = 0, *, minutes: float = 0) -> None:
        """Let time pass."""
        step = seconds + minutes * 60
        self._wall += timedelta(seconds=step)
        self._monotonic += step

    def jump(self, by: timedelta) -> None:
        """Set the wall clock wrong."""
        self._wall += by

    def reboot(self) -> None:
        """Start the machine again: the monotonic time begins anew."""
        self._monotonic = 5.0
