"""What lies in a second place: up to when the centre's events are on a standby or in the archive as well.

PostgreSQL tells how far its write-ahead log has been flushed by a standby, and which of its files were
archived. A mark is the place of the log at an instant; once it is behind one of these, what was received
before that instant is in two places. Where the second place stands, operations.md says.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.database import Database

CLOCKS_APART = timedelta(seconds=60)
"""By as much the clocks of the centre's machines, and of its database, may differ."""
IS_FILE = "^[0-9A-F]{24}$"
"""Of the log's files; its histories and backup labels are named otherwise."""


@dataclass(frozen=True)
class _Newest:
    """The mark made last."""

    made_at: datetime
    events: int
    is_last: bool


def durable_to(database: Database) -> datetime | None:
    """Return by when whatever was received is in a second place, None while that is not known; whole ms."""
    row = database.execute("select max(received_to) from wal_mark where safe").fetchone()
    return row[0] if row else None


def look_for_second_place(database: Database, now: datetime) -> None:
    """See which marks a second place has reached, and make the next where there is one."""
    with database.transaction():
        database.execute(_REACHED.encode(), {"file": IS_FILE})
        database.execute(
            "delete from wal_mark where received_to < (select max(received_to) from wal_mark where safe)"
        )
        if _has_second_place(database):
            _mark(database, now)


_REACHED = """
update wal_mark set safe = true where not safe and (
    lsn <= (select max(flush_lsn) from pg_stat_replication where state = 'streaming')
    or segment <= (
        select substr(last_archived_wal, 9) from pg_stat_archiver where last_archived_wal ~ %(file)s)
)
"""


def _has_second_place(database: Database) -> bool:
    row = database.execute(
        """
        select current_setting('archive_mode') <> 'off'
            or exists (select from pg_stat_replication where state = 'streaming')
        """
    ).fetchone()
    return bool(row and row[0])


def _mark(database: Database, now: datetime) -> None:
    """Make a mark unless it would say nothing new: an idle centre shall not fill the archive."""
    newest = _newest(database)
    held = database.execute("select coalesce(sum(acked), 0)::bigint from device_cursor").fetchone()
    events = held[0] if held else 0
    is_last = newest is not None and newest.events == events
    if newest is not None and is_last and (newest.is_last or now < newest.made_at + 2 * CLOCKS_APART):
        return
    oldest = database.execute(_OLDEST.encode()).fetchone()  # before the log is looked at: whoever ended by
    under_way = oldest[0] if oldest else timedelta()  # then stands in the log before the mark
    database.execute(
        """
        insert into wal_mark
        select lsn, substr(pg_walfile_name(lsn), 9), %s, date_trunc('milliseconds', %s), %s, %s, false
        from (select pg_current_wal_lsn() as lsn) as here on conflict do nothing
        """,
        (now, now - under_way - CLOCKS_APART, events, is_last),
    )


_OLDEST = """
select coalesce(max(clock_timestamp() - xact_start), '0') from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""
"""How long the oldest transaction has been under way."""


def _newest(database: Database) -> _Newest | None:
    row = database.execute(
        "select made_at, events, is_last from wal_mark order by made_at desc limit 1"
    ).fetchone()
    return _Newest(*row) if row else None
