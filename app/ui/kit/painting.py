"""The few strokes all painted widgets share: boxes, lines of text, fitted sentences, focus rings."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QStaticText, QTextLayout, QTextOption

from app.ui.kit.fonts import font, metrics, text_width
from app.ui.kit.tokens import LIGHT, RADIUS

OPTICAL_CENTRE = 0.37
"""How far the middle of a Chinese glyph or a digit stands above the base line, in font sizes."""

_LINE_HEIGHT = 1.25

_THINNEST = 1.001
"""A pen of 1 px and less is drawn as a hairline, which takes a rounded box three times as long."""


def smooth(painter: QPainter) -> QPainter:
    """Switch smooth edges on and return ``painter``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter


def draw_box(
    painter: QPainter,
    rect: QRectF,
    fill: str | None = None,
    border: str | None = None,
    width: float = 1.0,
    radius: float = RADIUS,
    dashed: bool = False,
) -> None:
    """Draw a rounded box whose border lies wholly inside ``rect``."""
    if fill and not border and not radius:
        painter.fillRect(rect, QColor(fill))
        return
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        pen = QPen(QColor(border), max(width, _THINNEST))
        if dashed:
            pen.setDashPattern([5, 3])
        painter.setPen(pen)
    inset = width / 2 if border else 0.0
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)


def draw_focus(painter: QPainter, rect: QRectF, radius: float = RADIUS, on_dark: bool = False) -> None:
    """Draw the ring that shows where the keyboard is: two strokes, so that it is seen on every ground."""
    draw_box(painter, rect, None, LIGHT.ink, 2, radius)
    draw_box(
        painter, rect.adjusted(2, 2, -2, -2), None, LIGHT.nav_edge if on_dark else "#FFFFFF", 1.5, radius - 2
    )


def elided(text: str, size: int, bold: bool, width: float) -> str:
    """Return ``text``, shortened with an ellipsis at its end where it is wider than ``width`` px."""
    if text_width(text, size, bold) <= width + 0.5:
        return text
    return metrics(size, bold).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))


def draw_text(
    painter: QPainter, left: float, centre: float, text: str, colour: str, size: int, bold: bool = False
) -> None:
    """Draw one line from ``left``, its glyphs centred on the height ``centre``."""
    painter.setFont(font(size, bold))
    painter.setPen(QColor(colour))
    base = centre + size * OPTICAL_CENTRE
    painter.drawStaticText(QPointF(left, base - metrics(size, bold).ascent()), _shaped(text, size, bold))


@lru_cache(maxsize=1024)
def _shaped(text: str, size: int, bold: bool) -> QStaticText:
    """Return one line whose glyphs are found and placed: more than half of drawing it."""
    line = QStaticText(text)
    line.setTextFormat(Qt.TextFormat.PlainText)
    line.prepare(font=font(size, bold))
    return line


def draw_centred(
    painter: QPainter, centre: QPointF, text: str, colour: str, size: int, bold: bool = False
) -> None:
    """Draw one line centred on ``centre`` both ways."""
    draw_text(painter, centre.x() - text_width(text, size, bold) / 2, centre.y(), text, colour, size, bold)


@dataclass(frozen=True)
class Fitted:
    """A sentence broken into lines at the largest size that fits; ``cut`` if even the smallest did not."""

    size: int
    lines: tuple[str, ...]
    cut: bool

    @property
    def height(self) -> float:
        """Return the height of all lines in px."""
        return len(self.lines) * self.size * _LINE_HEIGHT


@lru_cache(maxsize=512)
def fit_sentence(
    text: str, width: float, height: float, sizes: tuple[int, ...], bold: bool, most_lines: int = 2
) -> Fitted:
    """Return ``text`` at the largest of ``sizes`` at which it fits on up to ``most_lines`` lines."""
    if text_width(text, sizes[0], bold) <= width:
        return Fitted(sizes[0], (text,), cut=False)
    for size in sizes:
        most = min(max(1, int(height / (size * _LINE_HEIGHT))), most_lines)
        if text_width(text, size, bold) > most * width:
            continue  # it cannot fit: breaking it takes long
        lines = _broken(text, width, size, bold)
        if len(lines) <= most:
            return Fitted(size, tuple(_balanced(lines, text, width, size, bold)), cut=False)
    lines = _broken(text, width, sizes[-1], bold)
    room = max(1, int(height / (sizes[-1] * _LINE_HEIGHT)))
    if len(lines) <= room:
        return Fitted(sizes[-1], tuple(lines), cut=False)
    last = elided("".join(lines[room - 1 :]), sizes[-1], bold, width)
    return Fitted(sizes[-1], (*lines[: room - 1], last), cut=True)


def _balanced(lines: list[str], text: str, width: float, size: int, bold: bool) -> list[str]:
    """Return as many lines as ``text`` was broken into at ``width``, about equally long."""
    if not 1 < len(lines) <= 3:
        return lines
    low, high = width / 2, width
    while high - low > size / 2:
        middle = (low + high) / 2
        if len(_broken(text, middle, size, bold)) > len(lines):
            low = middle
        else:
            high = middle
    return _broken(text, high, size, bold)


def _broken(text: str, width: float, size: int, bold: bool) -> list[str]:
    layout = QTextLayout(text, font(size, bold))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return lines


def draw_fitted(
    painter: QPainter, rect: QRectF, fitted: Fitted, colour: str, bold: bool, *, at_top: bool = False
) -> None:
    """Draw the lines of ``fitted``, the block centred on the height of ``rect`` or at its top."""
    step = fitted.size * _LINE_HEIGHT
    top = rect.top() if at_top else rect.center().y() - fitted.height / 2
    y = top + step / 2
    for line in fitted.lines:
        draw_text(painter, rect.left(), y, line, colour, fitted.size, bold)
        y += step


def draw_open_mark(painter: QPainter, centre: QPointF, colour: str, size: int = 18) -> None:
    """Draw the dashed circle that means: not yet."""
    pen = QPen(QColor(colour), 1.6)
    pen.setDashPattern([2.6, 2.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, size / 2, size / 2)
