"""Connections to PostgreSQL, all set the same way: durable commits, bounded waits, UTC."""

import time
from collections.abc import Callable

from psycopg import Connection, OperationalError, connect
from psycopg.rows import TupleRow

CONNECT_S = 5
ASK_AGAIN_S = 0.25

Database = Connection[TupleRow]

OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "synchronous_commit=on",
        "statement_timeout=60s",
        "lock_timeout=20s",
        "idle_in_transaction_session_timeout=60s",
        "timezone=UTC",
        "client_min_messages=error",
    )
)


def open_database(dsn: str) -> Database:
    """Return a connection that opens no transaction of its own; raises psycopg.OperationalError."""
    return connect(dsn, autocommit=True, options=OPTIONS, connect_timeout=CONNECT_S)


def wait_for_database(
    dsn: str, say: Callable[[str], object], pause: Callable[[float], object] = time.sleep
) -> None:
    """Return once the database answers and takes writes; say why it does not, once for each reason.

    It may be starting, recovering from its log, or still a standby. Raises psycopg.OperationalError if it
    answers and will not have us: that does not mend itself.
    """
    said = ""
    while reason := _unready(dsn):
        if reason != said:
            say(f"waiting for the database: {reason}")
            said = reason
        pause(ASK_AGAIN_S)
    if said:
        say("the database is there")


def _unready(dsn: str) -> str:
    """Return why the database cannot be used yet, nothing if it can."""
    try:
        with open_database(dsn) as database:
            standby = database.execute("select pg_is_in_recovery()").fetchone() == (True,)
        return "it is a standby" if standby else ""
    except OperationalError as error:
        told = error.pgconn
        if told is not None and (told.needs_password or told.used_password):
            raise
        return str(error).splitlines()[0]
