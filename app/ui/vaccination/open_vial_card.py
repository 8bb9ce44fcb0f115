"""The kit's card of an open vial, filled from the vial's own words."""

from app.domain.vial import Vial
from app.ui.kit.open_vial import OpenVial
from app.ui.kit.spans import Span
from app.ui.vaccination.needle_words import OpenVialWords


class OpenVialCard(OpenVial):
    """Ring, instants and doses of one multi-dose vial, and how many people wait for it."""

    def show_words(self, caption: str, words: OpenVialWords, vial: Vial, waiting: int) -> None:
        """Show a vial."""
        self.show_vial(caption, words.face, words.opened, words.discard)
        self.show_chip(words.chip, words.tone)
        spans = [
            Span("剩 "), Span(str(words.left), bold=True), Span(" 剂，候 "), Span(str(waiting), bold=True),
            Span(" 人"),
        ]  # fmt: skip
        self.show_doses(vial.doses, words.used, spans)
