"""The encrypted store: one writer thread, read-only connections for everybody else."""

import os
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.storage.connecting import StoreFull as StoreFull
from app.storage.connecting import StoreUnreadable as StoreUnreadable
from app.storage.connecting import StoreUnwritable as StoreUnwritable
from app.storage.connecting import (
    connect,
    connect_copy,
    connect_still,
    remove_database,
    why_shut,
    why_unwritten,
)
from app.storage.copying import PageBroken, copy_pages
from app.storage.disk import sync_file, sync_folder
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
class StoreMissing(Refusal):
    """Keys are here but the database is gone; nothing is created in its place."""

    path: str


@dataclass(unsafe_hash=True)
class StoreClosed(Refusal):
    """The program is closing: nothing more is written."""

    path: str


@dataclass(unsafe_hash=True)
class StoreOnReserve(Refusal):
    """The disk is full: the act was written into the room held in reserve, and there is little of it."""

    path: str


def _with_room(reserve: Reserve | None, work: Callable[[], T]) -> T:
    """Return what ``work`` returns; where the disk takes nothing, once more without the reserve."""
    try:
        return work()
    except StoreUnwritable:
        if not (reserve and reserve.give_up()):
            raise
        return work()


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
        self._at = (path, key)
        """One value, so that nobody sees the file of one key with the other while the key is changed."""
        self._listeners: list[Committed] = []
        self._warned: list[Callable[[Refusal], None]] = []
        self._reserve = reserve
        self._readers = threading.local()
        self._open_readers: list[Database] = []
        self._work: queue.SimpleQueue[_Item | Callable[[], None] | None] = queue.SimpleQueue()
        self._closing = False
        self._gate = threading.Lock()
        """Between ``submit`` and ``close``: nothing is queued behind the end."""
        self._db = _with_room(reserve, lambda: connect(path, key, writable=True))
        try:
            _with_room(reserve, self._take_steps)
        except BaseException:
            self._db.conn.close()
            raise
        if reserve:
            reserve.fill()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def _take_steps(self) -> None:
        """Bring the shape up to date, each step whole or not at all."""
        try:
            migrations.apply(self._db)
        except dbapi2.Error as error:
            if refusal := why_unwritten(self.path, error):
                raise refusal from error
            raise

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
        while db is None or (self._readers.at is not self._at and not db.conn.in_transaction):
            at = self._at
            try:
                db = connect(*at, writable=False)
            except Refusal:
                if at is self._at:
                    raise
                continue  # the store has just moved
            self._readers.db, self._readers.at = db, at
            self._open_readers.append(db)
        return db

    @property
    def path(self) -> Path:
        """The database file; another once the key is changed."""
        return self._at[0]

    @property
    def key(self) -> bytes:
        """The database key, for slots of the key file and for backups."""
        return self._at[1]

    def move(self, path: Path, key: bytes, switch: Callable[[], object]) -> "Future[None]":
        """Go on in a new file under another key; acts are done in between the steps of the copying.

        ``switch`` runs on the writer thread once all is there and synced, and makes it count; if it raises,
        or the disk refuses, everything goes on where it was. Readings under way end in the old file, which
        stays. The future raises StoreClosed, StoreFull, StoreUnwritable, StoreUnreadable for a damaged page,
        or what ``switch`` raises.
        """
        future: Future[None] = Future()
        with self._gate:
            if self._closing:
                future.set_exception(StoreClosed(str(self.path)))
            else:
                self._work.put(lambda: self._move(path, key, switch, future))
        return future

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
            if callable(item):
                item()
            else:
                self._serve(*item)

    def _serve(self, work: Callable[[Transaction], Any], future: "Future[Any]", urgent: bool) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            transaction, result = self._write_down(work, urgent)
        except BaseException as error:  # noqa: BLE001 - an outer edge: the caller gets it from the future
            future.set_exception(error)
            return
        future.set_result(result)
        if transaction.kinds:
            self._tell(frozenset(transaction.kinds))

    def _serve_waiting(self) -> None:
        """Do what has come in while pages were copied, or leave a breath for what may come."""
        for _ in range(max(1, self._work.qsize())):
            try:
                item = self._work.get(timeout=_BREATH_S)
            except queue.Empty:
                return
            if item is None:
                self._work.put(None)
                raise StoreClosed(str(self.path))
            if not callable(item):
                self._serve(*item)

    def _move(self, path: Path, key: bytes, switch: Callable[[], object], future: "Future[None]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        fresh: Database | None = None
        copy = path.with_name(path.name + COPYING)
        try:
            fresh = connect_copy(copy, key)
            copy_pages(self._db, fresh, self._serve_waiting)
            fresh.conn.close()
            try:
                sync_file(copy)
                os.replace(copy, path)
                sync_folder(path.parent)
            except OSError as error:
                raise StoreUnwritable(str(path), error.strerror or "") from error
            fresh = connect(path, key, writable=True)
            switch()
        except BaseException as error:  # noqa: BLE001 - an outer edge: the caller gets it from the future
            if fresh:
                fresh.conn.close()
            for half in (copy, path):
                remove_database(half)
            future.set_exception(self._why_not_moved(path, error))
            return
        former, self._db = self._db, fresh
        self._at = (path, key)
        former.conn.close()
        self._open_readers.clear()
        future.set_result(None)

    def _tell(self, kinds: frozenset[str]) -> None:
        for listener in self._listeners:
            try:
                listener(kinds)
            except Exception:  # noqa: BLE001 - an outer edge: reported, and the writer goes on
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))

    def _why_not_moved(self, path: Path, error: BaseException) -> BaseException:
        if isinstance(error, PageBroken):
            return StoreUnreadable(str(self.path), "a page without its seal")
        return (why_unwritten(path, error) if isinstance(error, dbapi2.Error) else None) or error

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
            refusal = why_unwritten(self.path, error) if isinstance(error, dbapi2.Error) else None
            if refusal:
                raise refusal from error
            raise
        return transaction, result


_Item = tuple[Callable[[Transaction], Any], "Future[Any]", bool]
_BREATH_S = 0.005
COPYING = ".copying"
"""Ends the name of a copy that is not whole yet."""


def _look_inside(path: Path, key: bytes, accept: Callable[[Database], object]) -> None:
    """Raise what stands against opening, through a connection that cannot write."""
    if not path.exists():
        raise StoreMissing(str(path))
    db = connect_still(path, key)
    try:
        steps = tuple(step.name for step in migrations.applied(db))
        if not steps:
            raise StoreUnreadable(str(path), "no tables")
        if unknown := tuple(step for step in steps if step not in KNOWN_STEPS):
            raise StoreNewer(str(path), unknown)
        accept(db)
    except dbapi2.DatabaseError as error:
        raise why_shut(path, error) from error
    finally:
        db.conn.close()
