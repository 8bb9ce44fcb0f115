"""Says that the visit in front of the doctor was ended or taken on elsewhere meanwhile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import column
from app.ui.kit.tokens import SECTION_TEXT


class GoneView(QWidget):
    """One sentence and one button; nothing can be recorded from here."""

    left = Signal()
    """Seen: back to those waiting."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seen = ActionButton(
            self.tr("知道了"), "Enter", "check", ButtonKind.PRIMARY, size=SECTION_TEXT
        ).bind(self)
        self._seen.clicked.connect(self.left)
        self._state = EmptyState("warning", "", "", self._seen)
        self.setLayout(column(Card(column(self._state))))

    def show_gone(self, sentence: str, todo: str) -> None:
        """Say what has become of the visit."""
        self._state.show_state("warning", sentence, todo)
        self._seen.setFocus(Qt.FocusReason.OtherFocusReason)
