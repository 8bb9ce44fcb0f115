"""Writes what events say into the projections; an event that cannot be projected stops nobody."""

import json
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql

from app.domain.journal import Entry
from server.database import Database
from server.projection import TABLES, Reading, Saying, SemanticError, Table, read

Marked = list[tuple[Entry, SemanticError]]
UNPROJECTABLE = SemanticError("body", "unprojectable")
POISON = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
"""What PostgreSQL says to a row it will never have."""


def project(database: Database, entries: Sequence[Entry]) -> Marked:
    """Project entries never seen before; return what is wrong with their meaning."""
    readings = [(entry, read(entry.event)) for entry in entries]
    marked: Marked = [(entry, error) for entry, reading in readings for error in reading.errors]
    try:
        _write(database, [reading for _, reading in readings])
    except POISON:
        marked += _project_each(database, readings)
    return marked


def _project_each(database: Database, readings: Iterable[tuple[Entry, Reading]]) -> Marked:
    """One by one, so that only the entry PostgreSQL will not have is marked."""
    marked: Marked = []
    for entry, reading in readings:
        try:
            _write(database, [reading])
        except POISON:
            marked.append((entry, UNPROJECTABLE))
    return marked


def _write(database: Database, readings: Iterable[Reading]) -> None:
    sayings: dict[str, list[Saying]] = {table.name: [] for table in TABLES}
    for reading in readings:
        for saying in reading.sayings:
            sayings[saying.table].append(saying)
    with database.transaction():
        for table in TABLES:
            if sayings[table.name]:
                rows = _rows(table, sayings[table.name])
                database.execute(UPSERTS[table.name], (json.dumps(rows),))


def _rows(table: Table, sayings: Iterable[Saying]) -> list[dict[str, object]]:
    """Return one row per key with the newest word on each facet, in the order rows are always locked."""
    newest: dict[tuple[str, ...], dict[str, Saying]] = {}
    for saying in sayings:
        facets = newest.setdefault(saying.key, {})
        held = facets.get(saying.facet)
        if held is None or (saying.hlc, saying.event_id) > (held.hlc, held.event_id):
            facets[saying.facet] = saying
    return [_row(table, key, newest[key]) for key in sorted(newest)]


def _row(table: Table, key: tuple[str, ...], facets: dict[str, Saying]) -> dict[str, object]:
    row: dict[str, object] = dict(zip(table.key, key, strict=True))
    for facet, saying in facets.items():
        row.update(zip(table.facets[facet], saying.values, strict=True))
        row[f"{facet}_hlc"], row[f"{facet}_by"] = saying.hlc, saying.event_id
    return row


def _upsert(table: Table) -> sql.Composed:
    """Return the statement that lets each facet of a row follow its newest event."""
    types = dict(table.key)
    changes = []
    for facet, columns in table.facets.items():
        own = {**columns, f"{facet}_hlc": "bigint", f"{facet}_by": "uuid"}
        types.update(own)
        changes += [_newer(table.name, facet, column) for column in own]
    names = sql.SQL(", ").join(map(sql.Identifier, types))
    typed = sql.SQL(", ").join(
        sql.SQL(f"{{}} {kind}").format(sql.Identifier(name)) for name, kind in types.items()
    )
    return sql.SQL(
        "insert into {table} ({names}) "
        "select {names} from json_to_recordset(%s) as x({typed}) order by {key} "
        "on conflict ({key}) do update set {changes}"
    ).format(
        table=sql.Identifier(table.name),
        names=names,
        typed=typed,
        key=sql.SQL(", ").join(map(sql.Identifier, table.key)),
        changes=sql.SQL(", ").join(changes),
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


UPSERTS = {table.name: _upsert(table).as_bytes() for table in TABLES}
"""Put together once: to render them costs more than to run them."""
