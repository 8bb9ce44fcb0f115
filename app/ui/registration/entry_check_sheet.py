"""The sheet of the entry check (入托入学查验): one person or a class list, and what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.documents.entry_check_paper import EntryRow
from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, Marked, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, TARGET, Tone
from app.ui.texts.entry_check import VERDICT_TONES

LONGEST_WHY = 40
_SAID, _TABLE = 58, 240


class EntryCheckSheet(Sheet):
    """Alt+1 the person shown, Alt+2 a list; Alt+3 and Alt+4 once a list has its result."""

    person_asked = Signal()
    list_asked = Signal()
    save_asked = Signal()
    print_asked = Signal()

    def __init__(self, over: QWidget, name: str) -> None:
        """``name`` of the person shown at registration, empty for nobody."""
        self.why = QLineEdit()
        self.why.setAccessibleName("为谁查")
        self.why.setPlaceholderText("为谁查（如中心幼儿园）：印在每一页上，并记入审计")
        self.why.setMaxLength(LONGEST_WHY)
        self.why.setFixedHeight(TARGET)
        self.said = Text("", bold=True, wrap=True)
        self.said.setFixedHeight(_SAID)
        self.table = RecordTable(
            "查验结果",
            [
                Column("行", 7),
                Column("姓名", 18, bold=True),
                Column("结论", 17),
                Column("缺什么，或说明", 75),
            ],
        )
        self.table.setMinimumHeight(_TABLE)
        self.person = ActionButton("查这个人并打印", "Alt+1", "printer")
        self.person.setEnabled(bool(name))
        self.list = ActionButton("选班级名单", "Alt+2", "search")
        self.save = ActionButton("存成表格", "Alt+3")
        self.print = ActionButton("打印名单", "Alt+4", "printer")
        self._rows: list[tuple[str, ...]] = []
        whom = Text(f"选中的人：{name}" if name else "没有选人，可以查名单。", bold=True)
        told = Text(
            "名单是 Excel 工作簿（.xlsx），要有“姓名”“身份证号”两列；只按证件号码找人。",
            colour=LIGHT.muted, wrap=True,
        )  # fmt: skip
        buttons = (self.person, self.list, self.save, self.print)
        super().__init__(
            over,
            "入托、入学预防接种查验",
            box(column(whom, told, self.why, self.said, self.table, gap=10)),
            buttons,
            1080,
        )
        asked = (self.person_asked, self.list_asked, self.save_asked, self.print_asked)
        for button, signal in zip(buttons, asked, strict=True):
            button.clicked.connect(signal)
        self.closed.connect(self.deleteLater)
        self.show_done(has_list=False)

    def say(self, words: str, tone: Tone = Tone.INFO) -> None:
        """Say what is going on, or what came of it."""
        self.said.show_text(words, LIGHT.tone(tone).ink)

    def begin(self) -> None:
        """Empty the table: another list is being looked at."""
        self._rows = []
        self._show()
        for button in (self.list, self.save, self.print):
            button.setEnabled(False)

    def add_rows(self, rows: Sequence[EntryRow]) -> None:
        """Add rows below the others."""
        self._rows += [_cells(one) for one in rows]
        self._show()

    def show_done(self, *, has_list: bool) -> None:
        """Let another list be chosen, and this one be saved or printed."""
        self.list.setEnabled(True)
        self.save.setEnabled(has_list)
        self.print.setEnabled(has_list)

    def _show(self) -> None:
        rows = self._rows
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])


def _cells(one: EntryRow) -> tuple[str, ...]:
    told = "；".join(f"{missing.dose} {missing.when}" for missing in one.missing)
    tone, icon = VERDICT_TONES[one.verdict]
    said = "　".join(part for part in (told, one.said) if part)
    return one.line, one.name, Marked(one.verdict, tone, icon), said
