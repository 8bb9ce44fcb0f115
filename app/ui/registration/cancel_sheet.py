"""Asks why a visit is called off before anything was given."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text

REASONS = ("离开了，今天不种", "取错号、取重号", "其他原因")


class CancelSheet(Sheet):
    """One key for each usual reason; Esc leaves the ticket as it is."""

    def __init__(self, over: QWidget, ticket_number: str, cancel: Callable[[str], object]) -> None:
        self._cancel = cancel
        self._buttons = {
            reason: ActionButton(reason, str(number)) for number, reason in enumerate(REASONS, start=1)
        }
        words = Text(over.tr("退号后这张票不能再用；要接种请重新取号。"), wrap=True)
        super().__init__(
            over,
            over.tr("退号 {ticket}：为什么？").format(ticket=ticket_number),
            box(column(words, *self._buttons.values())),
        )
        for button in self._buttons.values():
            button.bind(self)
            button.clicked.connect(self._chosen)
        self.closed.connect(self.deleteLater)

    def _chosen(self) -> None:
        for reason, button in self._buttons.items():
            if button is self.sender():
                self.close_sheet()
                self._cancel(reason)
                return
