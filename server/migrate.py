"""Numbered migrations, applied in order when the centre starts; they only go forward."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import errors

from app.domain.ids import Randomness
from app.domain.refusals import Refusal
from server.database import Database
from server.incarnation import begin_incarnation

FOLDER = Path(__file__).parent / "migrations"
NAME = re.compile(r"(\d{4})_\w+\.sql")


@dataclass(unsafe_hash=True)
class DatabaseNewer(Refusal):
    """The database was made by a newer centre than this program."""

    found: int
    known: int


def migrate(database: Database, now: datetime, random: Randomness, folder: Path = FOLDER) -> int:
    """Bring the database up to this program; return its version; raises DatabaseNewer.

    Centres that start together wait for each other at the table lock.
    """
    _make_ledger(database)
    with database.transaction():
        database.execute("lock table schema_version in exclusive mode")
        found = _version(database)
        steps = dict(_steps(folder))
        known = max(steps)
        if found > known:
            raise DatabaseNewer(found, known)
        for number in range(found + 1, known + 1):
            database.execute(steps[number].read_bytes())
            database.execute("insert into schema_version values (%s, %s)", (number, now))
        if database.execute("select from centre").fetchone() is None:
            begin_incarnation(database, now, random)
    return known


def _make_ledger(database: Database) -> None:
    try:
        database.execute(
            "create table if not exists schema_version (number integer primary key, applied_at timestamptz)"
        )
    except (errors.UniqueViolation, errors.DuplicateObject, errors.DuplicateTable):
        return  # another centre made it in this very moment


def _version(database: Database) -> int:
    row = database.execute("select coalesce(max(number), 0) from schema_version").fetchone()
    return int(row[0]) if row else 0


def _steps(folder: Path) -> Iterable[tuple[int, Path]]:
    for path in sorted(folder.iterdir()):
        match = NAME.fullmatch(path.name)
        if match:
            yield int(match[1]), path
