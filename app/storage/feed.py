"""The feeds in the store: pages as they came, how far each area's feed is held, what is to be offered."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from app.domain.condensed import Condensed, condense, read_lines
from app.domain.feed import DIGEST_BYTES, START, FeedPosition
from app.domain.hlc import merge
from app.domain.journal import Event, parse_readable
from app.domain.refusals import Refusal
from app.storage.packing import pack, unpack


@dataclass(unsafe_hash=True)
class FeedBroken(Refusal):
    """What was kept of a feed is not what came."""

    area: str
    pos: int


@dataclass(frozen=True)
class KeptPage:
    """A run of a feed as it is kept."""

    area: str
    base: FeedPosition
    next: FeedPosition
    own: FeedPosition
    """So many of it are this device's own and stand in its journal."""
    lines: tuple[bytes, ...]
    """The bytes of its events, or what they come to."""
    told: Condensed | None = None
    """What the lines come to, if that is what they say; None for events."""


def positions(db: Database) -> dict[str, FeedPosition]:
    """Return by area how far its feed is held."""
    rows = db.execute("select area, pos, digest from feed")
    return {area: read_position(pos, digest) for area, pos, digest in rows}


def put_page(db: Database, page: KeptPage, now_ms: int) -> Condensed:
    """Keep a page and move the position to its end; return what it comes to.

    ``now_ms`` (since 1970): the clock of the stream in use is pulled forward by what came, within bounds.
    """
    db.execute(
        """insert into feed_page (area, base_pos, base_digest, next_pos, next_digest, own_count, own_digest,
        packed, condensed, arrived_after)
        select ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(max(position), 0) from journal""",
        [
            page.area, *columns(page.base), *columns(page.next), *columns(page.own),
            pack(page.lines), page.told is not None,
        ],
    )  # fmt: skip
    _move(db, page.area, page.next)
    told = page.told
    if told is None:
        events = parse_readable(page.lines)
        told = condense(events)
        heard = max((event.hlc for event in events), default=0)
    else:
        heard = max((person.hlc for person in told.people), default=0)
    if heard:
        (hlc,) = db.execute("select hlc from stream where is_current").fetchone()
        db.execute("update stream set hlc = ? where is_current", [merge(hlc, heard, now_ms)])
    return told


def ends(db: Database, area: str) -> list[FeedPosition]:
    """Return where each standing page of an area ends, ascending."""
    rows = db.execute(
        "select next_pos, next_digest from feed_page where area = ? and standing order by next_pos", [area]
    )
    return [read_position(pos, digest) for pos, digest in rows]


def withdraw(db: Database, area: str, after: FeedPosition) -> None:
    """Go back to the end of a page; those after it stand no longer and are to be offered."""
    db.execute(
        "update feed_page set standing = 0 where area = ? and next_pos > ? and standing", [area, after.pos]
    )
    _move(db, area, after)


def next_offer(db: Database) -> tuple[int, tuple[bytes, ...]] | None:
    """Return the first page of events to be offered, with its number, or None."""
    row = db.execute(
        """select page_id, packed from feed_page where not standing and not offered and not condensed
        order by page_id limit 1"""
    ).fetchone()
    return (row[0], unpack(row[1])) if row else None


def put_offered(db: Database, page_id: int) -> None:
    """Keep that a page was offered."""
    db.execute("update feed_page set offered = 1 where page_id = ?", [page_id])


def arrivals(db: Database) -> Iterator[tuple[int, Condensed]]:
    """Yield every page in the order they came: after which own position, and what it comes to."""
    rows = db.execute("select arrived_after, packed, condensed from feed_page order by page_id")
    for position, packed, condensed in rows:
        lines = unpack(packed)
        yield position, read_lines(lines) if condensed else condense(parse_readable(lines))


def events(db: Database) -> Iterator[Event]:
    """Yield every event of others that was kept as it came, in the order of arrival."""
    for (packed,) in db.execute("select packed from feed_page where not condensed order by page_id"):
        yield from parse_readable(unpack(packed))


def verify(db: Database) -> int:
    """Return how many events of others are known; raises FeedBroken at the first page that is not what came.

    Of a condensed page only its place is judged: its digest is the centre's word.
    """
    count = 0
    for area, held in positions(db).items():
        reached = START
        for page in _standing(db, area):
            whole = page.told is not None or page.base.plus(page.own).after(page.lines) == page.next
            if page.base != reached or not whole:
                raise FeedBroken(area, page.base.pos)
            reached = page.next
            count += page.next.pos - page.base.pos - page.own.pos
        if reached != held:
            raise FeedBroken(area, reached.pos)
    return count


def _standing(db: Database, area: str) -> Iterator[KeptPage]:
    rows = db.execute(
        """select base_pos, base_digest, next_pos, next_digest, own_count, own_digest, packed,
        condensed from feed_page where area = ? and standing order by next_pos""",
        [area],
    )
    for *numbers, packed, condensed in rows:
        base, following, own = (
            read_position(pos, digest) for pos, digest in zip(numbers[::2], numbers[1::2], strict=True)
        )
        lines = unpack(packed)
        yield KeptPage(area, base, following, own, lines, read_lines(lines) if condensed else None)


def _move(db: Database, area: str, to: FeedPosition) -> None:
    db.execute("insert or replace into feed values (?, ?, ?)", [area, *columns(to)])


def columns(position: FeedPosition) -> tuple[int, bytes]:
    """Return a position as two columns hold it."""
    return position.pos, position.digest.to_bytes(DIGEST_BYTES)


def read_position(pos: int, digest: bytes) -> FeedPosition:
    """Return the position that two columns hold."""
    return FeedPosition(pos, int.from_bytes(digest))
