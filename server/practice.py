"""The practice centre: server, database and data in one folder, on this machine, while the program runs."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.domain.refusals import Refusal

STOP_S = 40
LOG_NAME = "centre.log"


@dataclass(unsafe_hash=True)
class PracticeCentreNotStarted(Refusal):
    """The practice centre does not come up; its log says why."""

    log: str


@dataclass(frozen=True)
class PracticeAddress:
    """Where the practice centre is, and how one new device gets in."""

    url: str
    code: str
    """A fresh one-time enrolment code; a device that is known already does not need it."""


class PracticeCentre:
    """Starts and stops the centre of a practice site; its records stay in the folder.

    The centre is a process of its own that ends when this one does, however that comes about.
    """

    def __init__(self, folder: Path, site: str) -> None:
        """``site`` is the one whose devices the enrolment code lets in."""
        self._folder = folder.resolve()
        self._site = site
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """The process id of the centre while it runs."""
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self) -> PracticeAddress:
        """Start it and wait until it answers (1 to 3 seconds); raises PracticeCentreNotStarted."""
        self._folder.mkdir(parents=True, exist_ok=True)
        log_path = self._folder / LOG_NAME
        with log_path.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "server.practice_process", str(self._folder), self._site],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=Path(__file__).parents[1],
                start_new_session=True,
                text=True,
            )
        assert self._process.stdout is not None, "a pipe was asked for"
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise PracticeCentreNotStarted(str(log_path))
        return PracticeAddress(**json.loads(line))

    def stop(self) -> None:
        """End it and wait until nothing of it runs; nothing happens if it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None, "a pipe was asked for"
        assert process.stdout is not None, "a pipe was asked for"
        process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
