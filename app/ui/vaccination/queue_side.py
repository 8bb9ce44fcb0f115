"""The right of the station while nobody is at the needle: figures, the dose just given, open vials."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.domain.vial import Vial
from app.ui.kit.fact_card import FactCard
from app.ui.kit.figure_card import FigureCard
from app.ui.kit.layouts import column
from app.ui.kit.spans import facts
from app.ui.kit.tokens import Tone
from app.ui.vaccination.needle_words import GivenWords, open_vial_words
from app.ui.vaccination.open_vial_card import OpenVialCard


class QueueSide(QWidget):
    """Two figures, the card of the last dose, and the open vial that must be used first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given, self._waiting = FigureCard("syringe"), FigureCard("family")
        self._last = FactCard()
        self.open_vial = OpenVialCard()
        self._last.hide()
        self.open_vial.hide()
        self.setLayout(column(self._waiting, self._given, self._last, self.open_vial, None))

    def show_figures(self, waiting: int, given: int) -> None:
        """Show how many wait and how many doses were recorded in this session."""
        self._waiting.show_figure(str(waiting), "人等候接种", "预检完成、知情同意已签", Tone.INFO)
        self._given.show_figure(str(given), "剂已记录", "本场次，撤销的不算", Tone.SUCCESS)

    def show_open(self, vials: Sequence[Vial], now: datetime, waiting: Mapping[str, int]) -> None:
        """Show the most urgent of the vials that stand open, and how many more there are."""
        self.open_vial.setVisible(bool(vials))
        if vials:
            first, more = vials[0], len(vials) - 1
            name = first.product.vaccine_name + (f"·另有 {more} 瓶" if more else "")
            others = waiting.get(first.product.product_code, 0)
            self.open_vial.show_words(name, open_vial_words(first, now), first, others)

    def show_last(self, ticket_number: str, said: GivenWords) -> None:
        """Show the dose just given and when its observation ends."""
        headline = facts(f"{ticket_number} {said.name}")
        self._last.show_facts(self.tr("刚刚接种"), headline, f"坐到 {said.until} 再离开", said.dose)
        self._last.show_chip(self.tr("已保存在本机"), Tone.SUCCESS)
        self._last.show()

    def hide_last(self) -> None:
        """Take the card away: the next person is called."""
        self._last.hide()
