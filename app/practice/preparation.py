"""Makes the practice site's store once: its residents, its stock, and last of all the keys of its staff."""

from pathlib import Path

from app.domain.clock import Clock
from app.domain.ids import Randomness
from app.practice.facts import PASSWORD, RESIDENTS
from app.practice.site import STAFF, fill
from app.storage.keys import DATABASE, KeyFileMissing, SlotOwner, key_file
from app.storage.store import Store
from app.storage.stretching import KEY_LENGTH
from app.workflows.desk import Desk

MAKING = "practice.making"
"""Stands while the site is being made: only a store beside it may be thrown away."""


def prepare_site(folder: Path, clock: Clock, random: Randomness, residents: int = RESIDENTS) -> bool:
    """Make the site unless it is there; returns whether it was made now.

    The keys come last: a power cut before leaves a database that nobody can open and the next start replaces.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keys = key_file(folder, random)
    if keys.exists():
        return False
    making = folder / MAKING
    if making.exists():
        for leftover in folder.glob(f"{DATABASE}*"):
            leftover.unlink()
    if (folder / DATABASE).exists():
        raise KeyFileMissing(str(keys.path))
    making.touch()
    key = random(KEY_LENGTH)
    store = Store(folder / DATABASE, key, create=True)
    try:
        fill(Desk(store, clock, random, "准备"), residents)
    finally:
        store.close()
    for member in STAFF:
        keys.add(SlotOwner(member.staff_id, member.name, member.title), PASSWORD, key, random)
    making.unlink()
    return True
