"""Centres that are processes of their own, forked from one that has imported them: so much quicker to start.

Everything after the imports is as after ``python -m server``.
"""

import gc
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path


class Forked:
    """One such process."""

    def __init__(self, words: Sequence[str], log: Path) -> None:
        """``words`` as on the command line; what it says goes to the end of ``log``."""
        nursery = _nursery()
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        nursery.stdin.write(json.dumps([str(log), *words]) + "\n")
        nursery.stdin.flush()
        self.pid = int(nursery.stdout.readline())
        self._handle = os.pidfd_open(self.pid)

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        signal.pidfd_send_signal(self._handle, number)

    def has_ended(self, within_s: float = 0) -> bool:
        """Return whether it has ended, or does within so many seconds."""
        return bool(select.select([self._handle], [], [], within_s)[0])

    def close(self) -> None:
        """Forget it."""
        os.close(self._handle)


@cache
def _nursery() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.server.forked"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def end_nursery() -> None:
    """End the process they come from, if there is one; those that run stay."""
    if _nursery.cache_info().currsize:
        _nursery().communicate()
        _nursery.cache_clear()


def main() -> int:
    """Fork for every line that comes; the child returns what the centre returns."""
    from server.__main__ import main as centre

    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        log, *words = json.loads(line)
        child = os.fork()
        if child == 0:
            _speak_into(log)
            sys.argv[1:] = words
            return centre()
        print(child, flush=True)
    return 0


def _speak_into(log: str) -> None:
    for number, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT),
    ):
        file = os.open(path, how, 0o644)
        os.dup2(file, number)
        os.close(file)
    os.dup2(1, 2)


if __name__ == "__main__":
    sys.exit(main())
