"""Statements that run on a thread of their own, one after the other, while the rows of the next are made.

PostgreSQL takes the rows of a large push in as long as it takes Python to make them.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType


class Conveyor:
    """Does what is put on it in its order; whoever needs the connection himself settles first."""

    def __init__(self, *, beside: bool) -> None:
        """``beside``: on a thread of its own, which a few rows are not worth."""
        self._thread = ThreadPoolExecutor(1, "conveyor") if beside else None
        self._put: list[Future[object]] = []

    def put(self, work: Callable[[], object]) -> None:
        """Have ``work`` done after what was put before; what it raises, ``settle`` raises."""
        if self._thread is None:
            work()
        else:
            before = self._put[-1:]
            self._put.append(self._thread.submit(lambda: _after(before, work)))

    def settle(self) -> None:
        """Wait until all is done; raises what the first that failed raised, and skips what follows it."""
        put, self._put = self._put, []
        for each in put:
            each.result()

    def __enter__(self) -> "Conveyor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Settle, and leave nothing running."""
        try:
            if error is None:
                self.settle()
        finally:
            if self._thread is not None:
                self._thread.shutdown(cancel_futures=True)


def _after(before: list[Future[object]], work: Callable[[], object]) -> object:
    for each in before:
        each.result()
    return work()
