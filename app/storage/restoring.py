"""Putting a backup in place: beside what is there, checked, and switched to by one replaced key file."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.domain.clock import instant_text
from app.domain.ids import Randomness
from app.domain.journal import Stream
from app.domain.refusals import Refusal
from app.storage.backups import SPARE, BackupDamaged, check_copy
from app.storage.connecting import remove_database
from app.storage.device_secret import find_device_secret
from app.storage.disk import sync_file, sync_folder
from app.storage.journal import current_stream, open_stream
from app.storage.keys import KEYS, KeyFile, KeyFileMissing, KeyFileUnreadable, Unlocked
from app.storage.local import put_setting
from app.storage.packs_in_copies import put_packs, sound_packs
from app.storage.store import COPYING, Store, StoreNewer, StoreUnreadable, Transaction

RESTORED = "restored"
"""The setting that tells the first who signs in what was restored, until it is in the journal."""
_PIECE = 1 << 20


@dataclass(unsafe_hash=True)
class RestoreBrokenOff(Refusal):
    """A disk failed or was pulled out; what was there before stands."""

    technical: str


@dataclass(unsafe_hash=True)
class NoRoomToRestore(Refusal):
    """The data folder's disk does not hold the copy; nothing was changed."""

    needed: int
    free: int


def unlock_backup(
    backup: Path, folder: Path, staff_id: str, password: str, *, use_keyring: bool = True
) -> Unlocked:
    """Open a backup with a password on the machine it was made on; ``folder`` is the data folder there.

    Raises as ``KeyFile.unlock``, DeviceSecretMissing on any other machine.
    """
    keys = KeyFile(backup / KEYS, lambda: find_device_secret(folder, use_keyring=use_keyring))
    return keys.unlock(staff_id, password)


def recover_backup(backup: Path, secret: bytes) -> Unlocked:
    """Open a backup with the recovery key, on any machine; raises as ``KeyFile.recover``."""
    return KeyFile(backup / KEYS, lambda: b"").recover(secret)


def put_in_place(
    backup: Path, key: bytes, folder: Path, now: datetime, random: Randomness, between: Callable[[], object]
) -> None:
    """Make the data folder's store the one of the backup; ``between`` runs after each piece and may raise.

    What was there before stays: the database under its name, the key file as ``keys-TIME.json``. The copy
    goes on in a new stream, so that whatever the old one sent after the backup comes back into it, and
    nothing collides (sync.md, *At welcome*). It counts once the key file is replaced, and until then nothing
    is changed: a store that stands there goes on with its own rule packs, beside those of the copy. Raises
    BackupDamaged, KeyFileChanged, NoRoomToRestore, RestoreBrokenOff, StoreUnwritable.
    """
    manifest = check_copy(backup, key)
    packs = sound_packs(backup, manifest.packs)
    with _disks_that_fail():
        folder.mkdir(parents=True, exist_ok=True)
        source, slots = backup / manifest.database, (backup / KEYS).read_bytes()
        needed, free = 2 * source.stat().st_size + SPARE, shutil.disk_usage(folder).free
    if free < needed:
        raise NoRoomToRestore(needed, free)
    revision = max(_revision(folder), manifest.key_revision) + 1
    while (path := folder / f"store-{revision}.db").exists():
        revision += 1
    copy, keys = path.with_name(path.name + COPYING), folder / KEYS
    try:
        with _disks_that_fail():
            _copy(source, copy, between)
            os.replace(copy, path)
            _begin_anew(path, key, manifest.made_at, now, random)
            if keys.exists():
                shutil.copyfile(keys, folder / f"keys-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.json")
    except BaseException as error:
        for half in (copy, path):
            remove_database(half)
        if isinstance(error, StoreUnreadable | StoreNewer):
            raise BackupDamaged(str(backup), type(error).__name__) from error
        raise
    new = put_packs(packs, folder)
    try:
        KeyFile(keys, lambda: b"").copy_of(slots, key, path.name, revision)
    except Refusal:
        with suppress(OSError):
            for file in new:
                file.unlink(missing_ok=True)
        raise


@contextmanager
def _disks_that_fail() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RestoreBrokenOff(type(error).__name__) from error


def _copy(source: Path, target: Path, between: Callable[[], object]) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        while piece := reading.read(_PIECE):
            writing.write(piece)
            between()
    sync_file(target)
    sync_folder(target.parent)


def _begin_anew(path: Path, key: bytes, made_at: str, now: datetime, random: Randomness) -> None:
    store = Store(path, key)
    try:

        def begin(transaction: Transaction) -> None:
            db = transaction.db
            stream = Stream(current_stream(db).device_id, random(8).hex())
            open_stream(db, stream, instant_text(now))
            put_setting(db, RESTORED, json.dumps({"made_at": made_at, "at": instant_text(now)}))

        store.write(begin)
    finally:
        store.close()


def _revision(folder: Path) -> int:
    """Return the revision of the key file that is there, 0 if there is none that can be read."""
    try:
        return KeyFile(folder / KEYS, lambda: b"").revision()
    except (KeyFileMissing, KeyFileUnreadable):
        return 0
