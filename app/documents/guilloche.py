"""The fine line pattern behind a certificate's title, computed once for each width."""

from functools import cache
from math import cos, pi, sin

UNIT = 0.02
"""Millimetres of one unit of the operators: whole numbers keep the page small."""
_STRANDS = 9
_STEPS = 28
_WAVES = 3.5


@cache
def guilloche(width: float, height: float) -> tuple[str, ...]:
    """Return path operators of two mirrored bands of waves, wide at the edges, narrow behind the title."""
    return tuple(
        operator
        for band in (-1, 1)
        for strand in range(_STRANDS)
        for operator in _strand(width / UNIT, height / UNIT, band, strand)
    )


def _strand(width: float, height: float, band: int, strand: int) -> list[str]:
    points = [(along * width, height * _wave(along, band, strand)) for along in _places()]
    start = f"{points[1][0]:.0f} {points[1][1]:.0f} m"
    return [start, *(_curve(*points[at : at + 4]) for at in range(len(points) - 3))]


def _places() -> list[float]:
    return [(step - 1) / _STEPS for step in range(_STEPS + 3)]


def _wave(along: float, band: int, strand: int) -> float:
    swell = 0.2 + 0.22 * abs(cos(pi * along)) ** 1.5 + 0.05 * cos(4 * pi * along)
    phase = pi * strand / _STRANDS + pi / 5
    wave = swell * sin(2 * pi * _WAVES * (along - 0.5) * band + phase)
    return float(0.5 + wave + 0.04 * band * sin(2 * pi * along))


def _curve(
    before: tuple[float, float],
    start: tuple[float, float],
    end: tuple[float, float],
    after: tuple[float, float],
) -> str:
    """Return the Bézier piece from start to end of the smooth curve through all four (Catmull-Rom)."""
    leave = [s + (e - b) / 6 for b, s, e in zip(before, start, end, strict=True)]
    arrive = [e - (a - s) / 6 for s, e, a in zip(start, end, after, strict=True)]
    return " ".join(f"{number:.0f}" for number in (*leave, *arrive, *end)) + " c"
