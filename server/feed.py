"""The feeds of the areas: events are added in one order, and read from where a device stands."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, groupby, repeat
from operator import itemgetter
from struct import Struct

from app.domain.feed import DIGEST_BYTES, SHARED_KINDS, START, FeedPosition, marks
from app.domain.journal import Entry, Stream
from app.sync.frame import MAX_EVENTS
from app.sync.pages import Feeds, Page, Pull, Tail
from server import feed_block
from server.copying import Copying, columns_of, copying, stream_fields, text_field
from server.database import Database
from server.devices import Device
from server.sheaf import Sheaf

PAGE_BYTES = 4 << 20
"""Events of one page together, uncompressed; a single event may exceed it."""

MOST_OWN = 100_000
"""Positions looked through for the end of a run of the caller's own."""

COPY_ROWS = b"copy area_feed (area, pos, device_id, epoch, seq, digest) from stdin (format binary)"


def areas_of(database: Database, sites: Collection[str]) -> dict[str, str]:
    """Return the area of each site: its own name until it is put into another."""
    rows = database.execute("select site, area from site_area where site = any(%s)", (list(sites),))
    return {site: site for site in sites} | {site: area for site, area in rows}


@dataclass(frozen=True)
class Run:
    """Events that are shared and stand one after the other in a stream, all of one site."""

    site: str
    stream: Stream
    seqs: Sequence[int]
    marks: Sequence[int]
    """What each adds to the digest."""


def runs_of(entries: Iterable[Entry]) -> list[Run]:
    """Return what of some entries is for the feeds."""
    shared = [entry for entry in entries if entry.event.site and entry.event.kind in SHARED_KINDS]
    grouped = groupby(shared, lambda entry: (entry.event.site, entry.stream))
    runs = [(site, stream, list(own)) for (site, stream), own in grouped]
    return [
        Run(site, stream, [entry.event.seq for entry in own], marks(entry.data for entry in own))
        for site, stream, own in runs
    ]


def runs_in(sheaves: Iterable[Sheaf]) -> list[Run]:
    """Return what of some sheaves is for the feeds."""
    return [run for sheaf in sheaves for run in _shared(sheaf)]


def _shared(sheaf: Sheaf) -> Iterator[Run]:
    told = [site if kind in SHARED_KINDS else "" for site, kind in zip(sheaf.sites, sheaf.kinds, strict=True)]
    start = 0
    for site, own in groupby(told):
        end = start + len(list(own))
        if site:
            yield Run(site, sheaf.stream, sheaf.seqs[start:end], marks(sheaf.data[start:end]))
        start = end


def add_to_feeds(copies: Copying, shared: Sequence[Run]) -> None:
    """Add what was never seen before to the feeds of its areas, in its order.

    Rows of ``area_head`` stay locked until the transaction ends, always in one order, so that whoever reads
    a position has read all before it (sync.md, *Feed position*).
    """
    if not shared:
        return
    database = copies.database()
    areas = areas_of(database, {run.site for run in shared})
    heads = _lock_heads(database, {areas[run.site] for run in shared})
    rows: list[bytes] = []
    for run in shared:
        area = areas[run.site]
        own, heads[area] = _rows(area, heads[area], run)
        rows += own
    copies.copy(COPY_ROWS, rows)
    _move_heads(copies.database(), heads)


def _rows(area: str, head: FeedPosition, run: Run) -> tuple[Iterable[bytes], FeedPosition]:
    """Return the rows of events behind the end of a feed in binary form, and its new end."""
    sums = accumulate(run.marks, initial=head.digest)
    digests = [digest & ALL_BITS for digest in sums][1:]
    rows = map(
        b"".join,
        zip(
            repeat(columns_of(6) + text_field(area)), map(_LONG.pack, repeat(8), count(head.pos + 1)),
            repeat(stream_fields(run.stream)),
            map(_SEQ_AND_DIGEST.pack, repeat(8), run.seqs, repeat(8), digests),
            strict=False,
        ),
    )  # fmt: skip
    return rows, FeedPosition(head.pos + len(digests), digests[-1])


ALL_BITS = (1 << 8 * DIGEST_BYTES) - 1
_LONG, _SEQ_AND_DIGEST = Struct(">iq"), Struct(">iqiQ")


