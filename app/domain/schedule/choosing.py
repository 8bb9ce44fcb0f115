"""Which of the packs at hand are used: those that are on by default, or some by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.refusals import Refusal
from app.domain.schedule.pack import Pack
from app.domain.schedule.packs import Packs

DEFAULT_PACKS = "default"
"""Stands for all that are on by default."""
_EVER = date(1900, 1, 1)


@dataclass(unsafe_hash=True)
class PackUnknown(Refusal):
    """There is no sound pack of this name and edition."""

    name: str
    known: tuple[str, ...]


def name_of(pack: Pack) -> str:
    """Return a pack's name with its edition: ``cn-nip-2021``."""
    return f"{pack.pack}-{pack.edition}"


def choose(packs: Sequence[Pack], names: Iterable[str] = (DEFAULT_PACKS,)) -> Packs:
    """Return the packs of these names; refuses with PackUnknown.

    A pack without a first day is in force only when it is asked for by name, and then always has been.
    """
    chosen: list[Pack] = []
    for name in names:
        if name == DEFAULT_PACKS:
            chosen += [pack for pack in packs if pack.on_by_default]
            continue
        found = next((pack for pack in packs if name_of(pack) == name), None)
        if found is None:
            raise PackUnknown(name, tuple(sorted(map(name_of, packs))))
        chosen.append(replace(found, valid_from=found.valid_from or _EVER))
    return Packs(dict.fromkeys(chosen))
