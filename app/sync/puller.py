"""The core of pull: what to ask of the feeds and what an answer means (sync.md, *pull*, *offer*).

As pure as the engine it belongs to. A copy that differs from the centre's is narrowed down page by page; what
stands after the last place where both agree is pulled anew, and what was held there is offered.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain.feed import START, FeedPosition
from app.domain.journal import Stream
from app.domain.refusals import Refusal
from app.sync.frame import MAX_EVENTS
from app.sync.inbox import Inbox, Offer
from app.sync.outbox import OutboxUnavailable, Written
from app.sync.pace import Batch
from app.sync.pages import MAX_FINDINGS, MAX_PROBES, Feedback, Feeds, Page, Pull, Tail


@dataclass(unsafe_hash=True)
class FeedDiffers(Refusal):
    """What this device holds of an area is not what the centre holds, and could not be put in order yet."""

    area: str
    pos: int


@dataclass(unsafe_hash=True)
class FeedRepaired(Refusal):
    """What this device held of an area differed from the centre's from a position on; it was pulled anew."""

    area: str
    pos: int


@dataclass(frozen=True)
class _Search:
    """Between two ends of pages: at the lower both agree, at the upper they do not."""

    lower: FeedPosition
    upper: FeedPosition
    probes: tuple[FeedPosition, ...]


@dataclass(frozen=True)
class _Keeping:
    """A page handed to the store and not known to be durable yet."""

    area: str
    next: FeedPosition
    count: int
    written: Written


