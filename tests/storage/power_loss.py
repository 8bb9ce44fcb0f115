"""Power losses made from a recording: every call to the disk in order, and what may be left of it.

strace writes down what the program wrote, what it waited for and what it said. A write is certain once an
fsync of its file has come back; of those after it any may be lost, whole or by sectors.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from random import Random

from tests.storage.bad_disk import Lines, said, watched

SECTOR = 512
LONGEST = 8192
"""Bytes of a call that are written down; a page of the store is 4,096."""
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,unlink"
FILES = ("store.db", "store.db-wal")
"""The third, ``store.db-shm``, is rebuilt by the first who opens the store."""
_LINE = re.compile(
    r"""(?P<pid>\d+)\s+(?:(?P<name>\w+)\((?:(?P<fd>\d+)<(?P<open>[^>]*)>|"(?P<path>[^"]*)")"""
    r"""(?:,\ "(?P<data>[^"]*)"(?P<cut>\.\.\.)?)?(?:,\ (?P<first>\d+))?(?:,\ (?P<second>\d+))?"""
    r"""|<\.\.\.\ (?P<resumed>\w+)\ resumed>)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Call:
    """One call to the disk, or something said (``file`` is then empty)."""

    name: str
    file: str
    data: bytes = b""
    offset: int = 0
    """Of a truncation: the new length."""


def record(folder: Path, trace: Path, doses: int) -> list[Call]:
    """Let doses be recorded in a folder and return every call in its order."""
    lines = watched(
        folder, ["-y", "-xx", "-s", str(LONGEST), "-o", str(trace), "-e", f"trace={CALLS}"], doses
    )
    assert lines[-1] == ("closed",)
    return list(_read(trace.read_text().splitlines()))


def _read(lines: list[str]) -> Iterator[Call]:
    """A write counts from its beginning, a sync from its end."""
    begun: dict[str, Call] = {}
    for line in lines:
        found = _LINE.match(line)
        if found is None or " = -1 " in line:
            continue
        if found["resumed"]:
            if call := begun.pop(found["pid"], None):
                yield call
            continue
        call = _call_of(found)
        if call is None:
            continue
        if line.endswith("<unfinished ...>") and call.name == "fsync":
            begun[found["pid"]] = call
        else:
            yield call


def _call_of(found: re.Match[str]) -> Call | None:
    name = found["name"]
    if name == "write":
        return Call("say", "", _bytes(found["data"])) if found["fd"] == "1" else None
    file = Path(_bytes(found["open"] or found["path"]).decode()).name
    if file not in FILES:
        return None
    assert not found["cut"], "a call is longer than what is written down"
    if name == "pwrite64":
        return Call(name, file, _bytes(found["data"]), int(found["second"]))
    if name == "ftruncate":
        return Call(name, file, offset=int(found["first"]))
    return Call("fsync" if name == "fdatasync" else name, file)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Loss(Enum):
    """What is left of the writes that no sync has made certain."""

    ALL = "all of them lost"
    NONE = "none of them lost"
    TORN = "the last of them torn"
    SOME = "any of them lost or torn"


@dataclass
class Disk:
    """What is certain, what is on its way, and what was said."""

    certain: dict[str, bytearray]
    pending: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))
    heard: bytes = b""

    def take(self, call: Call) -> None:
        """Let a call happen."""
        if call.name == "say":
            self.heard += call.data
        elif call.name == "fsync":
            for pending in self.pending.pop(call.file, []):
                _apply(self.certain, pending)
        else:
            self.pending[call.file].append(call)

    def said(self) -> Lines:
        """Return what was said in whole lines."""
        return said(self.heard[: self.heard.rfind(b"\n") + 1].decode())

    def after(self, loss: Loss, random: Random) -> dict[str, bytearray]:
        """Return the files after a power loss at this moment."""
        files = {name: bytearray(content) for name, content in self.certain.items()}
        for pending in self.pending.values():
            for call in _left(pending, loss, random):
                _apply(files, call, random if call.name == "torn" else None)
        return files


def _left(pending: list[Call], loss: Loss, random: Random) -> list[Call]:
    if loss is Loss.ALL:
        return []
    if loss is Loss.NONE:
        return pending
    if loss is Loss.TORN:
        until = random.randrange(len(pending)) if pending else 0
        return [*pending[:until], *map(_torn, pending[until : until + 1])]
    kept = [call for call in pending if random.random() < 0.6]
    return [_torn(call) if random.random() < 0.2 else call for call in kept]


def _torn(call: Call) -> Call:
    return Call("torn", call.file, call.data, call.offset) if call.name == "pwrite64" else call


def _apply(files: dict[str, bytearray], call: Call, random: Random | None = None) -> None:
    if call.name == "unlink":
        files.pop(call.file, None)
        return
    content = files.setdefault(call.file, bytearray())
    if call.name == "ftruncate":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    at = 0
    while at < len(call.data):
        end = min(len(call.data), at + SECTOR - (call.offset + at) % SECTOR)
        if random is None or random.random() < 0.5:
            start, stop = call.offset + at, call.offset + end
            content.extend(bytes(max(0, stop - len(content))))
            content[start:stop] = call.data[at:end]
        at = end
