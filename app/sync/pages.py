"""The messages of pull and offer and their encoding: positions, pages, digests, findings (sync.md)."""

from dataclasses import dataclass, field

from app.domain.condensed import Condensed, read_lines
from app.domain.feed import DIGEST_BYTES, START, FeedPosition
from app.domain.journal import Json
from app.sync.fields import Fields, as_epoch, as_hex, as_items, as_number, as_text
from app.sync.frame import MAX_EVENTS, MessageMalformed, MessageTooLarge

MAX_AREAS = 100
MAX_PROBES = 64
"""Of one area: a copy of a million events is narrowed down in three questions."""
MAX_FINDINGS = 200
"""In one answer; the rest comes with the next."""


@dataclass(frozen=True)
class Pull:
    """How far the caller holds the feeds of its areas: what lies beyond is wanted."""

    at: dict[str, FeedPosition] = field(default_factory=dict)
    """By area; one the caller does not know of yet is missing."""
    limit: int = MAX_EVENTS
    """Of positions in one page."""
    probes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By area: positions whose digest is asked, because the copies differ."""
    tail: tuple[str, int] | None = None
    """Epoch and last seq of a stream of the caller's own whose end it lost: what follows is wanted."""
    feedback: FeedPosition = START
    """How far the caller has heard what the centre found in the caller's own events."""


@dataclass(frozen=True)
class Page:
    """A run of one area's feed."""

    area: str
    base: FeedPosition
    """Where it begins, with the centre's digest there."""
    next: FeedPosition
    """Where it ends."""
    own: FeedPosition
    """So many of its events are the caller's own and stand in its journal: they are counted, not sent."""
    lines: tuple[bytes, ...] = ()
    """The events, as their bytes; or what they come to."""
    condensed: bool = False
    """The lines are the text of ``told``: for devices that are far behind."""
    told: Condensed | None = field(default=None, compare=False)
    """What the lines of a condensed page were read to."""


@dataclass(frozen=True)
class Tail:
    """The end of a stream that its own device lost when it was restored from an old backup."""

    epoch: str
    after: int
    events: tuple[bytes, ...] = ()
    """None at the end of the stream."""


@dataclass(frozen=True)
class Finding:
    """A field of an event that is not what it should be; the centre holds the event all the same."""

    event_id: str
    field: str
    reason: str

    @property
    def data(self) -> bytes:
        """What it adds to the digest of the findings."""
        return f"{self.event_id} {self.field} {self.reason}".encode()


@dataclass(frozen=True)
class Feedback:
    """What the centre found in the caller's own events, in one order for each device."""

    next: FeedPosition
    """Where the findings end."""
    findings: tuple[Finding, ...] = ()
    anew: bool = False
    """Told from the beginning: what the caller heard is not of this centre, and does not stand."""


@dataclass(frozen=True)
class Feeds:
    """What there is beyond the caller's positions."""

    heads: dict[str, FeedPosition] = field(default_factory=dict)
    """By area: where the feed ends; an area whose end is the caller's position is left out."""
    digests: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """By area: the answers to the probes, in their order."""
    page: Page | None = None
    tail: Tail | None = None
    """Never beside a page."""
    feedback: Feedback | None = None
    """Left out where the caller has heard all."""


def pull_items(pull: Pull) -> Json:
    """Return a pull as JSON."""
    items: Json = {"at": {area: position_items(position) for area, position in pull.at.items()}}
    if pull.limit != MAX_EVENTS:
        items["limit"] = pull.limit
    if pull.probes:
        items["probes"] = {area: list(positions) for area, positions in pull.probes.items()}
    if pull.tail:
        items["tail"] = list(pull.tail)
    if pull.feedback != START:
        items["feedback"] = position_items(pull.feedback)
    return items


def read_pull(pull: Fields) -> Pull:
    """Return the pull that ``pull_items`` wrote; raises MessageMalformed or MessageTooLarge."""
    limit = pull.number("limit") if "limit" in pull.raw else MAX_EVENTS
    probes = _areas(pull, "probes") if "probes" in pull.raw else {}
    return Pull(
        {area: read_position(item, "at") for area, item in _areas(pull, "at").items()},
        max(1, min(limit, MAX_EVENTS)),
        {area: _read_probes(items) for area, items in probes.items()},
        _read_tail(pull.value("tail")) if "tail" in pull.raw else None,
        read_position(pull.value("feedback"), "feedback") if "feedback" in pull.raw else START,
    )


