"""The folder of rule packs: what is read from it, and how a new pack gets in."""

import os
from pathlib import Path

from app.domain.refusals import Refusal
from app.domain.schedule.pack import Pack
from app.domain.schedule.reading import read_pack

SHIPPED = Path(__file__).parents[2] / "resources" / "schedules"
"""The packs that come with the program."""


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


def take_pack(file: Path, folder: Path) -> Pack:
    """Put a pack into the folder under its name and edition, or refuse and leave the last good one."""
    text = file.read_text("utf-8", "replace")
    pack = read_pack(text, file.name)
    kept = folder / f"{pack.pack}-{pack.edition}.json"
    beside = kept.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file_beside:
        file_beside.write(text)
        file_beside.flush()
        os.fsync(file_beside.fileno())
    os.replace(beside, kept)
    return pack
