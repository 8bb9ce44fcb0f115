"""A backup in a process of its own: what copies and hashes gigabytes stands behind everybody in the queue."""

import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.clock import instant_text, read_instant
from app.domain.refusals import Refusal
from app.storage.aside import Watch, answer_with, ask_aside, raise_refusal, step_back
from app.storage.backups import (
    Backup,
    BackupDiskFull,
    BackupFolderGone,
    BackupOnSameDisk,
    BackupUnwritable,
    Source,
    make_backup,
    remove_unfinished,
)
from app.storage.keys import KeyFileChanged, KeyFileUnreadable
from app.storage.store import StoreUnreadable

_SAID: tuple[type[Refusal], ...] = (
    BackupFolderGone, BackupDiskFull, BackupUnwritable, BackupOnSameDisk, StoreUnreadable, KeyFileChanged,
    KeyFileUnreadable,
)  # fmt: skip
REST_S = 0.004
"""Between two steps of a copy: the disk and the other core are the needle's."""


@dataclass(unsafe_hash=True)
class BackupBrokenOff(Refusal):
    """The copying did not come to its end; the copies made before stay."""

    path: str


def back_up_aside(source: Source, into: Path, now: datetime, program: str, watch: Watch = repr) -> Backup:
    """Make a backup in another process (``aside.py``).

    Raises as ``make_backup``, and BackupBrokenOff; nothing half stays.
    """
    told = (str(source.path), source.place, str(into), instant_text(now), program)
    answer = ask_aside(__name__, *told, key=source.key, watch=watch)
    if answer is None:
        remove_unfinished(into / source.place)
        raise BackupBrokenOff(str(into))
    raise_refusal(answer, _SAID)
    return Backup(Path(answer["folder"]), read_instant(answer["made_at"]))


def main(path: str, place: str, into: str, now: str, program: str) -> None:
    """Make the backup and write the answer."""
    source = Source(Path(path), step_back(), place)

    def work() -> dict[str, object]:
        made = make_backup(source, Path(into), read_instant(now), program, os.urandom, _rest)
        return {"folder": str(made.folder), "made_at": instant_text(made.made_at)}

    answer_with(work, _SAID)


def _rest() -> None:
    time.sleep(REST_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
