"""The folders of rule packs: those that ship, and those that a site took; what is read, how one gets in."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.domain.refusals import Refusal
from app.domain.schedule.choosing import name_of
from app.domain.schedule.pack import Pack
from app.domain.schedule.positions import line_of
from app.domain.schedule.reading import read_pack
from app.domain.schedule.refusals import PackGone, PackNotKept, PackNotVouched, PackUnreadable
from app.storage.disk import replace_file

SHIPPED = Path(__file__).parents[2] / "resources" / "schedules"
"""The packs that come with the program."""
_BEFORE = ".before"
_LONGEST = 4 << 20
"""Bytes of a file that is still looked at; the largest programme has a sixtieth of it."""


@dataclass(frozen=True)
class Brought:
    """A sound and signed pack that somebody brought: its bytes, as they were read and looked at."""

    file: str
    pack: Pack
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of the bytes, as the journal has it."""
        return sha256(self.content).hexdigest()

    def line_of(self, field: str) -> int:
        """Return the line, from 1, on which a field of the pack stands."""
        return line_of(self.content.decode("utf-8", "replace"), (field,))


def site_folder(data: Path) -> Path:
    """Return where the packs that a site took lie, by its data folder."""
    return data / "schedules"


def read_packs(
    folder: Path = SHIPPED, vouched: Mapping[str, str] | None = None
) -> tuple[list[Pack], list[Refusal]]:
    """Return every sound pack of a folder, by file name, and why the others are not.

    ``vouched``: the digest of each by its name, where only those are read that two people took.
    """
    packs, refused, _ = _read(folder, vouched)
    return packs, refused


def packs_of_site(
    data: Path, vouched: Mapping[str, str] | None = None
) -> tuple[list[Pack], list[Refusal], dict[str, str]]:
    """Return the packs that ship and those that the site took, why others are not, and what was read.

    One that the site took goes over the one that ships under its name and edition; where it is broken, or
    not as it was ``vouched`` for, that one stays. What was read: the digest of each file of the site by its
    name; empty where it is not readable.
    """
    shipped, broken = read_packs()
    folder = site_folder(data)
    taken, refused, digests = _read(folder, vouched)
    packs = {name_of(pack): pack for pack in (*shipped, *taken)}
    gone = [PackGone(name) for name in vouched or () if name not in digests]
    return list(packs.values()), [*broken, *refused, *gone], digests


def read_brought(file: Path) -> Brought:
    """Return the pack that somebody brought; raises PackUnreadable, PackBroken or PackUnsigned."""
    content = _content(file)
    return Brought(file.name, read_pack(content.decode("utf-8", "replace"), file.name, signed=True), content)


def keep_pack(brought: Brought, folder: Path) -> None:
    """Put a pack into the folder under its name and edition, whole or not at all; raises PackNotKept."""
    try:
        put_file(folder, name_of(brought.pack), brought.content)
    except OSError:
        raise PackNotKept(brought.file) from None


def put_file(folder: Path, name: str, content: bytes) -> None:
    """Put the file of a pack into a folder, whole or not at all; raises OSError.

    What lay there before stays beside it: it is in force until it is on record that the new one was taken.
    """
    file = folder / f"{name}.json"
    former = content_of(file)
    if former == content:
        return
    folder.mkdir(parents=True, exist_ok=True)
    if former is not None:
        replace_file(file.with_name(f"{name}{_BEFORE}"), former)
    replace_file(file, content)


def taken_content(folder: Path, name: str, digest: str) -> bytes | None:
    """Return the bytes of a pack that were taken, from the site's folder or a copy of it; None where gone.

    They are still those of before where a new file was written and its taking never came on record.
    """
    for file in (folder / f"{name}.json", folder / f"{name}{_BEFORE}"):
        content = content_of(file)
        if content is not None and sha256(content).hexdigest() == digest:
            return content
    return None


def content_of(file: Path) -> bytes | None:
    """Return the bytes of a pack's file, None where there is none that can be read."""
    try:
        return _content(file)
    except PackUnreadable:
        return None


def _read(
    folder: Path, vouched: Mapping[str, str] | None
) -> tuple[list[Pack], list[Refusal], dict[str, str]]:
    packs: list[Pack] = []
    refused: list[Refusal] = []
    digests: dict[str, str] = {}
    for file in _files(folder):
        digests[file.stem] = ""
        try:
            content = taken_content(folder, file.stem, (vouched or {}).get(file.stem, "")) or _content(file)
            digests[file.stem] = digest = sha256(content).hexdigest()
            pack = read_pack(content.decode("utf-8", "replace"), file.name)
            if vouched is not None and vouched.get(file.stem) != digest:
                raise PackNotVouched(file.name)
            packs.append(pack)
        except Refusal as refusal:
            refused.append(refusal)
    return packs, refused, digests


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("*.json") if not file.name.endswith(".schema.json"))


def _content(file: Path) -> bytes:
    """Raises PackUnreadable."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST + 1)
    except OSError:
        raise PackUnreadable(file.name) from None
    if len(content) > _LONGEST:
        raise PackUnreadable(file.name)
    return content
