"""New events of one stream, all of them well formed, by column: how the centre handles most of what it takes.

No object is made of an event unless somebody has to read it closely.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from app.domain.journal import Entry, Event, Stream
from app.sync.reading import Alike


@dataclass(frozen=True)
class Sheaf:
    """Events that follow on in a stream; what is said here of their envelopes holds once they were judged."""

    stream: Stream
    after: int
    """The first event has ``seq`` after + 1."""
    data: Sequence[bytes]
    hashes: Sequence[bytes]
    alike: Sequence[Alike]

    @property
    def seqs(self) -> range:
        """The number of each event."""
        return range(self.after + 1, self.after + len(self.data) + 1)

    @cached_property
    def ids(self) -> Sequence[str]:
        """The id of each event."""
        return self.told("id")

    @cached_property
    def kinds(self) -> Sequence[str]:
        """The kind of each event."""
        return self.told("kind")

    @cached_property
    def sites(self) -> Sequence[str]:
        """The site of each event; empty before its device has one."""
        return self.told("site")

    @cached_property
    def hlcs(self) -> Sequence[int]:
        """The clock of each event."""
        return self.told("hlc")

    def told(self, name: str) -> Sequence[Any]:
        """Return a field of every envelope, in the order of the stream."""
        if len(self.alike) == 1:
            return self.alike[0].told(name)
        return list(self._in_order([value for alike in self.alike for value in alike.told(name)]))

    @cached_property
    def _in_order(self) -> Callable[[Sequence[Any]], Sequence[Any]]:
        """Return values that stand form by form in the order of the stream."""
        rows = [row for alike in self.alike for row in alike.rows]
        return itemgetter(*sorted(range(len(rows)), key=rows.__getitem__))

    def entries(self) -> list[Entry]:
        """Return all as entries."""
        found: list[Any] = [None] * len(self.data)
        for alike in self.alike:
            for row, event in zip(alike.rows, alike.events(), strict=True):
                found[row] = self.entry(row, event)
        return found

    def entry(self, row: int, event: Event) -> Entry:
        """Return one of the events as an entry."""
        return Entry(self.stream, event, self.data[row], self.hashes[row])
