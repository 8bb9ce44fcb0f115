"""Keystrokes that follow each other: whether a machine or a person typed them (ux.md *Scanning*)."""

from dataclasses import dataclass, field

LONGEST_GAP_MS = 60
LONGEST_MEAN_MS = 35
SHORTEST_SCAN = 6
SHORTEST_MACHINE = 3
"""So few keys with a line end at machine speed are a very short scan: no person's fingers do that."""
FASTEST_REPEAT_MS = 15
"""No keyboard repeats a key that is held down faster; two equal characters of a scanner may seem to."""


@dataclass
class Burst:
    """Characters without a pause, with the instants of their keys in milliseconds."""

    characters: list[str] = field(default_factory=list)
    instants: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what was typed."""
        return "".join(self.characters)

    def goes_on(self, at: int) -> bool:
        """Return whether a key at this instant belongs to the burst."""
        return bool(self.instants) and 0 <= at - self.instants[-1] <= LONGEST_GAP_MS

    def is_typed_by_repeat(self, at: int) -> bool:
        """Return whether a repeating key at this instant is one that somebody holds down."""
        return not self.instants or at - self.instants[-1] > FASTEST_REPEAT_MS

    def add(self, character: str, at: int) -> None:
        """Append a key that goes on."""
        self.characters.append(character)
        self.instants.append(at)

    def is_scan(self, end_at: int) -> bool:
        """Return whether a line end at this instant, which goes on, makes the burst a scan."""
        return len(self.characters) >= SHORTEST_SCAN and self._at_machine_speed(end_at)

    def is_short_scan(self, end_at: int) -> bool:
        """Return whether a line end at this instant shows a machine, though too little came for a code."""
        return len(self.characters) >= SHORTEST_MACHINE and self._at_machine_speed(end_at)

    def is_beyond_fingers(self) -> bool:
        """Return whether so many keys without a pause cannot be a person's, with or without a line end."""
        return len(self.characters) >= SHORTEST_SCAN

    def _at_machine_speed(self, end_at: int) -> bool:
        return end_at - self.instants[0] <= LONGEST_MEAN_MS * len(self.instants)
