"""A small site with a key file, a machine's secret and a recovery key, and a disk for its backups."""

import pickle
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from app.storage.attempts import first_attempts
from app.storage.backups import Backup, make_backup, source_of
from app.storage.device_secret import FILE
from app.storage.keys import KeyFile, SlotOwner, key_file
from app.storage.opening import open_with_recovery_key
from app.storage.store import Store
from app.workflows.desk import Desk
from tests.factories import KEY, MANAGER, NURSE
from tests.workflows.copied_site import CopiedSite

RECOVERY = bytes(range(20))
MADE_AT = "2026-11-20T01:00:00.000Z"
PASSWORD = "first-1"
_SECRET = bytes(range(32, 64))
OWNERS = (SlotOwner(MANAGER, "苏晚晴", "负责人"), SlotOwner(NURSE, "周敏", "护士"))


@cache
def _keys() -> bytes:
    """Return a key file of two; made once."""
    random = Random(21).randbytes
    with TemporaryDirectory() as folder:
        keys = KeyFile(Path(folder) / "keys.json", lambda: _SECRET)
        for owner in OWNERS:
            keys.add(owner, PASSWORD, KEY, random)
        keys.put_recovery(RECOVERY, MADE_AT, KEY, random)
        return keys.path.read_bytes()


@dataclass
class KeptSite(CopiedSite):
    """A copied site that can be backed up; opened by its recovery key, which is quick."""

    def __post_init__(self) -> None:
        keys = self.folder / "keys.json"
        if keys.exists():
            self.stock = pickle.loads((self.folder / "stock").read_bytes())
            self.random = Random(self.seed).randbytes
            self.store = opened(self.folder)
            self.desk = Desk(self.store, self.clock, self.random, "接种台 1")
            self.as_user(NURSE)
            return
        super().__post_init__()
        keys.write_bytes(_keys())
        (self.folder / FILE).write_bytes(_SECRET)
        first_attempts(self.folder, _SECRET, self.random)

    def back_up(self, disk: Path, at: datetime | None = None) -> Backup:
        disk.mkdir(exist_ok=True)
        return make_backup(
            source_of(self.store), disk, at or self.clock.now(), "0.1.0", self.random, lambda: None
        )


def opened(folder: Path) -> Store:
    return open_with_recovery_key(folder, RECOVERY, Random(3).randbytes, use_keyring=False)


def keys_of(folder: Path) -> KeyFile:
    return key_file(folder, Random(4).randbytes, use_keyring=False)
