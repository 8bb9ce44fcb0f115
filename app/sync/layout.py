"""Which values stand in which column: known to both sides from the templates alone."""

from collections.abc import Callable, Iterator, Sequence
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
"""Of the forms of a message whose columns are kept in mind: those of a few events, which come again and again."""

Key = tuple[int, Name]
"""Kind and name of a column."""
Spot = tuple[int, int]
"""A sheet, and a place in its form."""


@lru_cache(256)
def _columns_of(forms: tuple[tuple[bytes, Keys], ...]) -> list[tuple[Key, list[Spot]]]:
    """Return every column but those of instants, the wall clock first, with the places that feed it."""
    spots: dict[Key, list[Spot]] = {(NUMBER, WALL): []}
    for number, (kinds, keys) in enumerate(forms):
        for place, (kind, name) in enumerate(zip(kinds, names_of(keys), strict=True)):
            if kind != INSTANT:
                spots.setdefault((kind, name), []).append((number, place))
    return [(key, places) for key, places in spots.items() if places]


class Layout:
    """The columns of some sheets, and what their instants are told to be."""

    def __init__(self, found: Sequence[Sheet], walls: Sequence[int]) -> None:
        self._found = found
        self._walls = walls
        self.last_instants: dict[int, tuple[Column, list[int]]] = {}
        """By sheet: the instants last seen, as texts and as numbers."""
        self._merged: dict[tuple[int, ...], _Merge] = {}

    def columns(self) -> Sequence[tuple[Key, Sequence[Spot]]]:
        """Return every column but those of instants, the wall clock first, with the places that feed it."""
        forms = tuple([(sheet.form.kinds, sheet.form.keys()) for sheet in self._found])
        few = sum([len(kinds) for kinds, _ in forms]) <= MAX_KEPT_PLACES
        return _columns_of(forms) if few else _columns_of.__wrapped__(forms)

    def instants(self, number: int) -> Iterator[tuple[int, Sequence[int]]]:
        """Yield the place of every column of instants of a sheet, and what they are told to be."""
        sheet = self._found[number]
        for place, kind in enumerate(sheet.form.kinds):
            if kind == INSTANT:
                told = self.last_instants.get(number)
                yield place, told[1] if told else instants_at([self._walls[row] for row in sheet.rows])

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


def instants_at(walls: Sequence[int]) -> list[int]:
    """Return the seventeen digits of instants; 0 if one is beyond the years anybody records in."""
    if min(walls) < 0 or max(walls) > MAX_KNOWN_MS:
        return [0] * len(walls)
    return [_minute_at(ms // MS_PER_MINUTE) + ms % MS_PER_MINUTE for ms in walls]


@lru_cache(1 << 10)
def _minute_at(minute: int) -> int:
    day = date.fromordinal(DAY_1970 + minute // 1440)
    return int(f"{day:%Y%m%d}{minute % 1440 // 60:02}{minute % 60:02}") * 10**5
