"""A fact card whose lower lines are kept whole, with a key beside them for the act that changes them."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import column, row
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.tokens import BODY_TEXT, FACT_TEXT, SECTION_TEXT
from app.ui.vaccination.needle_words import CardWords


class KeyedCard(FactCard):
    """The person, the vaccine with 部位, the vial: everything that is confirmed must be read whole."""

    def __init__(self, button: ActionButton | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._lines = SpanLine().keep_whole(), SpanLine().keep_whole()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout), "a fact card is a column of lines"
        lower = row(column(*self._lines, gap=0))
        lower.setStretch(0, 1)
        if button is not None:
            lower.addWidget(button)
        layout.addLayout(lower)
        self.show_words(CardWords("", (Span("", FACT_TEXT),)))  # as high as with somebody

    def show_words(self, words: CardWords) -> None:
        """Show the card's words and its chip."""
        self.show_facts(words.caption, words.headline)
        self._lines[0].show_spans((Span(words.second, SECTION_TEXT),))
        self._lines[1].show_spans((Span(words.third, BODY_TEXT),))
        self.show_chip(words.chip, words.tone, words.icon)
