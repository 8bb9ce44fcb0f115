"""The encrypted store: one writer thread, read-only connections for everybody else."""

import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.storage.migrations import KNOWN_STEPS, migrations
from app.storage.reserve import Reserve

T = TypeVar("T")
Committed = Callable[[frozenset[str]], None]
"""Told, on the writer thread, which kinds of events a transaction has written."""


@dataclass(unsafe_hash=True)
class StoreNewer(Refusal):
    """The database was written by a newer program; it is left as it is."""

    path: str
    unknown_steps: tuple[str, ...]


@dataclass(unsafe_hash=True)
class StoreUnreadable(Refusal):
    """The database is damaged or under another key; it is left as it is, never recreated."""

    path: str
    technical: str


@dataclass(unsafe_hash=True)
class StoreMissing(Refusal):
    """Keys are here but the database is gone; nothing is created in its place."""

    path: str


@dataclass(unsafe_hash=True)
class StoreClosed(Refusal):
    """The program is closing: nothing more is written."""

    path: str


@dataclass(unsafe_hash=True)
class StoreFull(Refusal):
    """The disk is full: the act was not written, what was saved before stays."""

    path: str


@dataclass(unsafe_hash=True)
class StoreUnwritable(Refusal):
    """The disk does not take what is written: a fault of the device, or it is protected or gone."""

    path: str
    technical: str


@dataclass(unsafe_hash=True)
class StoreOnReserve(Refusal):
    """The disk is full: the act was written into the room held in reserve, and there is little of it."""

    path: str


def _name_of(error: dbapi2.Error) -> str:
    """Return SQLite's own name of an error, empty if it has none."""
    return str(getattr(error, "sqlite_errorname", ""))


def _why_unwritten(path: Path, error: dbapi2.Error) -> Refusal | None:
    """Return the refusal of a disk that takes nothing, None for an error of the program."""
    name = _name_of(error)
    if name == "SQLITE_FULL":
        return StoreFull(str(path))
    if name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        return StoreUnwritable(str(path), name)
    return None


def _why_shut(path: Path, error: dbapi2.Error) -> Refusal:
    """Return the refusal of a store that does not open; a disk that is full is no damage to the store."""
    if _name_of(error).startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return StoreUnwritable(str(path), _name_of(error))
    return StoreUnreadable(str(path), str(error))


def _with_room(reserve: Reserve | None, work: Callable[[], T]) -> T:
    """Return what ``work`` returns; where the disk takes nothing, once more without the reserve."""
    try:
        return work()
    except StoreUnwritable:
        if not (reserve and reserve.give_up()):
            raise
        return work()


def connect(path: Path, key: bytes, *, writable: bool) -> Database:
    """Open the database with a raw 256-bit key; raises StoreUnreadable or StoreUnwritable."""
    settings = _WRITER if writable else _READER
    return _connect(path, key, "rwc" if writable else "rw", settings)


_CACHE = "cache_size = -16000"
"""KiB: a first fill spends a fifth less than with SQLCipher's own 2,000, for each page is encrypted once."""
_WRITER = ("journal_mode = wal", "synchronous = full", "foreign_keys = on", _CACHE)
_READER = ("query_only = on",)


def _connect(path: Path, key: bytes, mode: str, settings: tuple[str, ...]) -> Database:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    try:
        connection = dbapi2.connect(
            address, isolation_level=None, check_same_thread=False, timeout=10, uri=True
        )
    except dbapi2.DatabaseError as error:
        raise _why_shut(path, error) from error
    try:
        for setting in ("cipher_log_level = none", f"key = \"x'{key.hex()}'\"", "temp_store = memory"):
            connection.execute(f"pragma {setting}")
        connection.execute("select count(*) from sqlite_master").fetchone()
        for setting in settings:
            connection.execute(f"pragma {setting}")
    except dbapi2.DatabaseError as error:
        connection.close()
        raise _why_shut(path, error) from error
    # Recursive triggers let the journal's trigger refuse "insert or replace" as well.
    return Database(connection, recursive_triggers=True)


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


