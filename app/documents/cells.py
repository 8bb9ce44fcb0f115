"""Stacked lines in a box of the page: each as large as it may be, centred on the box's height."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.fit import ELLIPSIS, Fitted, fit
from app.documents.page import MM
from app.documents.pen import Ink, Pen
from app.documents.typefaces import Style

_CENTRE = 0.37
"""The middle of a line lies so much of its size above the baseline (Chinese glyphs and digits)."""
_STEPS = (
    (1.0, 1.5),
    (1.0, 1.36),
    (0.92, 1.3),
    (0.85, 1.3),
    (0.78, 1.3),
    (0.71, 1.28),
    (0.64, 1.26),
    (0.57, 1.24),
)
"""What is tried to make blocks fit: share of the wanted size, and line height in sizes."""


@dataclass(frozen=True)
class Block:
    """A text in a cell, its wanted size and how many lines it may take."""

    text: str
    size: float
    style: Style = Style.REGULAR
    ink: Ink = Ink.INK
    most_lines: int = 2


def baseline(centre: float, size: float) -> float:
    """Return the baseline, in millimetres, of a line of so many points about a centre."""
    return centre + _CENTRE * size / MM


def draw_cell(pen: Pen, x: float, centre: float, room: tuple[float, float], blocks: Sequence[Block]) -> None:
    """Draw blocks one under the other in ``room`` (width, height in mm), smaller when they would not fit."""
    stacked, leading = _stacked([block for block in blocks if block.text], *room)
    y = centre - _height(stacked, leading) / 2
    for block, fitted in stacked:
        for line in fitted.lines:
            step = fitted.size * leading / MM
            pen.text(x, baseline(y + step / 2, fitted.size), line, fitted.size, block.style, block.ink)
            y += step


def _stacked(blocks: Sequence[Block], wide: float, high: float) -> tuple[list[tuple[Block, Fitted]], float]:
    for shrink, leading in _STEPS:
        stacked = [
            (block, fit(block.text, block.style, (block.size * shrink,), wide * MM, block.most_lines))
            for block in blocks
        ]
        if _height(stacked, leading) <= high and not any(_is_cut(*one) for one in stacked):
            break
    return stacked, leading


def _is_cut(block: Block, fitted: Fitted) -> bool:
    return fitted.lines[-1].endswith(ELLIPSIS) and not block.text.endswith(ELLIPSIS)


def _height(stacked: Sequence[tuple[Block, Fitted]], leading: float) -> float:
    return sum(len(fitted.lines) * fitted.size * leading / MM for _block, fitted in stacked)
