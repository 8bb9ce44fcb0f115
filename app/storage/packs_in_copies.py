"""The rule packs that a site took, in its backups: carried beside the database, put back with it.

They never keep the store from being restored: what is damaged stays away, and whoever signs in is told that
it is gone (``PackGone``, ``PackNotVouched``).
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.domain.refusals import Refusal
from app.storage.disk import replace_file, sync_file, sync_folder
from app.storage.packs_taken import TakenPack
from app.storage.schedules import content_of, site_folder


@dataclass(unsafe_hash=True)
class PacksInCopyDamaged(Refusal):
    """The copy restores the record whole, and not all the rule packs that belong to it."""

    path: str
    names: tuple[str, ...]


def carry_packs(taken: Mapping[str, TakenPack], data: Path, new: Path) -> dict[str, str]:
    """Copy the packs of a data folder into a new backup; return the SHA-256 of each by its name.

    Only what two people took goes with it; a file that is gone or was changed does not. Raises OSError.
    """
    told = {name: one.sha256 for name, one in taken.items()}
    sound = sound_packs(data, told)
    if sound:
        folder = site_folder(new)
        folder.mkdir()
        for name, content in sound.items():
            file = folder / f"{name}.json"
            file.write_bytes(content)
            sync_file(file)
        sync_folder(folder)
    return {name: told[name] for name in sound}


def sound_packs(folder: Path, told: Mapping[str, str]) -> dict[str, bytes]:
    """Return the content of each pack, of a copy or of a site, that is what is told of it by its SHA-256."""
    sound: dict[str, bytes] = {}
    for name, digest in told.items():
        content = content_of(site_folder(folder) / f"{name}.json")
        if content is not None and sha256(content).hexdigest() == digest:
            sound[name] = content
    return sound


def put_packs(packs: Mapping[str, bytes], data: Path, stamp: str, *, over: bool) -> list[Path]:
    """Put packs into a data folder, each whole or not at all; return the new files. What fails stays away.

    ``over``: also where another file has the name; that one stays beside it with ``stamp`` behind its name.
    Without it nothing changes for a store that already stands there.
    """
    folder, put = site_folder(data), []
    for name, content in packs.items():
        file = folder / f"{name}.json"
        there = content_of(file) if file.exists() else None
        if there == content or (file.exists() and not over):
            continue
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if file.exists():
                shutil.copyfile(file, folder / f"{name}.json.{stamp}")
            replace_file(file, content)
            put.append(file)
    return put
