"""Rows in PostgreSQL's binary form say to it what the same values say as text."""

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.copying import columns_of, copying, fields_of
from server.database import Database

TYPES = ("text", "uuid", "date", "timestamptz", "integer", "bigint")
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
rows = st.tuples(
    texts | st.none(),
    st.uuids().map(str) | st.none(),
    st.dates().map(lambda day: day.isoformat()) | st.none(),
    st.datetimes().map(lambda at: at.isoformat(timespec="milliseconds") + "Z") | st.none(),
    st.integers(-(2**31), 2**31 - 1) | st.none(),
    st.integers(-(2**63), 2**63 - 1) | st.none(),
)
MAKE = (
    "create temporary table {} (number bigint, text text, uuid uuid, date date, timestamptz timestamptz, "
    + ("integer integer, bigint bigint) on commit drop")
)
SAID = "select text, uuid, date::text, timestamptz::text, integer, bigint from {} order by number"


@given(st.lists(rows, min_size=1, max_size=12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_value_arrives_as_its_text_would(
    database: Database, values: list[tuple[str | int | None]]
) -> None:
    """SYN-2: all alike or all different, there or not, before 2000 and after."""
    with database.transaction():
        database.execute(MAKE.format("told").encode())
        database.execute(MAKE.format("copied").encode())
        for number, row in enumerate(values):
            database.execute(
                "insert into told values (%s, %s, %s::uuid, %s::date, %s::timestamptz, %s, %s)",
                (number, *row),
            )
        columns = [list(range(len(values))), *map(list, zip(*values, strict=True))]
        fields = [fields_of(column, kind) for column, kind in zip(columns, ("bigint", *TYPES), strict=True)]
        lines = [columns_of(len(fields)) + b"".join(own) for own in zip(*fields, strict=True)]
        with copying(database) as copies:
            copies.copy(b"copy copied from stdin (format binary)", lines)
        told, copied = (
            database.execute(SAID.format(name).encode()).fetchall() for name in ("told", "copied")
        )
    assert copied == told


def test_what_a_copy_is_refused_for_is_said_when_the_next_statement_begins(database: Database) -> None:
    statement = b"copy area_head (area, pos, digest) from stdin (format binary)"
    fields = [fields_of(["a"], "text"), fields_of([1], "bigint"), fields_of([1], "bigint")]
    row = columns_of(3) + b"".join(next(iter(field)) for field in fields)

    def copy_twice() -> None:
        with database.transaction(), copying(database) as copies:
            copies.copy(statement, [row])
            copies.copy(statement, [row])
            copies.database()
            pytest.fail("the second row went in")

    with pytest.raises(psycopg.errors.UniqueViolation):
        copy_twice()
    assert database.execute("select count(*) from area_head").fetchone() == (0,)
