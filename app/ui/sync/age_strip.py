"""The strip in the head of the sync page when doses wait for longer than 20 hours."""

from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.storage.unsent import UnsentCounts
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, Tone
from app.ui.sync.words import left_words, overdue_words


class AgeStrip(Card):
    """Amber from 20 hours, red from 24; not there while every dose is in time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._icon = IconMark("warning", LIGHT.warning, 24)
        self._words, self._oldest = Text("", SECTION_TEXT, bold=True), Text("", bold=True)
        self._todo = Text("")
        self.setLayout(
            row(self._icon, self._words, 8, self._oldest, None, self._todo, gap=12, margins=(16, 8, 16, 8))
        )
        self.hide()

    @property
    def words(self) -> str:
        """Return what it says, nothing while it is not there."""
        return self._words.text()

    def show_counts(self, counts: UnsentCounts, todo: str, now: datetime) -> None:
        """Show what the 24-hour rule says of all doses that wait."""
        words = overdue_words(counts)
        tone = Tone.DANGER if counts.overdue else Tone.WARNING
        ink = LIGHT.tone(tone).ink
        self.set_tone(tone, outlined=True)
        self._icon.show_icon("alarm" if counts.overdue else "warning", ink)
        self._words.show_text(words, ink)
        oldest = left_words(counts.oldest_at, now) if counts.oldest_at else ""
        self._oldest.show_text(f"最早一剂{oldest}" if oldest else "", ink)
        self._todo.show_text(todo)
        self.setAccessibleName(f"{words}，最早一剂{oldest}，{todo}" if words else "")
        self.setVisible(bool(words))
