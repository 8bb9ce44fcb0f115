"""The row of the toast: while nothing has been announced, a quiet hint stands in it."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, row
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import LIGHT


class ToastRow(QWidget):
    """Shows the toast while it speaks, and the hint otherwise; nothing moves either way."""

    def __init__(self, toast: Toast, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._toast = toast
        self._hint = box(
            row(IconMark("info", LIGHT.info), Text(hint, colour=LIGHT.muted), margins=(16, 0, 16, 0))
        )
        self._layers = QStackedLayout(self)
        self._layers.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._layers.addWidget(self._hint)
        self._layers.addWidget(toast)
        self.setFixedHeight(48)
        toast.hide()
        toast.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give way to the toast and come back after it."""
        if watched is self._toast and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._hint.setVisible(event.type() == QEvent.Type.Hide)
        return super().eventFilter(watched, event)
