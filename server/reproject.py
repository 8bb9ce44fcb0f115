"""Fills the projections once more from the journal: after a release that reads more of it.

Every facet of a row follows its newest event, so it may run beside the centre, twice, and be broken off. What
is wrong with a meaning is not looked for again: that was said when the event came.
"""

from app.domain.journal import Entry, Stream, decode
from server.database import Database
from server.projection import READERS
from server.projector import project

BATCH = 2000
"""Events of one transaction."""


def reproject(database: Database) -> int:
    """Project every event of the journal, each where it was first seen; return how many were read."""
    count, after = 0, ("", "", 0)
    while rows := _read(database, after):
        project(
            database,
            [
                Entry(Stream(device_id, epoch), decode(data), data, digest)
                for device_id, epoch, _, data, digest in rows
            ],
        )
        count += len(rows)
        after = rows[-1][:3]
    return count


def _read(database: Database, after: tuple[str, str, int]) -> list[tuple[str, str, int, bytes, bytes]]:
    return database.execute(
        """
        select j.device_id, j.epoch, j.seq, data, hash from journal j join event_home h
            on (h.event_id, h.device_id, h.epoch, h.seq) = (j.event_id, j.device_id, j.epoch, j.seq)
        where kind = any(%s) and (j.device_id, j.epoch, j.seq) > (%s, %s, %s)
        order by j.device_id, j.epoch, j.seq limit %s
        """,
        (sorted(READERS), *after, BATCH),
        binary=True,
    ).fetchall()
