"""The packs a site uses, and the rules that are in force on a day."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.domain.schedule.antigen import Antigen
from app.domain.schedule.duration import Arithmetic
from app.domain.schedule.pack import Conflict, Layer, Pack, Vaccine, VaccineGroup
from app.domain.schedule.series import Series

_LAYERS = list(Layer)


@dataclass(frozen=True)
class Rules:
    """What is in force on a day: for every antigen the pack of the nearest layer and latest edition."""

    antigens: dict[str, tuple[Pack, Antigen]]
    vaccines: dict[str, Vaccine]
    groups: dict[str, VaccineGroup]
    conflicts: tuple[Conflict, ...]
    arithmetic: Arithmetic
    series: dict[tuple[str, str], tuple[Pack, Series]] = field(repr=False)
    """By antigen and ``series_id``."""


class Packs:
    """The packs in use, in any order."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        dated = [pack for pack in packs if pack.valid_from]
        self.packs = tuple(sorted(dated, key=_rank))
        starts = {pack.valid_from for pack in dated if pack.valid_from}
        ends = {pack.valid_to + timedelta(1) for pack in dated if pack.valid_to}
        self._turns = sorted(starts | ends)
        """Days on which something changes."""
        self._rules: dict[int, Rules] = {}

    def on(self, day: date) -> Rules:
        """Return the rules in force on a day; before the first pack, those of the first day."""
        turn = max(bisect_right(self._turns, day) - 1, 0)
        if turn not in self._rules:
            self._rules[turn] = _rules([pack for pack in self.packs if _in_force(pack, self._turns[turn])])
        return self._rules[turn]

    @property
    def first_day(self) -> date:
        """The day the oldest pack came into force."""
        return self._turns[0]


def _rank(pack: Pack) -> tuple[int, date, str]:
    assert pack.valid_from
    return _LAYERS.index(pack.region.layer), pack.valid_from, pack.edition


def _in_force(pack: Pack, day: date) -> bool:
    assert pack.valid_from
    return pack.valid_from <= day and (pack.valid_to is None or day <= pack.valid_to)


def _rules(packs: list[Pack]) -> Rules:
    antigens = {antigen.antigen: (pack, antigen) for pack in packs for antigen in pack.antigens}
    return Rules(
        antigens,
        {vaccine.code: vaccine for pack in packs for vaccine in pack.vaccines},
        {group.group: group for pack in packs for group in pack.groups},
        tuple({(one.previous, one.current): one for pack in packs for one in pack.conflicts}.values()),
        packs[-1].arithmetic if packs else Arithmetic.CIVIL_CODE,
        {
            (name, series.series_id): (pack, series)
            for name, (pack, antigen) in antigens.items()
            for series in antigen.series
        },
    )
