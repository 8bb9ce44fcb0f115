"""Opening this machine's store with a person's password, and making it at first start."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.attempts import first_attempts
from app.storage.connecting import remove_database
from app.storage.device_secret import DeviceSecretMissing, find_device_secret, make_device_secret
from app.storage.disk import sync_folder
from app.storage.keys import (
    DATABASE,
    KEYS,
    KeyFile,
    KeyFileChanged,
    SlotOwner,
    Unlocked,
    key_file,
)
from app.storage.local import get_setting, put_setting
from app.storage.reserve import Reserve
from app.storage.store import COPYING, Store
from app.storage.stretching import KEY_LENGTH

RESERVE = "reserve"
UNFINISHED = "store.new"
"""The database of a set-up whose last step, the key file, has not been taken yet."""
NEWEST_REVISION = "key_file_revision"
"""The setting that remembers the newest key file this store has been used with."""
KEY_CHANGE_DUE = "key_change_due"
"""The setting that says that somebody was removed who may know the database key (``rekeying.py``)."""


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
    return _open(folder, keys, keys.unlock(staff_id, password))


def open_with_recovery_key(
    folder: Path, secret: bytes, random: Randomness, *, use_keyring: bool = True
) -> Store:
    """Open with the key of the sealed envelope instead of a password.

    Raises RecoveryKeyNone, RecoveryKeyWrong and as ``open_store``, but never for a missing device secret.
    """
    keys = key_file(folder, random, use_keyring=use_keyring)
    return _open(folder, keys, keys.recover(secret))


def check_password(
    store: Store, staff_id: str, password: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Pass the password of somebody who takes over an open store; raises as ``open_store`` does."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    unlocked = keys.unlock(staff_id, password)
    _check_revision(store.read(), keys, unlocked.revision)
    remember_revision(store, unlocked.revision)


def give_slot(
    store: Store, owner: SlotOwner, password: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Let somebody sign in, or change their password; older key files are refused from now on."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    # The file first: the other way round, a power cut between the two would lock everybody out.
    remember_revision(store, keys.add(owner, password, store.key, random))


def take_slot(store: Store, staff_id: str, random: Randomness, *, use_keyring: bool = True) -> None:
    """Let somebody sign in no more; the database key is due to be changed. Raises LastSlot."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    revision = keys.remove(staff_id, store.key)
    store.write(lambda transaction: put_setting(transaction.db, KEY_CHANGE_DUE, "1"))
    remember_revision(store, revision)


def give_slot_after_recovery(
    store: Store, owner: SlotOwner, password: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Let somebody sign in whose store was opened by the recovery key.

    Where the device secret is gone with the machine, another is made: the slots of all others could never be
    opened again and go; the manager gives them new ones.
    """
    folder = store.path.parent
    keys = key_file(folder, random, use_keyring=use_keyring)
    try:
        find_device_secret(folder, use_keyring=use_keyring)
        revision = keys.add(owner, password, store.key, random)
    except DeviceSecretMissing:
        first_attempts(folder, make_device_secret(folder, random, use_keyring=use_keyring), random)
        revision = keys.keep_only(owner, password, store.key, random)
    remember_revision(store, revision)


def make_recovery_key(
    store: Store, secret: bytes, made_at: str, random: Randomness, *, use_keyring: bool = True
) -> None:
    """Let a new recovery key open the store; the one before opens nothing from now on but older backups."""
    keys = key_file(store.path.parent, random, use_keyring=use_keyring)
    remember_revision(store, keys.put_recovery(secret, made_at, store.key, random))


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
    remember_revision(store, len(owners))
    return store


def _open(folder: Path, keys: KeyFile, unlocked: Unlocked) -> Store:
    if unlocked.database == DATABASE:
        _finish_set_up(folder)
    store = Store(
        folder / unlocked.database,
        unlocked.key,
        accept=lambda db: _check_revision(db, keys, unlocked.revision),
        reserve=Reserve(folder / RESERVE),
    )
    remember_revision(store, unlocked.revision)
    if unlocked.former:
        remove_database(folder / unlocked.former)
    for leftover in folder.glob(f"store*.db{COPYING}"):
        remove_database(leftover)
    return store


def _finish_set_up(folder: Path) -> None:
    """Give the database its name, now that its keys are safe."""
    if (folder / UNFINISHED).exists() and not (folder / DATABASE).exists():
        os.replace(folder / UNFINISHED, folder / DATABASE)
        sync_folder(folder)


def _check_revision(db: Database, keys: KeyFile, revision: int) -> None:
    if revision < int(get_setting(db, NEWEST_REVISION, "0")):
        raise KeyFileChanged(str(keys.path))


def remember_revision(store: Store, revision: int) -> None:
    """Refuse from now on key files older than this one."""
    if revision > int(get_setting(store.read(), NEWEST_REVISION, "0")):
        store.write(lambda transaction: put_setting(transaction.db, NEWEST_REVISION, str(revision)))
