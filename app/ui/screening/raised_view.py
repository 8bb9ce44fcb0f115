"""What answers and schedule raise for the product picked: the questions, and what the doctor found."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.form import Field
from app.ui.kit.layouts import column
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT

SHOWN = 2
"""Lines with a question of their own; what is left is counted in the last one's tool-tip."""


class RaisedView(QWidget):
    """Asks, never decides: hidden while nothing is raised."""

    considered_changed = Signal(str)
    """The doctor noted something on the questions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = [
            Text("", CAPTION_TEXT, bold=True, colour=LIGHT.warning, wrap=True) for _ in range(SHOWN)
        ]
        self.considered = QLineEdit()
        self.field = Field(self.tr("问到的情况和仍建议接种的理由"), self.considered, required=True)
        lines = column(*self.lines, self.field, gap=4)
        self.setLayout(lines)
        self.considered.textChanged.connect(self.considered_changed)
        self.hide()

    def show_questions(self, questions: Sequence[str], considered: str, *, asks: bool) -> None:
        """Show the questions, the gravest first; the field stands there where one has to be considered."""
        for place, line in enumerate(self.lines):
            words = questions[place] if place < len(questions) else ""
            if place == SHOWN - 1 and len(questions) > SHOWN:
                words = self.tr("{words}（另有 {n} 条）").format(words=words, n=len(questions) - SHOWN)
            line.show_text(words)
            line.setToolTip("\n".join(questions))
            line.setVisible(bool(words))
        self.field.setVisible(asks)
        self.considered.blockSignals(True)
        self.considered.setText(considered)
        self.considered.blockSignals(False)
        self.setVisible(bool(questions))
