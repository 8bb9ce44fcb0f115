"""One device wired to a real centre over HTTP, its time in the test's hand."""

import threading
from random import Random

from app.sync.engine import SyncEngine
from app.sync.state import SyncState
from tests.server.centre_process import CentreProcess, in_step
from tests.sync.local_journal import LocalJournal


class WiredSite:
    """An enrolled device, its engine, and every request body it sent."""

    def __init__(self, centre: CentreProcess, journal: LocalJournal, url: str | None = None) -> None:
        self.centre = centre
        self.journal = journal
        self.sent: list[bytes] = []
        self.line = centre.transport(journal, url)
        self.direct = centre.transport(journal)
        self.restart()

    def restart(self) -> None:
        """Begin anew with what the disk holds."""
        journal = self.journal
        self.engine = SyncEngine(journal.device_id, journal, self, journal.clock, Random(1).randbytes)

    def exchange(self, request: bytes) -> bytes:
        self.sent.append(request)
        return self.line.exchange(request)

    def sync(self) -> SyncState:
        """Run now until there is something to wait for."""
        self.engine.wake(forced=True)
        while self.engine.step() == 0:
            pass
        return self.engine.state

    def resend(self, number: int) -> None:
        """Let a request of the past arrive again, by another way."""
        if self.sent:
            self.direct.exchange(self.sent[number % len(self.sent)])

    def in_step(self) -> bool:
        with self.centre.database() as database:
            return in_step(database, self.journal)

    def close(self) -> None:
        self.line.close()
        self.direct.close()


class Background:
    """One sync run on a thread of its own."""

    def __init__(self, site: WiredSite) -> None:
        self._thread = threading.Thread(target=site.sync)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def join(self) -> None:
        self._thread.join()
