"""The sheet of a two-person act: what is to be done, and who else stands there."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.ui.bench import Bench
from app.ui.kit.layouts import Piece
from app.ui.second_line import SecondLine
from app.ui.staff.form_sheet import FormSheet, save_button
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
    ) -> None:
        """``act`` is its row in the table of permissions; ``confirmed`` hears who stands there."""
        self._confirmed = confirmed
        self.second = SecondLine(bench, act)
        button = save_button(words)
        super().__init__(over, title, self.second, button, above=facts, width=820)
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

    def _submit(self) -> None:
        self.show_busy()
        self.second.ask(self._confirmed, self.show_refusal)
