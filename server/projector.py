"""Writes what events say into the projections; an event that cannot be projected stops nobody.

What events say of rows nobody has spoken of is copied in; if it turns out that somebody has, or that
PostgreSQL will not have a row, all are written one facet over the other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import psycopg
from psycopg import sql

from app.domain.journal import Entry
from app.sync.reading import Alike
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


def project_new(database: Database, sheaves: Iterable[Sheaf]) -> Marked:
    """Project events never seen before; return what is wrong with their meaning.

    Raises one of ``POISON``, and then they have to be projected as entries.
    """
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
    changed = _rows(sayings)
    for table in TABLES:
        if table.name in new:
            _copy(database, table, new[table.name])
        if table.name in changed:
            _upsert(database, table, changed[table.name])
    return marked


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


def _copy(database: Database, table: Table, rows: Rows) -> None:
    """Copy rows of new keys, always in the order of their keys."""
    fields = {id(column): column for column in rows.values()}  # some columns are one and the same
    told = {name: _fields(column) for name, column in fields.items()}
    lines = sorted(map("\t".join, zip(*[told[id(column)] for column in rows.values()], strict=True)))
    with database.cursor().copy(_copying(table.name, tuple(rows))) as copy:
        copy.write("\n".join([*lines, ""]))


@cache
def _copying(name: str, columns: tuple[str, ...]) -> bytes:
    """Return what copies some columns of a table in; put together once, as ``_statement`` is."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(name), names).as_bytes()


def _fields(column: Column) -> Sequence[str]:
    """Return a column as the lines of a copy hold it."""
    types = set(map(type, column))
    if types == {int}:
        return list(map(str, column))
    texts: Sequence[str] = (
        [str(value) for value in column]
        if types == {str}
        else [r"\N" if value is None else str(value) for value in column]
    )
    joined = "".join(texts)
    if "\\" not in joined and "\n" not in joined and "\r" not in joined and "\t" not in joined:
        return texts
    return [r"\N" if value is None else str(value).translate(_IN_COPY) for value in column]


_IN_COPY = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


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
