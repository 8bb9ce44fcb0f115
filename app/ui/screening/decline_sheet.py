"""Asks why somebody does not agree; a refusal must be recordable, with its reason (VER-7)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text

REASONS = ("担心不良反应", "要和家人商量", "改天再种", "嫌收费")


class DeclineSheet(Sheet):
    """One key for each usual reason, a line for any other; Esc goes back to the text."""

    def __init__(self, over: QWidget, decline: Callable[[str], object], *, of_several: bool = False) -> None:
        self._decline = decline
        self._buttons = {
            reason: ActionButton(reason, str(number)) for number, reason in enumerate(REASONS, start=1)
        }
        self.other = QLineEdit()
        self.other.setPlaceholderText(over.tr("其他原因，写好按 Enter"))
        self.other.setAccessibleName(over.tr("其他原因"))
        self._send = ActionButton(over.tr("按此记录"), "Enter", "check", ButtonKind.PRIMARY)
        ends = over.tr("记录后本次就诊结束，号票作废；以后愿意时再来取号。")
        words = Text(over.tr("记录后这一种今天不种，其余几种照常。") if of_several else ends)
        pairs = list(self._buttons.values())
        other = row(self.other, self._send)
        other.setStretch(0, 1)
        lines = column(words, row(*pairs[:2]), row(*pairs[2:]), other, gap=12)
        super().__init__(over, over.tr("不同意接种：为什么？"), box(lines), width=680)
        for button in pairs:
            button.bind(self)
            button.clicked.connect(self._chosen)
        self._send.bind(self)
        self._send.setEnabled(False)
        self._send.clicked.connect(lambda: self._finish(self.other.text().strip()))
        self.other.textChanged.connect(lambda text: self._send.setEnabled(bool(text.strip())))
        self.closed.connect(self.deleteLater)

    def ask(self) -> None:
        """Open it; the digits work at once, Tab leads to the line."""
        self.open_sheet(next(iter(self._buttons.values())))
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _chosen(self) -> None:
        for reason, button in self._buttons.items():
            if button is self.sender():
                self._finish(reason)
                return

    def _finish(self, reason: str) -> None:
        self.close_sheet()
        self._decline(reason)
