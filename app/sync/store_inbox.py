"""The encrypted store as the puller's inbox."""

from collections.abc import Callable, Mapping, Sequence

from app.domain.clock import Clock, epoch_ms
from app.domain.feed import START, FeedPosition
from app.domain.journal import Stream
from app.storage import feed, feedback, search_terms
from app.storage.carrying import take_back
from app.storage.elsewhere import put_elsewhere
from app.storage.store import Store, Transaction
from app.sync.inbox import Offer
from app.sync.outbox import Written
from app.sync.pages import Feedback, Page
from app.sync.store_outbox import asked, begin


class StoreInbox:
    """Reads on the sync thread's own connection; pages go through the one writer."""

    def __init__(self, store: Store, clock: Clock, received: Callable[[], object] = lambda: None) -> None:
        """``received`` is told, on whatever thread, after a page was kept."""
        self._store = store
        self._clock = clock
        self._received = received

    def positions(self) -> Mapping[str, FeedPosition]:
        """Return by area how far its feed is held."""
        return asked(lambda: feed.positions(self._store.read()))

    def keep(self, page: Page) -> Written:
        """Begin to keep a page, its position and what follows from it, in one transaction.

        A page that does not begin where the device stands by then is not kept: a line and a stick may bring
        the same one.
        """
        kept = feed.KeptPage(page.area, page.base, page.next, page.own, page.lines, page.told)
        now_ms = epoch_ms(self._clock.now())

        def work(transaction: Transaction) -> None:
            if feed.positions(transaction.db).get(page.area, START) == page.base:
                put_elsewhere(transaction.db, feed.put_page(transaction.db, kept, now_ms))

        return begin(self._store, work, self._received)

    def make_findable(self) -> None:
        """Put the terms of those who came in great numbers in order."""
        if asked(lambda: search_terms.is_put_off(self._store.read())):
            asked(lambda: self._store.write(lambda transaction: search_terms.catch_up(transaction.db)))
            self._received()

    def keep_tail(self, stream: Stream, after: int, events: Sequence[bytes]) -> int:
        """Append to a stream what this device had lost of it, with what follows from it."""
        from app.storage.projections import project_again  # all of the tables, for what seldom happens

        def work(transaction: Transaction) -> int:
            taken = take_back(transaction.db, stream, after, events)
            for event in taken:
                project_again(transaction.db, event)
            return len(taken)

        kept = asked(lambda: self._store.write(work))
        self._received()
        return kept

    def ends(self, area: str) -> Sequence[FeedPosition]:
        """Return where each page held ends."""
        return asked(lambda: feed.ends(self._store.read(), area))

    def withdraw(self, area: str, after: FeedPosition) -> None:
        """Go back to the end of a page."""
        asked(lambda: self._store.write(lambda transaction: feed.withdraw(transaction.db, area, after)))

    def next_offer(self) -> Offer | None:
        """Return events withdrawn and not offered yet."""
        found = asked(lambda: feed.next_offer(self._store.read()))
        return Offer(*found) if found else None

    def offered(self, page_id: int) -> None:
        """Note that a page was offered."""
        asked(lambda: self._store.write(lambda transaction: feed.put_offered(transaction.db, page_id)))

    def feedback(self) -> FeedPosition:
        """Return how far the centre's findings are heard."""
        return asked(lambda: feedback.position(self._store.read()))

    def heard_all(self) -> None:
        """Note that all is heard."""
        if asked(lambda: feedback.is_unconfirmed(self._store.read())):
            asked(lambda: self._store.write(lambda transaction: feedback.put_confirmed(transaction.db)))

    def keep_feedback(self, told: Feedback) -> None:
        """Keep findings and their position, in one transaction."""
        rows = [(one.event_id, one.field, one.reason) for one in told.findings]
        asked(
            lambda: self._store.write(
                lambda transaction: feedback.put(transaction.db, rows, told.next, anew=told.anew)
            )
        )
