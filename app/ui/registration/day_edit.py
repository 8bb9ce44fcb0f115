"""A line for a calendar day, typed as eight digits; no input method gets at it."""

import re
from datetime import date

from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit

_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_PARTED = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)


def read_day(typed: str) -> date | None:
    """Return the day meant by 20260214, 2026-2-14 or 2026年2月14日; None for what is no day."""
    text = typed.replace(" ", "")
    parts = _DIGITS.fullmatch(text) or _PARTED.fullmatch(text)
    if parts is None:
        return None
    try:
        return date(*map(int, parts.groups()))
    except ValueError:
        return None


class DayEdit(CodeLineEdit):
    """Shows the day as 2026-02-14 once it has been left; what is no day stays as it was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(self.tr("8 位数字，如 20260214"))
        self.setMaxLength(11)
        self.editingFinished.connect(self._settle)

    @property
    def day(self) -> date | None:
        """Return the day that is typed, or None."""
        return read_day(self.text())

    def show_day(self, day: date | None) -> None:
        """Show a day, or nothing."""
        self.setText(day.isoformat() if day else "")

    def _settle(self) -> None:
        if self.day is not None:
            self.show_day(self.day)