def feeds_items(feeds: Feeds) -> Json:
    """Return feeds as JSON; the events of the page go beside it.

    What follows from the rest is left out, for one new dose counts every byte: where a feed ends if the page
    ends there, and what is the caller's own if the page holds nothing else.
    """
    page = feeds.page
    heads = {
        area: head for area, head in feeds.heads.items() if not page or (area, head) != (page.area, page.next)
    }
    items: Json = {"heads": {area: position_items(head) for area, head in heads.items()}}
    if feeds.digests:
        items["digests"] = {area: [_hex(one) for one in answers] for area, answers in feeds.digests.items()}
    if page is not None:
        items["page"] = {
            "area": page.area,
            "base": position_items(page.base),
            "next": position_items(page.next),
        }
        if page.lines:
            items["page"]["own"] = position_items(page.own)
        if page.condensed:
            items["page"]["condensed"] = True
    if feeds.tail is not None:
        items["tail"] = [feeds.tail.epoch, feeds.tail.after]
    if feeds.feedback is not None:
        items["feedback"] = {
            "next": position_items(feeds.feedback.next),
            "findings": [[one.event_id, one.field, one.reason] for one in feeds.feedback.findings],
        }
        if feeds.feedback.anew:
            items["feedback"]["anew"] = True
    return items


def lines_of(feeds: Feeds) -> tuple[bytes, ...]:
    """Return the lines that go beside the JSON."""
    if feeds.tail is not None:
        return feeds.tail.events
    return feeds.page.lines if feeds.page else ()


def read_feeds(feeds: Fields, events: tuple[bytes, ...]) -> Feeds:
    """Return the feeds that ``feeds_items`` wrote; raises MessageMalformed or MessageTooLarge."""
    digests = _areas(feeds, "digests") if "digests" in feeds.raw else {}
    tail = Tail(*_read_tail(feeds.value("tail")), events) if "tail" in feeds.raw else None
    page = _read_page(feeds.child("page"), events) if "page" in feeds.raw else None
    if (tail and page) or (events and not (tail or page)):
        raise MessageMalformed("events without a page")
    heads = {area: read_position(item, "heads") for area, item in _areas(feeds, "heads").items()}
    if page is not None:
        heads.setdefault(page.area, page.next)
    return Feeds(
        heads,
        {
            area: tuple(_read_hex(item, "digests") for item in as_items(items, "digests"))
            for area, items in digests.items()
        },
        page,
        tail,
        _read_feedback(feeds.child("feedback")) if "feedback" in feeds.raw else None,
    )


def _read_feedback(feedback: Fields) -> Feedback:
    rows = as_items(feedback.value("findings"), "findings")
    if len(rows) > MAX_FINDINGS:
        raise MessageTooLarge("findings", MAX_FINDINGS)
    findings = (
        Finding(*(as_text(one, "findings") for one in as_items(row, "findings", (3,)))) for row in rows
    )
    anew = feedback.raw.get("anew") is True
    return Feedback(read_position(feedback.value("next"), "next"), tuple(findings), anew)


def _read_page(page: Fields, lines: tuple[bytes, ...]) -> Page:
    base, following = (read_position(page.value(key), key) for key in ("base", "next"))
    own = read_position(page.value("own"), "own") if lines else following.minus(base)
    area = page.text("area")
    if own.pos < 0:
        raise MessageMalformed("page")
    if page.raw.get("condensed") is True:
        try:
            told = read_lines(lines)
        except ValueError as error:
            raise MessageMalformed("condensed") from error
        if following.pos <= base.pos:
            raise MessageMalformed("page")
        return Page(area, base, following, own, lines, condensed=True, told=told)
    if base.plus(own).after(lines) != following:
        raise MessageMalformed("page")
    return Page(area, base, following, own, lines)


def _areas(fields: Fields, key: str) -> Json:
    areas = fields.child(key).raw
    if len(areas) > MAX_AREAS:
        raise MessageTooLarge(key, MAX_AREAS)
    return areas


def _read_tail(raw: object) -> tuple[str, int]:
    epoch, after = as_items(raw, "tail", (2,))
    return as_epoch(epoch if isinstance(epoch, str) else ""), as_number(after, "tail")


def _read_probes(raw: object) -> tuple[int, ...]:
    positions = as_items(raw, "probes")
    if len(positions) > MAX_PROBES:
        raise MessageTooLarge("probes", MAX_PROBES)
    return tuple(as_number(position, "probes") for position in positions)


def position_items(position: FeedPosition) -> list[object]:
    """Return a position as it travels."""
    return [position.pos, _hex(position.digest)]


def read_position(raw: object, key: str) -> FeedPosition:
    """Return the position that ``position_items`` wrote; raises MessageMalformed."""
    pos, digest = as_items(raw, key, (2,))
    return FeedPosition(as_number(pos, key), _read_hex(digest, key))


def _hex(digest: int) -> str:
    return digest.to_bytes(DIGEST_BYTES).hex()


def _read_hex(raw: object, key: str) -> int:
    return int.from_bytes(as_hex(raw, key, DIGEST_BYTES))
