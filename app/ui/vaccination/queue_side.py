"""The right of the station while nobody is at the needle: today's figures, the dose just given."""

from PySide6.QtWidgets import QWidget

from app.ui.kit.fact_card import FactCard
from app.ui.kit.figure_card import FigureCard
from app.ui.kit.layouts import column
from app.ui.kit.spans import facts
from app.ui.kit.tokens import Tone
from app.ui.vaccination.needle_words import GivenWords


class QueueSide(QWidget):
    """Two figures and the card of the last dose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given, self._waiting = FigureCard("syringe"), FigureCard("family")
        self._last = FactCard()
        self._last.hide()
        self.setLayout(column(self._waiting, self._given, self._last, None))

    def show_figures(self, waiting: int, given: int) -> None:
        """Show how many wait and how many doses were recorded in this session."""
        self._waiting.show_figure(str(waiting), "人等候接种", "预检完成、知情同意已签", Tone.INFO)
        self._given.show_figure(str(given), "剂已记录", "本场次，撤销的不算", Tone.SUCCESS)

    def show_last(self, ticket_number: str, said: GivenWords) -> None:
        """Show the dose just given and when its observation ends."""
        headline = facts(f"{ticket_number} {said.name}")
        self._last.show_facts(
            self.tr("刚刚接种·请交留观票"), headline, f"坐到 {said.until} 再离开", said.dose
        )
        self._last.show_chip(self.tr("已保存在本机"), Tone.SUCCESS)
        self._last.show()

    def hide_last(self) -> None:
        """Take the card away: the next person is called."""
        self._last.hide()
