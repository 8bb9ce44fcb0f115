"""Reads a database's own catalogue for what Citus would not have (sync.md, *The centre*)."""

from collections.abc import Mapping

from server.database import Database

KEYS = """
select c.relname, i.indexrelid::regclass::text,
    array(select attname::text from pg_attribute where attrelid = i.indrelid and attnum = any(i.indkey))
from pg_index i join pg_class c on c.oid = i.indrelid
where c.relnamespace = 'public'::regnamespace and (i.indisunique or i.indisexclusion)
"""
FOREIGN_KEYS = """
select k.conname, k.conrelid::regclass::text, k.confrelid::regclass::text,
    array(select a.attname::text from unnest(k.conkey) with ordinality u(number, place)
        join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number order by place),
    array(select a.attname::text from unnest(k.confkey) with ordinality u(number, place)
        join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number order by place)
from pg_constraint k where k.contype = 'f' and k.connamespace = 'public'::regnamespace
"""
TRIGGERS = """
select t.tgname, t.tgrelid::regclass::text from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and c.relnamespace = 'public'::regnamespace
"""
COLUMNS = """
select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attidentity <> '' or a.attgenerated <> ''
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
"""
RULES = """
select r.rulename, r.ev_class::regclass::text from pg_rewrite r join pg_class c on c.oid = r.ev_class
where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
"""


def lint(database: Database, distributed: Mapping[str, str], reference: frozenset[str]) -> list[str]:
    """Return every breach of the rules, as a sentence."""
    return [
        *_undeclared(database, distributed, reference),
        *_keys(database, distributed),
        *_foreign_keys(database, distributed, reference),
        *(f"{table}: trigger {name}" for name, table in database.execute(TRIGGERS) if table not in reference),
        *(f"{table}: rule {name}" for name, table in database.execute(RULES)),
    ]


def _undeclared(database: Database, distributed: Mapping[str, str], reference: frozenset[str]) -> list[str]:
    """Every table has its place; families agree on the type; nothing is numbered by a sequence."""
    breaches, types = [], dict[str, set[str]]()
    tables: dict[str, dict[str, bool]] = {}
    for table, column, kind, required, default, counted in database.execute(COLUMNS):
        tables.setdefault(table, {})[column] = required
        if distributed.get(table) == column:
            types.setdefault(column, set()).add(kind)
        if table in distributed and (counted or "nextval" in default):
            breaches.append(f"{table}: {column} is numbered by the database")
    breaches += [f"{table}: has no place" for table in tables if table not in {*distributed, *reference}]
    breaches += [f"{table}: is not there" for table in (*distributed, *reference) if table not in tables]
    breaches += [
        f"{table}: {column} may be null"
        for table, column in distributed.items()
        if table in tables and not tables[table].get(column)
    ]
    return breaches + [f"{column}: is of several types" for column, kinds in types.items() if len(kinds) > 1]


def _keys(database: Database, distributed: Mapping[str, str]) -> list[str]:
    return [
        f"{table}: key {name} lacks {distributed[table]}"
        for table, name, columns in database.execute(KEYS)
        if table in distributed and distributed[table] not in columns
    ]


def _foreign_keys(database: Database, distributed: Mapping[str, str], reference: frozenset[str]) -> list[str]:
    breaches = []
    for name, table, other, columns, others in database.execute(FOREIGN_KEYS):
        if other in reference:
            continue
        column = distributed.get(table)
        family = column is not None and distributed.get(other) == column
        if not family or (column, column) not in zip(columns, others, strict=True):
            breaches.append(f"{table}: foreign key {name} leaves the family")
    return breaches
