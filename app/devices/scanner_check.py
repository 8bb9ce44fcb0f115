"""Whether a scanner sends a code as it is: one known code, what came of it (ux.md *Scanning*, SITE-13)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.devices.scan_text import split_aim_id
from app.domain.codes import GS

CHECK_LABEL = "(01)00000000000000(10)aBcXyZ(21)Vaxpost"
"""What the code on the screen holds, a GS1 DataMatrix: both cases, and a field that only a GS ends."""
_HEAD, _TAIL = "010000000000000010aBcXyZ", "21Vaxpost"
CHECK_TEXT = f"{_HEAD}{GS}{_TAIL}"
"""What a scanner that is set up well sends for it; an AIM identifier may stand before."""
_BETWEEN = 8
"""So many characters at most are what a scanner sends in the place of a GS."""


class Point(StrEnum):
    """What must arrive as it should."""

    LINE_END = "line_end"
    SEPARATOR = "separator"
    CASE = "case"
    SPEED = "speed"


class Outcome(StrEnum):
    """What became of one point."""

    RIGHT = "right"
    WRONG = "wrong"
    REPLACED = "replaced"
    """The separator came as other characters."""
    BREAKS = "breaks"
    """The separator cut the code in two."""
    UNKNOWN = "unknown"
    """Not to be told from what came."""


@dataclass(frozen=True)
class Check:
    """What one scan of the code told; ``instead`` is what stands where GS belongs."""

    outcomes: dict[Point, Outcome]
    instead: str = ""

    @property
    def is_right(self) -> bool:
        """Return whether nothing is to be set at the scanner."""
        return set(self.outcomes.values()) == {Outcome.RIGHT}


def check_scan(text: str, *, ended: bool = True, fast: bool = True) -> Check | None:
    """Return what a scan of the check code tells; None for any other code, or too little of this one.

    ``ended``: a line end came. ``fast``: the characters came as from a machine.
    """
    body = split_aim_id(text)[1]
    outcomes = {
        Point.LINE_END: Outcome.RIGHT if ended else Outcome.WRONG,
        Point.SPEED: Outcome.RIGHT if fast else Outcome.WRONG,
    }
    for half in (_HEAD, _TAIL):
        if body.casefold() == half.casefold():
            outcomes |= {Point.SEPARATOR: Outcome.BREAKS, Point.CASE: _right(body == half)}
            if half is _HEAD and not ended:
                outcomes[Point.LINE_END] = Outcome.UNKNOWN  # it comes, if at all, after the other half
            return Check(outcomes)
    found = re.fullmatch(f"({_HEAD})(.{{0,{_BETWEEN}}})({_TAIL})", body, re.IGNORECASE | re.DOTALL)
    if found is None:
        return None
    head, between, tail = found.groups()
    outcomes[Point.CASE] = _right((head, tail) == (_HEAD, _TAIL))
    outcomes[Point.SEPARATOR] = Outcome.REPLACED if between not in ("", GS) else _right(between == GS)
    return Check(outcomes, between if between != GS else "")


def _right(right: bool) -> Outcome:
    return Outcome.RIGHT if right else Outcome.WRONG
