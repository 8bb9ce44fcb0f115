"""The next doses of a person, one card each with its 为什么, as many as there is room for."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain.schedule.answers import DoseEvaluation, GroupForecast, SeriesStatus
from app.domain.schedule.packs import Rules
from app.ui.kit.forecast_card import ForecastCard
from app.ui.kit.layouts import column
from app.ui.kit.tokens import GAP, Tone
from app.ui.texts.conditions import conditions_words, effects_words
from app.ui.texts.forecast import (
    TONES,
    edition_words,
    group_title,
    next_why,
    next_words,
    unsigned_words,
    when_words,
    why_words,
)
from app.ui.texts.reasons import Names, name_of, names_in
from app.workflows.forecast import PersonForecast, packs_in_use

CARD = 64
"""Height of a card's two lines, px."""


@dataclass(frozen=True)
class Told:
    """What one card says."""

    dose: str
    when: str
    why: str
    edition: str
    tone: Tone


class ForecastList(QWidget):
    """As many cards as there is room for, in the order given; the records beside it name them all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told: tuple[Told, ...] = ()
        self.cards: list[ForecastCard] = []
        self._cards = column(gap=GAP)
        self.setLayout(self._cards)
        self.setMinimumHeight(CARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_told(self, told: Sequence[Told]) -> None:
        """Show these cards, the first where there is room for few."""
        self._told = tuple(told)
        while len(self.cards) < len(told):
            card = ForecastCard()
            card.setMaximumHeight(84)
            self.cards.append(card)
            self._cards.addWidget(card)
        for card, said in zip(self.cards, told, strict=False):
            card.show_dose(said.dose, said.when, said.why, said.edition, said.tone)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as now fit."""
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        room = max(1, (self.height() + GAP) // (CARD + GAP))
        for place, card in enumerate(self.cards):
            card.setVisible(place < min(room, len(self._told)))


def told_of(forecast: PersonForecast) -> list[Told]:
    """Return what the cards say: special conditions and what is closed for them, doses that do not count,
    then what is next by need.
    """
    names = names_in(packs_in_use())
    held = forecast.conditions
    why = effects_words(held, forecast.rules)
    special = [Told(conditions_words(held), "由医生决定", why, "", Tone.WARNING)] if held else []
    refused = [
        _not_counted(judged, name_of(names, judged.dose.vaccine_code), why_words(judged.reasons, names))
        for _, judged in forecast.doses
        if judged.status.is_wasted
    ]
    following = [
        Told(
            next_words(one, forecast.rules),
            when_words(one.standing, one.line.earliest_on),
            next_why(one, names),
            edition_words(one),
            TONES[one.standing],
        )
        for one in forecast.next_doses
    ]
    closed = [_closed(line, names, forecast.rules) for line in forecast.lines if line.status in _CLOSED]
    return special + closed + refused + following


_CLOSED = {SeriesStatus.CONTRAINDICATED: ("不种", Tone.DANGER), SeriesStatus.IMMUNE: ("已有免疫", Tone.PLAIN)}


def _closed(line: GroupForecast, names: Names, of: Rules) -> Told:
    """Return what is not forecast for what the patient has: it is never left out silently."""
    when, tone = _CLOSED[line.status]
    return Told(group_title(of, line.group), when, why_words(line.reasons, names), unsigned_words(line), tone)


def _not_counted(judged: DoseEvaluation, name: str, why: str) -> Told:
    return Told(f"{name} {judged.dose.given_on}", "这一剂不算", why, "", Tone.DANGER)
