"""One line of words in several sizes, weights and colours on a common base line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.fonts import metrics, text_width
from app.ui.kit.painting import OPTICAL_CENTRE, draw_box, draw_text, elided, smooth
from app.ui.kit.tokens import BODY_TEXT, FACT_TEXT, LIGHT, SECTION_TEXT


@dataclass(frozen=True)
class Span:
    """A run of characters with one look; ``gap`` is the empty space in px before it."""

    text: str
    size: int = BODY_TEXT
    bold: bool = False
    colour: str = LIGHT.ink
    underlined: bool = False
    gap: int = 0

    @property
    def width(self) -> float:
        """Return the width in px, with the gap before it."""
        return self.gap + text_width(self.text, self.size, self.bold)


def draw_spans(painter: QPainter, rect: QRectF, spans: Sequence[Span]) -> bool:
    """Draw ``spans`` from the left of ``rect`` on one base line; return whether one had to be shortened."""
    biggest = max((span.size for span in spans), default=BODY_TEXT)
    base = rect.center().y() + biggest * OPTICAL_CENTRE
    left, right = rect.left(), rect.right()
    for span in spans:
        left += span.gap
        shown = elided(span.text, span.size, span.bold, right - left)
        draw_text(painter, left, base - span.size * OPTICAL_CENTRE, shown, span.colour, span.size, span.bold)
        width = text_width(shown, span.size, span.bold)
        if span.underlined:
            line = QRectF(left, base + span.size * 0.14, width, max(1.5, span.size / 14))
            draw_box(painter, line, span.colour, None, 0, 0)
        left += width
        if shown != span.text:
            return True
    return False


def whole(spans: Sequence[Span], width: float) -> list[tuple[Span, ...]]:
    """Return ``spans`` as one line at a size at which they fit ``width``, or as two at 18 px."""
    for most in (FACT_TEXT, SECTION_TEXT, BODY_TEXT):
        smaller = tuple(replace(span, size=min(span.size, most)) for span in spans)
        if sum(span.width for span in smaller) <= width:
            return [smaller]
    return _two_lines(smaller, width)


def without_middle(spans: Sequence[Span], width: float) -> tuple[Span, ...]:
    """Return spans of one character each on one line of 18 px: two thirds of the room for the beginning.

    Both ends of a long name tell who it is; what is left out between them is an ellipsis.
    """
    small = [replace(span, size=min(span.size, BODY_TEXT)) for span in spans]
    if sum(span.width for span in small) <= width:
        return tuple(small)
    mark = Span("…", BODY_TEXT, spans[0].bold, LIGHT.muted)
    head = _fitting(small, (width - mark.width) * 2 / 3)
    room = width - mark.width - sum(span.width for span in head)
    tail = _fitting(small[: len(head) - 1 : -1], room)
    return (*head, mark, *reversed(tail))


def _fitting(spans: Sequence[Span], width: float) -> list[Span]:
    """Return as many of the first spans as fit."""
    taken: list[Span] = []
    for span in spans:
        width -= span.width
        if width < 0:
            break
        taken.append(span)
    return taken


def draw_whole(painter: QPainter, rect: QRectF, spans: Sequence[Span]) -> None:
    """Draw ``spans`` into ``rect``, smaller or on two lines rather than shortened."""
    lines = whole(spans, rect.width())
    step = rect.height() / len(lines)
    for place, line in enumerate(lines):
        draw_spans(painter, QRectF(rect.left(), rect.top() + place * step, rect.width(), step), line)


def _two_lines(spans: Sequence[Span], width: float) -> list[tuple[Span, ...]]:
    first: list[Span] = []
    rest = list(spans)
    room = width
    while rest and rest[0].width <= room:
        room -= rest[0].width
        first.append(rest.pop(0))
    if rest:
        fits = _characters_in(rest[0], room)
        if fits:
            first.append(replace(rest[0], text=rest[0].text[:fits]))
        rest[0] = replace(rest[0], text=rest[0].text[fits:], gap=0)
    return [tuple(first), tuple(rest)]


def _characters_in(span: Span, width: float) -> int:
    fits = 0
    while replace(span, text=span.text[: fits + 1]).width <= width:
        fits += 1
    return fits


def plain(spans: Sequence[Span]) -> str:
    """Return the words of ``spans`` as one text, for readers of the screen."""
    return "".join((" " if span.gap else "") + span.text for span in spans).strip()


class SpanLine(QWidget):
    """A line of spans; shortened at its end where there is no room, with the whole text as its tool-tip."""

    def __init__(self, spans: Sequence[Span] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self._natural = 0.0
        """The width of the whole line, in px."""
        self._align_right, self._keep_whole = False, False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_spans(spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Return what is shown."""
        return self._spans

    @property
    def shortened(self) -> bool:
        """Return whether the line has less room than it needs."""
        return self._natural > self.width() + 0.5

    @property
    def cut(self) -> bool:
        """Return whether words are missing: a line kept whole has none, while two lines of 18 px hold it."""
        if not self._keep_whole:
            return self.shortened
        lines = whole(self._spans, self.width())
        return any(sum(span.width for span in line) > self.width() + 0.5 for line in lines)

    def align_right(self) -> "SpanLine":
        """Put the line at the right end of its room and return it."""
        self._align_right = True
        return self

    def keep_whole(self) -> "SpanLine":
        """Shrink and take two lines in the same height rather than shorten, and return the line."""
        self._keep_whole = True
        return self

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Change the line."""
        if tuple(spans) != self._spans:
            room = self.sizeHint()
            self._spans = tuple(spans)
            self._natural = sum(span.width for span in self._spans)
            self.setAccessibleName(plain(self._spans))
            if self.sizeHint() != room:
                self.updateGeometry()
            self._tell_if_shortened()
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room of the whole line."""
        return QSize(round(self._natural + 1), self._height())

    def minimumSizeHint(self) -> QSize:
        """Return room for a few characters."""
        return QSize(min(self.sizeHint().width(), 96), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text as a tool-tip where it is shortened."""
        self._tell_if_shortened()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the spans."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        if self._keep_whole and self.shortened:
            draw_whole(painter, rect, self._spans)
            painter.end()
            return
        if self._align_right and not self.shortened:
            rect.setLeft(rect.right() - self._natural)
        draw_spans(painter, rect, self._spans)
        painter.end()

    def _height(self) -> int:
        biggest = max((span.size for span in self._spans), default=BODY_TEXT)
        return round(metrics(biggest).height())

    def _tell_if_shortened(self) -> None:
        self.setToolTip(plain(self._spans) if self.shortened else "")


def facts(name: str, *rest: str) -> tuple[Span, ...]:
    """Return the spans of a key fact: bold 28 px words with a wide gap between them."""
    first = Span(name, 28, bold=True)
    return (first, *(Span(words, 28, bold=True, gap=18) for words in rest))
