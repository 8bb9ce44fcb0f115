"""Writes what events say into the projections; an event that cannot be projected stops nobody.

What events say of rows nobody has spoken of is copied in; if it turns out that somebody has, or that
PostgreSQL will not have a row, all are written one facet over the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from operator import itemgetter

import psycopg
from psycopg import sql

from app.domain.journal import Entry
from app.sync.reading import Alike
from server.copying import Copying, columns_of, fields_of
from server.database import Database
from server.projection import READERS, TABLES, Saying, SemanticError, Table, Value, read
from server.projection_columns import SHAPES, Column, Rows, read_together
from server.sheaf import Sheaf

Marked = list[tuple[Entry, SemanticError]]
UNPROJECTABLE = SemanticError("body", "unprojectable")
POISON = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What PostgreSQL says to a row it will never have, or has already."""


def project(database: Database, entries: Sequence[Entry]) -> Marked:
    """Project entries in whatever order they come; return what is wrong with their meaning."""
    sayings, marked = _read_each(entries)
    try:
        _write(database, _rows(sayings))
    except POISON:
        marked += _project_each(database, entries)
    return marked


@dataclass(frozen=True)
class Told:
    """What events never seen before say, ready to be written down."""

    new: Mapping[str, Rows]
    """By table rows of new keys."""
    changed: Mapping[str, Rows]
    """By table what may be of keys that are there."""
    marked: Marked
    """What is wrong with their meaning."""


def read_new(sheaves: Iterable[Sheaf]) -> Told:
    """Read what events never seen before say."""
    alikes: dict[str, list[Alike]] = defaultdict(list)
    sheaf_of: dict[int, Sheaf] = {}
    for sheaf in sheaves:
        for alike in sheaf.alike:
            kinds = set(alike.told("kind"))
            if not kinds.isdisjoint(READERS):
                alikes[kinds.pop() if len(kinds) == 1 else ""].append(alike)
                sheaf_of[id(alike)] = sheaf
    new: dict[str, Rows] = {}
    odd: list[Entry] = []
    for kind, own in alikes.items():
        told = read_together(kind, own) if kind in SHAPES else None
        if told is not None:
            new |= told
            continue
        for alike in own:
            sheaf = sheaf_of[id(alike)]
            odd += map(sheaf.entry, alike.rows, alike.events())
    sayings, marked = _read_each(odd)
    return Told(new, _rows(sayings), marked)


def write_new(copies: Copying, told: Told) -> None:
    """Write down what events never seen before say.

    Raises one of ``POISON``, if not at once then when the last copy ends; they have to be projected as
    entries then.
    """
    held: dict[tuple[int, str], Sequence[bytes]] = {}
    for table in TABLES:
        if table.name in told.new:
            rows = told.new[table.name]
            copies.copy(_copying(table.name, tuple(rows)), _lines(table, rows, held))
        if table.name in told.changed:
            _upsert(copies.database(), table, told.changed[table.name])


def _read_each(entries: Iterable[Entry]) -> tuple[list[Saying], Marked]:
    """Return what entries say, and what is wrong with them."""
    sayings: list[Saying] = []
    marked: Marked = []
    for entry in entries:
        reading = read(entry.event)
        sayings += reading.sayings
        marked += [(entry, error) for error in reading.errors]
    return sayings, marked


def _project_each(database: Database, entries: Iterable[Entry]) -> Marked:
    """One by one, so that only the entry PostgreSQL will not have is marked."""
    marked: Marked = []
    for entry in entries:
        try:
            _write(database, _rows(read(entry.event).sayings))
        except POISON:
            marked.append((entry, UNPROJECTABLE))
    return marked


def _rows(sayings: Iterable[Saying]) -> dict[str, Rows]:
    """Return by table the newest word on each facet of each row."""
    newest: dict[str, dict[tuple[str, ...], dict[str, Saying]]] = defaultdict(dict)
    for saying in sayings:
        facets = newest[saying.table].setdefault(saying.key, {})
        held = facets.get(saying.facet)
        if held is None or (saying.hlc, saying.event_id) > (held.hlc, held.event_id):
            facets[saying.facet] = saying
    found: dict[str, Rows] = {}
    for table, words in newest.items():
        rows = [_row(table, facets.values()) for facets in words.values()]
        names = {name: None for row in rows for name in row}
        keys = zip(BY_NAME[table].key, zip(*words, strict=True), strict=True)
        found[table] = dict(keys) | {name: [row.get(name) for row in rows] for name in names}
    return found


