"""A line for a time of day, with a key that writes the present one into it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.clock import instant_text, read_instant
from app.domain.observation import TimeUnreadable, time_of_day
from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, TARGET
from app.ui.texts.words import local_time


class TimeLine(QWidget):
    """Shows 09:41, gives the instant; ``now`` is asked when the key is pressed or a time is typed."""

    written = Signal(str)
    """The instant as text, empty when the time was taken out."""
    refused = Signal(object)
    """What was typed is no time."""

    def __init__(self, label: str, key: str, now: Callable[[], datetime], page: QWidget) -> None:
        super().__init__()
        self._now, self._kept = now, ""
        self.edit = QLineEdit()
        self.edit.setFixedHeight(TARGET)
        self.edit.setPlaceholderText("--:--")
        self.edit.setAccessibleName(label)
        self.button = ActionButton(self.tr("现在"), key).bind(page)
        self.button.setAccessibleName(f"{label} {self.tr('现在')}")
        line = row(self.edit, self.button, gap=6)
        line.setStretch(0, 1)
        self.setLayout(column(Text(label, CAPTION_TEXT, bold=True), line, gap=2))
        self.button.clicked.connect(lambda: self._write(self._now()))
        self.edit.editingFinished.connect(self._typed)

    def show_time(self, kept: str) -> None:
        """Show an instant as it stands in the draft, or nothing."""
        self._kept = kept
        self.edit.setText(local_time(read_instant(kept)) if kept else "")

    def _typed(self) -> None:
        typed = self.edit.text().strip()
        shown = local_time(read_instant(self._kept)) if self._kept else ""
        if typed == shown:
            return
        if not typed:
            self._kept = ""
            self.written.emit("")
            return
        try:
            at = time_of_day(typed, self._now())
        except TimeUnreadable as refusal:
            self.edit.setText(shown)
            self.refused.emit(refusal)
            return
        self._write(at)

    def _write(self, at: datetime) -> None:
        self.show_time(instant_text(at))
        self.written.emit(self._kept)
