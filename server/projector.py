"""Writes what events say into the projections; an event that cannot be projected stops nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import psycopg
from psycopg import sql

from app.domain.journal import Entry
from server.database import Database
from server.projection import TABLES, Saying, SemanticError, Table, Value, read
from server.projection_columns import Column, Key, Rows, read_together

Marked = list[tuple[Entry, SemanticError]]
UNPROJECTABLE = SemanticError("body", "unprojectable")
POISON = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What PostgreSQL says to a row it will never have."""


def project(database: Database, entries: Sequence[Entry]) -> Marked:
    """Project entries never seen before; return what is wrong with their meaning."""
    rows, marked = _read(entries)
    try:
        _write(database, rows)
    except POISON:
        marked += _project_each(database, entries)
    return marked


def _read(entries: Sequence[Entry]) -> tuple[dict[str, Rows], Marked]:
    """Return by table what entries say, and what is wrong with them.

    What is read by columns is read again one by one if others speak of the same rows.
    """
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.event.kind].append(entry)
    together = {kind: read_together(kind, [entry.event for entry in alike]) for kind, alike in kinds.items()}
    sayings: list[Saying] = []
    marked: Marked = []

    def read_singly(kind: str) -> None:
        for entry in kinds[kind]:
            reading = read(entry.event)
            sayings.extend(reading.sayings)
            marked.extend((entry, error) for error in reading.errors)

    for kind, told in together.items():
        if told is None:
            read_singly(kind)
    spoken = {(saying.table, saying.key) for saying in sayings}
    found: dict[str, Rows] = {}
    for kind, told in together.items():
        if told is None:
            continue
        if all(spoken.isdisjoint((table, key) for key in rows.keys) for table, rows in told.items()):
            found |= told
        else:
            read_singly(kind)
    for table, rows in _rows(sayings).items():
        found.setdefault(table, Rows()).add(rows)
    return found, marked


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
    newest: dict[str, dict[Key, dict[str, Saying]]] = defaultdict(dict)
    for saying in sayings:
        facets = newest[saying.table].setdefault(saying.key, {})
        held = facets.get(saying.facet)
        if held is None or (saying.hlc, saying.event_id) > (held.hlc, held.event_id):
            facets[saying.facet] = saying
    found: dict[str, Rows] = {}
    for table, words in newest.items():
        rows = [_row(table, facets.values()) for facets in words.values()]
        names = {name: None for row in rows for name in row}
        found[table] = Rows(list(words), {name: [row.get(name) for row in rows] for name in names})
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


def _upsert(database: Database, table: Table, rows: Rows) -> None:
    """Let each facet of rows follow its newest event; they are always locked in the order of their keys."""
    facets = tuple(facet for facet in table.facets if f"{facet}_hlc" in rows.columns)
    columns = dict(zip(table.key, zip(*rows.keys, strict=True), strict=True)) | rows.columns
    types = _types(table, facets)
    statement = _statement(table.name, facets)
    database.execute(statement, [_array(columns[name], kind) for name, kind in types.items()])


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
