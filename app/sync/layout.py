"""Which values stand in which column: known to both sides from the templates alone."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain
from operator import itemgetter

from app.sync.forms import NUMBER, Column, Keys, Name, Sheet, names_of

INSTANT = 4
"""A place that holds an instant in every line of its form; beside ``STRING``, ``NUMBER`` and ``LOOSE``."""
WALL: Name = (b"wall", 0)
MAX_KNOWN_MS = 10**14
"""A wall clock beyond it tells no instant."""
MS_PER_MINUTE = 60_000
DAY_1970 = date(1970, 1, 1).toordinal()
MAX_KEPT_PLACES = 512
"""In the forms of a message whose columns are kept in mind: few events are much alike, again and again."""

Key = tuple[int, Name]
"""Kind and name of a column."""
Spot = tuple[int, int]
"""A sheet, and a place in its form."""


Plan = tuple[Sequence[tuple[Key, Sequence[Spot]]], Sequence[Sequence[int]]]
"""Every column with the places that feed it, and by sheet the places of instants."""


class Layout:
    """The columns of some sheets, and the places of instants in each."""

    def __init__(self, found: Sequence[Sheet]) -> None:
        self._found = found
        forms = tuple([(sheet.form.kinds, sheet.form.keys()) for sheet in found])
        few = sum([len(kinds) for kinds, _ in forms]) <= MAX_KEPT_PLACES
        self.columns, self.instants = _plan(forms) if few else _plan.__wrapped__(forms)
        self._merged: dict[tuple[int, ...], _Merge] = {}

    def rows(self, spots: Sequence[Spot]) -> Sequence[int]:
        """Return the line of each value of a column."""
        return self._found[spots[0][0]].rows if len(spots) == 1 else self._merge(spots).rows

    def gather(self, spots: Sequence[Spot], columns: Sequence[Column]) -> Column:
        """Return the values of places as one column, in the order of the lines."""
        return columns[0] if len(spots) == 1 else self._merge(spots).gather(list(chain(*columns)))

    def scatter(self, spots: Sequence[Spot], values: Column) -> list[Column]:
        """Return the values of a column by place."""
        if len(spots) == 1:
            return [values]
        apart = self._merge(spots).scatter(values)
        columns, start = [], 0
        for sheet, _ in spots:
            end = start + len(self._found[sheet].rows)
            columns.append(apart[start:end])
            start = end
        return columns

    def _merge(self, spots: Sequence[Spot]) -> "_Merge":
        who = tuple([sheet for sheet, _ in spots])
        made = self._merged.get(who)
        if made is None:
            made = self._merged[who] = _Merge([row for sheet in who for row in self._found[sheet].rows])
        return made


class _Merge:
    """How the values of several sheets stand in the order of their lines."""

    def __init__(self, rows: list[int]) -> None:
        self._order = sorted(range(len(rows)), key=rows.__getitem__)
        self.rows = [rows[place] for place in self._order]

    @cached_property
    def gather(self) -> Callable[[Column], Column]:
        """Returns values that stand sheet by sheet in the order of the lines."""
        return itemgetter(*self._order)

    @cached_property
    def scatter(self) -> Callable[[Column], Column]:
        """Returns values that stand in the order of the lines sheet by sheet."""
        return itemgetter(*sorted(self._order, key=self._order.__getitem__))


@lru_cache(256)
def _plan(forms: tuple[tuple[bytes, Keys], ...]) -> Plan:
    """Return the columns of forms, the wall clock first, those of instants apart."""
    spots: dict[Key, list[Spot]] = {(NUMBER, WALL): []}
    for number, (kinds, keys) in enumerate(forms):
        for place, (kind, name) in enumerate(zip(kinds, names_of(keys), strict=True)):
            if kind != INSTANT:
                spots.setdefault((kind, name), []).append((number, place))
    instants = [[place for place, kind in enumerate(kinds) if kind == INSTANT] for kinds, _ in forms]
    return [(key, places) for key, places in spots.items() if places], instants


def instants_told(clock: Sequence[int], rows: Sequence[int]) -> list[int]:
    """Return the first instants of lines as the clock tells them: seventeen digits.

    They are 0 if one is beyond the years anybody records in.
    """
    walls = [clock[row] for row in rows]
    if min(walls) < 0 or max(walls) > MAX_KNOWN_MS:
        return [0] * len(walls)
    return [_minute_at(ms // MS_PER_MINUTE) + ms % MS_PER_MINUTE for ms in walls]


@lru_cache(1 << 10)
def _minute_at(minute: int) -> int:
    day = date.fromordinal(DAY_1970 + minute // 1440)
    return int(f"{day:%Y%m%d}{minute % 1440 // 60:02}{minute % 60:02}") * 10**5
