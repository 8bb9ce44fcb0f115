"""Long runs of a feed as what their events come to, for devices far behind; made once, when asked for.

A run never changes: positions are only added at the end of a feed.
"""

import zlib
from collections.abc import Callable, Sequence
from operator import itemgetter

from app.domain.condensed import DOSE_COLUMNS, DOSE_KIND, Condensed, DoseRow, condense, write_lines
from app.domain.journal import Event, NotCanonical, parse_readable
from app.sync.frame import Squeezed
from app.sync.reading import read_alike
from server.database import Database
from server.feed_runs import events_of, read_stretches

BLOCK = 10_000
"""Positions of one run, kept in one transaction: with 5,000 the indexes were written twice as often."""
MOST_BYTES = 16 << 20
"""A run that comes to more is sent as its events, page by page."""
LEVEL = 6


def read_block(database: Database, area: str, start: int) -> tuple[bytes, ...]:
    """Return the lines of the run after ``start``, a multiple of ``BLOCK``; none if it cannot be sent so."""
    made = _made(database, area, start)
    if made is None:
        with database.transaction():
            database.execute("select pg_advisory_xact_lock(hashtext(%s), %s)", (area, start // BLOCK))
            made = _made(database, area, start)  # somebody else may have, meanwhile
            if made is None:
                made = _make(database, area, start)
    return made


def _made(database: Database, area: str, start: int) -> tuple[bytes, ...] | None:
    row = database.execute(
        "select lines from feed_block where area = %s and start = %s and length = %s",
        (area, start, BLOCK),
        binary=True,
    ).fetchone()
    if row is None:
        return None
    return Squeezed.of(row[0]) if row[0] else ()


def _make(database: Database, area: str, start: int) -> tuple[bytes, ...]:
    lines = write_lines(run_of(_events(database, area, start)))
    if sum(map(len, lines)) > MOST_BYTES:
        lines = []
    squeezed = zlib.compress(b"\n".join(lines), LEVEL) if lines else b""
    database.execute(
        "insert into feed_block values (%s, %s, %s, %s) on conflict do nothing",
        (area, start, BLOCK, squeezed),
    )
    return Squeezed.of(squeezed) if squeezed else ()


def missing_blocks(database: Database) -> list[tuple[str, int]]:
    """Return the area and start of each run that is full and not made yet."""
    rows = database.execute(
        """
        select area, run * %(block)s from area_head,
            lateral generate_series(0, pos / %(block)s - 1) as full_run(run)
        where not exists (select from feed_block b
            where b.area = area_head.area and b.start = run * %(block)s and b.length = %(block)s)
        order by area, run
        """,
        {"block": BLOCK},
    )
    return [(area, start) for area, start in rows]


def make_missing(database: Database, stopping: Callable[[], bool]) -> None:
    """Make the long runs of the feeds before anybody asks for them; who asks earlier has them made then."""
    for area, start in missing_blocks(database):
        if stopping():
            return
        read_block(database, area, start)


def run_of(lines: Sequence[bytes]) -> Condensed:
    """Return what events come to; of doses built alike only the columns that are told are read."""
    try:
        found = read_alike(lines)
    except NotCanonical:
        return condense(parse_readable(lines))
    events: list[tuple[int, Event | DoseRow]] = []
    for alike in found:
        if alike.readable and all(kind == DOSE_KIND for kind in alike.told("kind")):
            told = zip(*map(alike.said, DOSE_COLUMNS), strict=True)
            events += zip(alike.rows, told, strict=True)
        else:
            events += zip(alike.rows, alike.events(), strict=True)
    events.sort(key=itemgetter(0))
    return condense(event for _, event in events)


def _events(database: Database, area: str, start: int) -> list[bytes]:
    end = start + BLOCK
    rows = read_stretches(database, area, start, end)
    places = [(row.stream, row.seqs[max(start - row.after, 0) : end - row.after]) for row in rows]
    return events_of(database, places)
