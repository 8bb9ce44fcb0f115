"""What an exercise begins and ends with: the story of a wrong dose, and both versions side by side."""

from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.practice.exercise import Exercise, Judgement
from app.storage.immunizations import COMPLETED
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, RecordTable, Row, struck_row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.texts.correction import DETAILS, detail_words
from app.ui.texts.exercise import TITLE, right_words, story, task
from app.ui.texts.words import void_words


class TaskSheet(Sheet):
    """The story, and what is to be reached; Enter or Esc begins or goes on, F9 lays another, F10 ends."""

    def __init__(self, over: QWidget, exercise: Exercise) -> None:
        self.begin = ActionButton(over.tr("开始练习"), "Enter", "practice", ButtonKind.PRIMARY)
        self.another = ActionButton(over.tr("换一题"), "F9", "refresh")
        self.end = ActionButton(over.tr("结束练习"), "F10", "close")
        body = column(
            Text(story(exercise), SECTION_TEXT, bold=True, wrap=True),
            Text(task(exercise), SECTION_TEXT, wrap=True),
            Text(over.tr("窗口最上面一行会一步一步说该按什么。"), colour=LIGHT.muted, wrap=True),
            gap=14,
        )
        super().__init__(over, TITLE, box(body), [self.begin, self.another, self.end], width=860)
        self.begin.clicked.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)


class DoneSheet(Sheet):
    """Both versions of the dose; Enter lays another, Esc ends."""

    def __init__(self, over: QWidget, exercise: Exercise, judged: Judgement) -> None:
        self.another = ActionButton(over.tr("再做一题"), "Enter", "refresh", ButtonKind.PRIMARY)
        self.table = RecordTable(
            over.tr("两次记录"),
            [
                Column(over.tr("接种时间"), 9),
                *(Column(words, 8) for words in DETAILS.values()),
                Column(over.tr("状态"), 13),
            ],
        )
        rows = [_row(dose) for dose in judged.versions]
        self.table.stand_high(len(rows))
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        said = Text(right_words(exercise, judged), SECTION_TEXT, bold=True, wrap=True)
        body = column(said, Text(story(exercise), colour=LIGHT.muted, wrap=True), self.table, gap=14)
        super().__init__(over, TITLE, box(body), [self.another], width=1000)
        self.closed.connect(self.deleteLater)


def _row(dose: Json) -> Row:
    at = f"{read_instant(dose['occurred_at']).astimezone(CHINA):%m-%d %H:%M}"
    facts = (at, *(detail_words(dose, field) for field in DETAILS), "计入接种史")
    return facts if dose["status"] == COMPLETED else struck_row(facts, void_words(dose))
