"""Whether the centre can do its work: a database that answers, takes writes and is the one it was."""

import psycopg

from server.database import open_database
from server.incarnation import incarnation_of

READY = "ok"
UNAVAILABLE = "database unavailable"
READ_ONLY = "database read-only"
CHANGED = "database changed"
"""A backup was restored beneath a running centre: it has to be started again."""


def check_health(dsn: str, incarnation: str) -> str:
    """Return READY, or what is in the way."""
    try:
        with open_database(dsn) as database:
            read_only = database.execute(
                "select pg_is_in_recovery() or current_setting('transaction_read_only')::bool"
            ).fetchone()
            current = incarnation_of(database)
    except psycopg.Error:
        return UNAVAILABLE
    if current != incarnation:
        return CHANGED
    return READY if read_only == (False,) else READ_ONLY
