"""Why: one of the usual reasons by its key, or words of one's own; the one takes the other away."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit

from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.tokens import TARGET

LONGEST_REASON = 60
"""Characters of a reason in one's own words, unless a record takes more."""


class OwnWords(QLineEdit):
    """The line under usual reasons, for words of one's own."""

    def __init__(self, name: str, hint: str, longest: int | None = LONGEST_REASON) -> None:
        """``longest``: characters it takes; None for as many as a line holds."""
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        if longest is not None:
            self.setMaxLength(longest)
        self.setFixedHeight(TARGET)


class ReasonLines:
    """Ties the lines of usual reasons to the line that is typed into."""

    def __init__(self, rows: Sequence[ConfirmRow], other: QLineEdit) -> None:
        self._rows, self._other = rows, other
        let_one_stand(rows)
        for line in rows:
            line.clicked.connect(other.clear)
        other.textEdited.connect(self._typed)

    def reason(self) -> str:
        """Return the reason picked or typed, empty where there is none."""
        picked = [line.text() for line in self._rows if line.isChecked()]
        return picked[0] if picked else self._other.text().strip()

    def _typed(self) -> None:
        for line in self._rows:
            line.setChecked(False)
