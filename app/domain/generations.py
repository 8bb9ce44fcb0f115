"""Which of the backups made so far are kept: the newest of each hour, day, week and month."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from app.domain.clock import CHINA


@dataclass(frozen=True)
class Generations:
    """How many of each are kept; an hour without a backup does not count."""

    hours: int = 24
    days: int = 7
    weeks: int = 4
    months: int = 12


def kept(made: Collection[datetime], generations: Generations) -> set[datetime]:
    """Return which of these aware instants stay; the newest always does."""
    newest_first = sorted(made, reverse=True)
    stay: set[datetime] = set(newest_first[:1])
    for bucket, count in (
        (_hour, generations.hours),
        (_day, generations.days),
        (_week, generations.weeks),
        (_month, generations.months),
    ):
        stay |= _newest_of_each(newest_first, bucket, count)
    return stay


def _newest_of_each(
    newest_first: Collection[datetime], bucket: Callable[[datetime], object], count: int
) -> set[datetime]:
    first: dict[object, datetime] = {}
    for at in newest_first:
        first.setdefault(bucket(at.astimezone(CHINA)), at)
    return set(list(first.values())[:count])


def _hour(at: datetime) -> object:
    return at.date(), at.hour


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month
