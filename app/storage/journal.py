"""The journal in the store: appending to this device's stream, reading, checking the chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from app.domain.hlc import tick
from app.domain.journal import (
    MAX_EVENT_BYTES,
    ChainBroken,
    ClockQuality,
    Entry,
    Event,
    EventTooLarge,
    Json,
    NotCanonical,
    Stream,
    decode,
    encode,
    genesis,
    link,
    parse,
    verify_chain,
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """An event before it has a place in the stream."""

    id: str
    wall: int
    clock: ClockQuality
    kind: str
    site: str
    desk: str
    user: str
    person: str | None = None
    body: Json = field(default_factory=dict)
    v: int = 1


def open_stream(db: Database, stream: Stream, opened_at: str) -> None:
    """Begin a new stream and make it the current one; its clock goes on from the streams before."""
    db.execute("update stream set is_current = 0")
    db.execute(
        "insert into stream select ?, ?, 0, ?, coalesce(max(hlc), 0), ?, 1, null from stream",
        [stream.device_id, stream.epoch, genesis(stream), opened_at],
    )


def current_stream(db: Database) -> Stream:
    """Return the stream new events go to."""
    row = db.execute("select device_id, epoch from stream where is_current").fetchone()
    return Stream(*row)


def append(db: Database, draft: Draft) -> Event:
    """Write the next event of the current stream; returns it as its bytes say it.

    So the tables are filled now with exactly what a rebuild will read later. Raises EventTooLarge.
    """
    device_id, epoch, seq, previous, hlc = db.execute(
        "select device_id, epoch, head_seq, head_hash, hlc from stream where is_current"
    ).fetchone()
    event = Event(
        id=draft.id, seq=seq + 1, hlc=tick(hlc, draft.wall), wall=draft.wall, clock=draft.clock,
        kind=draft.kind, v=draft.v, site=draft.site, desk=draft.desk, user=draft.user,
        person=draft.person, body=draft.body,
    )  # fmt: skip
    data = encode(event)
    if len(data) > MAX_EVENT_BYTES:
        raise EventTooLarge(draft.kind, len(data))
    event, head = parse(data), link(previous, data)
    db.execute(
        "insert into journal (device_id, epoch, seq, event_id, kind, data, hash)"
        " values (?, ?, ?, ?, ?, ?, ?)",
        [device_id, epoch, event.seq, event.id, event.kind, data, head],
    )
    db.execute(
        "update stream set head_seq = ?, head_hash = ?, hlc = ? where device_id = ? and epoch = ?",
        [event.seq, head, event.hlc, device_id, epoch],
    )
    return event


def streams(db: Database) -> list[Stream]:
    """Return every stream, those with entries first, the oldest of them first."""
    written = db.execute("select device_id, epoch from journal group by 1, 2 order by min(position)")
    opened = db.execute("select device_id, epoch from stream order by opened_at")
    return [Stream(*row) for row in dict.fromkeys([*written.fetchall(), *opened.fetchall()])]


_NO_END = (1 << 63) - 1


def entries(db: Database, stream: Stream, *, after: int = 0, limit: int = -1) -> Iterator[Entry]:
    """Yield a stream's entries in order, from the one after ``after``."""
    for data, head in _written(db, stream, after, limit):
        yield Entry(stream, decode(data), data, head)


def _written(db: Database, stream: Stream, after: int = 0, limit: int = -1) -> Iterator[tuple[bytes, bytes]]:
    rows = db.execute(
        "select data, hash, seq from stream_entry where device_id = ? and epoch = ? and seq > ?"
        " and seq <= ? order by seq",
        [stream.device_id, stream.epoch, after, _NO_END if limit < 0 else after + limit],
    )
    for data, head, _ in rows:
        yield bytes(data), bytes(head)


def events(db: Database) -> Iterator[Event]:
    """Yield every event once, in the order it was first written here, unverified."""
    for _, event in placed_events(db):
        yield event


def placed_events(db: Database) -> Iterator[tuple[int, Event]]:
    """Yield every event once with its position: the order it was first written here in; unverified."""
    for position, data in db.execute("select position, data from journal order by position"):
        yield position, parse(data)


def events_of(db: Database, kinds: Sequence[str]) -> Iterator[Event]:
    """Yield every event of these kinds once, in the order it was first written here, unverified."""
    marks = ", ".join("?" * len(kinds))
    rows = db.execute(f"select data from journal where kind in ({marks}) order by position", list(kinds))
    for (data,) in rows:
        yield parse(data)


def verify(db: Database) -> dict[Stream, int]:
    """Return how many entries of each stream hold together; raises ChainBroken at the first fault.

    Beyond the chain it looks at what stands beside it: the head of each stream, which shows a missing end,
    the columns by which entries are found, and whether what was carried on is what was written.
    """
    return {stream: _verify_stream(db, stream) for stream in streams(db)}


def _verify_stream(db: Database, stream: Stream) -> int:
    seen, last = 0, genesis(stream)

    def watched() -> Iterator[Entry]:
        nonlocal seen, last
        for data, head in _written(db, stream):
            yield Entry(stream, parse(data), data, head)
            seen, last = seen + 1, head

    device_id, epoch = stream.device_id, stream.epoch
    try:
        verify_chain(watched())
    except NotCanonical as broken:
        raise ChainBroken(device_id, epoch, seen + 1, reason="encoding") from broken
    head = db.execute(
        "select head_seq, head_hash from stream where device_id = ? and epoch = ?", [device_id, epoch]
    )
    if head.fetchone() != (seen, last):
        raise ChainBroken(device_id, epoch, seen, reason="head")
    for question, reason in _FAULTS:
        fault = db.execute(question, [device_id, epoch]).fetchone()
        if fault is not None:
            raise ChainBroken(device_id, epoch, fault[0], reason=reason)
    return seen


_MISPLACED = """select seq from stream_entry where device_id = ? and epoch = ? and
    (event_id, kind) is not (cast(data as text) ->> 'id', cast(data as text) ->> 'kind') order by seq"""
_UNLIKE = """select carried.seq from carried left join journal using (event_id)
    where carried.device_id = ? and carried.epoch = ? and json_remove(cast(carried.data as text), '$.seq')
    is not json_remove(cast(journal.data as text), '$.seq') order by 1"""
_LEFT_BEHIND = """select seq from stream_entry join stream using (device_id, epoch)
    where device_id = ? and epoch = ? and seq > kept and not exists (select 1 from carried
    where carried.event_id = stream_entry.event_id and carried.epoch <> stream.epoch) order by seq"""
_FAULTS = ((_MISPLACED, "column"), (_UNLIKE, "carried"), (_LEFT_BEHIND, "carried"))
