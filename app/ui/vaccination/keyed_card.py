"""A fact card with the key that changes what it says, beside its lower lines."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import column, row
from app.ui.vaccination.needle_words import CardWords


class KeyedCard(FactCard):
    """The person with 退回等候, the vaccine with 部位: the act stands where its object is."""

    def __init__(self, button: ActionButton | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        if button is None:
            return
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout), "a fact card is a column of four lines"
        layout.removeWidget(self._second)
        layout.removeWidget(self._third)
        lower = row(column(self._second, self._third, gap=0), button)
        lower.setStretch(0, 1)
        layout.addLayout(lower)

    def show_words(self, words: CardWords) -> None:
        """Show the card's words and its chip."""
        self.show_facts(words.caption, words.headline, words.second, words.third)
        self.show_chip(words.chip, words.tone, words.icon)
