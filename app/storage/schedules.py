"""The folders of rule packs: those that ship, and those that a site took; what is read, how one gets in."""

import os
from hashlib import sha256
from pathlib import Path

from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack import Pack
from app.domain.schedule.reading import read_pack

SHIPPED = Path(__file__).parents[2] / "resources" / "schedules"
"""The packs that come with the program."""


def site_folder(data: Path) -> Path:
    """Return where the packs that a site took lie, by its data folder."""
    return data / "schedules"


def read_packs(folder: Path = SHIPPED) -> tuple[list[Pack], list[Refusal]]:
    """Return every sound pack of a folder, by file name, and why the others are not."""
    packs: list[Pack] = []
    refused: list[Refusal] = []
    for file in sorted(folder.glob("*.json")):
        if file.name.endswith(".schema.json"):
            continue
        try:
            packs.append(read_pack(file.read_text("utf-8", "replace"), file.name))
        except Refusal as refusal:
            refused.append(refusal)
    return packs, refused


def packs_of_site(data: Path) -> tuple[list[Pack], list[Refusal]]:
    """Return the packs that ship and those that the site took, and why others are not.

    One that the site took goes over the one that ships under its name and edition; where it is broken, that
    one stays.
    """
    shipped, broken = read_packs()
    taken, refused = read_packs(site_folder(data))
    packs = {name_of(pack): pack for pack in (*shipped, *taken)}
    return list(packs.values()), broken + refused


def take_pack(file: Path, folder: Path) -> tuple[Pack, str]:
    """Put a signed pack into the folder under its name and edition; return it and the SHA-256 of its bytes.

    Refuses with PackBroken or PackUnsigned, and leaves the last good one.
    """
    content = file.read_bytes()
    pack = read_pack(content.decode("utf-8", "replace"), file.name, signed=True)
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{name_of(pack)}.json"
    beside = kept.with_suffix(".new")
    with beside.open("wb") as file_beside:
        file_beside.write(content)
        file_beside.flush()
        os.fsync(file_beside.fileno())
    os.replace(beside, kept)
    return pack, sha256(content).hexdigest()
