"""How long a run will still take, by its own pace so far."""

from collections import deque
from collections.abc import Callable

from app.sync.state import SyncState, Working

_KEPT = 8
"""Reports the pace is taken from: the batches grow with the link, so the latest say most."""


class Remaining:
    """Hears every state of a link; ``clock`` gives running seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._reports: deque[tuple[float, int]] = deque(maxlen=_KEPT)
        self._left = 0

    def hear(self, state: SyncState) -> None:
        """Take a report; anything but work ends the run, and so does a count that falls."""
        if not isinstance(state, Working):
            self.forget()
            return
        done = state.done + state.pulled
        if self._reports and done < self._reports[-1][1]:
            self.forget()
        self._left = state.total + state.to_pull - done
        if not self._reports or done > self._reports[-1][1]:
            self._reports.append((self._clock(), done))

    def forget(self) -> None:
        """Begin again: what comes next is another run."""
        self._reports.clear()
        self._left = 0

    def seconds(self) -> float | None:
        """Return the seconds that are left, or None while too little is known."""
        if len(self._reports) < 2:
            return None
        (first_s, first), (last_s, last) = self._reports[0], self._reports[-1]
        if last_s <= first_s:
            return None
        estimate = self._left * (last_s - first_s) / (last - first)
        return max(0.0, estimate - (self._clock() - last_s))