def _row(table: str, sayings: Iterable[Saying]) -> dict[str, Value]:
    row: dict[str, Value] = {}
    for saying in sayings:
        row.update(zip(BY_NAME[table].facets[saying.facet], saying.values, strict=True))
        row[f"{saying.facet}_hlc"], row[f"{saying.facet}_by"] = saying.hlc, saying.event_id
    return row


def _write(database: Database, rows: Mapping[str, Rows]) -> None:
    with database.transaction():
        for table in TABLES:
            if table.name in rows:
                _upsert(database, table, rows[table.name])


def _lines(table: Table, rows: Rows, told: dict[tuple[int, str], Sequence[bytes]]) -> list[bytes]:
    """Return rows of new keys as a copy takes them, always in the order of their keys.

    ``told``: columns as rows hold them, by identity and type; many are of several rows, or tables.
    """
    types = _types(table, tuple(table.facets))
    named = {name: (id(column), types[name]) for name, column in rows.items()}
    for name, column in rows.items():
        if named[name] not in told:
            told[named[name]] = list(fields_of(column, types[name]))
    columns = [told[one] for one in named.values()]
    lines = list(map(b"".join, zip(repeat(columns_of(len(rows))), *columns, strict=False)))
    if types[next(iter(table.key))] == "uuid":
        lines.sort()
    else:  # a text is held with its length before it
        keys = zip(*[rows[name] for name in table.key], lines, strict=True)
        lines = list(map(itemgetter(-1), sorted(keys)))
    return lines


@cache
def _copying(name: str, columns: tuple[str, ...]) -> bytes:
    """Return what copies some columns of a table in; put together once, as ``_statement`` is."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(name), names).as_bytes()


def _upsert(database: Database, table: Table, rows: Rows) -> None:
    """Let each facet of rows follow its newest event; they are always locked in the order of their keys."""
    facets = tuple(facet for facet in table.facets if f"{facet}_hlc" in rows)
    types = _types(table, facets)
    statement = _statement(table.name, facets)
    database.execute(statement, [_array(rows[name], kind) for name, kind in types.items()])


def _array(column: Column, kind: str) -> str:
    """Return a column as PostgreSQL writes an array; of the types in ``FORMS`` only text needs quotes."""
    if kind != "text":
        return "{" + ",".join(["null" if value is None else str(value) for value in column]) + "}"
    if None in column:
        return "{" + ",".join(["null" if value is None else _quoted(str(value)) for value in column]) + "}"
    return "{" + _quoted("\0".join(map(str, column))).replace("\0", '","') + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


BY_NAME = {table.name: table for table in TABLES}


def _types(table: Table, facets: Sequence[str]) -> dict[str, str]:
    """Return the columns of some facets, with their types."""
    types = dict(table.key)
    for facet in facets:
        types |= {**table.facets[facet], f"{facet}_hlc": "bigint", f"{facet}_by": "uuid"}
    return types


@cache
def _statement(name: str, facets: tuple[str, ...]) -> bytes:
    """Return what lets some facets of a table's rows follow their newest event.

    Put together once: to render it costs more than to run it.
    """
    table = BY_NAME[name]
    types = _types(table, facets)
    changes = [
        _newer(name, facet, column)
        for facet in facets
        for column in (*table.facets[facet], f"{facet}_hlc", f"{facet}_by")
    ]
    names = sql.SQL(", ").join(map(sql.Identifier, types))
    return (
        sql.SQL(
            "insert into {table} ({names}) select {names} from unnest({arrays}) as x({names}) order by {key} "
            "on conflict ({key}) do update set {changes}"
        )
        .format(
            table=sql.Identifier(name),
            names=names,
            arrays=sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind in types.values()),
            key=sql.SQL(", ").join(map(sql.Identifier, table.key)),
            changes=sql.SQL(", ").join(changes),
        )
        .as_bytes()
    )


def _newer(table: str, facet: str, column: str) -> sql.Composed:
    return sql.SQL(
        "{column} = case when {table}.{hlc} is null "
        "or (excluded.{hlc}, excluded.{by}) > ({table}.{hlc}, {table}.{by}) "
        "then excluded.{column} else {table}.{column} end"
    ).format(
        column=sql.Identifier(column),
        table=sql.Identifier(table),
        hlc=sql.Identifier(f"{facet}_hlc"),
        by=sql.Identifier(f"{facet}_by"),
    )
