"""The USB sticks that are plugged in: folders a person can take away."""

import getpass
import os
import string
import sys
from collections.abc import Iterator
from pathlib import Path

DRIVE_REMOVABLE = 2
"""Of ``GetDriveTypeW``."""


def find_sticks() -> list[Path]:
    """Return where each removable drive is mounted, those that can be written to."""
    return sorted(folder for folder in _mounted() if os.access(folder, os.W_OK))


def _mounted() -> Iterator[Path]:
    if sys.platform == "win32":
        import ctypes

        for letter in string.ascii_uppercase:
            if ctypes.windll.kernel32.GetDriveTypeW(f"{letter}:\\") == DRIVE_REMOVABLE:
                yield Path(f"{letter}:\\")
        return
    for parent in (Path("/media"), Path("/run/media")):
        folder = parent / getpass.getuser()
        if folder.is_dir():
            yield from (mount for mount in folder.iterdir() if mount.is_mount())
