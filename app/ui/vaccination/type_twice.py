"""Step of the way out: the code typed twice, so that a slip of the fingers is seen."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.devices.scan_text import read_scan
from app.domain.codes import Gs1Code, TraceCode, UnknownCode
from app.domain.refusals import Refusal
from app.ui.kit.form import Form
from app.ui.kit.layouts import column
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts import sentence_of


class TypeTwice(QWidget):
    """Two lines that must agree; Enter goes on from the first and compares at the second."""

    agreed = Signal(object)
    """Both lines say the same code: a TraceCode, Gs1Code or UnknownCode."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.second = CodeLineEdit(), CodeLineEdit()
        self._day = date.min
        self.form = Form(columns=1)
        hint = self.tr("20 位数字，每 4 位可空一格；GS1 码从 01 或 (01) 起输")
        self.form.add_field("first", self.tr("第一遍"), self.first, required=True, hint=hint)
        self.form.add_field("second", self.tr("第二遍，请重新看着码输"), self.second, required=True)
        words = self.tr("码看得清、扫不出时，照着码手工输两遍，两遍一样才算。记录会带“手输”标记。")
        self.setLayout(column(Text(words, colour=LIGHT.muted, wrap=True), self.form, None, gap=12))
        self.first.returnPressed.connect(self.second.setFocus)
        self.second.returnPressed.connect(self.compare)
        self.setFocusProxy(self.first)

    def start(self, day: date) -> None:
        """Begin with empty lines; ``day`` is today, for two-digit years."""
        self._day = day
        self.first.clear()
        self.second.clear()
        self.form.show_errors({})

    def compare(self) -> None:
        """Take the code if both lines agree, else say where they differ."""
        first, second = (line.text().replace(" ", "") for line in (self.first, self.second))
        if first != second:
            self.form.show_errors({"second": _difference(first, second)})
            return
        try:
            code = read_scan(first, on=self._day)
        except Refusal as refusal:
            said = sentence_of(refusal)
            self.form.show_errors({"first": f"{said.happened}{said.todo}"})
            return
        if not isinstance(code, TraceCode | Gs1Code | UnknownCode):
            self.form.show_errors({"first": "这不是药瓶上的码，请看着药瓶或盒子输。"})
            return
        self.form.show_errors({})
        self.agreed.emit(code)


def _difference(first: str, second: str) -> str:
    """Say the first place at which two lines differ."""
    if len(first) != len(second):
        return f"两遍不一样：第一遍 {len(first)} 位，第二遍 {len(second)} 位。"
    place = next(
        number for number, pair in enumerate(zip(first, second, strict=True), 1) if pair[0] != pair[1]
    )
    return f"两遍不一样：从第 {place} 位起，请看着码重新输。"
