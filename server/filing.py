"""Writes new events down: the journal, where they were first seen, what they say, the feeds, the findings."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.clock import epoch_ms
from app.domain.condensed import DOSE_KIND
from app.domain.hlc import COUNTER_BITS
from app.domain.journal import Entry, Event, decode
from server import journal
from server.copying import copying
from server.database import Database
from server.feed import add_to_feeds, runs_in, runs_of
from server.feedback import add_findings
from server.offers import OFFERED
from server.projection import SemanticError, read
from server.projector import POISON, project, read_new, write_new
from server.sheaf import Sheaf

REUSED = SemanticError("id", "reused")
AHEAD = SemanticError("occurred_at", "ahead")
AHEAD_MS = 3_600_000
"""A dose said to be given so much later than it came in was written by a clock that is wrong."""


def file_sheaves(database: Database, sheaves: Sequence[Sheaf], now: datetime) -> None:
    """Write sheaves down, all received at ``now``.

    They are taken to be what they nearly always are: events never seen before, of rows nobody spoke of. If
    PostgreSQL knows better, all is undone and written again event by event.
    """
    try:
        with database.transaction(), copying(database) as copies:
            journal.add_sheaves(copies, sheaves, now)
            # While PostgreSQL takes the rows of one table those of the next are made.
            homes, told = journal.homes_of(sheaves), read_new(sheaves)
            journal.claim_all(copies, homes)
            write_new(copies, told)
            add_to_feeds(copies, runs_in(sheaves))
    except POISON:
        file_entries(database, [entry for sheaf in sheaves for entry in sheaf.entries()], now)
        return
    late = [sheaf for sheaf in sheaves if max(sheaf.hlcs) > _latest_ms(now) << COUNTER_BITS]
    marked = told.marked + _ahead([entry for sheaf in late for entry in sheaf.entries()], now)
    if marked:
        add_findings(database, marked)


def file_entries(database: Database, entries: Sequence[Entry], now: datetime) -> None:
    """Write entries down, all received at ``now``; what was seen before is journalled and not projected."""
    with copying(database) as copies:
        journal.add_entries(copies, entries, now)
    _follow(database, entries, now)


def file_admitted(database: Database, entries: Sequence[Entry], now: datetime) -> None:
    """File entries whose bytes stood in the journal and were unfit, as if they had come now."""
    journal.fill_in(database, entries)
    _follow(database, entries, now)


def _follow(database: Database, entries: Sequence[Entry], now: datetime) -> None:
    """Write down what follows from entries that are new in the journal."""
    first_seen = journal.claim_homes(database, entries)
    fresh = [entry for entry in entries if journal.place(entry) in first_seen]
    marked = [*project(database, fresh), *_ahead(fresh, now)]
    with copying(database) as copies:
        add_to_feeds(copies, runs_of(fresh))
    if len(fresh) < len(entries):
        marked += [
            (entry, error)
            for entry in entries
            if journal.place(entry) not in first_seen
            for error in _wrong_again(database, entry)
        ]
    if marked:
        add_findings(database, marked)


def _latest_ms(now: datetime) -> int:
    """Return what the clock of a device may say at most."""
    return epoch_ms(now) + AHEAD_MS


def _ahead(entries: Sequence[Entry], now: datetime) -> list[tuple[Entry, SemanticError]]:
    """Return the doses of the future: they are taken, and somebody has to look at the device's clock."""
    latest = _latest_ms(now)
    return [
        (entry, AHEAD)
        for entry in entries
        if entry.event.kind == DOSE_KIND
        and type(entry.event.wall) is int
        and min(entry.event.wall, entry.event.hlc >> COUNTER_BITS) > latest
    ]


def _wrong_again(database: Database, entry: Entry) -> list[SemanticError]:
    """Return what is to be said of an event seen before: it was another, or its device was not told yet."""
    event, first = entry.event, journal.read_first(database, entry.event.id)
    assert first is not None, "it was seen before"
    epoch, data = first
    untold = epoch == OFFERED != entry.stream.epoch
    same = says_the_same(event, decode(data))
    return [*([] if same else [REUSED]), *(read(event).errors if untold else [])]


def says_the_same(event: Event, first: Event) -> bool:
    """Return whether two events of one id are one."""
    return (event.kind, event.v, event.person, event.body) == (first.kind, first.v, first.person, first.body)