class Transaction:
    """One write in progress: the database and the kinds of events appended so far."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.kinds: set[str] = set()


class Store:
    """Owns the database file while the program runs."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        create: bool = False,
        accept: Callable[[Database], object] = repr,
        reserve: Reserve | None = None,
    ) -> None:
        """Open and bring up to date; raises StoreMissing, StoreUnreadable or StoreNewer, touching nothing.

        StoreUnwritable: the disk is full or faulty. ``accept`` may look at an existing database and raise as
        well, before anything is touched. ``reserve`` is given up where opening or an act finds the disk full.
        """
        if not create:
            _with_room(reserve, lambda: _look_inside(path, key, accept))
        self.path = path
        self.key = key
        """For another user's slot in the key file."""
        self._listeners: list[Committed] = []
        self._warned: list[Callable[[Refusal], None]] = []
        self._reserve = reserve
        self._readers = threading.local()
        self._open_readers: list[Database] = []
        self._work: queue.SimpleQueue[tuple[Callable[[Transaction], Any], Future[Any], bool] | None]
        self._work = queue.SimpleQueue()
        self._closing = False
        self._gate = threading.Lock()
        """Between ``submit`` and ``close``: nothing is queued behind the end."""
        self._db = _with_room(reserve, lambda: connect(path, key, writable=True))
        try:
            migrations.apply(self._db)
        except BaseException:
            self._db.conn.close()
            raise
        if reserve:
            reserve.fill()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def on_committed(self, listener: Committed) -> None:
        """Call ``listener`` on the writer thread after each transaction that wrote events."""
        self._listeners.append(listener)

    def on_short_of_room(self, listener: Callable[[Refusal], None]) -> None:
        """Call ``listener`` on the writer thread with StoreOnReserve after an act that needed the reserve."""
        self._warned.append(listener)

    def submit(self, work: Callable[[Transaction], T], *, urgent: bool = False) -> "Future[T]":
        """Run ``work`` in one transaction on the writer thread; a raise rolls everything back.

        The future of a closed store raises StoreClosed, of a disk that takes nothing StoreFull or
        StoreUnwritable. ``urgent`` work, what people do, gets the room held in reserve and is run again.
        """
        future: Future[T] = Future()
        with self._gate:
            if self._closing:
                future.set_exception(StoreClosed(str(self.path)))
            else:
                self._work.put((work, future, urgent))
        return future

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one transaction and wait for its commit; raises as the future of ``submit``."""
        return self.submit(work).result()

    def read(self) -> Database:
        """Return this thread's read-only connection."""
        db: Database | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = connect(self.path, self.key, writable=False)
            self._open_readers.append(db)
        return db

    def close(self) -> None:
        """Finish what is queued, then close every connection."""
        with self._gate:
            self._closing = True
        self._work.put(None)
        self._thread.join()
        for db in (*self._open_readers, self._db):
            db.conn.close()
        self._open_readers.clear()
        self._readers = threading.local()

    def check_pages(self) -> int:
        """Return how many pages carry the right seal, all of them; raises StoreUnreadable at the first fault.

        Reads the whole file: for support staff and after a bad shutdown, not for every start.
        """
        db = connect(self.path, self.key, writable=True)
        try:
            db.execute("pragma wal_checkpoint(truncate)").fetchone()
            faults = db.execute("pragma cipher_integrity_check").fetchall()
            (count,) = db.execute("pragma page_count").fetchone()
        except dbapi2.DatabaseError as error:
            raise StoreUnreadable(str(self.path), str(error)) from error
        finally:
            db.conn.close()
        if faults:
            raise StoreUnreadable(str(self.path), str(faults[0][0]))
        return int(count)

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            work, future, urgent = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                transaction, result = self._write_down(work, urgent)
            except BaseException as error:  # noqa: BLE001 - an outer edge: the caller gets it from the future
                future.set_exception(error)
                continue
            future.set_result(result)
            if transaction.kinds:
                self._tell(frozenset(transaction.kinds))

    def _tell(self, kinds: frozenset[str]) -> None:
        for listener in self._listeners:
            try:
                listener(kinds)
            except Exception:  # noqa: BLE001 - an outer edge: reported, and the writer goes on
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))

    def _write_down(self, work: Callable[[Transaction], T], urgent: bool) -> tuple[Transaction, T]:
        if self._reserve:
            self._reserve.fill()
        try:
            return self._transact(work)
        except StoreFull:
            if not (urgent and self._reserve and self._reserve.give_up()):
                raise
        written = self._transact(work)
        for listener in self._warned:
            listener(StoreOnReserve(str(self.path)))
        return written

    def _transact(self, work: Callable[[Transaction], T]) -> tuple[Transaction, T]:
        transaction = Transaction(self._db)
        try:
            self._db.conn.execute("begin immediate")
            result = work(transaction)
            self._db.conn.execute("commit")
        except BaseException as error:
            if self._db.conn.in_transaction:
                self._db.conn.execute("rollback")
            refusal = _why_unwritten(self.path, error) if isinstance(error, dbapi2.Error) else None
            if refusal:
                raise refusal from error
            raise
        return transaction, result


def _look_inside(path: Path, key: bytes, accept: Callable[[Database], object]) -> None:
    """Raise what stands against opening, through a connection that cannot write.

    Even a refused connection that may write puts the log back into the file when it closes. Where there is no
    log, "immutable" keeps SQLite from leaving an empty one behind.
    """
    if not path.exists():
        raise StoreMissing(str(path))
    log = path.with_name(path.name + "-wal")
    db = _connect(path, key, "ro" if log.exists() else "ro&immutable=1", ())
    try:
        steps = tuple(step.name for step in migrations.applied(db))
        if not steps:
            raise StoreUnreadable(str(path), "no tables")
        if unknown := tuple(step for step in steps if step not in KNOWN_STEPS):
            raise StoreNewer(str(path), unknown)
        accept(db)
    except dbapi2.DatabaseError as error:
        raise _why_shut(path, error) from error
    finally:
        db.conn.close()
