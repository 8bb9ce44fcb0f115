"""A sheet with a few words to choose from, each by its digit: a reason, a body site."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT


@dataclass(frozen=True)
class Choice:
    """One word to choose; ``current`` is the one that holds now."""

    choice_id: str
    words: str
    current: bool = False


class ChoiceSheet(Sheet):
    """Closes with the first choice and tells it; Esc changes nothing."""

    def __init__(
        self,
        over: QWidget,
        title: str,
        explanation: str,
        choices: Sequence[Choice],
        chosen: Callable[[str], object],
    ) -> None:
        self._chosen = chosen
        self.choices: dict[str, ActionButton] = {}
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, choice in enumerate(choices):
            kind = ButtonKind.PRIMARY if choice.current else ButtonKind.SECONDARY
            icon = "check" if choice.current else ""
            button = ActionButton(choice.words, str(place + 1), icon, kind)
            button.setFixedHeight(64)
            self.choices[choice.choice_id] = button
            grid.addWidget(button, place // 2, place % 2)
        body = box(column(Text(explanation, colour=LIGHT.muted), grid, gap=12))
        super().__init__(over, title, body, width=760)
        for choice_id, button in self.choices.items():
            button.bind(self).clicked.connect(lambda _=False, picked=choice_id: self._choose(picked))

    def _choose(self, choice_id: str) -> None:
        self.close_sheet()
        self._chosen(choice_id)
