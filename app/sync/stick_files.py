"""The files on a stick: a bundle written whole or not at all, receipts beside the bundle they are for."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.sync import frame
from app.sync.bundle import MAGIC, MAX_BUNDLE_BYTES, BundleDamaged, BundleOfOtherCentre
from app.sync.enrolment import Post
from app.sync.fields import Fields
from app.sync.stick import BundleQuarantined, BundleRejected
from app.sync.transport import CentreDeclined
from app.sync.wire import read_declined

BUNDLE, RECEIPTS = ".vxb", ".receipts"
PATH = "/v1/bundle"


@dataclass(unsafe_hash=True)
class StickUnusable(Refusal):
    """A stick could not be read or written, was full, or gave back other than was written."""

    reason: str
    """The system's own words, or ``differs``."""


@dataclass(frozen=True)
class Carried:
    """What came of reading a stick."""

    receipts: int = 0
    """Events of this device that have receipts now."""
    handed_in: int = 0
    """Bundles this device handed in for others, or for itself."""
    told: tuple[Refusal, ...] = ()
    """What was in the way, file by file, each once."""

    @property
    def nothing(self) -> bool:
        """Whether there was nothing on the stick for anybody here."""
        return not (self.receipts or self.handed_in or self.told)


def write_file(folder: Path, device_id: str, at: datetime, data: bytes) -> Path:
    """Write a bundle onto a stick and return where; raises StickUnusable, and then nothing of it is there."""
    path = folder / f"vaxpost-{device_id[-8:]}-{at.astimezone(CHINA):%Y%m%d-%H%M%S}{BUNDLE}"
    _write(path, data)
    return path


def read_stick(folder: Path, take: Callable[[bytes], int], line: Post | None) -> Carried:
    """Take the receipts that lie on a stick, and hand in the bundles that have none if there is a ``line``.

    ``take`` writes receipts down and returns how many. What one file is refused for stops no other. Raises
    StickUnusable or the refusals of the line.
    """
    count, handed_in = 0, 0
    told: dict[Refusal, None] = {}
    for path in _files(folder, BUNDLE):
        beside = path.with_name(path.name + RECEIPTS)
        if line is not None and not beside.exists():
            try:
                _write(beside, hand_in(line, _read(path)))
                handed_in += 1
            except (CentreDeclined, BundleDamaged) as refusal:
                told[refusal] = None
    for path in _files(folder, RECEIPTS):
        try:
            count += take(_read(path))
        except BundleOfOtherCentre:
            continue
        except (BundleDamaged, BundleRejected, BundleQuarantined) as refusal:
            told[refusal] = None
    return Carried(count, handed_in, tuple(told))


def hand_in(line: Post, data: bytes) -> bytes:
    """Hand a bundle in over a line that proves this device, and return the frame of its receipts.

    Raises BundleDamaged, CentreDeclined or the refusals of the line.
    """
    if not data.startswith(MAGIC):
        raise BundleDamaged("foreign")
    answer = line.post(PATH, data)
    declined = read_declined(Fields.of(frame.unpack(answer)[0]))
    if declined is not None:
        raise CentreDeclined(declined.name, declined.reason)
    return answer


def _files(folder: Path, ending: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending) and path.is_file())
    except OSError as error:
        raise StickUnusable(error.strerror or "") from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BUNDLE_BYTES:
            raise BundleDamaged("foreign")
        return path.read_bytes()
    except OSError as error:
        raise StickUnusable(error.strerror or "") from error


def _write(path: Path, data: bytes) -> None:
    """Write a file under another name, look that it is on the stick, and only then let it have its own."""
    draft = path.with_name(path.name + ".part")
    try:
        with open(draft, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if draft.read_bytes() != data:
            raise StickUnusable("differs")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise StickUnusable(error.strerror or "") from error
