"""The rows of a feed: each is a run of events that were added at once and stand in one stream.

The digest after any of them is one look-up: nothing is ever reckoned from the events again.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from struct import Struct, pack

from app.domain.feed import DIGEST_BYTES, START, FeedPosition
from app.domain.journal import Stream
from server.copying import columns_of, field, long_field, stream_fields, text_field
from server.database import Database

COPY_RUNS = b"copy area_feed (area, last_pos, device_id, epoch, seqs, digests) from stdin (format binary)"
MOST_TOGETHER = 2_000
"""Events of one row, so that what a page needs of it is soon read."""


@dataclass(frozen=True)
class Run:
    """Events that are shared and stand one after the other in a stream, all of one site."""

    site: str
    stream: Stream
    seqs: Sequence[int]
    """Rising."""
    marks: Sequence[int]
    """What each adds to the digest."""


def rows_of(area: str, head: FeedPosition, run: Run) -> tuple[list[bytes], FeedPosition]:
    """Return a run behind the end of a feed as rows in binary form, and the feed's new end."""
    digests = [digest & _ALL_BITS for digest in accumulate(run.marks, initial=head.digest)][1:]
    begin, stream = columns_of(6) + text_field(area), stream_fields(run.stream)
    rows = []
    for start in range(0, len(digests), MOST_TOGETHER):
        own = digests[start : start + MOST_TOGETHER]
        last = long_field(head.pos + start + len(own))
        seqs = _bigints(run.seqs[start : start + MOST_TOGETHER])
        rows.append(begin + last + stream + seqs + field(pack(f">{len(own)}Q", *own)))
    return rows, FeedPosition(head.pos + len(digests), digests[-1])


def _bigints(numbers: Sequence[int]) -> bytes:
    """Return an array of bigints as a row holds it."""
    items = b"".join(map(_ITEM.pack, repeat(8), numbers))
    return field(_ARRAY.pack(1, 0, _BIGINT, len(numbers), 1) + items)


_ALL_BITS = (1 << 8 * DIGEST_BYTES) - 1
_ITEM, _ARRAY = Struct(">iq"), Struct(">iiiii")
_BIGINT = 20
"""The number PostgreSQL knows the type by."""


@dataclass(frozen=True)
class Stretch:
    """A row of a feed as it was read."""

    after: int
    """The position its first event stands behind."""
    stream: Stream
    seqs: Sequence[int]
    """Where its events stand in their stream, rising."""
    digests: bytes

    @property
    def last(self) -> int:
        """The position of its last event."""
        return self.after + len(self.seqs)

    def at(self, pos: int) -> FeedPosition:
        """Return the position after one of its events."""
        end = (pos - self.after) * DIGEST_BYTES
        return FeedPosition(pos, int.from_bytes(self.digests[end - DIGEST_BYTES : end]))


def read_stretches(database: Database, area: str, start: int, end: int) -> list[Stretch]:
    """Return the rows of a feed with the positions ``start`` to ``end``, which it reaches, in order."""
    rows = database.execute(
        """
        select last_pos - cardinality(seqs), device_id, epoch, seqs, digests from area_feed
        where area = %(area)s and last_pos >= %(start)s and last_pos <= (
            select last_pos from area_feed where area = %(area)s and last_pos >= %(end)s order by 1 limit 1)
        order by last_pos
        """,
        {"area": area, "start": start, "end": end},
    )
    return [
        Stretch(after, Stream(device, epoch), seqs, digests) for after, device, epoch, seqs, digests in rows
    ]


def digest_at(database: Database, area: str, pos: int) -> int | None:
    """Return the digest of a feed over everything up to a position; None if it does not reach so far."""
    if pos == START.pos:
        return START.digest
    row = database.execute(
        """
        select substr(digests, (8 * (%(pos)s - last_pos))::integer + length(digests) - 7, 8)
        from area_feed where area = %(area)s and last_pos >= %(pos)s order by last_pos limit 1
        """,
        {"area": area, "pos": pos},
    ).fetchone()
    return None if row is None else int.from_bytes(row[0])


def position_at(database: Database, area: str, pos: int) -> FeedPosition:
    """Return a position the feed reaches."""
    digest = digest_at(database, area, pos)
    assert digest is not None, "a feed has a hole"
    return FeedPosition(pos, digest)


def events_of(database: Database, places: Sequence[tuple[Stream, Sequence[int]]]) -> list[bytes]:
    """Return the bytes of journal entries by stream and numbers, in this order."""
    asked: dict[Stream, list[int]] = {}
    for stream, seqs in places:
        asked.setdefault(stream, []).extend(seqs)
    items = [
        {"device_id": stream.device_id, "epoch": stream.epoch, "seqs": seqs} for stream, seqs in asked.items()
    ]
    rows = database.execute(
        """
        select run.device_id, run.epoch, seq, data
        from json_to_recordset(%s) as run(device_id text, epoch text, seqs bigint[]),
            lateral (select seq, data from journal
                where device_id = run.device_id and epoch = run.epoch and seq = any(run.seqs)) as own
        """,
        (json.dumps(items),),
        binary=True,
    )
    found = {(device_id, epoch, seq): data for device_id, epoch, seq, data in rows}
    return [found[stream.device_id, stream.epoch, seq] for stream, seqs in places for seq in seqs]
