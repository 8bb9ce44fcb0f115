"""Asks why a record is opened or taken out: one key for each usual reason, a line for others."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from app.domain.audit import ASKED, Purpose, check_purpose
from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import box, column
from app.ui.kit.reason_lines import OwnWords
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT, SECTION_TEXT
from app.ui.texts import sentence_of
from app.ui.texts.audit import PURPOSES


class ReasonSheet(Sheet):
    """A digit answers at once; words of one's own go with Enter; Esc leaves the record closed."""

    answered = Signal(object, str)
    """The Purpose, and the words where it is ``OTHER``."""

    def __init__(
        self, over: QWidget, title: str, who: str, told: str, purposes: Sequence[Purpose] = ASKED
    ) -> None:
        """``who`` it is about; ``told`` says what follows; ``purposes`` are the usual reasons."""
        listed = [purpose for purpose in purposes if purpose is not Purpose.OTHER]
        self.rows = {
            purpose: ConfirmRow(PURPOSES[purpose], str(number)) for number, purpose in enumerate(listed, 1)
        }
        self.other = OwnWords(over.tr("其他原因"), over.tr("其他原因：用自己的话写，按 Enter"))
        self._fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self._fault.hide()
        go = ActionButton(over.tr("用写的原因"), "Enter", "look", ButtonKind.PRIMARY)
        super().__init__(over, title, self._body(who, told), [go], width=760)
        for purpose, line in self.rows.items():
            line.bind(self)
            line.clicked.connect(lambda _=False, chosen=purpose: self._answer(chosen, ""))
        go.clicked.connect(lambda: self._answer(Purpose.OTHER, self.other.text()))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it; no reason is chosen beforehand."""
        self.open_sheet(next(iter(self.rows.values())))

    def ask_for_file(
        self, caption: str, name: str, kinds: str, take: Callable[[Path, Purpose, str], object]
    ) -> None:
        """Ask, and then where a file is to go; ``take`` gets place, purpose and words if one was chosen."""

        def answered(purpose: Purpose, words: str) -> None:
            chosen, _ = QFileDialog.getSaveFileName(self._over, caption, name, kinds)
            if chosen:
                take(Path(chosen), purpose, words)

        self.answered.connect(answered)
        self.ask()

    def _answer(self, purpose: Purpose, words: str) -> None:
        try:
            check_purpose(purpose, words)
        except Refusal as refusal:
            said = sentence_of(refusal)
            self._fault.show_text(f"{said.happened}{said.todo}")
            self._fault.show()
            self.fit()
            return
        self.close_sheet()
        self.answered.emit(purpose, words.strip())

    def _body(self, who: str, told: str) -> QWidget:
        grid = QGridLayout()
        grid.setSpacing(GAP)
        half = -(-len(self.rows) // 2)
        for place, line in enumerate(self.rows.values()):
            grid.addWidget(line, place % half, place // half)
        head = (Text(who, SECTION_TEXT, bold=True), Text(told, colour=LIGHT.muted, wrap=True))
        return box(column(*head, grid, self.other, self._fault, gap=12))
