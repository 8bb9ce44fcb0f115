"""The draft of the adverse-event report (AEFI): the dose as recorded, the course as staff write it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from app.domain.clock import read_instant
from app.domain.journal import Json
from app.domain.observation import REPORT_WITHIN, URGENT_WITHIN
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, TARGET, Tone
from app.ui.observation.time_line import TimeLine
from app.ui.texts.observation import day_words, report_facts

_LINES = (
    ("signs", "看到的表现"),
    ("phoned", "电话报告：几点、打给谁"),
)
_TEXTS = (("course", "主要临床经过"), ("measures", "处置措施"))
AREA_HEIGHT = 72
FACTS = 15
"""How many facts of the dose the card takes over."""


class ReportSheet(QObject):
    """Opens over the page; whatever was written is saved when it closes, however it closes."""

    written = Signal(dict)
    """What staff changed, by the draft's field."""
    refused = Signal(object)
    """A time that is none."""

    def __init__(self, over: QWidget, now: Callable[[], datetime]) -> None:
        super().__init__(over)
        self.facts = [(Text("", CAPTION_TEXT, colour=LIGHT.muted), Text("")) for _ in range(FACTS)]
        self._deadline = Text("", bold=True)
        self._urgent = Text("", bold=True, colour=LIGHT.danger)
        self.lines = {field: QLineEdit() for field, _ in _LINES}
        self.texts = {field: QPlainTextEdit() for field, _ in _TEXTS}
        body = QWidget()
        self.onset = TimeLine(self.tr("发病时间"), "Alt+1", now, body)
        body.setLayout(self._compose())
        save = ActionButton(self.tr("保存草稿"), "F12", "document", ButtonKind.PRIMARY)
        self.sheet = Sheet(over, self.tr("疑似预防接种异常反应报告（草稿）"), body, [save], width=1060)
        save.clicked.connect(self.sheet.close_sheet)
        self.sheet.closed.connect(self._save)
        self.onset.written.connect(lambda text: self.written.emit({"onset_at": text}))
        self.onset.refused.connect(self.refused)

    def show_draft(self, draft: Json) -> None:
        """Open the draft of one person."""
        for (label, value), (name, text) in zip(report_facts(draft), self.facts, strict=True):
            name.show_text(label)
            text.show_text(value)
        found_at = read_instant(draft["found_at"])
        self._deadline.show_text(
            self.tr("一般情况：{} 前（48 小时内）报县级疾控").format(day_words(found_at + REPORT_WITHIN))
        )
        self._urgent.show_text(
            self.tr("死亡、严重残疾、群体性或重大社会影响：{} 前（2 小时内）电话报告").format(
                day_words(found_at + URGENT_WITHIN)
            )
        )
        self.onset.show_time(draft.get("onset_at", ""))
        for field, edit in self.lines.items():
            edit.setText(draft.get(field, ""))
            edit.setCursorPosition(0)
            edit.setModified(False)
        for field, area in self.texts.items():
            area.setPlainText(draft.get(field, ""))
            area.document().setModified(False)
        self.sheet.open_sheet(self.texts["course"])

    def _save(self) -> None:
        changes = {field: edit.text().strip() for field, edit in self.lines.items() if edit.isModified()}
        changes |= {
            field: area.toPlainText().strip()
            for field, area in self.texts.items()
            if area.document().isModified()
        }
        if changes:
            self.written.emit(changes)

    def _compose(self) -> QLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        for place, (name, text) in enumerate(self.facts):
            down, across = divmod(place, 3)
            grid.addWidget(name, down, across * 2)
            grid.addWidget(text, down, across * 2 + 1)
            grid.setColumnStretch(across * 2 + 1, 1)
        facts = Card(grid, Tone.PLAIN)
        grid.setContentsMargins(16, 10, 16, 10)
        mark = Chip(self.tr("时限未核实，以本地规定为准"), Tone.WARNING)
        when = column(row(self._deadline, mark), self._urgent, gap=2)
        labels = dict((*_LINES, *_TEXTS))
        first = row(
            self.onset, *(self._field(labels[field], line) for field, line in self.lines.items()), gap=16
        )
        first.setStretch(1, 1)
        first.setStretch(2, 1)
        areas = row(*(self._field(labels[field], area) for field, area in self.texts.items()), gap=16)
        for line in self.lines.values():
            line.setFixedHeight(TARGET)
        for area in self.texts.values():
            # The least height Qt proposes for a scrolled area would push the keys off a low screen.
            area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            area.setStyleSheet(f"QPlainTextEdit {{ min-height: {AREA_HEIGHT}px; }}")
            area.setMaximumHeight(AREA_HEIGHT + 16)
            area.setTabChangesFocus(True)
        return column(facts, when, first, areas, gap=10)

    def _field(self, label: str, control: QWidget) -> QWidget:
        control.setAccessibleName(label)
        return box(column(Text(label, CAPTION_TEXT, bold=True), control, gap=2))
