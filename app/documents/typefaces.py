"""The fonts of the house: which file has a character, how wide it is, how a style chooses among them.

A program that draws text usually draws a missing glyph as a blank or a box, without an error. Here the font
is chosen for each character by what its file really contains, and a character that none has is refused.
"""

import sys
from array import array
from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import groupby
from mmap import ACCESS_READ, mmap
from pathlib import Path
from struct import unpack_from

from app.documents.refusals import GlyphMissing

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FOLDERS = (
    RESOURCES / "fonts",
    Path("/usr/share/fonts/truetype/hanazono"),
    Path("/usr/share/fonts/hanazono"),
)
"""Where fonts are looked for, first hit wins; the rare ones (HanaMinA, HanaMinB) may lie in any of them."""
RARE = ("HanaMinA", "HanaMinB")
_ALL_PLANES = 12
"""The cmap format that holds characters of all planes."""


class Style(Enum):
    """A look: the fonts tried for it, in order, and how much their glyphs are thickened on paper.

    The shares are of the size; the second one is for the rare fonts, which have one weight only and would
    look thin beside a bold name.
    """

    REGULAR = (("NotoSansSC-Regular",), 0.0, 0.0)
    MEDIUM = (("NotoSansSC-Regular",), 0.008, 0.0)
    BOLD = (("NotoSansSC-Bold",), 0.0, 0.05)
    SERIF = (("NotoSerifSC-Bold", "NotoSansSC-Bold"), 0.0, 0.035)

    def thickening(self, stem: str) -> float:
        """Return the width of the outline to be drawn around this font's glyphs, as a share of their size."""
        _fonts, common, rare = self.value
        return float(rare if stem in RARE else common)


class Typeface:
    """A font file: its glyph numbers by code point and its advances by glyph, read in whole tables."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            self.data = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._tables = self._directory()
        self.units_per_em: int = unpack_from(">H", self.data, self.table("head")[0] + 18)[0]
        self.glyphs = self._glyphs()
        self.advances, self.bearings = self._metrics()

    def _directory(self) -> dict[str, tuple[int, int]]:
        count = unpack_from(">H", self.data, 4)[0]
        rows = (unpack_from(">4sIII", self.data, 12 + 16 * row) for row in range(count))
        return {tag.decode("ascii"): (offset, length) for tag, _sum, offset, length in rows}

    def table(self, tag: str) -> tuple[int, int]:
        """Return where a table lies in the file: offset and length."""
        return self._tables[tag]

    def shorts(self, tag: str) -> "array[int]":
        """Return a table as unsigned 16-bit numbers."""
        offset, length = self.table(tag)
        numbers = array("H", self.data[offset : offset + length])
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

    def advance(self, character: str) -> float:
        """Return how far a character moves on, in thousandths of the size."""
        return self.advances[self.glyphs[ord(character)]] * 1000 / self.units_per_em

    def _glyphs(self) -> dict[int, int]:
        start = self.table("cmap")[0]
        for row in range(unpack_from(">H", self.data, start + 2)[0]):
            at = start + unpack_from(">I", self.data, start + 8 + 8 * row)[0]
            if unpack_from(">H", self.data, at)[0] == _ALL_PLANES:
                return self._segments(at)
        raise ValueError(f"{self.path.name} has no map of all planes")

    def _segments(self, at: int) -> dict[int, int]:
        count = unpack_from(">I", self.data, at + 12)[0]
        numbers = unpack_from(f">{3 * count}I", self.data, at + 16)
        glyphs: dict[int, int] = {}
        for first, last, glyph in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            glyphs.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        return glyphs

    def _metrics(self) -> tuple["array[int]", "array[int]"]:
        pairs = unpack_from(">H", self.data, self.table("hhea")[0] + 34)[0]
        numbers = self.shorts("hmtx")
        advances, bearings = numbers[: 2 * pairs : 2], numbers[1 : 2 * pairs : 2] + numbers[2 * pairs :]
        return advances + advances[-1:] * (len(bearings) - pairs), bearings


@cache
def typeface(stem: str) -> Typeface | None:
    """Return a font of the folders, or None where it is not installed."""
    for folder in FOLDERS:
        path = folder / f"{stem}.ttf"
        if path.is_file():
            return Typeface(path)
    return None


class _Choices(dict[str, tuple[str, float]]):
    """The font and the advance of each character met so far in a style."""

    def __init__(self, style: Style) -> None:
        self._stems = (*style.value[0], *RARE)

    def __missing__(self, character: str) -> tuple[str, float]:
        for stem in self._stems:
            face = typeface(stem)
            if face is not None and face.glyphs.get(ord(character)):
                self[character] = (stem, face.advance(character))
                return self[character]
        raise GlyphMissing(character)


_CHOICES = {style.name: _Choices(style) for style in Style}


def runs(text: str, style: Style) -> Iterator[tuple[str, str]]:
    """Yield the text cut into pieces of one font each, as (name of the font, piece); raises GlyphMissing."""
    chosen = _CHOICES[style.name]
    for stem, characters in groupby(text, key=lambda character: chosen[character][0]):
        yield stem, "".join(characters)


def width(text: str, style: Style, size: float, tracking: float = 0.0) -> float:
    """Return the width of a text, in the unit of its size, without the tracking after its end.

    Raises GlyphMissing.
    """
    return advance(text, style) * size / 1000 + tracking * max(len(text) - 1, 0)


def advance(text: str, style: Style) -> float:
    """Return the width of a text in thousandths of its size; raises GlyphMissing."""
    chosen = _CHOICES[style.name]
    return sum([chosen[character][1] for character in text])
