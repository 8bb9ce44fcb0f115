"""The fonts on paper: which one has a character, and how wide it is.

reportlab embeds only TrueType outlines and draws a missing glyph as nothing, without an error; here the font
is chosen for each character by what it really contains, and a character that no font has is refused.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics

from app.documents.embedding import PaperFont
from app.documents.refusals import GlyphMissing

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
FOLDERS = (
    RESOURCES / "fonts",
    Path("/usr/share/fonts/truetype/hanazono"),
    Path("/usr/share/fonts/hanazono"),
)
"""Where fonts are looked for, first hit wins; the rare ones (HanaMinA, HanaMinB) may lie in any of them."""
_RARE = ("HanaMinA", "HanaMinB")


class Style(Enum):
    """A look on paper: the fonts tried for it, in order, and how much their glyphs are thickened.

    The shares are of the size; the second one is for the rare fonts, which have one weight only and would
    look thin beside a bold name.
    """

    REGULAR = (("NotoSansSC-Regular",), 0.0, 0.0)
    MEDIUM = (("NotoSansSC-Regular",), 0.008, 0.0)
    BOLD = (("NotoSansSC-Bold",), 0.0, 0.05)
    SERIF = (("NotoSerifSC-Bold", "NotoSansSC-Bold"), 0.0, 0.035)

    def thickening(self, font: PaperFont) -> float:
        """Return the width of the outline to be drawn around this font's glyphs, as a share of their size."""
        _fonts, common, rare = self.value
        return float(rare if font.fontName in _RARE else common)


def runs(text: str, style: Style) -> Iterator[tuple[PaperFont, str]]:
    """Yield the text cut into pieces of one font each; raises GlyphMissing."""
    for font, characters in groupby(text, key=lambda character: font_of(character, style)):
        yield font, "".join(characters)


def font_of(character: str, style: Style) -> PaperFont:
    """Return the first font of the style that has the character; raises GlyphMissing."""
    return _GLYPHS[style.name][character][0]


def width(text: str, style: Style, size: float, tracking: float = 0.0) -> float:
    """Return the width of a text in points, without the tracking after its end; raises GlyphMissing."""
    glyphs = _GLYPHS[style.name]
    drawn = sum([glyphs[character][1] for character in text]) * size / 1000
    return drawn + tracking * max(len(text) - 1, 0)


class _Glyphs(dict[str, tuple[PaperFont, float]]):
    """The font and the advance (in thousandths of the size) of each character met so far in a style."""

    def __init__(self, style: Style) -> None:
        self._stems = (*style.value[0], *_RARE)

    def __missing__(self, character: str) -> tuple[PaperFont, float]:
        for stem in self._stems:
            font = load(stem)
            if font is not None and font.face.charToGlyph.get(ord(character)):
                found = self[character] = (font, float(font.face.charWidths[ord(character)]))
                return found
        raise GlyphMissing(character)


_GLYPHS = {style.name: _Glyphs(style) for style in Style}


@cache
def load(stem: str) -> PaperFont | None:
    """Return a font of the folders, registered with reportlab, or None where it is not installed."""
    for folder in FOLDERS:
        path = folder / f"{stem}.ttf"
        if path.is_file():
            font = PaperFont(stem, path)
            pdfmetrics.registerFont(font)
            return font
    return None
