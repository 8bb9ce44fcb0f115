"""Opening this machine's store with a person's password, and making it at first start."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.keys import (
    DATABASE,
    KEY_LENGTH,
    KEYS,
    KeyFile,
    KeyFileChanged,
    SlotOwner,
    key_file,
    sync_folder,
)
from app.storage.local import get_setting, put_setting
from app.storage.reserve import Reserve
from app.storage.store import Store

RESERVE = "reserve"
UNFINISHED = "store.new"
"""The database of a set-up whose last step, the key file, has not been taken yet."""
NEWEST_REVISION = "key_file_revision"
"""The setting that remembers the newest key file this store has been used with."""


@dataclass(unsafe_hash=True)
class AlreadySetUp(Refusal):
    """There is a store or a key file in this folder: nothing is made over it."""

    path: str


def open_store(
    folder: Path, staff_id: str, password: str, random: Randomness, *, use_keyring: bool = True
) -> Store:
    """Unlock and open; writes nothing unless all is well.

    Raises PasswordWrong, DeviceSecretMissing, the refusals of the key file (KeyFileChanged also for one put
    back from an earlier day) and those of the store.
    """
    keys = key_file(folder, random, use_keyring=use_keyring)
    unlocked = keys.unlock(staff_id, password)
    _finish_set_up(folder)
    store = Store(
        folder / DATABASE,
        unlocked.key,
        accept=lambda db: _check_revision(db, keys, unlocked.revision),
        reserve=Reserve(folder / RESERVE),
    )
    _remember_revision(store, unlocked.revision)
    return store


def check_password(
    store: Store, staff_id: str, password: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Pass the password of somebody who takes over an open store; raises as ``open_store`` does."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    unlocked = keys.unlock(staff_id, password)
    _check_revision(store.read(), keys, unlocked.revision)
    _remember_revision(store, unlocked.revision)


def give_slot(
    store: Store, owner: SlotOwner, password: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Let somebody sign in, or change their password; older key files are refused from now on."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    # The file first: the other way round, a power cut between the two would lock everybody out.
    _remember_revision(store, keys.add(owner, password, store.key, random))


def take_slot(store: Store, staff_id: str, random: Randomness, *, use_keyring: bool = True) -> None:
    """Let somebody sign in no more; older key files are refused from now on."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    _remember_revision(store, keys.remove(staff_id, store.key))


def create_store(
    folder: Path,
    owners: list[SlotOwner],
    password: str,
    random: Randomness,
    *,
    use_keyring: bool = True,
    fill: Callable[[Store], object] = repr,
) -> Store:
    """Make a new store under a random key, with a slot for each owner under the same first password.

    ``fill`` writes what it must hold from the beginning. Raises AlreadySetUp. It counts once the first owner
    has a slot; whatever is cut off before that does not stand in the way of another try.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder / DATABASE, folder / KEYS):
        if path.exists():
            raise AlreadySetUp(str(path))
    for leftover in folder.glob(f"{UNFINISHED}*"):
        leftover.unlink()
    key = random(KEY_LENGTH)
    unfinished = Store(folder / UNFINISHED, key, create=True)
    try:
        fill(unfinished)
    finally:
        unfinished.close()
    keys = key_file(folder, random, use_keyring=use_keyring)
    for owner in owners:
        keys.add(owner, password, key, random)
    _finish_set_up(folder)
    store = Store(folder / DATABASE, key, reserve=Reserve(folder / RESERVE))
    _remember_revision(store, len(owners))
    return store


def _finish_set_up(folder: Path) -> None:
    """Give the database its name, now that its keys are safe."""
    if (folder / UNFINISHED).exists() and not (folder / DATABASE).exists():
        os.replace(folder / UNFINISHED, folder / DATABASE)
        sync_folder(folder)


def _check_revision(db: Database, keys: KeyFile, revision: int) -> None:
    if revision < int(get_setting(db, NEWEST_REVISION, "0")):
        raise KeyFileChanged(str(keys.path))


def _remember_revision(store: Store, revision: int) -> None:
    if revision > int(get_setting(store.read(), NEWEST_REVISION, "0")):
        store.write(lambda transaction: put_setting(transaction.db, NEWEST_REVISION, str(revision)))
