"""The sheet of a two-person act: what is to be done, and who else stands there."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.permissions import SecondPersonNeeded
from app.domain.refusals import Refusal
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.layouts import Piece
from app.ui.second_line import SecondLine
from app.workflows.desk import SecondPerson


class SecondPersonSheet(FormSheet):
    """Asks a second permitted person for badge, PIN or password; the desk stays the first one's."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        act: str,
        title: str,
        facts: list[Piece],
        words: str,
        confirmed: Callable[[SecondPerson], object],
        width: int = 820,
    ) -> None:
        """``act`` is its row in the table of permissions; ``confirmed`` hears who stands there."""
        self._confirmed = confirmed
        self.second = SecondLine(bench, act)
        button = save_button(words)
        super().__init__(over, title, self.second, button, above=facts, width=width)
        self.second.refused.connect(self.show_refusal)
        self.second.shown.connect(lambda: self.show_fault(""))
        button.clicked.connect(self._submit)

    @property
    def who(self) -> QComboBox:
        """Who may be the second person."""
        return self.second.who

    @property
    def secret(self) -> QLineEdit:
        """Where they type."""
        return self.second.secret

    def wanting(self) -> Refusal | None:
        """Return what is missing before anybody else need show themselves, or None."""
        return None

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why nothing was done; the second person shows themselves anew where that is wanting."""
        if isinstance(refusal, SecondPersonNeeded):
            self.second.forget()
        super().show_refusal(refusal)

    def _submit(self) -> None:
        if (refusal := self.wanting()) is not None:
            self.show_refusal(refusal)
            return
        self.show_busy()
        self.second.ask(self._confirmed, self.show_refusal)
