"""A program to be killed: changes a password or the key, backs up, or restores, and says when it is done."""

import sys
from contextlib import suppress
from pathlib import Path
from random import Random

from app.domain.refusals import Refusal
from app.storage.backups import make_backup, search, source_of
from app.storage.opening import give_slot
from app.storage.rekeying import change_key
from app.storage.restoring import put_in_place
from tests.clocks import ManualClock
from tests.factories import KEY
from tests.quick_passwords import stretched_a_little
from tests.storage.kept_site import OWNERS, opened

NEW_PASSWORD = "second-2"


def fill(filler: Path, pages: int) -> None:
    """Write until the disk has no room left, then leave so many pages of 4 KiB."""
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(bytes(4096)) == 4096:
                pass
        file.truncate(max(0, file.tell() - 4096 * pages))


def main(folder: Path, disk: Path, task: str, pages: int | None = None) -> None:
    """Do one of the four things; ``refused`` names why it was not done.

    ``pages``: what is left of the disk, which then has no room for more.
    """
    random, now = Random(51).randbytes, ManualClock().now()
    if task == "restore":
        (backup,) = search(disk)
        work = lambda: put_in_place(backup.folder, KEY, folder, now, random, lambda: None)  # noqa: E731
        close = lambda: None  # noqa: E731
    else:
        try:
            store = opened(folder)
        except Refusal as refusal:  # the disk had failed before there was anything to do
            print("refused", type(refusal).__name__, flush=True)
            return
        close = store.close
        works = {
            "password": lambda: give_slot(store, OWNERS[1], NEW_PASSWORD, random, use_keyring=False),
            "key": lambda: change_key(store, random, use_keyring=False),
            "backup": lambda: make_backup(source_of(store), disk, now, "0.1.0", random, lambda: None),
        }
        work = works[task]  # type: ignore[assignment]
    filler = folder.parent / "filler"
    if pages is not None:
        fill(filler, pages)
    print("ready", flush=True)
    try:
        with stretched_a_little():
            work()
        print("done", flush=True)
    except Refusal as refusal:
        print("refused", type(refusal).__name__, flush=True)
    filler.unlink(missing_ok=True)
    close()
    print("closed", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:]))