def _lock_heads(database: Database, areas: Collection[str]) -> dict[str, FeedPosition]:
    rows = database.execute(
        """
        insert into area_head (area, pos, digest) select area, 0, 0 from unnest(%s::text[]) as x(area)
        on conflict (area) do update set pos = area_head.pos returning area, pos, digest
        """,
        (sorted(areas),),
    )
    return {area: position(pos, digest) for area, pos, digest in rows}


def _move_heads(database: Database, heads: Mapping[str, FeedPosition]) -> None:
    items = [{"area": area, "pos": head.pos, "digest": signed(head.digest)} for area, head in heads.items()]
    database.execute(
        """
        update area_head h set pos = x.pos, digest = x.digest
        from json_to_recordset(%s) as x(area text, pos bigint, digest bigint) where h.area = x.area
        """,
        (json.dumps(items),),
    )


def read_feeds(database: Database, device: Device, tips: Mapping[str, int], pull: Pull) -> Feeds:
    """Return what lies beyond the caller's positions: of one area a page, of the others where they end.

    Only the areas of the device's own sites are answered. ``tips`` (epoch → last seq) are the streams the
    caller holds: what stands there is counted and not sent.
    """
    areas = sorted(set(areas_of(database, device.sites).values()))
    ends = _read_heads(database, areas)
    if pull.tail is not None:
        stream = Stream(device.device_id, pull.tail[0])
        return Feeds(tail=Tail(*pull.tail, _read_tail(database, stream, pull.tail[1], pull.limit)))
    heads = {area: end for area, end in ends.items() if pull.at.get(area, START) != end}
    asked = {area: probes for area, probes in pull.probes.items() if area in areas}
    digests = {
        area: tuple(_digest_at(database, area, min(pos, ends[area].pos)) for pos in probes)
        for area, probes in asked.items()
    }
    behind = (area for area, end in heads.items() if pull.at.get(area, START).pos < end.pos)
    area = next(behind, None)
    if area is None or asked:
        return Feeds(heads, digests)
    start, limit = pull.at.get(area, START).pos, pull.limit
    own_end = _end_of_own(database, device.device_id, tips, area, start)
    if own_end - start >= limit:
        base, following = _position_at(database, area, start), _position_at(database, area, own_end)
        return Feeds(heads, digests, Page(area, base, following, following.minus(base)))
    block = feed_block.BLOCK
    if ends[area].pos - start >= block and limit == MAX_EVENTS:
        limit = min(limit, block - start % block)
        if start % block == 0 and (lines := feed_block.read_block(database, area, start)):
            base, following = _position_at(database, area, start), _position_at(database, area, start + block)
            return Feeds(heads, digests, Page(area, base, following, START, lines, condensed=True))
    return Feeds(heads, digests, _read_page(database, device.device_id, tips, area, start, limit))


def is_in_feed(database: Database, area: str, held: FeedPosition) -> bool:
    """Return whether a copy that ends here is the beginning of this centre's feed."""
    if held == START:
        return True
    row = database.execute(
        "select digest from area_feed where area = %s and pos = %s", (area, held.pos)
    ).fetchone()
    return row is not None and _unsigned(row[0]) == held.digest


def _read_tail(database: Database, stream: Stream, after: int, limit: int) -> tuple[bytes, ...]:
    rows = database.execute(
        """
        select data from journal where device_id = %s and epoch = %s and seq > %s and seq <= %s order by seq
        """,
        (stream.device_id, stream.epoch, after, after + limit),
        binary=True,
    ).fetchall()
    weights = accumulate(len(data) for (data,) in rows)
    return tuple(
        data for (data,), weight in zip(rows, weights, strict=True) if weight <= PAGE_BYTES
    ) or tuple(data for (data,) in rows[:1])


def _read_heads(database: Database, areas: Sequence[str]) -> dict[str, FeedPosition]:
    """Return where each feed ends; an empty one too, for a device may know more of it than this centre."""
    rows = database.execute(
        "select area, pos, digest from area_head where area = any(%s)", (areas,)
    ).fetchall()
    ends = {area: position(pos, digest) for area, pos, digest in rows}
    return {area: ends.get(area, START) for area in areas}


def _position_at(database: Database, area: str, pos: int) -> FeedPosition:
    return FeedPosition(pos, _digest_at(database, area, pos))


def _digest_at(database: Database, area: str, pos: int) -> int:
    if pos == 0:
        return START.digest
    row = database.execute(
        "select digest from area_feed where area = %s and pos = %s", (area, pos)
    ).fetchone()
    assert row is not None, "a feed has a hole"
    return _unsigned(row[0])


