"""Copies rows into tables in PostgreSQL's own binary form, one table after the other.

A copy is ended when the next statement begins: what goes into the next table is made while PostgreSQL
takes the rows of the last.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import repeat
from operator import add
from struct import Struct

from app.domain.journal import Stream
from server.database import Database

Field = Iterable[bytes]
"""A field of every row, as the row holds it."""

_HEADER, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_SIZE, _LONG, _INTEGER = Struct(">i"), Struct(">iq"), Struct(">ii")
_SIXTEEN = _SIZE.pack(16)
_DAY_2000 = date(2000, 1, 1).toordinal()
_START_2000, _MICROSECOND = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Copying:
    """A connection on which at most one copy is under way."""

    def __init__(self, database: Database, last: ExitStack) -> None:
        self._database = database
        self._last = last

    def database(self) -> Database:
        """Return the connection with no copy under way; raises psycopg.Error if the last one fails."""
        self._last.close()
        return self._database

    def copy(self, statement: bytes, rows: Iterable[bytes]) -> None:
        """Begin to copy rows; it may fail up to the end of the next statement. Raises psycopg.Error."""
        data = b"".join([_HEADER, *rows, _END])
        copy = self._last.enter_context(self.database().cursor().copy(statement))
        copy.write(data)


@contextmanager
def copying(database: Database) -> Iterator[Copying]:
    """Let rows be copied; at the end all of them are in their tables. Raises psycopg.Error."""
    with ExitStack() as last:
        yield Copying(database, last)


def columns_of(count: int) -> bytes:
    """Return how a row of so many fields begins."""
    return count.to_bytes(2, "big")


def field(data: bytes) -> bytes:
    """Return one field of a row."""
    return _SIZE.pack(len(data)) + data


def text_field(text: str) -> bytes:
    """Return a text as a row holds it."""
    return field(text.encode())


def long_field(number: int) -> bytes:
    """Return a bigint as a row holds it."""
    return _LONG.pack(8, number)


def instant_field(at: datetime) -> bytes:
    """Return an instant as a row holds it: microseconds since 2000."""
    return _LONG.pack(8, (at - _START_2000) // _MICROSECOND)


def stream_fields(stream: Stream) -> bytes:
    """Return device and epoch as a row holds them."""
    return text_field(stream.device_id) + text_field(stream.epoch)


def uuid_bytes(texts: Sequence[str]) -> list[bytes]:
    """Return UUIDs, whose form was judged, as 16 bytes each."""
    data = bytes.fromhex("".join(texts).replace("-", ""))
    return [data[at : at + 16] for at in range(0, len(data), 16)]


def uuid_fields(texts: Sequence[str]) -> list[bytes]:
    """Return UUIDs, whose form was judged, as rows hold them."""
    return list(map(_SIXTEEN.__add__, uuid_bytes(texts)))


def fields_of(values: Sequence[str | int | None], kind: str) -> Field:
    """Return values of a PostgreSQL type, each in a form it takes, as rows hold them."""
    distinct = set(values)
    types = set(map(type, distinct))
    if types == {int}:
        return map(_INTEGER.pack if kind == "integer" else _LONG.pack, repeat(_WIDTH[kind]), values)
    if types == {str} and 2 * len(distinct) > len(values):
        texts = list(map(str, values))
        if kind == "uuid":
            return uuid_fields(texts)
        if kind == "text":
            data = list(map(str.encode, texts))
            return map(add, map(_SIZE.pack, map(len, data)), data)
    forms = {value: _NULL if value is None else _FORMS[kind](value) for value in distinct}
    return map(forms.__getitem__, values)


@lru_cache(4096)
def _day_field(text: str) -> bytes:
    return _INTEGER.pack(4, date.fromisoformat(text).toordinal() - _DAY_2000)


_WIDTH = {"integer": 4, "bigint": 8}
_FORMS: dict[str, Callable[[str | int], bytes]] = {
    "text": lambda value: text_field(str(value)),
    "uuid": lambda value: _SIXTEEN + bytes.fromhex(str(value).replace("-", "")),
    "date": lambda value: _day_field(str(value)),
    "timestamptz": lambda value: instant_field(datetime.fromisoformat(str(value))),
    "integer": lambda value: _INTEGER.pack(4, int(value)),
    "bigint": lambda value: _LONG.pack(8, int(value)),
}