class Puller:
    """Keeps the local copies of the feeds in step with the centre's.

    The next page is asked for while the one before is being kept; should that fail, the next begins where
    this device does not stand, and is dropped.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._batch = Batch()
        self._new = True
        self._searches: dict[str, _Search] = {}
        self._offer: Offer | None = None
        self._tail: tuple[Stream, int] | None = None
        self._keeping: _Keeping | None = None
        self.wants_more = False
        """There is something to ask for at once."""
        self.behind = 0
        """So many events the centre holds and this device does not yet."""
        self.kept = 0
        """So many have come down since the run began."""
        self.repaired: list[Refusal] = []

    def begin(self) -> None:
        """Begin a run: forget what the last one left unanswered, find whom a power cut left unfound.

        Who holds nothing yet asks for as much as there may be: a link too slow for it says so by its silence.
        """
        self._inbox.make_findable()
        if self._new and not self._held():
            self._batch = Batch(MAX_EVENTS)
        self._new = False
        self._searches.clear()
        self.kept, self.repaired = 0, []

    def end(self) -> None:
        """End a run: whoever came can be found. What the disk does not take now, the next run begins with."""
        with suppress(OutboxUnavailable):
            self._inbox.make_findable()

    def ask(self) -> Pull:
        """Return what to ask now; only an answer that is heard wants more after it."""
        self.wants_more = False
        probes = {
            area: tuple(probe.pos for probe in search.probes) for area, search in self._searches.items()
        }
        tail = (self._tail[0].epoch, self._tail[1]) if self._tail else None
        return Pull(dict(self._held()), self._batch.size, probes, tail, self._inbox.feedback())

    def rewound(self, stream: Stream, last_seq: int) -> None:
        """Ask for the end of a stream that this device lost and the centre holds."""
        self._tail = stream, last_seq
        self.wants_more = True

    def parted(self) -> None:
        """Ask at once for what was left out beside a stream that parted."""
        self.wants_more = True

    def offer(self) -> Sequence[bytes]:
        """Return what to offer now, beside no push."""
        self._offer = self._inbox.next_offer()
        return () if self._offer is None else self._offer.events

    def failed(self) -> None:
        """Ask for less: a page that does not come through may be too long for the link."""
        self._batch.failed()

    def hear(self, feeds: Feeds, offered: int, took_s: float) -> None:
        """Draw the consequences of an answer."""
        moved = self._settle_offer(offered)
        more_found = self._keep_feedback(feeds.feedback)
        for area, digests in feeds.digests.items():
            moved |= self._narrow(area, digests)
        if feeds.page is not None:
            moved |= self._take(feeds.page, took_s)
        if feeds.tail is not None:
            moved |= self._take_tail(feeds.tail)
        held = self._held()
        for area, head in feeds.heads.items():
            mine = held.get(area, START)
            if head.pos < mine.pos or (head.pos == mine.pos and head != mine):
                moved |= self._doubt(area, mine)
        self.behind = sum(max(0, head.pos - held.get(area, START).pos) for area, head in feeds.heads.items())
        self.wants_more = more_found or (
            moved and bool(self.behind or self._searches or feeds.tail or self._inbox.next_offer())
        )

    @property
    def progress(self) -> tuple[int, int]:
        """So many were kept in this run, so many are still to be."""
        return self.kept, self.behind + (self._keeping.count if self._keeping else 0)

    def land(self) -> None:
        """Wait for the page being kept; raises OutboxUnavailable: then it is asked for again."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.written()
            self.kept += keeping.count

    def _held(self) -> Mapping[str, FeedPosition]:
        """Return how far each feed is held, with the page that is being kept."""
        held, keeping = self._inbox.positions(), self._keeping
        return held if keeping is None else {**held, keeping.area: keeping.next}

    def differences(self) -> tuple[Refusal, ...]:
        """Return the areas whose copy is known to differ and is not in order yet."""
        return tuple(FeedDiffers(area, search.lower.pos) for area, search in self._searches.items())

    def _keep_feedback(self, feedback: Feedback | None) -> bool:
        """Keep what the centre found; return whether there may be more of it to ask for at once."""
        if feedback is not None and feedback.next != self._inbox.feedback():
            self._inbox.keep_feedback(feedback)
            if len(feedback.findings) == MAX_FINDINGS:
                return True
        self._inbox.heard_all()
        return False

    def _settle_offer(self, offered: int) -> bool:
        offer, self._offer = self._offer, None
        if offer is None or offered != len(offer.events):
            return False
        self._inbox.offered(offer.page_id)
        return True

    def _take(self, page: Page, took_s: float) -> bool:
        """Keep a page that begins where this device stands; return whether that changed anything."""
        mine = self._held().get(page.area, START)
        if page.base.pos != mine.pos:
            return False
        if page.base != mine:
            return self._doubt(page.area, mine)
        count = page.next.pos - page.base.pos
        if not count:
            return False
        self._keeping = _Keeping(page.area, page.next, count, self._inbox.keep(page))
        self._batch.took(count, took_s)
        return True

    def _take_tail(self, tail: Tail) -> bool:
        """Keep what follows on in the stream asked for; its end, or what does not fit, ends the asking."""
        asked, self._tail = self._tail, None
        if asked is None or (asked[0].epoch, asked[1]) != (tail.epoch, tail.after):
            return False
        stream, after = asked
        kept = self._inbox.keep_tail(stream, after, tail.events)
        if kept:
            self._tail = stream, after + kept
            self.kept += kept
        return True

    def _doubt(self, area: str, mine: FeedPosition) -> bool:
        """Begin to look for the place where the copies part; return whether that is news."""
        if area in self._searches:
            return False
        return self._search(area, START, mine)

    def _narrow(self, area: str, digests: Sequence[int]) -> bool:
        """Move the bounds of a search by what the centre's digests are."""
        search = self._searches.pop(area, None)
        if search is None or len(digests) != len(search.probes):
            return False
        lower, upper = search.lower, search.upper
        for probe, digest in zip(search.probes, digests, strict=True):
            if probe.digest != digest:
                upper = probe
                break
            lower = probe
        return self._search(area, lower, upper)

    def _search(self, area: str, lower: FeedPosition, upper: FeedPosition) -> bool:
        self.land()
        between = [end for end in self._inbox.ends(area) if lower.pos < end.pos < upper.pos]
        if between:
            step = -(-len(between) // MAX_PROBES)
            self._searches[area] = _Search(lower, upper, tuple(between[::step]))
        else:
            self._inbox.withdraw(area, lower)
            self.repaired.append(FeedRepaired(area, lower.pos))
        return True
