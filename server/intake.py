"""The desk where requests wait: clerks take what has come in together and commit it as one group.

Small requests have clerks of their own, so that they share their commits and none waits behind a large one.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from server.clerk import Clerk, Reply, RoomLacking
from server.clerk_process import ClerkProcess
from server.ingest import Job

SMALL_BYTES = 16 << 10
"""A frame of some hundred events at most; a dose is a third of a kilobyte."""
CLERKS = 2
"""Of either lane: one reads and judges while the database has the group of the other. They do so by turns:
what has come in meanwhile is one group and shares one commit."""
GROUP_JOBS = 64
GROUP_BYTES = 4 << 20
WAITING_BYTES = 128 << 20
"""Of either lane; more than this is not taken in, the caller is asked to come back."""


@dataclass(frozen=True)
class _Ticket:
    """A job in the queue and the promise of its reply."""

    job: Job
    reply: "Future[Reply]" = field(default_factory=Future)
    since_s: float = field(default_factory=time.monotonic)


class Intake:
    """Queues requests and answers each through its future."""

    def __init__(
        self, dsn: str, incarnation: str, now: Callable[[], datetime], *, apart: bool = False
    ) -> None:
        """``now`` returns aware UTC instants; ``apart``: who serves a lane has a process of its own."""
        kind = ClerkProcess if apart else Clerk
        self._small, self._large = (
            _Lane([kind(dsn, incarnation) for _ in range(CLERKS)], now, name) for name in ("small", "large")
        )
        self._lanes = (self._small, self._large)

    def open(self) -> None:
        """Begin to serve; return when every clerk is ready."""
        for lane in self._lanes:
            lane.open()
        for lane in self._lanes:
            lane.wait_until_ready()

    def close(self) -> None:
        """Serve what waits, then end."""
        for lane in self._lanes:
            lane.close()

    def submit(self, job: Job) -> "Future[Reply]":
        """Queue a job; the future brings its answer or the refusal. Raises RoomLacking."""
        return (self._small if len(job.frame) <= SMALL_BYTES else self._large).submit(job)

    def large_at_s(self) -> float:
        """Return when a large request was last at work, on the monotonic clock: now, if one is."""
        return self._large.at_work_s()

    def queued(self) -> int:
        """Return how many requests wait."""
        return sum(lane.queued() for lane in self._lanes)

    def lag_s(self) -> float:
        """Return how many seconds the oldest of them has waited."""
        return max(lane.lag_s() for lane in self._lanes)


class _Lane:
    """A queue and the clerks who serve it, each from a thread of its own."""

    def __init__(
        self, clerks: Sequence[Clerk | ClerkProcess], now: Callable[[], datetime], name: str
    ) -> None:
        self._now = now
        self._waiting: deque[_Ticket] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._at_work, self._answered_at_s = 0, float("-inf")
        """How many groups are being answered, and when one last was, on the monotonic clock."""
        self._bell = threading.Condition()
        self._reading = threading.Lock()
        """Held for the clerk whose turn it is to take a group, read it and judge it."""
        self._ready = threading.Barrier(len(clerks) + 1)
        self._threads = [
            threading.Thread(target=self._serve, args=(clerk,), name=f"intake-{name}") for clerk in clerks
        ]

    def open(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

    def wait_until_ready(self) -> None:
        """Return when every clerk is."""
        self._ready.wait()

    def close(self) -> None:
        """Serve what waits, then end."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()
        for thread in self._threads:
            thread.join()

    def submit(self, job: Job) -> "Future[Reply]":
        """Queue a job; raises RoomLacking."""
        ticket = _Ticket(job)
        with self._bell:
            if self._closed or self._waiting_bytes + len(job.frame) > WAITING_BYTES:
                raise RoomLacking
            self._waiting.append(ticket)
            self._waiting_bytes += len(job.frame)
            self._bell.notify()
        return ticket.reply

    def queued(self) -> int:
        """Return how many requests wait."""
        return len(self._waiting)

    def lag_s(self) -> float:
        """Return how many seconds the oldest of them has waited."""
        with self._bell:
            return time.monotonic() - self._waiting[0].since_s if self._waiting else 0.0

    def at_work_s(self) -> float:
        """Return when a request was last at work, on the monotonic clock: now, if one is."""
        with self._bell:
            return time.monotonic() if self._at_work or self._waiting else self._answered_at_s

    def _serve(self, clerk: Clerk | ClerkProcess) -> None:
        try:
            clerk.make_ready(self._instant())
        finally:
            self._ready.wait()
        while True:
            with ExitStack() as turn:
                turn.enter_context(self._reading)
                group = self._next_group()
                if not group:
                    break
                replies = clerk.take([ticket.job for ticket in group], self._instant(), turn.close)
            for ticket, reply in zip(group, replies, strict=True):
                if ticket.reply.set_running_or_notify_cancel():
                    ticket.reply.set_result(reply)
            with self._bell:
                self._at_work, self._answered_at_s = self._at_work - 1, time.monotonic()
        clerk.close()

    def _next_group(self) -> list[_Ticket]:
        """Return what has come in, at most one ticket a device; nothing when the desk closes and is done."""
        with self._bell:
            while not self._waiting and not self._closed:
                self._bell.wait()
            group: dict[str, _Ticket] = {}
            weight = 0
            later: list[_Ticket] = []
            while self._waiting and len(group) < GROUP_JOBS:
                ticket = self._waiting.popleft()
                job = ticket.job
                if job.peer.device_id in group:
                    later.append(ticket)
                    continue
                if group and weight + len(job.frame) > GROUP_BYTES:
                    later.append(ticket)
                    break
                group[job.peer.device_id] = ticket
                weight += len(job.frame)
            self._waiting.extendleft(reversed(later))
            self._waiting_bytes -= weight
            self._at_work += bool(group)
        return list(group.values())

    def _instant(self) -> datetime:
        """Now in whole milliseconds, as the wire carries it."""
        now = self._now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
