"""The centre in memory, with crashes around its commit, a backup and a restore."""

import copy
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.domain.journal import parse
from app.sync import wire
from tests.simulator.letters import Letter
from tests.sync.paper_centre import PaperCentre

BOOKS = (
    "journal", "hashes", "received", "homes", "projected", "feed", "reached", "offers", "findings",
    "unfit",
)  # fmt: skip


@dataclass
class Centre(PaperCentre):
    """Judges as the real one does; each request is one transaction."""

    random: Random = field(default_factory=Random)
    crash_chance: float = 0.0
    kept: dict[str, Any] = field(default_factory=dict)
    """The last backup; the first is of the empty centre."""

    def __post_init__(self) -> None:
        self.kept = self.books()

    def answer(self, request: bytes) -> bytes | None:
        """Take a request and return the answer, None if the centre dies before it is out."""
        if self.random.random() < self.crash_chance:
            return None  # before the commit
        answer = self.reply(request)
        if self.random.random() < self.crash_chance:
            return None  # after it
        return answer

    def reply(self, request: bytes) -> bytes:
        """Take a request and return the answer, in a letter if it came in one."""
        if isinstance(request, Letter):
            return Letter.of(self.take(request.message))
        return wire.encode_answer(self.take(wire.decode_request(request)))

    def doses(self) -> Counter[int]:
        """Return how often each dose counts."""
        return Counter(event.body["dose"] for event in self.projected)

    def unfiled(self) -> set[int]:
        """Return the doses of which the centre has the bytes alone."""
        return {parse(one.data).body["dose"] for one in self.unfit.values()} - self.doses().keys()

    def books(self) -> dict[str, Any]:
        """Return a copy of everything the centre holds."""
        return {name: _copied(getattr(self, name)) for name in BOOKS}

    def put_back(self, books: dict[str, Any]) -> None:
        """Hold what the books say and nothing else."""
        for name, book in books.items():
            setattr(self, name, _copied(book))

    def restore(self, *, declared: bool) -> None:
        """Go back to the last backup; the operator may forget to say so."""
        self.put_back(self.kept)
        if declared:
            self.incarnation = self.random.randbytes(8).hex()


def _copied(book: Any) -> Any:
    if isinstance(book, list):
        return list(book)
    return {key: copy.copy(value) for key, value in book.items()}
