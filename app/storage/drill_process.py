"""The restore drill in a process of its own, out of the way of the screens and of the needle."""

import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from app.domain.journal import ChainBroken
from app.domain.refusals import Refusal
from app.storage.aside import Watch, answer_with, ask_aside, raise_refusal, step_back
from app.storage.backups import BackupDamaged, BackupDiskFull, BackupUnwritable
from app.storage.drill import Drilled, drill
from app.storage.keys import KeyFileChanged
from app.storage.store import StoreNewer, StoreUnreadable

_SAID: tuple[type[Refusal], ...] = (BackupDamaged, BackupDiskFull, BackupUnwritable, KeyFileChanged)


@dataclass(unsafe_hash=True)
class DrillBrokenOff(Refusal):
    """The drill did not come to its end; nothing is known of the copy."""

    path: str


def drill_aside(backup: Path, key: bytes, scratch: Path, watch: Watch = repr) -> Drilled:
    """Drill in another process (``aside.py``). Raises as ``drill``, and DrillBrokenOff."""
    answer = ask_aside(__name__, str(backup), str(scratch), key=key, watch=watch)
    if answer is None:
        raise DrillBrokenOff(str(backup))
    raise_refusal(answer, _SAID)
    return Drilled(**answer | {"damaged_packs": tuple(answer["damaged_packs"])})


def main(backup: Path, scratch: Path) -> None:
    """Drill and write the answer."""
    key = step_back()
    answer_with(lambda: _drilled(backup, key, scratch), _SAID)


def _drilled(backup: Path, key: bytes, scratch: Path) -> dict[str, object]:
    try:
        return asdict(drill(backup, key, scratch))
    except (StoreUnreadable, StoreNewer, ChainBroken) as broken:
        raise BackupDamaged(str(backup), type(broken).__name__) from broken
    except OSError as error:
        raise BackupUnwritable(str(scratch), type(error).__name__) from error


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
