"""How a pack stands among the others on a day: whether it rules, what, and what a new one would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.schedule.choosing import choose, name_of
from app.domain.schedule.pack import Pack, VaccineGroup
from app.domain.schedule.packs import Rules


class PackStanding(StrEnum):
    """Where a pack stands on a day; the first alone says what is due."""

    IN_FORCE = "in_force"
    OVERRULED = "overruled"
    """It has begun, and for all it holds a nearer or newer pack rules."""
    NOT_YET = "not_yet"
    ENDED = "ended"
    UNDATED = "undated"
    """Nobody knows yet from when on."""
    BY_NAME = "by_name"
    """It is not used by itself."""


@dataclass(frozen=True)
class PackPlace:
    """A pack in its place."""

    pack: Pack
    standing: PackStanding
    groups: tuple[str, ...]
    """The titles of the vaccine groups that it rules on that day."""


@dataclass(frozen=True)
class Change:
    """What taking a pack does to some vaccine groups on the first day on which it counts."""

    groups: tuple[str, ...]
    before: Pack | None
    """Who ruled them; None for nobody."""
    after: Pack | None
    """Who will; None for nobody: then the forecast says nothing of them any more."""


def places(at_hand: Sequence[Pack], rules: Rules, day: date) -> tuple[PackPlace, ...]:
    """Return every pack in its place on a day: those that rule first, then by name and edition.

    ``rules``: those in force on that day.
    """
    found = [_place(pack, rules, day) for pack in at_hand]
    order = list(PackStanding)
    return tuple(sorted(found, key=lambda one: (order.index(one.standing), name_of(one.pack))))


def _place(pack: Pack, rules: Rules, day: date) -> PackPlace:
    if not pack.on_by_default:
        return PackPlace(pack, PackStanding.BY_NAME, ())
    if pack.valid_from is None:
        return PackPlace(pack, PackStanding.UNDATED, ())
    if day < pack.valid_from:
        return PackPlace(pack, PackStanding.NOT_YET, ())
    if pack.valid_to is not None and pack.valid_to < day:
        return PackPlace(pack, PackStanding.ENDED, ())
    ruled = {antigen for antigen, (ruler, _) in rules.antigens.items() if ruler == pack}
    standing = PackStanding.IN_FORCE if ruled else PackStanding.OVERRULED
    return PackPlace(pack, standing, _titles(rules.groups, ruled))


def changes(at_hand: Sequence[Pack], brought: Pack, today: date) -> tuple[Change, ...]:
    """Return what taking ``brought`` changes, today or on its first day if that is later.

    It takes the place of the pack of its name and edition.
    """
    others = [pack for pack in at_hand if name_of(pack) != name_of(brought)]
    day = max(today, brought.valid_from or today)
    before, after = choose(at_hand).on(day), choose([*others, brought]).on(day)
    touched: dict[tuple[str, str], tuple[Pack | None, Pack | None, set[str]]] = {}
    for antigen in before.antigens | after.antigens:
        old, new = _ruler(before, antigen), _ruler(after, antigen)
        if old != new:
            names = name_of(old) if old else "", name_of(new) if new else ""
            touched.setdefault(names, (old, new, set()))[2].add(antigen)
    groups = before.groups | after.groups
    return tuple(Change(_titles(groups, antigens), old, new) for old, new, antigens in touched.values())


def _ruler(rules: Rules, antigen: str) -> Pack | None:
    held = rules.antigens.get(antigen)
    return held[0] if held else None


def _titles(groups: Mapping[str, VaccineGroup], antigens: set[str]) -> tuple[str, ...]:
    return tuple(one.title or one.group for one in groups.values() if not antigens.isdisjoint(one.antigens))
