"""Connections to PostgreSQL, all set the same way: durable commits, bounded waits, UTC."""

from psycopg import Connection, connect
from psycopg.rows import TupleRow

CONNECT_S = 5

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
