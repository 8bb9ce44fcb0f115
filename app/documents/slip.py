"""Drawing on a slip of thermal paper, 384 dots wide (48 mm at 203 dpi): grey, then cut to black and white."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from app.documents.bitmap import Bitmap
from app.documents.codes import QUIET_MODULES, Matrix
from app.documents.fit import fit
from app.documents.page import Align
from app.documents.typefaces import Style, runs, typeface, width
from app.domain.clock import CHINA

DOTS = 384
INSET = 8
MIDDLE = DOTS / 2
BLACK, WHITE = 0, 255
_CUT = 150
"""Greys below this print black; no dithering, which would blur letters and codes."""
_TALLEST = 5000
_CENTRE = 0.37


class Slip:
    """A slip in the making; places are dots from its upper left corner."""

    def __init__(self) -> None:
        self._image = Image.new("L", (DOTS, _TALLEST), WHITE)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        x: float,
        centre: float,
        text: str,
        size: int,
        style: Style = Style.REGULAR,
        align: Align = Align.CENTRE,
        fill: int = BLACK,
    ) -> None:
        """Draw one line about the height ``centre``; raises GlyphMissing."""
        pieces = [(_font(stem, size), piece) for stem, piece in runs(text, style)]
        drawn = sum(font.getlength(piece) for font, piece in pieces)
        at = x - {Align.LEFT: 0.0, Align.CENTRE: drawn / 2, Align.RIGHT: drawn}[align]
        for font, piece in pieces:
            self._draw.text((at, centre + _CENTRE * size), piece, fill, font, anchor="ls")
            at += font.getlength(piece)

    def fitted(
        self, y: float, text: str, sizes: Sequence[int], style: Style = Style.REGULAR, most_lines: int = 2
    ) -> float:
        """Draw centred lines below ``y`` at the first size that fits, and return where they end."""
        fit_to = fit(text, style, sizes, DOTS - 2 * INSET, most_lines)
        for line in fit_to.lines:
            self.text(MIDDLE, y + fit_to.size * 0.65, line, int(fit_to.size), style)
            y += fit_to.size * 1.3
        return y

    def row(self, y: float, label: str, value: str) -> float:
        """Draw a label at the left, its value at the right, on two lines if it must; return where it ends."""
        self.text(INSET, y + 24, label, 27, align=Align.LEFT)
        room = DOTS - 3 * INSET - width(label, Style.REGULAR, 27)
        fit_to = fit(value, Style.BOLD, (31, 28, 25, 22), room, 2)
        step = fit_to.size * 1.25
        top = y + 24 - step / 2 if len(fit_to.lines) == 1 else y + 4
        for number, line in enumerate(fit_to.lines):
            centre = top + step * (number + 0.5)
            self.text(DOTS - INSET, centre, line, int(fit_to.size), Style.BOLD, Align.RIGHT)
        return max(y + 48, top + step * len(fit_to.lines) + 4)

    def note(self, y: float, text: str, sizes: Sequence[int], most_lines: int = 3) -> float:
        """Draw small lines from the left below ``y`` at the first size that fits; return where they end."""
        fit_to = fit(text, Style.REGULAR, sizes, DOTS - 2 * INSET, most_lines)
        for line in fit_to.lines:
            self.text(INSET, y + fit_to.size * 0.6, line, int(fit_to.size), align=Align.LEFT)
            y += fit_to.size * 1.25
        return y + 6

    def rule(self, y: float, thick: int = 2) -> None:
        """Draw a line across."""
        self._draw.rectangle((INSET, y, DOTS - INSET - 1, y + thick - 1), fill=BLACK)

    def bar(self, y: float, high: float) -> None:
        """Draw a black bar across: one on a slip, wide black areas fade and jam on cheap heads."""
        self._draw.rectangle((INSET, y, DOTS - INSET - 1, y + high), fill=BLACK)

    def frame(self, y: float, high: float, thick: int = 3, radius: int = 10) -> None:
        """Draw a rounded frame across."""
        place = (INSET, y, DOTS - INSET - 1, y + high)
        self._draw.rounded_rectangle(place, radius, outline=BLACK, width=thick)

    def ring(self, x: float, y: float, radius: float, *, filled: bool) -> None:
        """Draw a circle about its centre, filled or with a strong outline."""
        place = (x - radius, y - radius, x + radius, y + radius)
        self._draw.ellipse(place, fill=BLACK if filled else WHITE, outline=BLACK, width=3)

    def stroke(self, points: Sequence[tuple[float, float]], thick: int, fill: int = BLACK) -> None:
        """Draw a line through points, with round ends."""
        self._draw.line(list(points), fill, thick, joint="curve")
        for x, y in (points[0], points[-1]):
            half = thick / 2 - 0.5
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=fill)

    def polygon(self, points: Sequence[tuple[float, float]]) -> None:
        """Draw a filled figure."""
        self._draw.polygon(list(points), fill=BLACK)

    def code(self, y: float, code: Matrix, module: int = 6) -> float:
        """Draw a QR code in the middle with its quiet zone, in whole dots; return where it ends."""
        left = int(MIDDLE - code.size * module / 2)
        top = int(y) + QUIET_MODULES * module
        for column, row, length in code.runs:
            x, line = left + column * module, top + row * module
            self._draw.rectangle((x, line, x + length * module - 1, line + module - 1), fill=BLACK)
        return top + (code.size + QUIET_MODULES) * module

    def finish(self, height: float) -> Bitmap:
        """Return the slip down to ``height``, in black and white."""
        high = int(height)
        cut = self._image.crop((0, 0, DOTS, high)).point(lambda grey: WHITE if grey < _CUT else BLACK)
        return Bitmap(DOTS, high, cut.convert("1").tobytes())


def draw_practice_mark(slip: Slip, y: float) -> float:
    """Draw the mark of practice mode at the head of a slip and return where it ends."""
    slip.frame(y, 50, thick=3, radius=8)
    slip.text(MIDDLE, y + 25, "练习用，不是真的", 30, Style.BOLD)
    return y + 62


def draw_imprint(slip: Slip, y: float, printed_at: datetime, enquiry_phone: str) -> float:
    """Draw the last line, when printed and whom to ask, and return where the slip ends."""
    slip.rule(y)
    slip.text(INSET, y + 27, f"{printed_at.astimezone(CHINA):%Y-%m-%d %H:%M}", 23, align=Align.LEFT)
    fitted = fit(enquiry_phone, Style.REGULAR, (23, 20, 17), 170, 1)
    slip.text(DOTS - INSET, y + 27, fitted.lines[0], int(fitted.size), align=Align.RIGHT)
    return y + 50


@cache
def _font(stem: str, size: int) -> ImageFont.FreeTypeFont:
    face = typeface(stem)
    if face is None:
        raise ValueError(f"{stem} is not installed")
    return ImageFont.truetype(str(face.path), size, layout_engine=ImageFont.Layout.BASIC)
