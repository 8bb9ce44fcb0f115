"""The restore drill in a process of its own, out of the way of the screens and of the needle."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from app.domain.journal import ChainBroken
from app.domain.refusals import Refusal
from app.storage.backups import BackupDamaged, BackupDiskFull, BackupUnwritable
from app.storage.drill import Drilled, drill
from app.storage.keys import KeyFileChanged
from app.storage.store import StoreNewer, StoreUnreadable

_ROOT = Path(__file__).parents[2]
_SAID: tuple[type[Refusal], ...] = (BackupDamaged, BackupDiskFull, BackupUnwritable, KeyFileChanged)


@dataclass(unsafe_hash=True)
class DrillBrokenOff(Refusal):
    """The drill did not come to its end; nothing is known of the copy."""

    path: str


def drill_aside(
    backup: Path, key: bytes, scratch: Path, watch: Callable[["subprocess.Popen[str]"], object] = repr
) -> Drilled:
    """Drill in another process, with low priority; the key goes through a pipe. Blocks till the end.

    ``watch`` is told of the process and may end it. Raises as ``drill``, and DrillBrokenOff.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "app.storage.drill_process", str(backup), str(scratch)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=_ROOT,
    )  # fmt: skip
    watch(process)
    said, _ = process.communicate(key.hex())
    try:
        answer = json.loads(said)
    except ValueError:
        raise DrillBrokenOff(str(backup)) from None
    if "refusal" in answer:
        raise next(kind for kind in _SAID if kind.__name__ == answer["refusal"])(**answer["facts"])
    return Drilled(**answer)


def main(backup: Path, scratch: Path) -> None:
    """Read the key from standard input, drill, and write the answer as JSON."""
    if hasattr(os, "nice"):
        os.nice(10)
    answer: dict[str, object]
    try:
        answer = asdict(drill(backup, bytes.fromhex(sys.stdin.read()), scratch))
    except (StoreUnreadable, StoreNewer, ChainBroken) as broken:
        answer = _told(BackupDamaged(str(backup), type(broken).__name__))
    except _SAID as refusal:
        answer = _told(refusal)
    except OSError as error:
        answer = _told(BackupUnwritable(str(scratch), type(error).__name__))
    sys.stdout.write(json.dumps(answer))


def _told(refusal: Refusal) -> dict[str, object]:
    return {"refusal": type(refusal).__name__, "facts": refusal.facts()}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
