"""A sheet of quick words picked by digits, with a line for what none of them says."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT, SECTION_TEXT, TARGET

DIGITS = "1234567890"


class ChoiceSheet(QObject):
    """Asks one question about one person; ``several`` lets more than one word be picked."""

    answered = Signal(str, str)
    """The encounter id it was opened for, and the words picked or typed, joined by 、."""

    def __init__(
        self, over: QWidget, title: str, words: Sequence[str], action: ActionButton, *, several: bool
    ) -> None:
        super().__init__(over)
        self._encounter_id = ""
        self.rows = [ConfirmRow(word, digit) for word, digit in zip(words, DIGITS, strict=False)]
        self.other = QLineEdit()
        self.other.setPlaceholderText(self.tr("其他：用自己的话写"))
        self.other.setFixedHeight(TARGET)
        self.other.setAccessibleName(self.tr("其他"))
        self._who = Text("", SECTION_TEXT, bold=True)
        self._fault = Text("", colour=LIGHT.danger, wrap=True)
        self._sheet = Sheet(over, title, self._compose(), [action], width=760)
        for line in self.rows:
            line.bind(self._sheet)
        if not several:
            let_one_stand(self.rows)
        action.clicked.connect(self._answer)

    @property
    def is_open(self) -> bool:
        """Return whether it is being asked."""
        return self._sheet.isVisible()

    def ask(self, encounter_id: str, who: str) -> None:
        """Ask about a person; nothing is picked beforehand."""
        self._encounter_id = encounter_id
        self._who.show_text(who)
        self._fault.hide()
        for line in self.rows:
            line.setChecked(False)
        self.other.clear()
        self._sheet.open_sheet(self.rows[0])

    def show_fault(self, sentence: str) -> None:
        """Say why the answer was not taken."""
        self._fault.show_text(sentence)
        self._fault.show()

    def close(self) -> None:
        """Take it away."""
        self._sheet.close_sheet()

    def words(self) -> str:
        """Return what is picked and typed."""
        picked = [line.text() for line in self.rows if line.isChecked()]
        return "、".join([*picked, *([self.other.text().strip()] if self.other.text().strip() else [])])

    def _answer(self) -> None:
        self.answered.emit(self._encounter_id, self.words())

    def _compose(self) -> QWidget:
        grid = QGridLayout()
        grid.setSpacing(GAP)
        half = -(-len(self.rows) // 2)
        for place, line in enumerate(self.rows):
            grid.addWidget(line, place % half, place // half)
        self._fault.hide()
        return box(column(self._who, grid, self.other, self._fault, gap=12))


def alarm_button(text: str) -> ActionButton:
    """Return the button that raises an alarm: Enter, in the colour of danger."""
    return ActionButton(text, "Enter", "emergency", ButtonKind.DANGER)
