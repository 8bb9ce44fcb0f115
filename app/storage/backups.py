"""Backups: whole encrypted copies of the store on another disk, each with its key file and manifest.

A copy is written under a name that counts for nothing, synced, and renamed; only then do copies go that no
generation keeps. File names hold the device and the time, never a person. What opens a copy: the database
key, so a password together with this machine's secret, or the recovery key anywhere (docs/backup.md).
"""

import hmac
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from errno import errorcode
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.clock import instant_text, read_instant
from app.domain.generations import Generations, kept
from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from app.storage.connecting import connect, connect_copy, name_of
from app.storage.copying import PageBroken, copy_pages
from app.storage.disk import SteadySync, sync_file, sync_folder
from app.storage.journal import current_stream
from app.storage.keys import KEYS, KeyFile, KeyFileMissing, KeyFileUnreadable
from app.storage.migrations import KNOWN_STEPS
from app.storage.packs_in_copies import carry_packs
from app.storage.packs_taken import packs_taken
from app.storage.store import Store, StoreUnreadable, StoreUnwritable

MANIFEST = "manifest.json"
VERSION = 1
SPARE = 8 << 20
"""Bytes that stay free on the backup disk."""
_NEW = ".new-"
_NAME = re.compile(r"(?P<at>[0-9]{8}T[0-9]{6}Z)-[0-9a-f]{4}")


@dataclass(unsafe_hash=True)
class BackupFolderGone(Refusal):
    """The folder for backups is not there: the disk is unplugged."""

    path: str


@dataclass(unsafe_hash=True)
class BackupDiskFull(Refusal):
    """The disk does not hold another copy; the copies on it stay."""

    path: str
    needed: int
    free: int


@dataclass(unsafe_hash=True)
class BackupUnwritable(Refusal):
    """The disk does not take what is written: protected, faulty or pulled out. The copies on it stay."""

    path: str
    technical: str


@dataclass(unsafe_hash=True)
class BackupOnSameDisk(Refusal):
    """The folder lies inside the data folder: it would be lost together with it."""

    path: str


@dataclass(unsafe_hash=True)
class BackupDamaged(Refusal):
    """A copy is not what its manifest says, or has none; it is left as it is."""

    path: str
    what: str


@dataclass(unsafe_hash=True)
class NoBackupYet(Refusal):
    """There is no copy that could be tried."""


@dataclass(frozen=True)
class Head:
    """How far a stream went when the copy was made."""

    device_id: str
    epoch: str
    seq: int
    hash: str
    """Of the chain, in hex."""


@dataclass(frozen=True)
class Manifest:
    """What a copy holds, without opening it; proven by a MAC under the database key."""

    made_at: str
    program: str
    steps: tuple[str, ...]
    """The steps of the shape (``migrations.py``)."""
    key_revision: int
    database: str
    database_sha256: str
    keys_sha256: str
    people: int
    doses: int
    entries: int
    heads: tuple[Head, ...]
    packs: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the rule packs that the site took, by name; copies made before there were any have none."""

    @property
    def at(self) -> datetime:
        """When the copy was made."""
        return read_instant(self.made_at)


@dataclass(frozen=True)
class Backup:
    """One copy on the disk."""

    folder: Path
    made_at: datetime
    """By its name."""


@dataclass(frozen=True)
class Source:
    """The store a copy is made of, as another process finds it."""

    path: Path
    key: bytes
    place: str
    """The name of this device's folder on a backup disk."""


def source_of(store: Store) -> Source:
    """Return the open store as a source."""
    return Source(store.path, store.key, place_of(store))


