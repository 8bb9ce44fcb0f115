"""People found by the one search box: what matched is coloured and underlined, and how they stand today."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.ui.kit.chip import TONE_ICONS
from app.ui.kit.fonts import text_width
from app.ui.kit.painting import draw_box, draw_focus, smooth
from app.ui.kit.spans import Span, draw_spans, draw_whole, whole, without_middle
from app.ui.kit.strip import Strip
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, GAP, LIGHT, RADIUS, SECTION_TEXT, Tone
from app.ui.kit.turns import after_paint


@dataclass(frozen=True)
class Found:
    """One person: ``matched`` are places of characters of the name, ``initials`` places of syllables.

    ``reading`` names a rare reading (区 读 Ōu); ``state`` is the sentence of the day with its tone and icon.
    """

    result_id: str
    name: str
    line: str
    state: str = ""
    tone: Tone = Tone.PLAIN
    icon: str = ""
    matched: tuple[int, ...] = ()
    pinyin: tuple[str, ...] = ()
    initials: tuple[int, ...] = ()
    reading: str = ""


class SearchResult(QPushButton):
    """One person of the list; checked means selected."""

    def __init__(self, found: Found, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.show_found(found)

    def show_found(self, found: Found) -> None:
        """Show another person, or the same one anew; not selected."""
        self.found = found
        self._spans = tuple(_name_spans(found))
        self.setChecked(False)
        self.setAccessibleName(f"{found.name} {found.line}")
        self.setAccessibleDescription(found.state)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of an entry."""
        return QSize(400, 110)

    def minimumSizeHint(self) -> QSize:
        """Return the least size that holds the three lines."""
        return QSize(240, 98)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the entry."""
        painter = smooth(QPainter(self))
        rect = QRectF(self.rect())
        chosen = self.isChecked()
        fill = LIGHT.info_tint if chosen else LIGHT.surface
        draw_box(painter, rect, fill, LIGHT.primary if chosen else LIGHT.line, 2 if chosen else 1, RADIUS)
        room = QRectF(16, 0, rect.width() - (48 if chosen else 32), rect.height())
        name_lines = 2 if chosen and self._needs_two_lines(room.width()) else 1
        line = rect.height() / (2.66 + name_lines)
        top = rect.height() * 0.13 / name_lines
        cut = self._draw_name(painter, QRectF(room.left(), top, room.width(), name_lines * line))
        top += name_lines * line
        middle = Strip(painter, QRectF(room.left(), top, room.width(), line))
        middle.text(self.found.line, LIGHT.ink, BODY_TEXT)
        state = Strip(painter, QRectF(room.left(), top + line, room.width(), line), 7)
        if self.found.state:
            ink = LIGHT.tone(self.found.tone).ink
            state.icon(self.found.icon or TONE_ICONS[self.found.tone], ink, 17)
            state.text(self.found.state, ink, CAPTION_TEXT, True)
        if chosen:
            Strip(painter, rect.adjusted(0, 0, -8, 0), 0).icon_right("open", LIGHT.primary, 24)
        if self.hasFocus():
            draw_focus(painter, rect, RADIUS)
        painter.end()
        self.setToolTip(self.accessibleName() if cut or middle.cut or state.cut else "")

    def _needs_two_lines(self, width: float) -> bool:
        pill = self._pill_width()
        return len(whole(self._spans[: len(self.found.name)], width - (pill + 8 if pill else 0))) > 1

    def _pill_width(self) -> float:
        return text_width(self.found.reading, CAPTION_TEXT, True) + 20 if self.found.reading else 0

    def _draw_name(self, painter: QPainter, line: QRectF) -> bool:
        pill = self._pill_width()
        room = line.adjusted(0, 0, -pill - 8 if pill else 0, 0)
        name = self._spans[: len(self.found.name)]
        if sum(span.width for span in name) > room.width():
            short = name if self.isChecked() else without_middle(name, room.width())
            draw_whole(painter, room, short)
            width, cut = room.width(), len(short) < len(name)
        else:
            width, cut = sum(span.width for span in self._spans), draw_spans(painter, room, self._spans)
        if pill:
            place = QRectF(min(room.right(), line.left() + width) + 8, line.center().y() - 12, pill, 24)
            draw_box(painter, place, LIGHT.info_tint, None, 0, 12)
            words = Strip(painter, place.adjusted(10, 0, 0, 0))
            words.text(self.found.reading, LIGHT.info, CAPTION_TEXT, True)
        return cut


class ResultList(QScrollArea):
    """The list under the search box; the box keeps the keyboard and hands on the arrow keys."""

    selected = Signal(str)
    """The id of the person now marked, by an arrow key or a click."""

    def __init__(self, parent: QWidget | None = None, *, ready_for: int = 0) -> None:
        super().__init__(parent)
        self._ready_for = ready_for
        """So many entries are made while nobody waits: the first letter finds as many people as any."""
        self._results: list[SearchResult] = []
        self._entries: list[SearchResult] = []
        """Kept from one letter to the next: making twenty anew takes longer than finding them."""
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._column.addStretch(1)
        self.setWidget(self._holder)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._bring_into_view)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def showEvent(self, event: QShowEvent) -> None:
        """Get ready for the first search as soon as there is time."""
        super().showEvent(event)
        after_paint(self, self._get_ready)

    @property
    def selected_id(self) -> str:
        """Return the id of the marked person, empty if none is."""
        return next((result.found.result_id for result in self._results if result.isChecked()), "")

    def show_results(self, found: Sequence[Found]) -> None:
        """Show these people, in this order; a single one is marked at once."""
        for entry, person in zip(self._entries, found, strict=False):
            if person != entry.found or entry.isChecked():
                entry.show_found(person)
        for person in found[len(self._entries) :]:
            self._add_entry(person)
        self._holder.hide()  # all that come or go at once, or each would be laid out and shown by itself
        for place, entry in enumerate(self._entries):
            entry.setVisible(place < len(found))
        self._holder.show()
        self._results = self._entries[: len(found)]
        if len(self._results) == 1:
            self.select(self._results[0].found.result_id)

    def select(self, result_id: str) -> None:
        """Mark one person and bring them into view."""
        for result in self._results:
            result.setChecked(result.found.result_id == result_id)
            if result.isChecked():
                self._bring_into_view()
                self.selected.emit(result_id)

    def step(self, by: int) -> None:
        """Mark the person ``by`` places further down (negative: up)."""
        ids = [result.found.result_id for result in self._results]
        if self.selected_id:
            place = ids.index(self.selected_id) + by
            self.select(ids[max(0, min(len(ids) - 1, place))])
        elif ids:
            self.select(ids[0 if by > 0 else -1])

    def _add_entry(self, person: Found) -> None:
        entry = SearchResult(person, self._holder)
        entry.clicked.connect(self._clicked)
        self._column.insertWidget(len(self._entries), entry)
        self._entries.append(entry)

    def _get_ready(self) -> None:
        while len(self._entries) < self._ready_for:
            self._add_entry(Found("", "", ""))
            self._entries[-1].hide()
            self._entries[-1].ensurePolished()

    def _bring_into_view(self) -> None:
        """Scroll to the marked person, also when new entries have just got their places."""
        for result in self._results:
            if result.isChecked():
                self.ensureWidgetVisible(result, 0, GAP)

    def _clicked(self) -> None:
        result = self.sender()
        if isinstance(result, SearchResult):
            self.select(result.found.result_id)


def _name_spans(found: Found) -> list[Span]:
    spans = [
        Span(
            character,
            SECTION_TEXT,
            True,
            LIGHT.primary if place in found.matched else LIGHT.ink,
            place in found.matched,
        )
        for place, character in enumerate(found.name)
    ]
    for place, syllable in enumerate(found.pinyin):
        gap = 4 if place else 8
        if place in found.initials:
            spans.append(Span(syllable[:1], CAPTION_TEXT, True, LIGHT.primary, underlined=True, gap=gap))
            spans.append(Span(syllable[1:], CAPTION_TEXT, colour=LIGHT.muted))
        else:
            spans.append(Span(syllable, CAPTION_TEXT, colour=LIGHT.muted, gap=gap))
    return spans
