"""What a pack must hold to beyond its shape: names that exist, doses that come before, ages in order."""

import re
from collections.abc import Iterable, Iterator

from app.domain.schedule.antigen import Antigen
from app.domain.schedule.duration import Duration
from app.domain.schedule.pack import Conflict, Form, Given, Pack
from app.domain.schedule.positions import Path
from app.domain.schedule.series import Series
from app.domain.schedule.series_dose import AgeRule, IntervalRule, SeriesDose, SkipKind

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Both make the name under which a site keeps the pack."""
_CLASS = re.compile(rf"@any|@({'|'.join(Form)})(_({'|'.join(Given)}))?")


class Fault(Exception):
    """A place in the pack and what is wrong there."""

    def __init__(self, path: Path, reason: str, found: str = "") -> None:
        super().__init__(path, reason, found)
        self.path, self.reason, self.found = path, reason, found


def faults_of(pack: Pack) -> Iterator[Fault]:
    """Yield what is wrong, in the order of the file; nothing for a sound pack."""
    for field, name in (("pack", pack.pack), ("edition", pack.edition)):
        if not _FILE_NAME.fullmatch(name):
            yield Fault((field,), "not_a_name", name)
    yield from _twice([antigen.antigen for antigen in pack.antigens], ("antigens",), "antigen")
    yield from _twice([vaccine.code for vaccine in pack.vaccines], ("vaccines",), "code")
    yield from _twice([group.group for group in pack.groups], ("groups",), "group")
    antigens = {antigen.antigen for antigen in pack.antigens}
    for number, group in enumerate(pack.groups):
        yield from _unknown(group.antigens, antigens, ("groups", number, "antigens"), "unknown_antigen")
    for number, antigen in enumerate(pack.antigens):
        yield from _antigen_faults(pack, antigen, ("antigens", number))
    for number, conflict in enumerate(pack.conflicts):
        yield from _conflict_faults(pack, conflict, ("conflicts", number))
    if pack.observations:
        known = {one.code for one in pack.observations}
        for path, code in _observations(pack):
            yield from _unknown_one(code, known, path, "unknown_observation")
    if pack.valid_from and pack.valid_to and pack.valid_to < pack.valid_from:
        yield Fault(("valid_to",), "wrong_order", str(pack.valid_to))


def _antigen_faults(pack: Pack, antigen: Antigen, path: Path) -> Iterator[Fault]:
    codes = {vaccine.code for vaccine in pack.vaccines}
    groups = {group.group: group.antigens for group in pack.groups}
    yield from _twice([series.series_id for series in antigen.series], (*path, "series"), "series_id")
    for number, against in enumerate(antigen.contraindications):
        for place, limited in enumerate(against.vaccines):
            where = (*path, "contraindications", number, "vaccines", place, "vaccine")
            yield from _unknown_one(limited.vaccine, codes, where, "unknown_vaccine")
    for number, series in enumerate(antigen.series):
        where = (*path, "series", number)
        if antigen.antigen not in groups.get(series.group, ()):
            yield Fault((*where, "group"), "unknown_group", series.group)
        yield from _series_faults(series, codes, where)


def _series_faults(series: Series, codes: set[str], path: Path) -> Iterator[Fault]:
    if not series.doses:
        yield Fault((*path, "doses"), "empty")
    for number, dose in enumerate(series.doses):
        yield from _dose_faults(dose, number, codes, (*path, "doses", number))


def _dose_faults(dose: SeriesDose, number: int, codes: set[str], path: Path) -> Iterator[Fault]:
    for place, age in enumerate(dose.ages):
        yield from _age_faults(age, (*path, "ages", place))
    for place, interval in enumerate(dose.intervals):
        where = (*path, "intervals", place)
        yield from _interval_faults(interval, number, where)
        yield from _unknown(interval.from_most_recent, codes, (*where, "from_most_recent"), "unknown_vaccine")
    for place, shorter in enumerate(dose.allowable_intervals):
        where = (*path, "allowable_intervals", place)
        if shorter.from_previous == (shorter.from_dose is not None):
            yield Fault(where, "reference_unclear")
        elif shorter.from_dose is not None and not 1 <= shorter.from_dose <= number:
            yield Fault((*where, "from_dose"), "later_dose", str(shorter.from_dose))
    if not dose.preferable and not dose.allowable:
        yield Fault((*path, "preferable"), "empty")
    for place, wanted in enumerate(dose.preferable):
        where = (*path, "preferable", place, "vaccine")
        yield from _unknown_one(wanted.vaccine, codes, where, "unknown_vaccine")
    for place, allowed in enumerate(dose.allowable):
        where = (*path, "allowable", place, "vaccine")
        yield from _unknown_one(allowed.vaccine, codes, where, "unknown_vaccine")
    yield from _unknown(dose.inadvertent, codes, (*path, "inadvertent"), "unknown_vaccine")
    yield from _skip_faults(dose, codes, path)


def _skip_faults(dose: SeriesDose, codes: set[str], path: Path) -> Iterator[Fault]:
    for a, skip in enumerate(dose.skips):
        for b, among in enumerate(skip.sets):
            for c, asked in enumerate(among.conditions):
                where = (*path, "skips", a, "sets", b, "conditions", c)
                yield from _unknown(asked.vaccines, codes, (*where, "vaccines"), "unknown_vaccine")
                lacking = {
                    SkipKind.INTERVAL: asked.interval is None and "interval",
                    SkipKind.OBSERVATION: asked.observation is None and "observation",
                    SkipKind.COMPLETED_SERIES: not asked.series_groups and "series_groups",
                }.get(asked.kind)
                if lacking:
                    yield Fault(where, "field_missing", str(lacking))


def _age_faults(age: AgeRule, path: Path) -> Iterator[Fault]:
    names = ("abs_min", "min", "earliest", "latest", "max")
    yield from _out_of_order([(name, getattr(age, name)) for name in names], path)


def _interval_faults(interval: IntervalRule, number: int, path: Path) -> Iterator[Fault]:
    said = [
        interval.from_previous,
        interval.from_dose is not None,
        bool(interval.from_most_recent),
        interval.from_observation is not None,
    ]
    if sum(said) != 1:
        yield Fault(path, "reference_unclear")
    if interval.from_dose is not None and not 1 <= interval.from_dose <= number:
        yield Fault((*path, "from_dose"), "later_dose", str(interval.from_dose))
    names = ("abs_min", "min", "earliest", "latest")
    yield from _out_of_order([(name, getattr(interval, name)) for name in names], path)


def _conflict_faults(pack: Pack, conflict: Conflict, path: Path) -> Iterator[Fault]:
    codes = {vaccine.code for vaccine in pack.vaccines}
    for name in ("previous", "current", "unless_given"):
        for place, said in enumerate(getattr(conflict, name)):
            if said.startswith("@"):
                if not _CLASS.fullmatch(said):
                    yield Fault((*path, name, place), "unknown_class", said)
            else:
                yield from _unknown_one(said, codes, (*path, name, place), "unknown_vaccine")
    lengths = [("begin", conflict.begin), ("abs_end", conflict.abs_end), ("end", conflict.end)]
    yield from _out_of_order(lengths, path)


def _observations(pack: Pack) -> Iterator[tuple[Path, str]]:
    """Yield every observation that a rule asks for: one misspelt would never be true of anybody."""
    for a, antigen in enumerate(pack.antigens):
        here: Path = ("antigens", a)
        for number, code in enumerate(antigen.immunity.observations):
            yield (*here, "immunity", "observations", number), code
        for number, born in enumerate(antigen.immunity.born):
            for place, code in enumerate(born.unless):
                yield (*here, "immunity", "born", number, "unless", place), code
        for number, against in enumerate(antigen.contraindications):
            yield (*here, "contraindications", number, "observation"), against.observation
        for b, series in enumerate(antigen.series):
            for number, code in enumerate(series.unless):
                yield (*here, "series", b, "unless", number), code
            for number, indication in enumerate(series.indications):
                yield (*here, "series", b, "indications", number, "observation"), indication.observation
            for c, dose in enumerate(series.doses):
                yield from _dose_observations(dose, (*here, "series", b, "doses", c))


def _dose_observations(dose: SeriesDose, path: Path) -> Iterator[tuple[Path, str]]:
    for number, interval in enumerate(dose.intervals):
        if interval.from_observation is not None:
            yield (*path, "intervals", number, "from_observation"), interval.from_observation
    for number, notice in enumerate(dose.notices):
        if notice.observation is not None:
            yield (*path, "notices", number, "observation"), notice.observation
        for place, code in enumerate(notice.unless):
            yield (*path, "notices", number, "unless", place), code
    for a, skip in enumerate(dose.skips):
        for b, among in enumerate(skip.sets):
            for c, asked in enumerate(among.conditions):
                if asked.observation is not None:
                    yield (*path, "skips", a, "sets", b, "conditions", c, "observation"), asked.observation


def _out_of_order(lengths: list[tuple[str, Duration | None]], path: Path) -> Iterator[Fault]:
    """Lengths must not shrink; a month counts 30 days here, and a week of doubt is let pass."""
    longest = -10_000
    for name, length in lengths:
        if length is None:
            continue
        days = length.months * 30 + length.days
        if days + 7 < longest:
            yield Fault((*path, name), "wrong_order", str(length))
        longest = max(longest, days)


def _twice(names: Iterable[str], path: Path, field: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield Fault((*path, number, field), "named_twice", name)
        seen.add(name)


def _unknown(names: Iterable[str], known: set[str], path: Path, reason: str) -> Iterator[Fault]:
    for number, name in enumerate(names):
        yield from _unknown_one(name, known, (*path, number), reason)


def _unknown_one(name: str, known: set[str], path: Path, reason: str) -> Iterator[Fault]:
    if name not in known:
        yield Fault(path, reason, name)
