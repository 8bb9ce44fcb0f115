"""Connections to the encrypted database, and what the disk says when it does not take one."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.refusals import Refusal


@dataclass(unsafe_hash=True)
class StoreUnreadable(Refusal):
    """The database is damaged or under another key; it is left as it is, never recreated."""

    path: str
    technical: str


@dataclass(unsafe_hash=True)
class StoreFull(Refusal):
    """The disk is full: the act was not written, what was saved before stays."""

    path: str


@dataclass(unsafe_hash=True)
class StoreUnwritable(Refusal):
    """The disk does not take what is written: a fault of the device, or it is protected or gone."""

    path: str
    technical: str


_NAMES = {
    "database disk image is malformed": "SQLITE_CORRUPT",
    "file is not a database": "SQLITE_NOTADB",
    "database or disk is full": "SQLITE_FULL",
    "disk I/O error": "SQLITE_IOERR",
    "attempt to write a readonly database": "SQLITE_READONLY",
    "unable to open database file": "SQLITE_CANTOPEN",
}
"""By SQLite's own words: an error of a copy comes without its name."""


def name_of(error: dbapi2.Error) -> str:
    """Return SQLite's own name of an error, empty if it has none."""
    return str(getattr(error, "sqlite_errorname", "") or _NAMES.get(str(error), ""))


def why_unwritten(path: Path, error: dbapi2.Error) -> Refusal | None:
    """Return the refusal of a disk that takes nothing or gives other bytes back; None of a bug."""
    name = name_of(error)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreUnreadable(str(path), name)
    if name == "SQLITE_FULL":
        return StoreFull(str(path))
    if name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return StoreUnwritable(str(path), name)
    return None


def why_shut(path: Path, error: dbapi2.Error) -> Refusal:
    """Return the refusal of a store that does not open; a disk that is full is no damage to the store."""
    if name_of(error).startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StoreUnwritable(str(path), name_of(error))
    return StoreUnreadable(str(path), str(error))


def connect(path: Path, key: bytes, *, writable: bool) -> Database:
    """Open the database with a raw 256-bit key; raises StoreUnreadable or StoreUnwritable."""
    settings = _WRITER if writable else _READER
    return _connect(path, key, "rwc" if writable else "rw", settings)


_CACHE = "cache_size = -32000"
"""KiB: a first fill spends a quarter less than with SQLCipher's own 2,000: each page is encrypted once."""
_WRITER = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", _CACHE)
_READER = ("query_only = on",)
_COPY = ("journal_mode = off", "synchronous = off", _CACHE)
"""For a file that counts only once it is whole and synced."""


def connect_copy(path: Path, key: bytes) -> Database:
    """Open a new file that is copied into; raises StoreUnreadable or StoreUnwritable."""
    return _connect(path, key, "rwc", _COPY)


def connect_still(path: Path, key: bytes) -> Database:
    """Open a database so that not even a log is left beside it, for a look; raises as ``connect``.

    Even a refused connection that may write puts the log back into the file when it closes. Where there is
    no log, "immutable" keeps SQLite from leaving an empty one behind.
    """
    log = path.with_name(path.name + "-wal")
    return _connect(path, key, "ro" if log.exists() else "ro&immutable=1", ())


def _connect(path: Path, key: bytes, mode: str, settings: tuple[str, ...]) -> Database:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    try:
        connection = dbapi2.connect(
            address, isolation_level=None, check_same_thread=False, timeout=10, uri=True
        )
    except dbapi2.DatabaseError as error:
        raise why_shut(path, error) from error
    try:
        for setting in ("cipher_log_level = none", f"key = \"x'{key.hex()}'\"", "temp_store = memory"):
            connection.execute(f"pragma {setting}")
        connection.execute("select count(*) from sqlite_master").fetchone()
        for setting in settings:
            connection.execute(f"pragma {setting}")
    except dbapi2.DatabaseError as error:
        connection.close()
        raise why_shut(path, error) from error
    # Recursive triggers let the journal's trigger refuse "insert or replace" as well.
    return Database(connection, recursive_triggers=True, execute_plugins=False)


LOG_PAGES, LONG_LOG_PAGES = 1_000, 8_000
"""4 KB each. An act waits while the log is put back, so by day it stays short; a fill, which writes the same
pages of indexes again and again, lets it grow."""


def bound_log(db: Database, pages: int) -> None:
    """Let the log be put back into the file once it is so long."""
    db.execute(f"pragma wal_autocheckpoint = {pages}").fetchone()


@contextmanager
def one_instant(db: Database) -> Iterator[Database]:
    """Let everything read inside be of one commit: an act between two readings would tear the picture."""
    if db.conn.in_transaction:
        yield db
        return
    db.execute("begin")
    try:
        yield db
    finally:
        db.execute("commit")


def remove_database(path: Path) -> None:
    """Remove a database that nobody needs, with its log; what cannot go now is left."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        with suppress(OSError):
            path.with_name(name).unlink()
