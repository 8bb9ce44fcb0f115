"""Files that somebody asked for, written where they chose."""

from dataclasses import dataclass
from pathlib import Path

from app.domain.refusals import Refusal


@dataclass(unsafe_hash=True)
class ResultNotWritten(Refusal):
    """The file of the result cannot be written: it is open elsewhere, or the folder lets nobody write."""

    file: str


def write_result(file: Path, content: bytes) -> None:
    """Write a file that was asked for; raises ResultNotWritten."""
    try:
        file.write_bytes(content)
    except OSError:
        raise ResultNotWritten(file.name) from None
