"""The clock of the machine keeps the promises of the protocol (OBS-1)."""

from datetime import UTC, datetime, timedelta

from app.devices.system_clock import SystemClock
from app.domain.clock import Clock


def test_the_wall_time_is_aware_and_in_utc() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_the_other_time_never_goes_back_and_counts_from_the_start_of_the_machine() -> None:
    """Seconds since the start, sleep included, are what /proc/uptime says on Linux."""
    clock = SystemClock()
    with open("/proc/uptime") as file:
        before = float(file.read().split()[0])
    readings = [clock.monotonic() for _ in range(1000)]
    with open("/proc/uptime") as file:
        after = float(file.read().split()[0])
    assert readings == sorted(readings)
    assert before - 1 <= readings[0] <= readings[-1] <= after + 1
