"""A clerk in a process of its own, so that reading and filing have a processor that HTTP and TLS do not need.

    python -m server.clerk_process FD

It takes what is sent over one socket and ends when that is closed: when the centre ends, or dies.
"""

import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from multiprocessing.connection import Connection

from server.clerk import Clerk, Reply, RoomLacking
from server.ingest import Job
from server.log import begin_log

log = logging.getLogger("vaxpost.centre")


class ClerkProcess:
    """Does what a ``Clerk`` does; a process that died is replaced by the next group."""

    def __init__(self, dsn: str, incarnation: str) -> None:
        self._told = (dsn, incarnation)
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def make_ready(self, now: datetime) -> None:
        """Start the process; return when it is ready, or has failed: the next group tries again."""
        try:
            self._begin(now)
        except (EOFError, OSError):
            self.close()

    def take(self, jobs: Sequence[Job], now: datetime, once_judged: Callable[[], object]) -> Sequence[Reply]:
        """Return a reply to each job, in order: see ``Clerk.take``. Who dies meanwhile, answers nobody."""
        try:
            line = self._line or self._begin(now)
            line.send((jobs, now))
            while (replies := line.recv()) is None:
                once_judged()
        except (EOFError, OSError):
            log.error("the process of a clerk ended while it was at work")
            self.close()
            return [RoomLacking()] * len(jobs)
        return list(replies)

    def close(self) -> None:
        """End the process and wait."""
        if self._line is not None and self._process is not None:
            self._line.close()
            self._process.wait()
        self._line = self._process = None

    def _begin(self, now: datetime) -> Connection:
        ours, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.clerk_process", str(its.fileno())], pass_fds=[its.fileno()]
            )
        self._line = Connection(ours.detach())
        self._line.send((*self._told, now))
        self._line.recv()
        return self._line


def main(descriptor: int) -> None:
    """Take groups until the line is closed; whoever stops the centre stops its clerks by that alone."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    begin_log()
    line = Connection(descriptor)
    try:
        dsn, incarnation, now = line.recv()
        clerk = Clerk(dsn, incarnation)
        clerk.make_ready(now)
        line.send(None)
        while True:
            jobs, now = line.recv()
            line.send(clerk.take(jobs, now, lambda: line.send(None)))
    except (EOFError, OSError):
        return  # the connection to the database goes with the process


if __name__ == "__main__":
    main(int(sys.argv[1]))
