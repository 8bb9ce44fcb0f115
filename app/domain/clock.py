"""Time as the program is handed it, so that tests can pass their own."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone and no summer time since 1991 (domain.md §14.10)."""


class Clock(Protocol):
    """The two times a desk needs."""

    def now(self) -> datetime:
        """Return the wall time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds since the machine started, sleep included; never goes backwards while it runs."""
        ...


def local_day(at: datetime) -> date:
    """Return the date in China of an aware instant."""
    return at.astimezone(CHINA).date()


def instant_text(at: datetime) -> str:
    """Return an aware instant as ``2026-03-14T02:22:05.123Z``: fixed width, text order is time order."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def read_instant(text: str) -> datetime:
    """Return the aware UTC instant that ``instant_text`` wrote."""
    return datetime.fromisoformat(text)


def epoch_ms(at: datetime) -> int:
    """Return whole milliseconds since 1970 of an aware instant."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
