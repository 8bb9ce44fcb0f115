"""Every projected table as it stands, and as a rebuild from the journal would make it."""

import contextlib
from typing import Any

from sqlite_utils import Database

from app.storage.projections import rebuild
from app.storage.shape import PROJECTED_TABLES
from app.storage.store import Store, Transaction

Dump = dict[str, list[tuple[Any, ...]]]


class _NeverMind(Exception):
    """Rolls the rebuild back."""


def dump(db: Database) -> Dump:
    """Return the rows of every projected table, in an order of their own."""
    return {
        table: sorted(db.execute(f"select * from {table}").fetchall(), key=repr) for table in PROJECTED_TABLES
    }


def rebuilt_dump(store: Store) -> Dump:
    """Return what a rebuild gives; the tables stay as they are."""
    found: list[Dump] = []

    def look(transaction: Transaction) -> None:
        rebuild(transaction.db)
        found.append(dump(transaction.db))
        raise _NeverMind

    with contextlib.suppress(_NeverMind):
        store.write(look)
    return found[0]
