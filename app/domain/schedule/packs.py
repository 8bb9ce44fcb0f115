"""The packs a site uses, and the rules that are in force on a day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from app.domain.schedule.antigen import Antigen
from app.domain.schedule.pack import Conflict, Layer, Pack, Vaccine, VaccineGroup
from app.domain.schedule.series import Series

_LAYERS = list(Layer)

Impact = tuple[frozenset[str], Conflict, Pack]
"""The codes that keep a vaccine waiting, and how long."""


@dataclass(frozen=True)
class Ruling:
    """A series as one pack has it."""

    pack: Pack
    antigen: Antigen
    series: Series


@dataclass(frozen=True)
class Rules:
    """What is in force on a day: for every antigen the pack of the nearest layer and latest edition."""

    antigens: dict[str, tuple[Pack, Antigen]]
    vaccines: dict[str, Vaccine]
    groups: dict[str, VaccineGroup]
    conflicts: tuple[tuple[Pack, Conflict], ...]
    rulings: dict[tuple[str, str], Ruling] = field(repr=False)
    """By antigen and ``series_id``."""

    @cached_property
    def impacts(self) -> dict[str, tuple[Impact, ...]]:
        """By vaccine code, what keeps it waiting."""
        found: dict[str, list[Impact]] = {}
        for pack, conflict in self.conflicts:
            previous = frozenset(self._codes(conflict.previous))
            for code in set(self._codes(conflict.current)) - set(self._codes(conflict.unless_given)):
                found.setdefault(code, []).append((previous, conflict, pack))
        return {code: tuple(impacts) for code, impacts in found.items()}

    def _codes(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if name.startswith("@"):
                yield from (code for code, vaccine in self.vaccines.items() if name in _classes(vaccine))
            else:
                yield name


def _classes(vaccine: Vaccine) -> tuple[str, ...]:
    return "@any", f"@{vaccine.form}", f"@{vaccine.form}_{vaccine.given}"


class Packs:
    """The packs in use, in any order."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        dated = [pack for pack in packs if pack.valid_from]
        self.packs = tuple(sorted(dated, key=_rank))
        starts = {pack.valid_from for pack in dated if pack.valid_from}
        ends = {pack.valid_to + timedelta(1) for pack in dated if pack.valid_to}
        self._turns = sorted(starts | ends)
        """Days on which something changes."""
        self._rules = [_rules([pack for pack in self.packs if _in_force(pack, day)]) for day in self._turns]
        self._oldest = self._oldest_rulings()

    def on(self, day: date) -> Rules:
        """Return the rules in force on a day; before the first pack, those of the first day."""
        return self._rules[max(bisect_right(self._turns, day) - 1, 0)] if self._rules else _rules([])

    def ruling(self, antigen: str, series_id: str, day: date, otherwise: Ruling) -> Ruling:
        """Return the series as it was on a day.

        Where the antigen was ruled by nobody yet, the oldest pack that has the series; where its pack did
        not have the series, ``otherwise``.
        """
        if len(self._rules) == 1:
            return otherwise
        rules = self.on(day)
        if antigen in rules.antigens:
            return rules.rulings.get((antigen, series_id), otherwise)
        return self._oldest.get((antigen, series_id), otherwise)

    def ended(self, on: date) -> dict[str, tuple[Pack, Antigen]]:
        """Return the antigens whose last pack is out of force on a day, with that pack."""
        over = {
            antigen.antigen: (pack, antigen)
            for pack in sorted(self.packs, key=lambda pack: pack.valid_to or date.max)
            if pack.valid_to and pack.valid_to < on
            for antigen in pack.antigens
        }
        return {name: found for name, found in over.items() if name not in self.on(on).antigens}

    def _oldest_rulings(self) -> dict[tuple[str, str], Ruling]:
        oldest: dict[tuple[str, str], Ruling] = {}
        for rules in self._rules:
            for key, ruling in rules.rulings.items():
                oldest.setdefault(key, ruling)
        return oldest


def _rank(pack: Pack) -> tuple[int, date, str]:
    return _LAYERS.index(pack.region.layer), pack.valid_from or date.max, pack.edition


def _in_force(pack: Pack, day: date) -> bool:
    begun = pack.valid_from is not None and pack.valid_from <= day
    return begun and (pack.valid_to is None or day <= pack.valid_to)


def _rules(packs: list[Pack]) -> Rules:
    antigens = {antigen.antigen: (pack, antigen) for pack in packs for antigen in pack.antigens}
    conflicts = {(one.previous, one.current): (pack, one) for pack in packs for one in pack.conflicts}
    return Rules(
        antigens,
        {vaccine.code: vaccine for pack in packs for vaccine in pack.vaccines},
        {group.group: group for pack in packs for group in pack.groups},
        tuple(conflicts.values()),
        rulings_of(antigens),
    )


def rulings_of(antigens: dict[str, tuple[Pack, Antigen]]) -> dict[tuple[str, str], Ruling]:
    """Return every series of some antigens by its names."""
    return {
        (name, series.series_id): Ruling(pack, antigen, series)
        for name, (pack, antigen) in antigens.items()
        for series in antigen.series
    }
