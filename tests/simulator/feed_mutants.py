"""Ways to take in a feed that look right and are not."""

from collections.abc import Sequence
from typing import Any

from app.domain.feed import DIGEST_BYTES, START, FeedPosition
from app.domain.unfit import ADMITTED
from app.sync.inbox import Offer
from app.sync.outbox import Written
from app.sync.pages import Feedback, Feeds, Page
from app.sync.puller import Puller
from app.sync.store_inbox import StoreInbox
from tests.simulator.centre import Centre
from tests.simulator.letters import Speaker


class MovesOnFirst(StoreInbox):
    """Moves the position in one transaction and keeps the page in another."""

    def keep(self, page: Page) -> Written:
        columns = [page.area, page.next.pos, page.next.digest.to_bytes(DIGEST_BYTES)]
        self._store.write(
            lambda transaction: transaction.db.execute(
                "insert or replace into feed values (?, ?, ?)", columns
            )
        )
        return super().keep(page)


class HearsFirst(StoreInbox):
    """Moves the position of what it heard in one transaction and keeps the findings in another."""

    def keep_feedback(self, told: Feedback) -> None:
        super().keep_feedback(Feedback(told.next))
        super().keep_feedback(told)


class HearsNoEnd(StoreInbox):
    """Passes over that something was filed after all: what was refused once is refused for ever."""

    def keep_feedback(self, told: Feedback) -> None:
        others = tuple(one for one in told.findings if one.reason != ADMITTED)
        super().keep_feedback(Feedback(told.next, others, told.anew))


class OffersNothing(StoreInbox):
    """Forgets what a restored centre no longer holds: the second regression of the prototype."""

    def next_offer(self) -> Offer | None:
        return None


class NumbersAlonePuller(Puller):
    """Looks at positions, never at digests."""

    def hear(self, feeds: Feeds, offered: int, took_s: float) -> None:
        held = self._inbox.positions()
        heads = {area: head for area, head in feeds.heads.items() if head.pos > held.get(area, START).pos}
        page = feeds.page
        if page is not None and page.area in held:
            base = held[page.area]
            page = Page(page.area, base, base.plus(page.own).after(page.lines), page.own, page.lines)
        super().hear(Feeds(heads, feeds.digests, page, feeds.tail, feeds.feedback), offered, took_s)


class NumbersAlone(Speaker):
    """Believes that a position says what was before it."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._puller = NumbersAlonePuller(named["inbox"])


class TakesEveryPage(Speaker):
    """Keeps a page even when the answer shows that the centre holds other events under its numbers."""

    @property
    def _parted(self) -> bool:
        return False

    @_parted.setter
    def _parted(self, parted: bool) -> None:
        pass


class TellsByNumber(Centre):
    """Believes that a device has heard what stands under its number, whatever was told before a restore."""

    def _is_ours(self, found: Sequence[object], heard: FeedPosition) -> bool:
        return True


class FeedApart(Centre):
    """Keeps the feed somewhere else than the journal: a restore puts only the journal back."""

    def books(self) -> dict[str, Any]:
        held = super().books()
        del held["feed"], held["reached"]
        return held
