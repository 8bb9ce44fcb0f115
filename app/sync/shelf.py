"""The shelf of a lead PC: what other desks of the site left for the centre, and what it answered, as it came.

Of each desk there is at most the newest bundle not handed in yet, and the newest answer. Nobody here can read
either. Whatever is lost of it is still on the desk that left it.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from app.domain.refusals import Refusal
from app.sync.stick_files import StickUnusable, put_file

SPARE = 1 << 30
"""Bytes that stay free on this machine's disk: its own doses come first."""
MOST_DESKS = 64


@dataclass(unsafe_hash=True)
class ShelfFull(Refusal):
    """The lead PC has no room for what a desk brings; the desk keeps it."""


@dataclass(frozen=True)
class Left:
    """A bundle that waits to be handed in."""

    desk: str
    """The file name that stands for the device."""
    digest: str


def shelf_folder(data: Path) -> Path:
    """Return where a lead PC keeps its shelf, beside its own data."""
    return data / "relay"


class Shelf:
    """Files in one folder; used by the threads of the listener and by the one that hands in."""

    def __init__(self, folder: Path, spare: int = SPARE) -> None:
        self._folder = folder
        self._spare = spare
        self._lock = Lock()

    def leave(self, device_id: str, bundle: bytes) -> None:
        """Keep a bundle durably, in the place of the one before; raises ShelfFull or StickUnusable."""
        desk, digest = _desk(device_id), _digest(bundle)
        with self._lock, _told_as_unusable():
            self._folder.mkdir(parents=True, exist_ok=True)
            desks = {path.name.partition(".")[0] for path in self._folder.iterdir()}
            free = shutil.disk_usage(self._folder).free
            if free < self._spare + len(bundle) or (desk not in desks and len(desks) >= MOST_DESKS):
                raise ShelfFull
            new = self._folder / f"{desk}.{digest}.vxb"
            put_file(new, bundle)
            for old in self._folder.glob(f"{desk}.*.vxb"):
                if old != new:
                    old.unlink()

    def waiting(self) -> list[Left]:
        """Return the bundles nobody has answered."""
        with self._lock:
            names = sorted(path.name for path in self._folder.glob("*.vxb"))
        return [Left(*name.split(".")[:2]) for name in names]

    def bundle(self, left: Left) -> bytes | None:
        """Return a bundle, None if a newer one took its place."""
        return _read(self._folder / f"{left.desk}.{left.digest}.vxb")

    def answered(self, left: Left, answer: bytes) -> None:
        """Keep what the centre said of a bundle, which is let go; raises StickUnusable."""
        with self._lock, _told_as_unusable():
            put_file(self._folder / f"{left.desk}.vxr", answer)
            with suppress(FileNotFoundError):
                (self._folder / f"{left.desk}.{left.digest}.vxb").unlink()

    def answer(self, device_id: str) -> bytes | None:
        """Return the newest answer for a desk, as it came."""
        return _read(self._folder / f"{_desk(device_id)}.vxr")

    def holds(self, device_id: str) -> bool:
        """Return whether a bundle of a desk waits here."""
        return any(left.desk == _desk(device_id) for left in self.waiting())


def answer_digest(answer: bytes) -> str:
    """Return by what a desk says which answer it has."""
    return _digest(answer)


@contextmanager
def _told_as_unusable() -> Iterator[None]:
    """Raise StickUnusable for what the disk refuses; elsewhere, a file that another program holds open."""
    try:
        yield
    except OSError as error:
        raise StickUnusable(error.strerror or "") from error


def _desk(device_id: str) -> str:
    return hashlib.sha256(device_id.encode()).hexdigest()[:32]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
