"""The desk where requests wait: threads take what has come in together and commit it as one group.

Small requests have threads of their own, so that they share their commits and none waits behind a large one.
"""

import logging
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.frame import CODEC_COLUMNS
from app.sync.wire import Answer
from server.database import Database, open_database
from server.ingest import Job, ingest
from server.peer import Peer

SMALL_BYTES = 16 << 10
"""A frame of some hundred events at most; a dose is a third of a kilobyte."""
THREADS = 2
"""Of either lane: one reads and judges while the database has the group of the other. They do so by turns:
what has come in meanwhile is one group and shares one commit."""
GROUP_JOBS = 64
GROUP_BYTES = 4 << 20
WAITING_BYTES = 128 << 20
"""Of either lane; more than this is not taken in, the caller is asked to come back."""

Reply = Answer | Refusal

log = logging.getLogger("vaxpost.centre")


@dataclass(unsafe_hash=True)
class RoomLacking(Refusal):
    """The centre has no room or no database just now; the caller is asked to come back."""


@dataclass(unsafe_hash=True)
class CentreFailed(Refusal):
    """The centre has a bug; where it is has been logged, what it was given has not."""


@dataclass(frozen=True)
class _Ticket:
    """A job in the queue and the promise of its reply."""

    job: Job
    reply: "Future[Reply]" = field(default_factory=Future)
    since_s: float = field(default_factory=time.monotonic)


class Intake:
    """Queues requests and answers each through its future."""

    def __init__(self, dsn: str, incarnation: str, now: Callable[[], datetime]) -> None:
        """``now`` returns aware UTC instants."""
        self._small = _Lane(dsn, incarnation, now, "small")
        self._large = _Lane(dsn, incarnation, now, "large")
        self._lanes = (self._small, self._large)

    def open(self) -> None:
        """Begin to serve."""
        for lane in self._lanes:
            lane.open()

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
    """A queue and the threads that serve it."""

    def __init__(self, dsn: str, incarnation: str, now: Callable[[], datetime], name: str) -> None:
        self._dsn = dsn
        self._incarnation = incarnation
        self._now = now
        self._waiting: deque[_Ticket] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._at_work, self._answered_at_s = 0, float("-inf")
        """How many groups are being answered, and when one last was, on the monotonic clock."""
        self._bell = threading.Condition()
        self._reading = threading.Lock()
        """Held by the thread whose turn it is to take a group, read it and judge it."""
        self._threads = [threading.Thread(target=self._serve, name=f"intake-{name}") for _ in range(THREADS)]

    def open(self) -> None:
        """Begin to serve."""
        for thread in self._threads:
            thread.start()

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

    def _serve(self) -> None:
        database = self._made_ready()
        while True:
            with ExitStack() as turn:
                turn.enter_context(self._reading)
                group = self._next_group()
                if not group:
                    break
                database = self._settle(database, group, turn.close)
            with self._bell:
                self._at_work, self._answered_at_s = self._at_work - 1, time.monotonic()
        if database is not None:
            database.close()

    def _made_ready(self) -> Database | None:
        """Return a connection, all that the first request would wait for being done; None without a database.

        After a start all devices come at once, and none is to pay for having been the first.
        """
        greeting = wire.encode_request(wire.Request(wire.Hello("", {}, {})), CODEC_COLUMNS)
        wire.decode_request(greeting)
        try:
            database = open_database(self._dsn)
        except psycopg.OperationalError:
            return None
        try:
            ingest(database, self._incarnation, [Job(Peer("", b""), greeting)], self._instant())
        except psycopg.Error:
            database.close()
            return None
        return database

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

    def _settle(
        self, database: Database | None, group: Sequence[_Ticket], once_judged: Callable[[], object]
    ) -> Database | None:
        """Answer a group; return the connection while it is good.

        A connection kept from before may be dead although the database is well: a new one gets a second try,
        which is harmless even if the first was committed.
        """
        kept, jobs = database is not None, [ticket.job for ticket in group]
        try:
            database = database or open_database(self._dsn)
            replies = ingest(database, self._incarnation, jobs, self._instant(), once_judged=once_judged)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: sqlstate %s", error.sqlstate)
            if database is not None:
                database.close()
            if kept:
                return self._settle(None, group, once_judged)
            _answer(group, [RoomLacking()] * len(group))
            return None
        except Exception as bug:  # noqa: BLE001 - the outer edge of a request
            if len(group) == 1:
                log_bug(bug)
                _answer(group, [CentreFailed()])
                return database
            for ticket in group:
                database = self._settle(database, [ticket], once_judged)
            return database
        _answer(group, replies)
        return database

    def _instant(self) -> datetime:
        """Now in whole milliseconds, as the wire carries it."""
        now = self._now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _answer(group: Sequence[_Ticket], replies: Sequence[Reply]) -> None:
    for ticket, reply in zip(group, replies, strict=True):
        if ticket.reply.set_running_or_notify_cancel():
            ticket.reply.set_result(reply)


def log_bug(bug: Exception) -> None:
    """Log where, never with what: an exception's text may hold a person's data."""
    places = "".join(traceback.format_tb(bug.__traceback__))
    log.error("%s %s\n%s", type(bug).__name__, getattr(bug, "sqlstate", ""), places)
