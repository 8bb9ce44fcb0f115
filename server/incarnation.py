"""Which life of the centre this is: a restore from backup begins another, and devices are told so."""

from datetime import datetime

from app.domain.ids import Randomness
from server.database import Database

INCARNATION_BYTES = 8


def incarnation_of(database: Database) -> str:
    """Return the incarnation in force; the first migration began one."""
    row = database.execute("select incarnation from centre order by began_at desc limit 1").fetchone()
    assert row is not None, "the migration begins an incarnation"
    return str(row[0])


def begin_incarnation(database: Database, now: datetime, random: Randomness) -> str:
    """Begin another incarnation, after a restore from backup, and return it."""
    incarnation = random(INCARNATION_BYTES).hex()
    database.execute("insert into centre values (%s, %s)", (incarnation, now))
    return incarnation
