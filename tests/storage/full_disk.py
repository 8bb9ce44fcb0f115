"""A disk that is full: for one store, until its reserve is given up, or for every file of the process."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.storage.local import put_setting
from app.storage.reserve import Reserve
from app.storage.store import Store, Transaction
from tests.factories import KEY


class Room(Reserve):
    """Holds back pages of the database itself: the disk of a test has room."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, 1000)
        self.store: Store | None = None

    def give_up(self) -> bool:
        held = super().give_up()
        if held and self.store is not None:
            limit(self.store, 100)
        return held

    def fill(self) -> None:
        if self.store is None:
            super().fill()


def limit(store: Store, pages: int) -> None:
    """Let the database grow by so many pages and no more."""
    (now,) = store._db.execute("pragma page_count").fetchone()
    store._db.execute(f"pragma max_page_count = {now + pages}").fetchone()


def fill_with(name: str, pages: int) -> Callable[[Transaction], None]:
    """Return work that writes so many pages."""
    return lambda transaction: put_setting(transaction.db, name, "x" * 4096 * pages)


def full_store(folder: Path) -> Store:
    """Return a store that can grow by two pages, and by a hundred more on its reserve."""
    reserve = Room(folder / "reserve")
    store = Store(folder / "store.db", KEY, create=True, reserve=reserve)
    reserve.store = store
    limit(store, 2)
    return store


@contextmanager
def no_file_grows(beyond: int = 0) -> Iterator[None]:
    """Let this process write no file longer than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
