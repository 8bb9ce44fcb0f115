"""Fills the projections once more from the journal: after a release that reads more of it.

Every facet of a row follows its newest event, so it may run beside the centre, twice, and be broken off. What
is wrong with a meaning is not looked for again: that was said when the event came. What was unfit is judged
again: this release may read it.
"""

from collections.abc import Callable
from datetime import datetime

from app.domain.journal import Entry, Stream, parse
from server.database import Database
from server.projection import PROJECTOR, READERS
from server.projector import project
from server.unfit import admit_all

BATCH = 2000
"""Events of one transaction."""

Place = tuple[str, str, int]
BEGINNING: Place = ("", "", 0)


def reproject(database: Database, now: datetime) -> int:
    """Project every event of the journal, each where it was first seen; return how many were read."""
    admit_all(database, now)
    count, after = 0, BEGINNING
    while read := _project_some(database, after):
        count, after = count + read[0], read[1]
    return count


def catch_up(database: Database, now: datetime, stopping: Callable[[], bool]) -> None:
    """Read the journal once more if this program's projector never did, or go on where that was broken off.

    Processes of one centre share the work without waiting for each other: who finds it taken leaves it.
    """
    database.execute("insert into projector (version) values (%s) on conflict do nothing", (PROJECTOR,))
    while not stopping() and _catch_up_some(database, now):
        pass


def _catch_up_some(database: Database, now: datetime) -> bool:
    """Project a batch and note how far that was; return whether there may be more to do here."""
    with database.transaction():
        row = database.execute(
            "select device_id, epoch, seq from projector "
            "where version = %s and done_at is null for update skip locked",
            (PROJECTOR,),
        ).fetchone()
        if row is None:
            return False
        read = _project_some(database, (row[0], row[1], row[2]))
        if read is None:
            database.execute("update projector set done_at = %s where version = %s", (now, PROJECTOR))
            admit_all(database, now)
            return False
        database.execute(
            "update projector set device_id = %s, epoch = %s, seq = %s where version = %s",
            (*read[1], PROJECTOR),
        )
    return True


def _project_some(database: Database, after: Place) -> tuple[int, Place] | None:
    """Project the events behind a place; return how many and up to where, None if there are no more."""
    rows = database.execute(
        """
        select j.device_id, j.epoch, j.seq, data, hash from journal j join event_home h
            on (h.event_id, h.device_id, h.epoch, h.seq) = (j.event_id, j.device_id, j.epoch, j.seq)
        where kind = any(%s) and (j.device_id, j.epoch, j.seq) > (%s, %s, %s)
        order by j.device_id, j.epoch, j.seq limit %s
        """,
        (sorted(READERS), *after, BATCH),
        binary=True,
    ).fetchall()
    if not rows:
        return None
    project(
        database,
        [
            Entry(Stream(device_id, epoch), parse(data), data, digest)
            for device_id, epoch, _, data, digest in rows
        ],
    )
    return len(rows), rows[-1][:3]
