"""The rule packs that a site took, in its backups: carried beside the database, put back with it.

They never keep the store from being restored: what is damaged stays away, and whoever signs in is told that
it is gone (``PackGone``, ``PackNotVouched``).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.refusals import Refusal
from app.storage.disk import sync_file, sync_folder
from app.storage.packs_taken import TakenPack
from app.storage.schedules import put_file, site_folder, taken_content


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
        content = taken_content(site_folder(folder), name, digest)
        if content is not None:
            sound[name] = content
    return sound


def put_packs(packs: Mapping[str, bytes], data: Path) -> list[Path]:
    """Put packs into a data folder, each whole or not at all; return the files where there was none.

    What the disk does not take stays away.
    A store that already stands there goes on with its own: they lie beside (``put_file``).
    """
    folder, new = site_folder(data), []
    for name, content in packs.items():
        file = folder / f"{name}.json"
        if not file.exists():
            new.append(file)
        with suppress(OSError):
            put_file(folder, name, content)
    return new
