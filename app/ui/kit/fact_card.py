"""A card of facts: a caption and a chip, then one line of 28, one of 22 and one of 18 px."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.layouts import column, row
from app.ui.kit.spans import Span, SpanLine
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, PADDING, SECTION_TEXT, Tone


class FactCard(Card):
    """Who, what or from which vial; the large line takes words or spans of several colours."""

    def __init__(self, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._caption = Text(caption, CAPTION_TEXT, bold=True, colour=LIGHT.muted)
        self._chip = Chip()
        self._headline = SpanLine().keep_whole()
        self._second = Text("", SECTION_TEXT)
        self._third = Text("")
        lines = column(
            row(self._caption, None, self._chip),
            self._headline,
            self._second,
            self._third,
            gap=0,
            margins=(PADDING, 8, PADDING, 9),
        )
        self.setLayout(lines)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return a width that does not depend on the words, so that cards side by side are equal."""
        return QSize(320, super().sizeHint().height())

    def show_facts(
        self, caption: str, headline: str | Sequence[Span], second: str = "", third: str = ""
    ) -> None:
        """Change the four lines; an empty line keeps no room."""
        spans = [Span(headline, FACT_TEXT, bold=True)] if isinstance(headline, str) else headline
        self._caption.show_text(caption)
        self._headline.show_spans(spans)
        self._second.show_text(second)
        self._second.setVisible(bool(second))
        self._third.show_text(third)
        self._third.setVisible(bool(third))

    def show_chip(self, words: str, tone: Tone = Tone.SUCCESS, icon: str | None = None) -> None:
        """Change the chip; empty words take it away."""
        self._chip.show_state(words, tone, icon)
