"""A tinted card that says why something did not go on: what happened, what is safe, what to do."""

from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, Tone
from app.ui.texts.sentence import Sentence

_ICONS = {Tone.INFO: "info", Tone.WARNING: "warning", Tone.DANGER: "failed", Tone.PLAIN: "info"}


class Notice(Card):
    """Hidden until there is something to say; an optional button leads out."""

    def __init__(self, way_out: ActionButton | None = None, parent: QWidget | None = None) -> None:
        self._mark = IconMark("info", LIGHT.info, 26)
        self._happened = Text("", bold=True, wrap=True)
        self._rest = Text("", wrap=True)
        self._way_out = way_out
        words = box(column(self._happened, self._rest, gap=4))
        line = row(column(self._mark, None), words, gap=12, margins=(14, 10, 14, 10))
        line.setStretch(1, 1)
        if way_out is not None:
            line.addWidget(way_out)
        super().__init__(line, Tone.INFO, outlined=True, parent=parent)
        self.hide()

    @property
    def words(self) -> str:
        """Return everything it says, empty while it is hidden."""
        return f"{self._happened.text()}{self._rest.text()}" if not self.isHidden() else ""

    def say(self, sentence: Sentence, tone: Tone = Tone.WARNING, *, way_out: bool = False) -> None:
        """Show the three short sentences; ``way_out`` shows the button."""
        ink = LIGHT.tone(tone).ink
        self.set_tone(tone, outlined=True)
        self._mark.show_icon(_ICONS[tone], ink)
        self._happened.show_text(sentence.happened, ink)
        self._rest.show_text(f"{sentence.safe}{sentence.todo}")
        if self._way_out is not None:
            self._way_out.setVisible(way_out)
        self.setAccessibleName(f"{sentence}")
        self.show()

    def clear(self) -> None:
        """Say nothing any more."""
        self.hide()