def make_backup(
    source: Source, into: Path, now: datetime, program: str, random: Randomness, between: Callable[[], object]
) -> Backup:
    """Copy the store as it is now into a folder of its own under ``into``; returns it once it is on the disk.

    Runs in any thread or process: it reads through a connection of its own, and ``between`` runs after every
    few pages and may raise to break off. Raises BackupFolderGone, BackupDiskFull,
    BackupUnwritable, BackupOnSameDisk, StoreUnreadable for a damaged page of the store itself.
    """
    check_place(source.path.parent, into)
    with _disk_of(into, source.path):
        place = into / source.place
        place.mkdir(exist_ok=True)
        remove_unfinished(place)
        _check_room(source.path, place)
        name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{random(2).hex()}"
        new = place / f"{_NEW}{name}"
        new.mkdir()
        try:
            _fill(source, new, now, program, between)
            sync_folder(new)
            new.rename(place / name)
            sync_folder(place)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
    return Backup(place / name, now)


def backups_in(place: Path) -> list[Backup]:
    """Return the copies in a device's folder, the newest first; an unplugged disk has none."""
    try:
        names = [entry.name for entry in os.scandir(place) if entry.is_dir()]
    except OSError:
        return []
    found = [(match, place / name) for name in names if (match := _NAME.fullmatch(name))]
    made = [Backup(path, _time_of(match)) for match, path in found]
    return sorted(made, key=lambda backup: (backup.made_at, backup.folder.name), reverse=True)


def search(folder: Path) -> list[Backup]:
    """Return every copy in a folder, on a disk or in one device's place, the newest first."""
    try:
        places = [folder, *(entry for entry in folder.glob("vaxpost-*") if entry.is_dir())]
        found = [copy for place in places for copy in backups_in(place)]
        if match := _NAME.fullmatch(folder.name):
            found.append(Backup(folder, _time_of(match)))
    except OSError:
        return []
    return sorted(found, key=lambda backup: (backup.made_at, backup.folder.name), reverse=True)


def drop_old(place: Path, generations: Generations, newest: Backup) -> list[Backup]:
    """Remove the copies no generation keeps, once ``newest`` is whole; return them. What stays stays."""
    there = backups_in(place)
    stay = kept([backup.made_at for backup in there], generations)
    old = [each for each in there if each.made_at not in stay and each.folder != newest.folder]
    for backup in old:
        shutil.rmtree(backup.folder, ignore_errors=True)
    return old


def place_of(store: Store) -> str:
    """Return the name of this device's folder on a backup disk."""
    return f"vaxpost-{current_stream(store.read()).device_id[:13]}"


def read_manifest(backup: Path) -> Manifest:
    """Return what a copy says of itself, unproven; raises BackupDamaged."""
    content = _manifest_of(backup)
    try:
        heads = tuple(Head(**head) for head in content["heads"])
        packs = dict(content.get("packs", {}))
        return Manifest(**{**content, "heads": heads, "steps": tuple(content["steps"]), "packs": packs})
    except (KeyError, TypeError, ValueError) as error:
        raise BackupDamaged(str(backup), "manifest") from error


def check_copy(backup: Path, key: bytes) -> Manifest:
    """Return the manifest of a copy that is whole, byte for byte; reads all of it but the rule packs.

    Raises BackupDamaged, KeyFileChanged for a key that is not this copy's.
    """
    manifest = read_manifest(backup)
    keys = KeyFile(backup / KEYS, lambda: b"")
    try:
        keys.check(key)
        data = json.loads((backup / MANIFEST).read_bytes())
        if not hmac.compare_digest(str(data["mac"]), _mac(_manifest_of(backup), key)):
            raise BackupDamaged(str(backup), "manifest")
        for name, told in ((KEYS, manifest.keys_sha256), (manifest.database, manifest.database_sha256)):
            if _sha256(backup / name) != told:
                raise BackupDamaged(str(backup), name)
    except (KeyFileMissing, KeyFileUnreadable, OSError, ValueError, KeyError) as error:
        raise BackupDamaged(str(backup), type(error).__name__) from error
    return manifest


