"""The temperature taken at the door, where the site takes it (REG-12)."""

from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.workflows.registration import is_worth_telling


class TemperatureField(QWidget):
    """A short line in ℃; a high value is a hint to tell the doctor, never a rule."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = CodeLineEdit()
        self.edit.setFixedWidth(110)
        self.edit.setMaxLength(5)
        self.edit.setAccessibleName(self.tr("体温，摄氏度"))
        self._mark = IconMark("thermometer", LIGHT.primary, 24)
        self._hint = Text()
        label = Text(self.tr("体温"), bold=True)
        label.setBuddy(self.edit)
        line = row(self._mark, label, self.edit, Text("℃"), self._hint, gap=10)
        line.setStretch(4, 1)
        self.setLayout(line)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._judge)
        self.clear()

    @property
    def value(self) -> str | None:
        """Return what is typed, or None for nothing."""
        return self.edit.text().strip() or None

    def show_value(self, celsius: str) -> None:
        """Take over a value, typed or read by a thermometer."""
        self.edit.setText(celsius)

    def show_wrong(self, sentence: str) -> None:
        """Say that the value cannot be, and let it be typed again."""
        self._mark.show_icon("failed", LIGHT.danger)
        self._hint.show_text(sentence, LIGHT.danger)
        self.edit.selectAll()

    def clear(self) -> None:
        """Forget the value."""
        self.edit.clear()
        self._judge("")

    def _judge(self, typed: str) -> None:
        high = is_worth_telling(typed)
        self._mark.show_icon("warning" if high else "thermometer", LIGHT.warning if high else LIGHT.primary)
        words = self.tr("偏高，请告诉预检医生") if high else self.tr("取号前测温")
        self._hint.show_text(words, LIGHT.warning if high else LIGHT.muted)
