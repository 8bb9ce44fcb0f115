"""The encrypted store: one writer thread, read-only connections for everybody else."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2
from sqlite_utils import Database

from app.domain.refusals import Refusal
from app.storage.migrations import KNOWN_STEPS, migrations

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


def connect(path: Path, key: bytes, *, writable: bool) -> Database:
    """Open the database with a raw 256-bit key; raises StoreUnreadable when it will not open."""
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=10)
    try:
        connection.execute(f"pragma key = \"x'{key.hex()}'\"")
        connection.execute("pragma temp_store = memory")
        connection.execute("select count(*) from sqlite_master").fetchone()
        if writable:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("pragma foreign_keys = on")
        else:
            connection.execute("pragma query_only = on")
    except dbapi2.DatabaseError as error:
        connection.close()
        raise StoreUnreadable(str(path), str(error)) from error
    return Database(connection)


class Transaction:
    """One write in progress: the database and the kinds of events appended so far."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.kinds: set[str] = set()


class Store:
    """Owns the database file while the program runs."""

    def __init__(self, path: Path, key: bytes, *, create: bool = False) -> None:
        """Open and bring up to date; raises StoreMissing, StoreUnreadable or StoreNewer, touching nothing."""
        if not create and not path.exists():
            raise StoreMissing(str(path))
        self.path = path
        self._key = key
        self._listeners: list[Committed] = []
        self._readers = threading.local()
        self._open_readers: list[Database] = []
        self._work: queue.SimpleQueue[tuple[Callable[[Transaction], Any], Future[Any]] | None]
        self._work = queue.SimpleQueue()
        self._db = connect(path, key, writable=True)
        try:
            _bring_up_to_date(self._db, path)
        except BaseException:
            self._db.conn.close()
            raise
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def on_committed(self, listener: Committed) -> None:
        """Call ``listener`` on the writer thread after each transaction that wrote events."""
        self._listeners.append(listener)

    def submit(self, work: Callable[[Transaction], T]) -> "Future[T]":
        """Run ``work`` in one transaction on the writer thread; a raise rolls everything back."""
        future: Future[T] = Future()
        self._work.put((work, future))
        return future

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run ``work`` in one transaction and wait for its commit."""
        return self.submit(work).result()

    def read(self) -> Database:
        """Return this thread's read-only connection."""
        db: Database | None = getattr(self._readers, "db", None)
        if db is None:
            db = self._readers.db = connect(self.path, self._key, writable=False)
            self._open_readers.append(db)
        return db

    def close(self) -> None:
        """Finish what is queued, then close every connection."""
        self._work.put(None)
        self._thread.join()
        for db in (*self._open_readers, self._db):
            db.conn.close()
        self._open_readers.clear()
        self._readers = threading.local()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            work, future = item
            try:
                transaction, result = self._transact(work)
            except BaseException as error:  # noqa: BLE001 - an outer edge: the caller gets it from the future
                future.set_exception(error)
                continue
            future.set_result(result)
            if transaction.kinds:
                for listener in self._listeners:
                    listener(frozenset(transaction.kinds))

    def _transact(self, work: Callable[[Transaction], T]) -> tuple[Transaction, T]:
        transaction = Transaction(self._db)
        self._db.conn.execute("begin immediate")
        try:
            result = work(transaction)
            self._db.conn.execute("commit")
        except BaseException:
            if self._db.conn.in_transaction:
                self._db.conn.execute("rollback")
            raise
        return transaction, result


def _bring_up_to_date(db: Database, path: Path) -> None:
    if unknown := tuple(step.name for step in migrations.applied(db) if step.name not in KNOWN_STEPS):
        raise StoreNewer(str(path), unknown)
    migrations.apply(db)
