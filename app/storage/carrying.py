"""Going on in another stream when the centre holds another history under a stream's numbers; coming back."""

from collections.abc import Sequence
from dataclasses import replace

from sqlite_utils import Database

from app.domain.journal import Event, NotCanonical, Stream, decode, encode, link
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


def take_back(db: Database, stream: Stream, after: int, events: Sequence[bytes]) -> list[Event]:
    """Append to a stream that was given up what this device lost of it; return what was appended.

    They are this device's own events, from before it was restored from an old backup. Whatever does not
    follow on, by its number or because the stream went on otherwise here, ends it. The caller runs it in one
    transaction.
    """
    row = db.execute(
        "select head_seq, head_hash from stream where device_id = ? and epoch = ? and not is_current",
        [stream.device_id, stream.epoch],
    ).fetchone()
    if row is None or row[0] != after:
        return []
    seq, head = row
    taken: list[Event] = []
    for data in events:
        try:
            event = decode(data)
        except NotCanonical:
            break
        if event.seq != seq + 1 or _is_known(db, event):
            break
        seq, head = event.seq, link(head, data)
        db.execute(
            "insert into journal (device_id, epoch, seq, event_id, kind, data, hash)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            [stream.device_id, stream.epoch, seq, event.id, event.kind, data, head],
        )
        taken.append(event)
    db.execute(
        "update stream set head_seq = ?, head_hash = ?, kept = ? where device_id = ? and epoch = ?",
        [seq, head, seq, stream.device_id, stream.epoch],
    )
    if taken:
        heard = max(event.hlc for event in taken)
        db.execute("update stream set hlc = max(hlc, ?) where is_current", [heard])
    return taken


def _is_known(db: Database, event: Event) -> bool:
    found = db.execute("select 1 from journal where event_id = ?", [event.id]).fetchone()
    return found is not None
