"""The packs a site uses, and the rules that are in force on a day."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from app.domain.schedule.answers import JudgedBy
from app.domain.schedule.antigen import Antigen
from app.domain.schedule.pack import Conflict, Layer, Pack, Vaccine, VaccineGroup
from app.domain.schedule.series import Series
from app.domain.schedule.series_dose import SkipKind

_LAYERS = list(Layer)

Impact = tuple[frozenset[str], Conflict, Pack]
"""The codes that keep a vaccine waiting, and how long."""


@dataclass(frozen=True)
class Ruling:
    """A series as one pack has it."""

    pack: Pack
    antigen: Antigen
    series: Series
    by: JudgedBy
    """What an answer says of it."""

    def judged_by(self, day: date) -> JudgedBy:
        """Return the pack and, for a day before its first, that it judged what it was not made for."""
        if self.pack.valid_from and day < self.pack.valid_from:
            return JudgedBy(self.pack.pack, self.pack.edition, before_its_start=True)
        return self.by


def asks_for_others(series: Series) -> bool:
    """Return whether a skip of the series asks for another one to be complete: it comes after the others."""
    return any(
        asked.kind is SkipKind.COMPLETED_SERIES
        for dose in series.doses
        for skip in dose.skips
        for one in skip.sets
        for asked in one.conditions
    )


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
    def by_antigen(self) -> dict[str, tuple[Ruling, ...]]:
        """The series of each antigen, those that ask for others after the others."""
        found: dict[str, list[Ruling]] = {name: [] for name in self.antigens}
        for (name, _), ruling in self.rulings.items():
            found[name].append(ruling)
        return {name: tuple(rulings) for name, rulings in found.items()}

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
        self._ended: tuple[date | None, tuple[Rules, ...]] = None, ()

    def on(self, day: date) -> Rules:
        """Return the rules in force on a day; before the first pack, those of the first day."""
        return self._rules[max(bisect_right(self._turns, day) - 1, 0)] if self._rules else _rules([])

    def ruling(self, antigen: str, series_id: str, rules: Rules, otherwise: Ruling) -> Ruling:
        """Return the series as it was under the rules of a day.

        Where the antigen was ruled by nobody yet, the oldest pack that has the series; where its pack did
        not have the series, ``otherwise``.
        """
        found = rules.rulings.get((antigen, series_id))
        if found is not None or antigen in rules.antigens:
            return found or otherwise
        return self._oldest[antigen, series_id]

    def ended(self, on: date) -> tuple[Rules, ...]:
        """Return the rules of the antigens whose last pack is out of force on a day, latest pack first."""
        day, ended = self._ended  # a desk asks about one day at a time
        if day != on:
            over = [pack for pack in self.packs if pack.valid_to and pack.valid_to < on]
            over.sort(key=lambda pack: pack.valid_to or date.max, reverse=True)
            ended = tuple(self._closed(over, set(self.on(on).antigens)))
            self._ended = on, ended
        return ended

    def _closed(self, over: list[Pack], ruled: set[str]) -> Iterator[Rules]:
        for pack in over:
            left = tuple(antigen for antigen in pack.antigens if antigen.antigen not in ruled)
            if left:
                ruled |= {antigen.antigen for antigen in left}
                yield _rules([replace(pack, antigens=left)])

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
        (name, series.series_id): Ruling(pack, antigen, series, JudgedBy(pack.pack, pack.edition))
        for name, (pack, antigen) in antigens.items()
        for series in sorted(antigen.series, key=asks_for_others)
    }
