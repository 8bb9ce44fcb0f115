"""The journal's tables: cursors, entries and where each event was first seen (SQL only, no judgement)."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import repeat
from struct import Struct

from app.domain.journal import Entry, Stream, genesis
from app.sync.wire import ReceiptRun
from server.copying import (
    Copying,
    columns_of,
    fields_of,
    instant_field,
    stream_fields,
    text_field,
    uuid_bytes,
    uuid_fields,
)
from server.database import Database
from server.sheaf import Sheaf
from server.stream import Cursor, Unfit, are_uuids, is_uuid

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


def add_entries(copies: Copying, entries: Iterable[Entry], now: datetime) -> None:
    """Write new entries, all received at ``now``."""
    by_stream: dict[Stream, list[Entry]] = {}
    for entry in entries:
        by_stream.setdefault(entry.stream, []).append(entry)
    copies.copy(
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


def add_sheaves(copies: Copying, sheaves: Iterable[Sheaf], now: datetime) -> None:
    """Write new events, all received at ``now``."""
    copies.copy(
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


def add_unfit(database: Database, unfit: Sequence[Unfit], now: datetime) -> None:
    """Write what cannot be filed to its places, received at ``now``: the bytes alone."""
    columns = [
        [one.stream.device_id for one in unfit], [one.stream.epoch for one in unfit],
        [one.seq for one in unfit], [one.data for one in unfit], [one.hash for one in unfit],
    ]  # fmt: skip
    database.execute(
        """
        insert into journal (device_id, epoch, seq, data, hash, received_at)
        select *, %s from unnest(%s::text[], %s::text[], %s::bigint[], %s::bytea[], %s::bytea[])
        """,
        (now, *columns),
    )


def fill_in(database: Database, entries: Sequence[Entry]) -> None:
    """Say of entries whose bytes stand there what they are, now that they can be filed."""
    persons = [entry.event.person if is_uuid(entry.event.person) else None for entry in entries]
    columns = [
        *zip(*map(place, entries), strict=True), [entry.event.id for entry in entries],
        [entry.event.kind for entry in entries], persons, [entry.event.hlc for entry in entries],
    ]  # fmt: skip
    database.execute(
        """
        update journal j set event_id = x.event_id, kind = x.kind, person_id = x.person_id, hlc = x.hlc
        from unnest(%s::text[], %s::text[], %s::bigint[], %s::uuid[], %s::text[], %s::uuid[], %s::bigint[])
            as x(device_id, epoch, seq, event_id, kind, person_id, hlc)
        where (j.device_id, j.epoch, j.seq) = (x.device_id, x.epoch, x.seq)
        """,
        [list(column) for column in columns],
    )


def _rows(
    stream: Stream, seqs: Iterable[int], ids: Sequence[str], kinds: Sequence[str], persons: Sequence[object],
    hlcs: Iterable[int], data: Sequence[bytes], hashes: Iterable[bytes], now: datetime,
) -> Iterable[bytes]:  # fmt: skip
    """Return rows of the journal in PostgreSQL's own binary form."""
    begin = columns_of(10) + stream_fields(stream)
    received_at = instant_field(now)
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
        return uuid_fields(texts)
    return fields_of([person if is_uuid(person) else None for person in map(str, persons)], "uuid")


_PLACED, _LONG, _SIZE = Struct(">iqi16s"), Struct(">iq"), Struct(">i")
_HASH = _SIZE.pack(sha256().digest_size)


def homes_of(sheaves: Iterable[Sheaf]) -> list[bytes]:
    """Return where events are seen for the first time, as rows."""
    rows: list[bytes] = []
    for sheaf in sheaves:
        place = stream_fields(sheaf.stream)
        numbers = map(_LONG.pack, repeat(8), sheaf.seqs)
        rows += map(
            b"".join, zip(repeat(columns_of(4)), uuid_fields(sheaf.ids), repeat(place), numbers, strict=False)
        )
    return sorted(rows)


def claim_all(copies: Copying, homes: Iterable[bytes]) -> None:
    """Note where events were first seen; psycopg.errors.UniqueViolation follows if one was seen before."""
    copies.copy(COPY_HOMES, homes)


def claim_homes(database: Database, entries: Sequence[Entry]) -> set[Place]:
    """Note where the events just added were first seen; return the places of those never seen before."""
    asked = json.dumps(
        [
            {"device_id": stream.device_id, "epoch": stream.epoch, "first": first, "last": last}
            for stream, first, last in _runs(entries)
        ]
    )
    claimed = database.execute(_CLAIM, (asked,)).rowcount
    if claimed == len(entries):
        return {place(entry) for entry in entries}
    return {(device_id, epoch, seq) for device_id, epoch, seq in database.execute(_CLAIMED, (asked,))}


def _runs(entries: Iterable[Entry]) -> list[tuple[Stream, int, int]]:
    """Return entries as runs without a gap: (stream, first, last)."""
    runs: list[tuple[Stream, int, int]] = []
    for entry in entries:
        stream, first, last = runs[-1] if runs else (None, 0, 0)
        if stream == entry.stream and last + 1 == entry.event.seq:
            runs[-1] = entry.stream, first, entry.event.seq
        else:
            runs.append((entry.stream, entry.event.seq, entry.event.seq))
    return runs


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


def read_first(database: Database, event_id: str) -> tuple[str, bytes] | None:
    """Return the epoch and the bytes under which an event was first seen, None if it never was."""
    home = database.execute(
        "select device_id, epoch, seq from event_home where event_id = %s", (event_id,)
    ).fetchone()
    if home is None:
        return None
    row = database.execute(
        "select data from journal where device_id = %s and epoch = %s and seq = %s", home
    ).fetchone()
    assert row is not None, "an event's home is empty"
    return home[1], bytes(row[0])
