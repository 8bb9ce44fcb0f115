"""Asks why somebody does not agree and how they sign that; a refusal must be recordable (VER-7)."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text

REASONS = ("担心不良反应", "要和家人商量", "改天再种", "嫌收费")


@dataclass(frozen=True)
class Declined:
    """Why, and how it is put down."""

    reason: str
    on_screen: bool
    """Signed on the screen; else on paper."""
    printed: bool
    """The form is printed with the refusal on it."""


class DeclineSheet(Sheet):
    """One key for each usual reason, a line for any other; Esc goes back to the text."""

    def __init__(
        self, over: QWidget, decline: Callable[[Declined], object], *, of_several: bool = False
    ) -> None:
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
        self.on_screen = ConfirmRow(over.tr("请其在屏幕上签名"), "F9")
        self.printed = ConfirmRow(over.tr("记录后打印一份"), "F10")
        pairs = list(self._buttons.values())
        other = row(self.other, self._send)
        other.setStretch(0, 1)
        means = row(self.on_screen, self.printed)
        lines = column(words, row(*pairs[:2]), row(*pairs[2:]), other, means, gap=12)
        super().__init__(over, over.tr("不同意接种：为什么？"), box(lines), width=680)
        for line in (self.on_screen, self.printed):
            line.bind(self)
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
        answer = Declined(reason, self.on_screen.isChecked(), self.printed.isChecked())
        self.close_sheet()
        self._decline(answer)
