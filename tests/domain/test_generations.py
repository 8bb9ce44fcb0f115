"""Which backups stay: the newest of each hour, day, week and month, so many of each (SEC-3)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.clock import CHINA
from app.domain.generations import Generations, kept

ALL = Generations()
instants = st.integers(0, 26_000).map(lambda hours: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
FIRST = datetime(2026, 1, 1, 0, 30, tzinfo=CHINA)


def hourly(days: int) -> list[datetime]:
    return [FIRST + timedelta(hours=hour) for hour in range(24 * days)]


def test_a_year_of_hourly_backups_leaves_a_day_of_hours_a_week_a_month_and_a_year() -> None:
    made = hourly(400)
    stay = sorted(kept(made, ALL), reverse=True)
    assert stay[:24] == made[-24:][::-1]
    assert len({at.date() for at in stay if at > made[-1] - timedelta(days=7)}) == 7
    assert len({(at.year, at.month) for at in stay}) == 12
    assert len(stay) <= 24 + 7 + 4 + 12


@given(st.lists(instants, min_size=1, max_size=60, unique=True))
def test_the_newest_always_stays_and_nothing_stays_that_was_not_made(made: list[datetime]) -> None:
    stay = kept(made, ALL)
    assert max(made) in stay
    assert stay <= set(made)
    assert kept(made, Generations(0, 0, 0, 0)) == {max(made)}


@given(st.lists(instants, min_size=1, max_size=60, unique=True))
def test_what_was_dropped_is_never_missed_later(made: list[datetime]) -> None:
    """Dropping as one goes leaves what dropping at the end would."""
    there: set[datetime] = set()
    for at in sorted(made):
        there = kept(there | {at}, ALL)
    assert there == kept(made, ALL)


@given(st.lists(instants, min_size=1, max_size=60, unique=True))
def test_of_the_days_the_newest_stay(made: list[datetime]) -> None:
    stay = {at.astimezone(CHINA).date() for at in kept(made, ALL)}
    days = sorted({at.astimezone(CHINA).date() for at in made}, reverse=True)
    assert set(days[:7]) <= stay


def test_hours_are_chinas_hours() -> None:
    before, after = datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 1, tzinfo=UTC)
    assert kept([before, after], Generations(0, 2, 0, 0)) == {before, after}
