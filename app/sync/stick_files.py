"""The files on a stick: a bundle written whole or not at all, the reply beside the bundle it is for."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.sync import bundle, frame, reply
from app.sync.bundle import BundleOfOtherCentre
from app.sync.enrolment import Post
from app.sync.envelope import MAX_FILE_BYTES, BundleDamaged
from app.sync.fields import Fields
from app.sync.frame import MessageTooLarge
from app.sync.reply import ReplyForAnother
from app.sync.stick_reply import BundleQuarantined, BundleRejected, ReplyDoesNotFollow, Taken
from app.sync.transport import AnswerForeign, CentreBusy, CentreDeclined, CentreUnreachable
from app.sync.wire import read_declined

BUNDLE, REPLY = bundle.ENDING, reply.ENDING
PATH = "/v1/bundle"
_OF_ONE_FILE = (BundleDamaged, BundleOfOtherCentre, BundleRejected, CentreDeclined, MessageTooLarge)
"""What is wrong with one reply, or said in it."""
_OF_THE_LINE = (AnswerForeign, CentreBusy, CentreUnreachable)


@dataclass(unsafe_hash=True)
class StickUnusable(Refusal):
    """A stick could not be read or written, was full, or gave back other than was written."""

    reason: str
    """The system's own words, or ``differs``."""


@dataclass(frozen=True)
class Carried:
    """What came of reading a stick."""

    taken: Taken = field(default_factory=Taken)
    """What the replies for this device brought."""
    handed_in: int = 0
    """Bundles this device handed in for others, or for itself."""
    told: tuple[Refusal, ...] = ()
    """What was in the way, file by file, each once."""

    @property
    def nothing(self) -> bool:
        """Whether there was nothing on the stick for anybody here."""
        return self == Carried()


def write_file(folder: Path, device_id: str, at: datetime, data: bytes) -> Path:
    """Write a bundle onto a stick and return where; raises StickUnusable, and then nothing of it is there."""
    path = folder / f"vaxpost-{device_id[-8:]}-{at.astimezone(CHINA):%Y%m%d-%H%M%S}{BUNDLE}"
    put_file(path, data)
    return path


def read_stick(folder: Path, take: Callable[[bytes], Taken], line: Post | None) -> Carried:
    """Take the replies that lie on a stick, and hand in the bundles that have none if there is a ``line``.

    ``take`` writes down what a reply brings. What one file is refused for stops no other, and a line that
    breaks stops only the handing in. Raises StickUnusable.
    """
    handed_in = 0
    told: dict[Refusal, None] = {}
    for path in _files(folder, BUNDLE):
        beside = path.with_suffix(REPLY)
        if line is not None and not beside.exists():
            try:
                put_file(beside, hand_in(line, _read(path)))
                handed_in += 1
            except (CentreDeclined, BundleDamaged) as refusal:
                told[refusal] = None
            except _OF_THE_LINE as refusal:
                told[refusal] = None
                break
    taken = Taken()
    for one in _take_all(_files(folder, REPLY), take):
        taken += one if isinstance(one, Taken) else Taken(notes=(one,))
    told |= dict.fromkeys(taken.notes)
    return Carried(replace(taken, notes=()), handed_in, tuple(told))


def _take_all(paths: list[Path], take: Callable[[bytes], Taken]) -> Iterator[Taken | Refusal]:
    """Yield what each reply for this device brought; one that does not follow on is tried again last."""
    queue = [(path, False) for path in paths]
    for path, again in queue:
        try:
            one = take(_read(path))
        except ReplyForAnother:
            continue
        except BundleQuarantined as refusal:
            with suppress(OSError):
                path.unlink()  # so that the bundle is handed in once more, after the decision
            yield refusal
        except _OF_ONE_FILE as refusal:
            yield refusal
        else:
            if not again and any(isinstance(note, ReplyDoesNotFollow) for note in one.notes):
                queue.append((path, True))
                one = replace(one, notes=())
            yield one


def hand_in(line: Post, data: bytes) -> bytes:
    """Hand a bundle in over a line that proves this device, and return the file of its reply.

    Raises BundleDamaged, CentreDeclined or the refusals of the line.
    """
    if not data.startswith(bundle.MAGIC):
        raise BundleDamaged("foreign")
    answer = line.post(PATH, data)
    if answer.startswith(reply.MAGIC):
        return answer
    declined = read_declined(Fields.of(frame.unpack(answer)[0]))
    if declined is None:
        raise BundleDamaged("foreign")
    raise CentreDeclined(declined.name, declined.reason)


def _files(folder: Path, ending: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending) and path.is_file())
    except OSError as error:
        raise StickUnusable(error.strerror or "") from error


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BundleDamaged("foreign")
        return path.read_bytes()
    except OSError as error:
        raise StickUnusable(error.strerror or "") from error


def put_file(path: Path, data: bytes) -> None:
    """Write a file under another name, look that it is there, only then let it have its own.

    Raises StickUnusable.
    """
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
