"""The way to a paper centre as a runner holds it: it can be down, or hang until somebody cancels."""

import threading

from app.sync import wire
from app.sync.transport import CentreUnreachable
from tests.sync.paper_centre import PaperCentre

PATIENCE_S = 20


class PaperLine:
    """Carries requests on the sync thread; the test's thread decides which come through."""

    def __init__(self, centre: PaperCentre) -> None:
        self.centre = centre
        self.down = False
        self.open = threading.Event()
        self.open.set()
        self.asked = threading.Event()
        self.passes: int | None = None
        """So many exchanges still come through, the next one hangs until ``let_go``."""
        self.declines = ""
        """The refusal by which the centre declines every request as a whole."""
        self.deaf = False
        self.cancelled = False
        self.closed = False

    def exchange(self, request: bytes) -> bytes:
        if self.passes is not None:
            if self.passes == 0:
                self.open.clear()
            self.passes -= 1
        self.asked.set()
        self.open.wait(PATIENCE_S)
        if self.down or self.cancelled:
            raise CentreUnreachable("cut")
        if self.declines:
            return wire.encode_answer(wire.Declined(self.declines, ""))
        return self.centre.exchange(request)

    def let_go(self) -> None:
        """Let what hangs come through, and all that follows."""
        self.passes = None
        self.open.set()

    def cancel(self) -> None:
        if not self.deaf:
            self.cancelled = True
            self.open.set()

    def close(self) -> None:
        self.closed = True
