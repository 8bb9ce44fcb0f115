"""Sizes of paper, in millimetres; kept light, so that the screens can name them without loading the room."""

from dataclasses import dataclass
from enum import Enum, StrEnum

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True)
class Page:
    """A sheet of paper: its size in millimetres of the drawing, and how much the drawing is enlarged."""

    width: float
    height: float
    scale: float = 1.0

    @property
    def points(self) -> tuple[float, float]:
        """Return width and height of the paper in points."""
        return self.width * self.scale * MM, self.height * self.scale * MM


A4 = Page(210, 297)


class Paper(Enum):
    """The two sizes of a certificate; A4 is drawn a fifth larger and holds eight doses."""

    A5 = Page(148, 210)
    A4 = Page(175, 247.5, 1.2)


class Align(StrEnum):
    """Which point of a text its place means."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
