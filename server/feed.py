"""The feeds of the areas: events are added in one order, and read from where a device stands."""

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter

from app.domain.feed import DIGEST_BYTES, SHARED_KINDS, START, FeedPosition, marks
from app.domain.journal import Entry, Stream
from app.sync.frame import MAX_EVENTS
from app.sync.pages import Feeds, Page, Pull, Tail
from server import feed_block
from server.copying import Copying, copying
from server.database import Database
from server.devices import Device
from server.feed_runs import (
    COPY_RUNS,
    Run,
    Stretch,
    digest_at,
    events_of,
    position_at,
    read_stretches,
    rows_of,
)
from server.sheaf import Sheaf

PAGE_BYTES = 4 << 20
"""Events of one page together, uncompressed; a single event may exceed it."""

MOST_OWN = 100_000
"""Positions looked through for the end of a run of the caller's own."""


def areas_of(database: Database, sites: Collection[str]) -> dict[str, str]:
    """Return the area of each site: its own name until it is put into another."""
    rows = database.execute("select site, area from site_area where site = any(%s)", (list(sites),))
    return {site: site for site in sites} | {site: area for site, area in rows}


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
    for site, rows in groupby((row for row, site in enumerate(told) if site), told.__getitem__):
        own = list(rows)
        seqs, data = [sheaf.seqs[row] for row in own], [sheaf.data[row] for row in own]
        yield Run(site, sheaf.stream, seqs, marks(data))


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
        own, heads[area] = rows_of(area, heads[area], run)
        rows += own
    copies.copy(COPY_RUNS, rows)
    _move_heads(copies.database(), heads)


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
        area: tuple(position_at(database, area, min(pos, ends[area].pos)).digest for pos in probes)
        for area, probes in asked.items()
    }
    behind = (area for area, end in heads.items() if pull.at.get(area, START).pos < end.pos)
    area = next(behind, None)
    if area is None or asked:
        return Feeds(heads, digests)
    start, end, limit = pull.at.get(area, START).pos, ends[area], pull.limit
    own_most = min(start + MOST_OWN, end.pos)
    own_end = _end_of_own(database, device.device_id, tips, area, start, own_most)
    if own_end == end.pos or own_end - start >= limit:
        base = position_at(database, area, start)
        following = end if own_end == end.pos else position_at(database, area, own_end)
        return Feeds(heads, digests, Page(area, base, following, following.minus(base)))
    block = feed_block.BLOCK
    if end.pos - start >= block and limit == MAX_EVENTS:
        limit = min(limit, block - start % block)
        if start % block == 0 and (lines := feed_block.read_block(database, area, start)):
            base, following = position_at(database, area, start), position_at(database, area, start + block)
            return Feeds(heads, digests, Page(area, base, following, START, lines, condensed=True))
    page_end = min(start + limit, end.pos)
    held = {Stream(device.device_id, epoch): last for epoch, last in tips.items()}
    return Feeds(heads, digests, _read_page(database, held, area, start, page_end))


def is_in_feed(database: Database, area: str, held: FeedPosition) -> bool:
    """Return whether a copy that ends here is the beginning of this centre's feed."""
    return digest_at(database, area, held.pos) == held.digest


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


def _end_of_own(
    database: Database, device_id: str, tips: Mapping[str, int], area: str, start: int, end: int
) -> int:
    """Return up to where, ``end`` at most, all after ``start`` is the caller's own: it is told at once."""
    row = database.execute(
        """
        select coalesce(
            (select last_pos - cardinality(seqs) + own from area_feed, lateral (select case
                    when device_id = %(device)s
                    then width_bucket(coalesce((%(tips)s::json ->> epoch)::bigint, 0), seqs) else 0
                end) as held(own)
                where area = %(area)s and last_pos > %(start)s and last_pos <= %(end)s
                and own < cardinality(seqs) order by last_pos limit 1),
            (select max(last_pos) from area_feed where area = %(area)s and last_pos <= %(end)s))
        """,
        {
            "area": area, "start": start, "end": end, "device": device_id, "tips": json.dumps(dict(tips)),
        },
    ).fetchone()  # fmt: skip
    assert row is not None, "a value has a row"
    return max(start, int(row[0]))


@dataclass(frozen=True)
class _Part:
    """What of a row of a feed lies on a page: first what is the caller's own, then what it is to be told."""

    row: Stretch
    own_end: int
    """A position, as ``end``."""
    end: int

    @property
    def told(self) -> Sequence[int]:
        """The numbers of the events it is to be told."""
        return self.row.seqs[self.own_end - self.row.after : self.end - self.row.after]


def _part(row: Stretch, held: Mapping[Stream, int], start: int, end: int) -> _Part:
    own = row.after + bisect_right(row.seqs, held.get(row.stream, 0))
    last = min(end, row.last)
    return _Part(row, min(max(start, own), last), last)


def _read_page(database: Database, held: Mapping[Stream, int], area: str, start: int, end: int) -> Page:
    """Return what stands after ``start``; ``held``: how far the caller holds its streams."""
    rows = read_stretches(database, area, start, end)
    parts = [_part(row, held, max(start, row.after), end) for row in rows]
    data = events_of(database, [(part.row.stream, part.told) for part in parts])
    most = max(1, bisect_right(list(accumulate(map(len, data))), PAGE_BYTES))
    base = following = rows[0].at(start) if start else START
    own, left = START, most
    for part in parts:
        if part.own_end > following.pos:
            own, following = own.plus(part.row.at(part.own_end).minus(following)), part.row.at(part.own_end)
        told = min(len(part.told), left)
        if told:
            following, left = part.row.at(part.own_end + told), left - told
        if told < len(part.told):
            break
    return Page(area, base, following, own, tuple(data[:most]))


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
            order by max(received_at) over (partition by j.device_id, j.epoch order by j.seq),
                j.device_id, j.epoch, j.seq
            """,
            (sorted(SHARED_KINDS), site),
            binary=True,
        ).fetchall()
        for (device_id, epoch), own in groupby(earlier, itemgetter(0, 1)):
            seqs, data = zip(*[row[2:] for row in own], strict=True)
            rows, head = rows_of(area, head, Run(site, Stream(device_id, epoch), seqs, marks(data)))
            with copying(database) as copies:
                copies.copy(COPY_RUNS, rows)
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
