"""Waiting for the disk; kept light, for the sign-in page needs it."""

import os
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path


def sync_file(path: Path) -> None:
    """Wait until all of a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


class SteadySync:
    """Puts a growing file on the disk piece by piece, so that no other sync waits for gigabytes of it."""

    PIECE = 1 << 20

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb+")
        self._synced = 0

    def __enter__(self) -> "SteadySync":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def sync(self) -> None:
        """Wait for the disk if a piece has come to the file since the last time."""
        size = os.fstat(self._file.fileno()).st_size
        if size - self._synced >= self.PIECE:
            os.fsync(self._file.fileno())
            self._synced = size


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut, where the system lets a folder be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_new(path: Path, content: bytes) -> None:
    """Write a file of the owner's alone where there is none; raises FileExistsError and other OSErrors."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _write_whole(handle, content)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def replace_file(path: Path, content: bytes) -> None:
    """Put a file of the owner's alone in another's place, whole or not at all; raises OSError."""
    beside = path.with_suffix(".new")
    try:
        _write_whole(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), content)
        os.replace(beside, path)
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _write_whole(handle: int, content: bytes) -> None:
    # Unbuffered: what a full disk did not take is not tried again when the file is closed.
    with open(handle, "wb", 0) as file:
        if file.write(content) != len(content):
            raise OSError(ENOSPC, "the disk took a part")
        os.fsync(file.fileno())