def _end_of_own(database: Database, device_id: str, tips: Mapping[str, int], area: str, start: int) -> int:
    """Return up to where all after ``start`` is the caller's own: a run of any length is told at once."""
    row = database.execute(
        """
        select coalesce(
            (select pos - 1 from area_feed
                where area = %(area)s and pos > %(start)s and pos <= %(start)s + %(most)s
                and not (device_id = %(device)s and seq <= coalesce((%(tips)s::json ->> epoch)::bigint, -1))
                order by pos limit 1),
            (select least(pos, %(start)s + %(most)s) from area_head where area = %(area)s))
        """,
        {"area": area, "start": start, "most": MOST_OWN, "device": device_id, "tips": json.dumps(dict(tips))},
    ).fetchone()
    assert row is not None, "an area without a head"
    return int(row[0])


def _read_page(
    database: Database, device_id: str, tips: Mapping[str, int], area: str, start: int, limit: int
) -> Page:
    base = _position_at(database, area, start)
    rows = database.execute(
        """
        select pos, device_id, epoch, seq, digest from area_feed
        where area = %s and pos > %s and pos <= %s order by pos
        """,
        (area, start, start + limit),
    ).fetchall()
    place_of = {pos: (device, epoch, seq) for pos, device, epoch, seq, _ in rows}
    end_of = {pos: position(pos, digest) for pos, _, _, _, digest in rows}
    owned = {
        pos for pos, (device, epoch, seq) in place_of.items()
        if device == device_id and seq <= tips.get(epoch, -1)
    }  # fmt: skip
    data = _read_events(database, [place for pos, place in place_of.items() if pos not in owned])
    weight, following, own, events = 0, base, START, list[bytes]()
    for pos, end in end_of.items():
        if pos in owned:
            own = own.plus(end.minus(following))
        else:
            event = data[place_of[pos]]
            weight += len(event)
            if events and weight > PAGE_BYTES:
                break
            events.append(event)
        following = end
    return Page(area, base, following, own, tuple(events))


def _read_events(
    database: Database, places: Sequence[tuple[str, str, int]]
) -> dict[tuple[str, str, int], bytes]:
    """Return the bytes of journal entries by their place."""
    if not places:
        return {}
    devices, epochs, seqs = (list(column) for column in zip(*places, strict=True))
    rows = database.execute(
        """
        select device_id, epoch, seq, data
        from unnest(%s::text[], %s::text[], %s::bigint[]) as x(device_id, epoch, seq)
            join journal using (device_id, epoch, seq)
        """,
        (devices, epochs, seqs),
        binary=True,
    )
    return {(device, epoch, seq): data for device, epoch, seq, data in rows}


def put_into_area(database: Database, site: str, area: str) -> int:
    """Let a site stand in an area from now on; return how many of its events are added to that area's feed.

    What the former area was told stays with its devices; it is told nothing more.
    """
    with database.transaction():
        if areas_of(database, [site])[site] == area:
            return 0
        database.execute(
            "insert into site_area values (%s, %s) on conflict (site) do update set area = excluded.area",
            (site, area),
        )
        head = _lock_heads(database, [area])[area]
        earlier = database.execute(
            """
            select j.device_id, j.epoch, j.seq, data from journal j join event_home h
                on (h.event_id, h.device_id, h.epoch, h.seq) = (j.event_id, j.device_id, j.epoch, j.seq)
            where kind = any(%s) and convert_from(data, 'utf8')::json ->> 'site' = %s
            order by received_at, j.device_id, j.epoch, j.seq
            """,
            (sorted(SHARED_KINDS), site),
            binary=True,
        ).fetchall()
        for (device_id, epoch), own in groupby(earlier, itemgetter(0, 1)):
            seqs, data = zip(*[row[2:] for row in own], strict=True)
            rows, head = _rows(area, head, Run(site, Stream(device_id, epoch), seqs, marks(data)))
            with copying(database) as copies:
                copies.copy(COPY_ROWS, rows)
        _move_heads(database, {area: head})
    return len(earlier)


def position(pos: int, digest: int) -> FeedPosition:
    """Return a position as PostgreSQL holds it."""
    return FeedPosition(pos, _unsigned(digest))


def signed(digest: int) -> int:
    """Return a digest as PostgreSQL's bigint holds it."""
    return int.from_bytes(digest.to_bytes(DIGEST_BYTES), signed=True)


def _unsigned(digest: int) -> int:
    return int.from_bytes(digest.to_bytes(DIGEST_BYTES, signed=True))