def remove_unfinished(place: Path) -> None:
    """Remove from a device's folder what a copy left that was broken off."""
    for leftover in place.glob(f"{_NEW}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def check_place(data: Path, into: Path) -> None:
    """Pass a folder that backups of a data folder may go to; raises BackupFolderGone, BackupOnSameDisk.

    No folder, or one without its disk, would be another for every process.
    """
    if not (into.is_absolute() and into.is_dir()):
        raise BackupFolderGone(str(into))
    data = data.resolve()
    if into.resolve() == data or data in into.resolve().parents:
        raise BackupOnSameDisk(str(into))


def _fill(source: Source, new: Path, now: datetime, program: str, between: Callable[[], object]) -> None:
    key, keys = source.key, (source.path.parent / KEYS).read_bytes()
    (new / KEYS).write_bytes(keys)
    standing = KeyFile(new / KEYS, lambda: b"").check(key)
    db = connect(source.path, key, writable=False)
    target = None
    try:
        db.execute("begin")
        facts = _facts(db) | {"packs": carry_packs(packs_taken(db), source.path.parent, new)}
        target = connect_copy(new / standing.database, key)
        with SteadySync(new / standing.database) as steady:

            def rest() -> None:
                steady.sync()
                between()

            copy_pages(db, target, rest)
    finally:
        db.conn.close()
        if target:
            target.conn.close()
    sync_file(new / standing.database)
    manifest = Manifest(
        made_at=instant_text(now),
        program=program,
        steps=KNOWN_STEPS,
        key_revision=standing.revision,
        database=standing.database,
        database_sha256=_sha256(new / standing.database),
        keys_sha256=sha256(keys).hexdigest(),
        **facts,
    )
    content = asdict(manifest)
    (new / MANIFEST).write_text(json.dumps(content | {"mac": _mac(content, key)}, indent=1), "utf-8")
    sync_file(new / KEYS)
    sync_file(new / MANIFEST)


def _facts(db: Database) -> dict[str, Any]:
    """Read in the transaction that is copied; the first reading begins it."""
    heads = db.execute("select device_id, epoch, head_seq, hex(head_hash) from stream order by opened_at")
    found = tuple(Head(*row) for row in heads)
    counts = [db.execute(f"select count(*) from {t}").fetchone()[0] for t in ("patient", "journal")]
    (doses,) = db.execute("select count(*) from immunization where status = 'completed'").fetchone()
    return {"people": counts[0], "doses": doses, "entries": counts[1], "heads": found}


def _manifest_of(backup: Path) -> dict[str, Any]:
    try:
        content = json.loads((backup / MANIFEST).read_bytes())
        del content["mac"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupDamaged(str(backup), "manifest") from error
    return dict(content)


def _time_of(name: re.Match[str]) -> datetime:
    return datetime.strptime(name["at"], "%Y%m%dT%H%M%S%z")


def _mac(content: dict[str, Any], key: bytes) -> str:
    covered = json.dumps(content | {"version": VERSION}, sort_keys=True)
    return hmac.new(key, b"vaxpost-backup/1" + covered.encode(), sha256).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _check_room(database: Path, place: Path) -> None:
    log = database.with_name(f"{database.name}-wal")
    needed = sum(file.stat().st_size for file in (database, log) if file.exists()) + SPARE
    free = shutil.disk_usage(place).free
    if free < needed:
        raise BackupDiskFull(str(place), needed, free)


@contextmanager
def _disk_of(into: Path, store: Path) -> Iterator[None]:
    """Say what a disk that fails means for a backup."""
    try:
        yield
    except PageBroken as error:
        raise StoreUnreadable(str(store), "a page without its seal") from error
    except (StoreUnwritable, dbapi2.Error, OSError) as error:
        if not into.is_dir():
            raise BackupFolderGone(str(into)) from error
        technical = _technical(error)
        if technical in ("SQLITE_FULL", "ENOSPC"):
            raise BackupDiskFull(str(into), 0, shutil.disk_usage(into).free) from error
        raise BackupUnwritable(str(into), technical) from error


def _technical(error: Exception) -> str:
    if isinstance(error, StoreUnwritable):
        return error.technical
    if isinstance(error, OSError) and error.errno:
        return errorcode.get(error.errno, str(error.errno))
    return (isinstance(error, dbapi2.Error) and name_of(error)) or type(error).__name__
