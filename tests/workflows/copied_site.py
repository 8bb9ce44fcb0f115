"""A practice site copied from one that was filled once: quick enough for properties and kill tests."""

import pickle
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from app.practice.site import StockedLot
from app.storage.reserve import Reserve
from app.storage.shape import PROJECTED_TABLES
from app.storage.store import Store
from app.workflows.desk import Desk
from tests.factories import KEY, NURSE, SmallSite


def quick_folder() -> TemporaryDirectory[str]:
    """Return a folder in memory where the system has one: the disk's own time is not what is tested."""
    memory = Path("/dev/shm")
    return TemporaryDirectory(dir=memory if memory.is_dir() else None)


@cache
def _template() -> tuple[bytes, list[StockedLot], bytes]:
    """Return the database of a small site and what is in its fridge, also for a program to come."""
    with TemporaryDirectory() as folder:
        site = SmallSite(Path(folder))
        site.close()
        return (Path(folder) / "store.db").read_bytes(), site.stock, pickle.dumps(site.stock)


@dataclass
class CopiedSite(SmallSite):
    """A small site whose database is a copy; its randomness goes on from a seed of its own."""

    seed: int = 8
    reserve: Reserve | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path, stock = self.folder / "store.db", self.folder / "stock"
        if not path.exists():
            content, self.stock, pickled = _template()
            path.write_bytes(content)
            stock.write_bytes(pickled)
        else:
            self.stock = pickle.loads(stock.read_bytes())
        self.random = Random(self.seed).randbytes
        self.store = Store(path, KEY, reserve=self.reserve)
        self.desk = Desk(self.store, self.clock, self.random, "接种台 1")
        self.as_user(NURSE)


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return the whole content of every projection."""
    return {table: sorted(db.execute(f"select * from {table}"), key=repr) for table in PROJECTED_TABLES}
