"""Why a record is corrected: a usual reason by its key, or words of one's own, on one line of the form."""

from PySide6.QtWidgets import QWidget

from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import row
from app.ui.kit.reason_lines import OwnWords, ReasonLines

REASONS = ("登记时写错", "证件已换发")


class WhyLine(QWidget):
    """Alt+5 and Alt+6 for the usual reasons; the line beside them for another."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = [ConfirmRow(words, f"Alt+{key}") for key, words in enumerate(REASONS, start=5)]
        self.other = OwnWords(self.tr("为什么改"), self.tr("为什么改：用自己的话写（改电话、住址可以不写）"))
        self._lines = ReasonLines(self.rows, self.other)
        line = row(*self.rows, self.other)
        line.setStretch(len(self.rows), 1)
        line.setContentsMargins(0, 0, 0, 0)
        self.setLayout(line)
        self.hide()

    def bind(self, page: QWidget) -> None:
        """Let the keys work while the form has the keyboard."""
        for one in self.rows:
            one.bind(page)

    def begin(self, *, shown: bool) -> None:
        """Forget what was said of the person before."""
        for one in self.rows:
            one.setChecked(False)
        self.other.clear()
        self.setVisible(shown)

    def reason(self) -> str:
        """Return the reason picked or typed, empty where there is none."""
        return self._lines.reason()
