"""Going on in another stream when the centre holds another history under a stream's numbers."""

from dataclasses import replace

from sqlite_utils import Database

from app.domain.journal import Stream, encode, link
from app.storage.journal import current_stream, entries, open_stream
from app.storage.receipts import withdraw_receipts


def carry_on(db: Database, stream: Stream, keep: int, fresh: Stream, opened_at: str) -> int:
    """Keep a stream up to ``keep`` and append what stands after it to the current stream; return how much.

    ``fresh`` becomes the current stream if it was the current one that is given up. What is carried keeps
    its event ids, its clock and its body; only its number is another, so no table follows from it again.
    The caller runs it in one transaction (sync.md, *At welcome, per stream*).
    """
    (last,) = db.execute(
        "select coalesce(kept, head_seq) from stream where device_id = ? and epoch = ?",
        [stream.device_id, stream.epoch],
    ).fetchone()
    if stream == current_stream(db):
        open_stream(db, fresh, opened_at)
    target = current_stream(db)
    seq, head = db.execute(
        "select head_seq, head_hash from stream where device_id = ? and epoch = ?",
        [target.device_id, target.epoch],
    ).fetchone()
    given_up = [entry.event for entry in entries(db, stream, after=keep) if entry.event.seq <= last]
    rows: list[list[object]] = []
    for number, event in enumerate(given_up, start=seq + 1):
        written = encode(replace(event, seq=number))
        head = link(head, written)
        rows.append([target.device_id, target.epoch, number, event.id, event.kind, written, head])
    db.conn.executemany("insert into carried values (?, ?, ?, ?, ?, ?, ?)", rows)
    db.execute(
        "update stream set head_seq = ?, head_hash = ? where device_id = ? and epoch = ?",
        [seq + len(rows), head, target.device_id, target.epoch],
    )
    db.execute(
        "update stream set kept = ? where device_id = ? and epoch = ?",
        [min(keep, last), stream.device_id, stream.epoch],
    )
    withdraw_receipts(db, stream, keep)
    return len(rows)
