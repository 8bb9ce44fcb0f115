"""Drawing on a PDF page in millimetres from its upper left corner."""

import io
from collections.abc import Callable, Sequence
from enum import StrEnum
from threading import Lock

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from app.documents.embedding import embedded
from app.documents.page import MM, Align, Page
from app.documents.typefaces import Style, runs, width

# Streams stay binary: encoding them as ASCII takes longer than drawing the page.
rl_config.useA85 = 0
_TURN = Lock()
"""Fonts are shared between documents and read with one file position: one document is written at a time."""
_FIRST_FONT = "NotoSansSC-Regular"


_FILL_AND_STROKE = 2
"""Text rendering mode (ISO 32000 9.3.6)."""


class Ink(StrEnum):
    """The colours on paper."""

    INK = "#16202E"
    MUTED = "#5B6878"
    LINE = "#D9E0EA"
    SURFACE = "#F4F6F9"
    WHITE = "#FFFFFF"
    PRIMARY = "#0B5CAD"
    PALE_PRIMARY = "#CFE0F1"
    SUCCESS = "#1B6E46"
    WARNING = "#8A4B00"
    WARNING_FILL = "#FFF6E5"
    PRACTICE = "#F9EAD3"
    BLACK = "#000000"


_COLOURS = {ink: HexColor(ink.value) for ink in Ink}


def write_pdf(page: Page, title: str, draw: Callable[["Document"], None]) -> bytes:
    """Return the PDF that ``draw`` puts on its sheets; neither a clock nor a person's name goes into it."""
    with _TURN:
        embedded(_FIRST_FONT)
        buffer = io.BytesIO()
        canvas = Canvas(
            buffer, page.points, pageCompression=1, invariant=1, initialFontName=_FIRST_FONT, lang="zh-CN"
        )
        canvas.setTitle(title)
        canvas.setCreator("Vaxpost")
        draw(Document(canvas, page))
        canvas.save()
        return buffer.getvalue()


class Document:
    """A PDF in the making."""

    def __init__(self, canvas: Canvas, page: Page) -> None:
        self._canvas = canvas
        self._page = page
        self._begun = False

    def sheet(self) -> "Pen":
        """Return the pen for a new sheet; the one before it is done."""
        if self._begun:
            self._canvas.showPage()
        self._begun = True
        self._canvas.scale(self._page.scale, self._page.scale)
        return Pen(self._canvas, self._page)


class Pen:
    """What draws on one page; sizes of letters and lines are points, places are millimetres."""

    def __init__(self, canvas: Canvas, page: Page) -> None:
        self._canvas = canvas
        self.page = page

    def _y(self, y: float) -> float:
        return (self.page.height - y) * MM

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        size: float,
        style: Style = Style.REGULAR,
        ink: Ink = Ink.INK,
        align: Align = Align.LEFT,
        tracking: float = 0.0,
    ) -> float:
        """Draw one line and return where it ends; raises GlyphMissing."""
        drawn = width(text, style, size, tracking)
        start = x * MM - {Align.LEFT: 0.0, Align.CENTRE: drawn / 2, Align.RIGHT: drawn}[align]
        self._canvas.setFillColor(_COLOURS[ink])
        at = start
        for stem, piece in runs(text, style):
            self._canvas.setFont(embedded(stem).fontName, size)
            outline = style.thickening(stem) * size
            if outline:
                self._canvas.setStrokeColor(_COLOURS[ink])
                self._canvas.setLineWidth(outline)
            mode = _FILL_AND_STROKE if outline else None
            self._canvas.drawString(at, self._y(baseline), piece, mode, charSpace=tracking or None)
            at += width(piece, style, size) + tracking * len(piece)
        return (start + drawn) / MM

    def line(self, x1: float, y1: float, x2: float, y2: float, weight: float, ink: Ink) -> None:
        """Draw a straight line."""
        self._canvas.setLineWidth(weight)
        self._canvas.setStrokeColor(_COLOURS[ink])
        self._canvas.line(x1 * MM, self._y(y1), x2 * MM, self._y(y2))

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        fill: Ink | None = None,
        stroke: Ink | None = None,
        weight: float = 0.6,
        radius: float = 0.0,
        dashed: bool = False,
    ) -> None:
        """Draw a rectangle from its upper left corner."""
        self._prepare(fill, stroke, weight, dashed)
        place = (x * MM, self._y(y + high), wide * MM, high * MM)
        if radius:
            self._canvas.roundRect(*place, radius * MM, stroke=int(bool(stroke)), fill=int(bool(fill)))
        else:
            self._canvas.rect(*place, stroke=int(bool(stroke)), fill=int(bool(fill)))
        self._canvas.setDash()

    def disc(
        self,
        x: float,
        y: float,
        radius: float,
        fill: Ink | None = None,
        stroke: Ink | None = None,
        weight: float = 0.6,
        dashed: bool = False,
    ) -> None:
        """Draw a circle about its centre."""
        self._prepare(fill, stroke, weight, dashed)
        self._canvas.circle(x * MM, self._y(y), radius * MM, stroke=int(bool(stroke)), fill=int(bool(fill)))
        self._canvas.setDash()

    def _prepare(self, fill: Ink | None, stroke: Ink | None, weight: float, dashed: bool) -> None:
        if fill:
            self._canvas.setFillColor(_COLOURS[fill])
        if stroke:
            self._canvas.setStrokeColor(_COLOURS[stroke])
            self._canvas.setLineWidth(weight)
        self._canvas.setDash(*((2.4, 1.8) if dashed else ()))

    def strokes(self, points: Sequence[tuple[float, float]], weight: float, ink: Ink) -> None:
        """Draw a line through points, with round ends."""
        path = self._canvas.beginPath()
        path.moveTo(points[0][0] * MM, self._y(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(x * MM, self._y(y))
        self._canvas.saveState()
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)
        self._canvas.setLineWidth(weight)
        self._canvas.setStrokeColor(_COLOURS[ink])
        self._canvas.drawPath(path)
        self._canvas.restoreState()

    def figure(
        self,
        operators: Sequence[str],
        x: float,
        y: float,
        unit: float,
        tall: float,
        ink: Ink,
        weight: float = 0.0,
    ) -> None:
        """Draw path operators in units of their own, y downwards; filled unless given a weight."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x * MM, self._y(y))
        canvas.scale(unit * MM, -tall * MM)
        canvas.setFillColor(_COLOURS[ink])
        canvas.setStrokeColor(_COLOURS[ink])
        canvas.setLineWidth(weight)
        canvas.drawPath(PDFPathObject(list(operators)), stroke=int(bool(weight)), fill=int(not weight))
        canvas.restoreState()

    def turned(self, x: float, y: float, degrees: float, draw: Callable[["Pen"], None]) -> None:
        """Draw with the page turned about a point."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x * MM, self._y(y))
        canvas.rotate(degrees)
        canvas.translate(-x * MM, -self._y(y))
        draw(self)
        canvas.restoreState()
