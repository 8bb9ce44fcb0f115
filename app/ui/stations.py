"""The stations of a shell: each is built when it is first needed, the rest while nobody touches anything."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from app.ui.bench import Bench
from app.ui.station import Station

T = TypeVar("T", bound=Station)
Maker = Callable[[Bench], Station]
"""A station's class, or a ``partial`` of it."""


class Stations(Mapping[str, Station]):
    """The stations by their id, in the order of the rail; asking for one builds it."""

    def __init__(self, bench: Bench, makers: Sequence[Maker], welcome: Callable[[Station], object]) -> None:
        """``welcome`` hears of every station as soon as it stands."""
        self._bench, self._welcome = bench, welcome
        self._makers = {_id_of(maker): maker for maker in makers}
        self._built: dict[str, Station] = {}

    def __getitem__(self, station_id: str) -> Station:
        if station_id not in self._built:
            station = self._built[station_id] = self._makers[station_id](self._bench)
            self._welcome(station)
        return self._built[station_id]

    def __contains__(self, station_id: object) -> bool:
        return station_id in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def find_built(self, kind: type[T]) -> T | None:
        """Return the station of a class if it stands already."""
        return next((station for station in self._built.values() if isinstance(station, kind)), None)

    def build_next(self) -> None:
        """Build one that nobody has needed yet; when all stand, a part of one."""
        missing = next((station_id for station_id in self if station_id not in self._built), None)
        if missing is not None:
            self[missing]
        else:
            any(station.build_next() for station in self._built.values())


def _id_of(maker: Maker) -> str:
    made = maker.func if isinstance(maker, partial) else maker
    assert isinstance(made, type)
    assert issubclass(made, Station)
    return made.station_id
