"""Text into the room there is for it: broken between Chinese characters, balanced, smaller if it must be."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.documents.typefaces import Style, advance, width

_UNITS = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:%+/μ℃-]*|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。、；：！？）》”’」』】…·,.;:!?)]}%")
"""Punctuation that hangs at the end of a line rather than begin the next one."""
ELLIPSIS = "…"


@dataclass(frozen=True)
class Fitted:
    """Lines that fit, and the size at which they do."""

    lines: tuple[str, ...]
    size: float


def clean(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def wrap(text: str, style: Style, size: float, room: float) -> tuple[str, ...]:
    """Return the text in lines no wider than ``room`` points; a number or Latin word is broken only alone."""
    lines, line, taken = [], "", 0.0
    for unit, wide in _units(clean(text), style, size, room):
        if line and unit not in _NEVER_FIRST and not unit.isspace() and taken + wide > room:
            lines.append(line.rstrip())
            line, taken = "", 0.0
        if line or not unit.isspace():
            line, taken = line + unit, taken + wide
    return (*lines, line.rstrip()) if line or not lines else tuple(lines)


def _units(text: str, style: Style, size: float, room: float) -> Iterator[tuple[str, float]]:
    for unit, thousandths in _measured(text, style):
        if (wide := thousandths * size / 1000) > room:
            yield from ((character, width(character, style, size)) for character in unit)
        else:
            yield unit, wide


@lru_cache(64)
def _measured(text: str, style: Style) -> list[tuple[str, float]]:
    """Return the units of a text, wrapped a dozen times until it fits, in thousandths of its size."""
    return [(unit, advance(unit, style)) for unit in _UNITS.findall(text)]


def balanced(text: str, style: Style, size: float, room: float) -> tuple[str, ...]:
    """Return as few lines as ``wrap`` would, but about equally long."""
    lines = wrap(text, style, size, room)
    narrow, wide = room / max(len(lines), 1), room
    while len(lines) > 1 and wide - narrow > size / 4:
        middle = (narrow + wide) / 2
        if len(wrap(text, style, size, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return wrap(text, style, size, wide)


def fit(text: str, style: Style, sizes: Sequence[float], room: float, most_lines: int) -> Fitted:
    """Return the text at the first size at which ``most_lines`` hold it; else cut with an ellipsis."""
    text = clean(text)
    for size in sizes:
        if width(text, style, size) <= room:
            return Fitted((text,), size)
        if most_lines > 1 and len(wrap(text, style, size, room)) <= most_lines:
            return Fitted(balanced(text, style, size, room), size)
    lines = wrap(text, style, sizes[-1], room)[:most_lines]
    return Fitted((*lines[:-1], _cut(lines[-1], style, sizes[-1], room)), sizes[-1])


def _cut(line: str, style: Style, size: float, room: float) -> str:
    while line and width(line + ELLIPSIS, style, size) > room:
        line = line[:-1]
    return line + ELLIPSIS
