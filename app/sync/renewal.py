"""A line that renews its own certificate: from half of its life on it asks for the next one."""

from collections.abc import Callable
from contextlib import suppress

from app.domain.clock import Clock
from app.domain.refusals import Refusal
from app.sync.enrolment import renew
from app.sync.http import HttpTransport
from app.sync.identity import Identity, make_identity, make_request

AGAIN_S = 86400.0
"""Once a day is often enough with half a year to go, also where the clock is wrong."""


class RenewingTransport:
    """A transport that keeps its identity young; an exchange never fails for it."""

    def __init__(
        self, line: HttpTransport, identity: Identity, clock: Clock, keep: Callable[[Identity], object]
    ) -> None:
        """``keep`` writes the renewed identity down, on the thread that exchanges; it may refuse."""
        self._line = line
        self._identity = identity
        self._clock = clock
        self._keep = keep
        self._due_at_s = float("-inf")

    def exchange(self, request: bytes) -> bytes:
        """Return the frame that answers; raises CentreUnreachable, CentreBusy or AnswerForeign."""
        answer = self._line.exchange(request)
        if self._clock.now() >= self._identity.renew_at and self._clock.monotonic() >= self._due_at_s:
            self._due_at_s = self._clock.monotonic() + AGAIN_S
            with suppress(Refusal):
                self._renew()
        return answer

    def cancel(self) -> None:
        """Break off an exchange under way in another thread."""
        self._line.cancel()

    def close(self) -> None:
        """Let the connection go."""
        self._line.close()

    def _renew(self) -> None:
        """Written down before it is used; until then, and if the answer is lost, the old one is good."""
        old = self._identity
        renewed = make_identity(old.key, renew(self._line, make_request(old.key, old.device_id)))
        self._keep(renewed)
        self._identity = renewed
        self._line.identify(renewed)
