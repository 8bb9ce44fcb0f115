"""The reserve: a file that holds room on the disk, given up for the act in hand when the disk is full."""

import os
import shutil
from pathlib import Path

RESERVE_BYTES = 2 << 20
"""Room for some five whole visits with their doses."""
PLENTY = 4
"""It is filled again only where the disk has so many times its size: what it gave up has to stay usable."""


class Reserve:
    """A file beside the store; random bytes, so that no file system stores it in less."""

    def __init__(self, path: Path, size: int = RESERVE_BYTES) -> None:
        self.path = path
        self.size = size

    def fill(self) -> None:
        """Take the room if it is not held and the disk has plenty; nothing is said where that fails."""
        try:
            if self.is_held() or shutil.disk_usage(self.path.parent).free < PLENTY * self.size:
                return
            with self.path.open("wb") as file:
                file.write(os.urandom(self.size))
        except OSError:
            self.give_up()

    def is_held(self) -> bool:
        """Return whether the room is held."""
        return self.path.exists() and self.path.stat().st_size == self.size

    def give_up(self) -> bool:
        """Free the room; return whether there was any."""
        held = self.path.exists()
        self.path.unlink(missing_ok=True)
        return held
