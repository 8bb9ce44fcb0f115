"""What sync needs of the store to take in what others recorded and what the centre found in its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.feed import FeedPosition
from app.domain.journal import Stream
from app.sync.outbox import Written
from app.sync.pages import Feedback, Page


@dataclass(frozen=True)
class Offer:
    """Events of others that stood in a feed and do no longer."""

    page_id: int
    events: Sequence[bytes]


class Inbox(Protocol):
    """The store as the puller sees it, on the sync thread alone; any call may raise OutboxUnavailable."""

    def positions(self) -> Mapping[str, FeedPosition]:
        """Return by area how far its feed is held."""
        ...

    def keep(self, page: Page) -> Written:
        """Begin to keep a page, its position and what follows from its events, durably, in one transaction.

        It is written before whatever is written after this call.
        """
        ...

    def make_findable(self) -> None:
        """Let those be found by their terms who came in great numbers, durably; it may take a second."""
        ...

    def ends(self, area: str) -> Sequence[FeedPosition]:
        """Return where each page held ends, ascending."""
        ...

    def withdraw(self, area: str, after: FeedPosition) -> None:
        """Go back to the end of a page: those after it are no longer part of the feed, but to be offered."""
        ...

    def keep_tail(self, stream: Stream, after: int, events: Sequence[bytes]) -> int:
        """Append to a stream of this device's own what it had lost, with what follows; return how much.

        Nothing is kept of what does not follow on: another number or another chain.
        """
        ...

    def next_offer(self) -> Offer | None:
        """Return events withdrawn and not offered yet, or None."""
        ...

    def offered(self, page_id: int) -> None:
        """Note durably that a page was offered."""
        ...

    def feedback(self) -> FeedPosition:
        """Return how far the centre's findings in this device's events are heard."""
        ...

    def keep_feedback(self, feedback: Feedback) -> None:
        """Keep findings and their position, durably and in one transaction; twice is the same as once."""
        ...

    def heard_all(self) -> None:
        """Note durably that the centre has nothing more to tell of this device's events, if that is news."""
        ...
