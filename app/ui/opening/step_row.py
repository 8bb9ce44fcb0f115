"""One line of what a first dose needs: whether it is there, what is, and the key that sees to it."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, LIGHT, SECTION_TEXT, Tone


class StepRow(Card):
    """A mark, a name, a sentence, and at the right a button where the person may do something."""

    def __init__(self, name: str, action: str, key: str, icon: str, press: Callable[[], object]) -> None:
        self._mark = IconMark("waiting", LIGHT.muted, 28)
        self._name = Text(name, SECTION_TEXT, bold=True)
        self._name.setFixedWidth(60)
        self.words = Text("", BODY_TEXT, wrap=True)
        self.button = ActionButton(action, key, icon)
        self.button.clicked.connect(press)
        self.button.setFixedWidth(188)
        line = row(
            self._mark, 8, self._name, column(None, self.words, None), 8, self.button, margins=(16, 8, 12, 8)
        )
        line.setStretch(3, 1)
        super().__init__(line)
        self.setMinimumHeight(64)

    def bind(self, page: QWidget) -> "StepRow":
        """Let its key work on ``page``, and return it."""
        self.button.bind(page)
        return self

    def show_step(self, words: str, *, done: bool, may: bool, warned: bool = False) -> None:
        """Say how it stands; ``may``: the person at the desk can do something about it.

        ``warned``: it is done and keeps nobody from beginning, but something is to be seen to.
        """
        self.is_done, good = done, done and not warned
        self._mark.show_icon("done" if good else "warning", LIGHT.success if good else LIGHT.warning)
        self.set_tone(Tone.PLAIN if good else Tone.WARNING)
        self.words.show_text(words, LIGHT.muted if good else LIGHT.ink)
        self.button.setVisible(may)
