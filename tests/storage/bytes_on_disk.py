"""What lies in a folder, so that a test can say "nothing was touched"."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.journal import Stream
from app.storage import journal
from app.storage.local import put_setting
from app.storage.store import Store, Transaction

KEY = bytes(range(32))
OTHER_KEY = bytes(reversed(KEY))
STREAM = Stream("0190a0b0-0000-7000-8000-000000000001", "00112233445566ff")


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file and its bytes, but for SQLite's shared memory, which holds no data."""
    return {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.is_file() and not file.name.endswith("-shm")
    }


def copy_files(folder: Path, target: Path) -> Path:
    """Copy a folder as a power cut or a backup of the running machine would find it."""
    target.mkdir()
    for name, content in files_of(folder).items():
        (target / name).write_bytes(content)
    return target


@cache
def _made() -> bytes:
    """Return an empty store; made once a process, copied for each test."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        Store(path, KEY, create=True).close()
        return path.read_bytes()


def make_store(folder: Path) -> Store:
    """Return a store with a stream and one setting."""
    path = folder / "store.db"
    path.write_bytes(_made())
    store = Store(path, KEY, create=True)  # a copy just made is not looked at first

    def first(transaction: Transaction) -> None:
        journal.open_stream(transaction.db, STREAM, "2026-11-23T01:00:00.000Z")
        put_setting(transaction.db, "town", "云溪镇")

    store.write(first)
    return store
