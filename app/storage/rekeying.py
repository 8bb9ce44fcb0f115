"""Another database key for the store at work: copied under the new key, switched by one replaced file."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.connecting import remove_database
from app.storage.keys import KeyFile, KeyFileChanged, KeyFileUnwritable, key_file
from app.storage.local import get_setting, put_setting
from app.storage.opening import KEY_CHANGE_DUE, NEWEST_REVISION
from app.storage.store import Store, Transaction
from app.storage.stretching import KEY_LENGTH

SPARE = 64 << 20
"""Bytes that stay free beside the second copy, for the day's work."""


@dataclass(unsafe_hash=True)
class NoRoomForKeyChange(Refusal):
    """The disk does not hold the database twice; the old key stays in use."""

    needed: int
    free: int


def is_key_change_due(db: Database) -> bool:
    """Return whether somebody was removed since the key was last changed."""
    return get_setting(db, KEY_CHANGE_DUE) != ""


def change_key(store: Store, random: Randomness, *, use_keyring: bool = True) -> None:
    """Put the open store under a new random key while the work goes on; takes minutes, in its own thread.

    Killed before the key file is replaced, the old key opens the old file, and the copy is thrown away at
    the next start; after it, the new key opens the new one, and the old file goes at the next start at the
    latest. Whoever had a slot has it, the recovery key still opens. Raises NoRoomForKeyChange,
    KeyFileChanged, and as ``Store.move``.
    """
    folder, old = store.path.parent, store.path
    keys = key_file(folder, random, use_keyring=use_keyring)
    standing = keys.check(store.key)
    if standing.former:
        remove_database(folder / standing.former)
    _check_room(store)
    new, key = _next_file(folder, standing.revision), random(KEY_LENGTH)
    store.move(new, key, lambda: _switch(keys, store.key, key, new.name, random)).result()
    revision = keys.check(key).revision

    def remember(transaction: Transaction) -> None:
        put_setting(transaction.db, NEWEST_REVISION, str(revision))
        put_setting(transaction.db, KEY_CHANGE_DUE, "")

    store.write(remember)
    remove_database(old)


def _switch(keys: KeyFile, old: bytes, new: bytes, database: str, random: Randomness) -> None:
    """Replace the key file; an error behind the replacing itself does not call it back."""
    try:
        keys.move(old, new, database, random)
    except KeyFileUnwritable:
        try:
            keys.check(new)
        except KeyFileChanged:
            pass
        else:
            return
        raise


def _check_room(store: Store) -> None:
    needed = sum(
        file.stat().st_size for file in store.path.parent.glob(f"{store.path.name}*") if file.is_file()
    )
    free = shutil.disk_usage(store.path.parent).free
    if free < needed + SPARE:
        raise NoRoomForKeyChange(needed + SPARE, free)


def _next_file(folder: Path, revision: int) -> Path:
    """Return a name no file has: a database that stands there may be somebody's only one."""
    while (path := folder / f"store-{revision + 1}.db").exists():
        revision += 1
    return path
