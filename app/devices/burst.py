"""Keystrokes that follow each other: whether a machine or a person typed them (ux.md *Scanning*)."""

from dataclasses import dataclass, field

LONGEST_GAP_MS = 60
LONGEST_MEAN_MS = 35
SHORTEST_SCAN = 6
LONGEST_HITCH_MS = 300
"""A scanner that fell silent in the middle of a code goes on within this time; a next scan comes later."""
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
        count = len(self.characters)
        return count >= SHORTEST_SCAN and end_at - self.instants[0] <= LONGEST_MEAN_MS * count

    def is_beyond_fingers(self) -> bool:
        """Return whether no person typed this: at a scanner's speed, or too much without a pause."""
        return self._is_rapid(2) or len(self.characters) >= SHORTEST_SCAN

    def is_broken_off(self) -> bool:
        """Return whether this, without a line end, is the beginning of a scan even where people type text."""
        return self._is_rapid(3)

    def follows(self, broken_off_at: int) -> bool:
        """Return whether this may be the rest of a scan that broke off at this instant."""
        return bool(self.instants) and self.instants[0] - broken_off_at <= LONGEST_HITCH_MS

    def is_ended_late(self, at: int) -> bool:
        """Return whether a line end at this instant, after a pause, is still the scanner's."""
        return self._is_rapid(SHORTEST_SCAN) and 0 <= at - self.instants[-1] <= LONGEST_HITCH_MS

    def _is_rapid(self, least: int) -> bool:
        count = len(self.characters)
        return count >= least and self.instants[-1] - self.instants[0] <= LONGEST_MEAN_MS * (count - 1)
