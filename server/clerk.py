"""Who takes the groups of requests that the desk hands out: reads, judges, files and answers them."""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg

from app.domain.refusals import Refusal
from app.sync import wire
from app.sync.frame import BEST_CODEC, codec_of
from server.database import Database, open_database
from server.ingest import Job, ingest
from server.peer import Peer

Reply = bytes | Refusal
"""The frame of an answer, or why there is none."""

log = logging.getLogger("vaxpost.centre")


@dataclass(unsafe_hash=True)
class RoomLacking(Refusal):
    """The centre has no room or no database just now; the caller is asked to come back."""


@dataclass(unsafe_hash=True)
class CentreFailed(Refusal):
    """The centre has a bug; where it is has been logged, what it was given has not."""


class Clerk:
    """Takes one group at a time, over a connection of its own."""

    def __init__(self, dsn: str, incarnation: str) -> None:
        self._dsn = dsn
        self._incarnation = incarnation
        self._database: Database | None = None

    def make_ready(self, now: datetime) -> None:
        """Do all that the first request would wait for, if there is a database.

        After a start all devices come at once, and none is to pay for having been the first.
        """
        greeting = wire.encode_request(wire.Request(wire.Hello("", {}, {})), BEST_CODEC)
        wire.decode_request(greeting)
        try:
            self._ingest([Job(Peer("", b""), greeting)], now, lambda: None)
        except psycopg.Error:
            self.close()

    def take(self, jobs: Sequence[Job], now: datetime, once_judged: Callable[[], object]) -> Sequence[Reply]:
        """Return a reply to each job, in order; ``now`` and ``once_judged`` as ``ingest`` has them.

        A connection kept from before may be dead although the database is well: a new one gets a second try,
        which is harmless even if the first was committed.
        """
        kept = self._database is not None
        try:
            answers = self._ingest(jobs, now, once_judged)
        except psycopg.OperationalError as error:
            log.warning("database unavailable: sqlstate %s", error.sqlstate)
            self.close()
            return self.take(jobs, now, once_judged) if kept else [RoomLacking()] * len(jobs)
        except Exception as bug:  # noqa: BLE001 - the outer edge of a request
            if len(jobs) > 1:
                return [reply for job in jobs for reply in self.take([job], now, once_judged)]
            log_bug(bug)
            return [CentreFailed()]
        return [_reply(job, answer) for job, answer in zip(jobs, answers, strict=True)]

    def close(self) -> None:
        """Let go of the connection."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _ingest(
        self, jobs: Sequence[Job], now: datetime, once_judged: Callable[[], object]
    ) -> Sequence[wire.Answer | Refusal]:
        self._database = self._database or open_database(self._dsn)
        return ingest(self._database, self._incarnation, jobs, now, once_judged=once_judged)


def _reply(job: Job, answer: wire.Answer | Refusal) -> Reply:
    if isinstance(answer, Refusal):
        return answer
    try:
        return wire.encode_answer(answer, codec_of(job.frame))
    except Refusal as refusal:
        return refusal
    except Exception as bug:  # noqa: BLE001 - the outer edge of a request
        log_bug(bug)
        return CentreFailed()


def log_bug(bug: Exception) -> None:
    """Log where, never with what: an exception's text may hold a person's data."""
    places = "".join(traceback.format_tb(bug.__traceback__))
    log.error("%s %s\n%s", type(bug).__name__, getattr(bug, "sqlstate", ""), places)
