"""The clock of the machine, as the program is handed it."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The real ``Clock``: wall time that people may set, and seconds since the start that nobody can."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since the machine started, sleep included."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()  # on Windows it counts sleep as well
