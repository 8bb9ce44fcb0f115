"""Asks why a dose is voided and who else says so, and tells what becomes of it; nothing is picked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.permissions import SecondPersonNeeded
from app.domain.refusals import Refusal
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import box, column, row
from app.ui.kit.reason_lines import OwnWords, ReasonLines
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT, Tone
from app.ui.second_line import SecondLine
from app.ui.texts import sentence_of
from app.workflows.desk import SecondPerson
from app.workflows.immunization import CorrectionReasonMissing

REASONS = ("记错了人", "记错疫苗", "记错批号", "记录重复", "没有注射")
"""So short that each stands whole in a person's history."""
_ABREAST = 3


@dataclass(frozen=True)
class VoidWords:
    """What the sheet tells of a dose: whose, which one, and what follows from voiding it."""

    who: str
    dose: str
    given: str
    follows: Sequence[str]
    warning: str


class VoidSheet(Sheet):
    """One digit for each usual reason and a line for others; Enter voids, Esc changes nothing."""

    def __init__(
        self, over: QWidget, bench: Bench, words: VoidWords, void: Callable[[str, SecondPerson], object]
    ) -> None:
        """``void`` is called with the reason, empty where none was given; the caller closes the sheet."""
        self._void = void
        self.second = SecondLine(bench, "void_immunization")
        self.rows = [ConfirmRow(reason, str(number)) for number, reason in enumerate(REASONS, start=1)]
        self.other = OwnWords(over.tr("其他原因"), over.tr("其他原因：用自己的话写"))
        self.fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self.fault.hide()
        button = ActionButton(over.tr("作废，保留原记录"), "Enter", "failed", ButtonKind.DANGER)
        super().__init__(over, over.tr("作废这一剂：为什么？"), self._body(words), [button], width=1040)
        for line in self.rows:
            line.bind(self)
        self._lines = ReasonLines(self.rows, self.other)
        button.clicked.connect(self._submit)
        self.second.refused.connect(self.show_refusal)
        self.second.shown.connect(self._hide_fault)
        self.closed.connect(self.deleteLater)

    def reason(self) -> str:
        """Return the reason picked or typed, empty where there is none."""
        return self._lines.reason()

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why the dose was not voided; the second person shows themselves anew where that is wanting."""
        if isinstance(refusal, SecondPersonNeeded):
            self.second.forget()
        said = sentence_of(refusal)
        alone = said.safe if isinstance(refusal, SecondPersonNeeded) else "没有作废。"
        self.fault.show_text(f"{said.happened}{alone}{said.todo}")
        self.fault.show()
        self.fit()

    def _hide_fault(self) -> None:
        self.fault.hide()
        self.fit()

    def _submit(self) -> None:
        if not self.reason():
            self.show_refusal(CorrectionReasonMissing())
            return
        self.second.ask(lambda second: self._void(self.reason(), second), self.show_refusal)

    def _body(self, words: VoidWords) -> QWidget:
        facts = Card(
            column(
                Text(words.who, bold=True),
                row(Text(words.dose), None, Text(words.given, colour=LIGHT.muted)),
                gap=2,
                margins=(14, 8, 14, 8),
            )
        )
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, line in enumerate(self.rows):
            grid.addWidget(line, place // _ABREAST, place % _ABREAST)
        grid.addWidget(self.other, len(self.rows) // _ABREAST, len(self.rows) % _ABREAST)
        follows = column(*(Text(f"·{line}") for line in words.follows), gap=2)
        warning = Card(
            column(
                Text(words.warning, bold=True, colour=LIGHT.tone(Tone.WARNING).ink),
                margins=(14, 8, 14, 8),
            ),
            tone=Tone.WARNING,
        )
        return box(column(facts, grid, self.second, self.fault, follows, warning, gap=8))
