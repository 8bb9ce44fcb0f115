"""The journal's tables: cursors, entries and where each event was first seen (SQL only, no judgement)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import repeat
from struct import Struct

from app.domain.journal import Entry, Stream, genesis
from app.sync.wire import ReceiptRun
from server.database import Database
from server.sheaf import Sheaf
from server.stream import Cursor, are_uuids, is_uuid

Place = tuple[str, str, int]
"""Device, epoch, seq."""


def place(entry: Entry) -> Place:
    """Return where an entry stands."""
    return entry.stream.device_id, entry.stream.epoch, entry.event.seq


COPY_ENTRIES = b"""
copy journal (device_id, epoch, seq, event_id, kind, person_id, hlc, received_at, data, hash)
from stdin (format binary)
"""
COPY_HOMES = b"copy event_home (event_id, device_id, epoch, seq) from stdin (format binary)"
COPY_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"
COPY_COLUMNS = b"\0\x0a"
NULL = b"\xff\xff\xff\xff"
START_2000 = datetime(2000, 1, 1, tzinfo=UTC)


def lock_cursors(database: Database, streams: Collection[Stream], now: datetime) -> dict[Stream, Cursor]:
    """Return the cursors of streams, made if new, locked until the transaction ends (always in one order)."""
    items = [
        {"device_id": stream.device_id, "epoch": stream.epoch, "head": genesis(stream).hex()}
        for stream in streams
    ]
    rows = database.execute(
        """
        insert into device_cursor (device_id, epoch, acked, head, heard_at)
        select device_id, epoch, 0, decode(head, 'hex'), %s
        from json_to_recordset(%s) as x(device_id text, epoch text, head text)
        order by device_id, epoch
        on conflict (device_id, epoch) do update set heard_at = excluded.heard_at
        returning device_id, epoch, acked, head
        """,
        (now, json.dumps(items)),
    )
    return {Stream(device_id, epoch): Cursor(acked, head) for device_id, epoch, acked, head in rows}


def read_cursors(database: Database, device_ids: Collection[str]) -> dict[Stream, Cursor]:
    """Return every cursor of devices, as last committed."""
    rows = database.execute(
        "select device_id, epoch, acked, head from device_cursor where device_id = any(%s)",
        (list(device_ids),),
    )
    return {Stream(device_id, epoch): Cursor(acked, head) for device_id, epoch, acked, head in rows}


def move_cursors(database: Database, cursors: Mapping[Stream, Cursor]) -> None:
    """Write how far streams reach now."""
    items = [
        {
            "device_id": stream.device_id,
            "epoch": stream.epoch,
            "acked": cursor.acked,
            "head": cursor.head.hex(),
        }
        for stream, cursor in cursors.items()
    ]
    database.execute(
        """
        update device_cursor c set acked = x.acked, head = decode(x.head, 'hex')
        from json_to_recordset(%s) as x(device_id text, epoch text, acked bigint, head text)
        where c.device_id = x.device_id and c.epoch = x.epoch
        """,
        (json.dumps(items),),
    )


def hash_at(database: Database, stream: Stream, seq: int) -> bytes:
    """Return the chain's hash at an entry the centre holds; at 0 the stream's own beginning."""
    if seq == 0:
        return genesis(stream)
    row = database.execute(
        "select hash from journal where device_id = %s and epoch = %s and seq = %s",
        (stream.device_id, stream.epoch, seq),
    ).fetchone()
    assert row is not None, "a cursor stands beyond its journal"
    return bytes(row[0])


def hashes_at(database: Database, stream: Stream, seqs: Collection[int]) -> dict[int, bytes]:
    """Return the hash at each of some numbers, of those the journal holds."""
    rows = database.execute(
        "select seq, hash from journal where device_id = %s and epoch = %s and seq = any(%s)",
        (stream.device_id, stream.epoch, list(seqs)),
    )
    return {seq: bytes(digest) for seq, digest in rows}


def read_receipts(database: Database, stream: Stream, after: int, last: int) -> list[ReceiptRun]:
    """Return when the entries after ``after`` up to ``last`` were received, as runs."""
    rows = database.execute(
        """
        select seq, received_at from journal
        where device_id = %s and epoch = %s and seq > %s and seq <= %s order by seq
        """,
        (stream.device_id, stream.epoch, after, last),
    )
    runs: list[ReceiptRun] = []
    for seq, received_at in rows:
        if runs and runs[-1].received_at == received_at:
            runs[-1] = ReceiptRun(runs[-1].first_seq, seq, received_at)
        else:
            runs.append(ReceiptRun(seq, seq, received_at))
    return runs


def add_entries(database: Database, entries: Iterable[Entry], now: datetime) -> None:
    """Write new entries, all received at ``now``."""
    by_stream: dict[Stream, list[Entry]] = {}
    for entry in entries:
        by_stream.setdefault(entry.stream, []).append(entry)
    copy_binary(
        database,
        COPY_ENTRIES,
        [
            row
            for stream, own in by_stream.items()
            for row in _rows(
                stream,
                [entry.event.seq for entry in own],
                [entry.event.id for entry in own],
                [entry.event.kind for entry in own],
                [entry.event.person for entry in own],
                [entry.event.hlc for entry in own],
                [entry.data for entry in own],
                [entry.hash for entry in own],
                now,
            )
        ],
    )


def add_sheaves(database: Database, sheaves: Iterable[Sheaf], now: datetime) -> None:
    """Write new events, all received at ``now``."""
    copy_binary(
        database,
        COPY_ENTRIES,
        [
            row
            for sheaf in sheaves
            for row in _rows(
                sheaf.stream, sheaf.seqs, sheaf.ids, sheaf.kinds, sheaf.told("person"), sheaf.hlcs,
                sheaf.data, sheaf.hashes, now,
            )
        ],
    )  # fmt: skip


def _rows(
    stream: Stream, seqs: Iterable[int], ids: Sequence[str], kinds: Sequence[str], persons: Sequence[object],
    hlcs: Iterable[int], data: Sequence[bytes], hashes: Iterable[bytes], now: datetime,
) -> Iterable[bytes]:  # fmt: skip
    """Return rows of the journal in PostgreSQL's own binary form."""
    begin = COPY_COLUMNS + stream_fields(stream)
    received_at = _field(((now - START_2000) // timedelta(microseconds=1)).to_bytes(8, "big"))
    kind_of = {kind: text_field(kind) for kind in set(kinds)}
    return map(
        b"".join,
        zip(
            repeat(begin), map(_PLACED.pack, repeat(8), seqs, repeat(16), uuid_bytes(ids)),
            map(kind_of.__getitem__, kinds), _person_fields(persons), map(_LONG.pack, repeat(8), hlcs),
            repeat(received_at), map(_SIZE.pack, map(len, data)), data, repeat(_HASH), hashes,
            strict=False,
        ),
    )  # fmt: skip


def _person_fields(persons: Sequence[object]) -> Iterable[bytes]:
    texts = [person for person in persons if isinstance(person, str)]
    if len(texts) == len(persons) and are_uuids(texts):
        return map(_SIXTEEN.__add__, uuid_bytes(texts))
    return [
        _SIXTEEN + bytes.fromhex(person.replace("-", "")) if is_uuid(person) else NULL
        for person in map(str, persons)
    ]


def uuid_bytes(texts: Sequence[str]) -> list[bytes]:
    """Return UUIDs, whose form was judged, as 16 bytes each."""
    data = bytes.fromhex("".join(texts).replace("-", ""))
    return [data[at : at + 16] for at in range(0, len(data), 16)]


def copy_binary(database: Database, statement: bytes, rows: Sequence[bytes]) -> None:
    """Copy rows that are in PostgreSQL's own binary form."""
    with database.cursor().copy(statement) as copy:
        copy.write(b"".join([COPY_HEADER, *rows, COPY_END]))


_PLACED, _LONG, _SIZE = Struct(">iqi16s"), Struct(">iq"), Struct(">i")
_SIXTEEN, _HASH = _SIZE.pack(16), _SIZE.pack(sha256().digest_size)


def _field(data: bytes) -> bytes:
    return _SIZE.pack(len(data)) + data


def text_field(text: str) -> bytes:
    """Return a text as a row in binary form holds it."""
    return _field(text.encode())


def stream_fields(stream: Stream) -> bytes:
    """Return device and epoch as a row in binary form holds them."""
    return text_field(stream.device_id) + text_field(stream.epoch)


def claim_all(database: Database, sheaves: Iterable[Sheaf]) -> None:
    """Note where events were first seen; raises psycopg.errors.UniqueViolation if one was seen before."""
    rows: list[bytes] = []
    for sheaf in sheaves:
        place = stream_fields(sheaf.stream)
        numbers = map(_LONG.pack, repeat(8), sheaf.seqs)
        ids = map(_HOME_ID.__add__, uuid_bytes(sheaf.ids))
        rows += map(b"".join, zip(ids, repeat(place), numbers, strict=False))
    copy_binary(database, COPY_HOMES, sorted(rows))


_HOME_ID = b"\0\x04" + _SIXTEEN


def claim_homes(database: Database, entries: Sequence[Entry]) -> set[Place]:
    """Note where the events just added were first seen; return the places of those never seen before."""
    runs: dict[Stream, list[int]] = {}
    for entry in entries:
        runs.setdefault(entry.stream, []).append(entry.event.seq)
    asked = json.dumps(
        [
            {"device_id": stream.device_id, "epoch": stream.epoch, "first": min(seqs), "last": max(seqs)}
            for stream, seqs in runs.items()
        ]
    )
    claimed = database.execute(_CLAIM, (asked,)).rowcount
    if claimed == len(entries):
        return {place(entry) for entry in entries}
    return {(device_id, epoch, seq) for device_id, epoch, seq in database.execute(_CLAIMED, (asked,))}


_ADDED = """
from json_to_recordset(%s) as run(device_id text, epoch text, first bigint, last bigint)
join journal j on j.device_id = run.device_id and j.epoch = run.epoch and j.seq between run.first and run.last
"""
_CLAIM = f"""
insert into event_home (event_id, device_id, epoch, seq)
select j.event_id, j.device_id, j.epoch, j.seq {_ADDED} order by 1, 2, 3, 4 on conflict do nothing
"""
_CLAIMED = f"""
select home.device_id, home.epoch, home.seq {_ADDED} join event_home home
on home.event_id = j.event_id and home.device_id = j.device_id and home.epoch = j.epoch and home.seq = j.seq
"""


def read_first(database: Database, event_id: str) -> tuple[str, bytes]:
    """Return the epoch and the bytes under which an event was first seen."""
    home = database.execute(
        "select device_id, epoch, seq from event_home where event_id = %s", (event_id,)
    ).fetchone()
    assert home is not None, "an event was claimed and has no home"
    row = database.execute(
        "select data from journal where device_id = %s and epoch = %s and seq = %s", home
    ).fetchone()
    assert row is not None, "an event's home is empty"
    return home[1], bytes(row[0])
