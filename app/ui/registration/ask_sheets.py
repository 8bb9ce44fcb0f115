"""Asking the centre for somebody who is not found here: the question with its reason, and who was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.identity import DocumentType
from app.sync.lookup import SHORTEST_REASON
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import box, column, row
from app.ui.kit.reason_lines import ReasonLines
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, TARGET, Tone
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES

REASONS = ("外地来补种", "登记前核对", "查接种史")
LONGEST_REASON, LONGEST_NUMBER = 60, 40
MOST_PEOPLE, MOST_DOSES = 3, 8


@dataclass(frozen=True)
class Asked:
    """What a person typed into the question."""

    document_type: str
    number: str
    reason: str


class AskSheet(Sheet):
    """A digit for each usual reason and a line for others; Enter asks, Esc gives up, also while it waits."""

    def __init__(
        self, over: QWidget, document_type: str, number: str, ask: Callable[[Asked], object]
    ) -> None:
        self._type, self._ask = document_type, ask
        self.number, self.other = QLineEdit(number), QLineEdit()
        self.number.setAccessibleName("证件号码")
        self.number.setPlaceholderText("完整的证件号码")
        self.number.setMaxLength(LONGEST_NUMBER)
        self.other.setAccessibleName("其他理由")
        self.other.setPlaceholderText("其他理由：用自己的话写")
        self.other.setMaxLength(LONGEST_REASON)
        for line in (self.number, self.other):
            line.setFixedHeight(TARGET)
        self.rows = [ConfirmRow(reason, f"Alt+{key}") for key, reason in enumerate(REASONS, start=1)]
        self.said = Text("", bold=True, wrap=True)
        self.said.setFixedHeight(_SAID)
        self.button = ActionButton("问中心", "Enter", "search", ButtonKind.PRIMARY)
        super().__init__(over, "问中心有没有这个人", self._body(), [self.button], width=960)
        for reason in self.rows:
            reason.bind(self)
        self._lines = ReasonLines(self.rows, self.other)
        self.button.clicked.connect(self._pressed)
        self.closed.connect(self.deleteLater)

    def show_waiting(self) -> None:
        """Say that the centre is being asked."""
        self.button.setEnabled(False)
        self.said.show_text("正在问中心……按 Esc 取消。", LIGHT.muted)

    def show_said(self, words: str) -> None:
        """Say what came of it."""
        self.button.setEnabled(True)
        self.said.show_text(words, LIGHT.tone(Tone.WARNING).ink)

    def _pressed(self) -> None:
        reason = self._lines.reason()
        number = self.number.text().strip()
        if not number:
            self.show_said("还没有填证件号码，没有查询。")
        elif len(reason) < SHORTEST_REASON:
            self.show_said("还没有写理由，没有查询。查询和理由都会记在中心。")
        else:
            self._ask(Asked(self._type, number, reason))

    def _body(self) -> QWidget:
        named = Text(DOCUMENT_NAMES[DocumentType(self._type)], bold=True)
        audited = Text("谁查的、查了谁、为什么，中心都会记下来备查。只查当面的人。", colour=LIGHT.muted)
        document = row(named, self.number)
        document.setStretch(1, 1)
        return box(column(document, row(*self.rows), self.other, audited, self.said, gap=10))


_SAID = 58
"""Height in px of two lines, said or not."""


@dataclass(frozen=True)
class FoundWords:
    """A person at the centre, in words."""

    who: str
    doses: Sequence[str]


class FoundSheet(Sheet):
    """A digit for each person; Enter takes the one picked into a new record, Esc takes nobody."""

    def __init__(self, over: QWidget, found: Sequence[FoundWords], take: Callable[[int], object]) -> None:
        """``take`` is called with the place of the person."""
        self._found, self._take = found, take
        self.rows = [ConfirmRow(one.who, str(key)) for key, one in enumerate(found[:MOST_PEOPLE], start=1)]
        self.doses = Text("", wrap=True)
        button = ActionButton("带入登记", "Enter", "add", ButtonKind.PRIMARY)
        super().__init__(over, f"中心有 {len(found)} 份档案", self._body(), [button], width=860)
        for place, line in enumerate(self.rows):
            line.bind(self)
            line.clicked.connect(lambda _=False, picked=place: self._pick(picked))
        button.clicked.connect(self._pressed)
        self.closed.connect(self.deleteLater)
        self._pick(0)

    @property
    def picked(self) -> int:
        """Return the place of the person picked."""
        return next(place for place, line in enumerate(self.rows) if line.isChecked())

    def _pressed(self) -> None:
        place = self.picked
        self.close_sheet()
        self._take(place)

    def _pick(self, place: int) -> None:
        for number, line in enumerate(self.rows):
            line.setChecked(number == place)
        doses = self._found[place].doses
        more = f"\n……共 {len(doses)} 剂" if len(doses) > MOST_DOSES else ""
        shown = "\n".join(doses[-MOST_DOSES:]) + more
        self.doses.show_text(shown or "中心没有这份档案的接种记录。")

    def _body(self) -> QWidget:
        ask = Text("请当面核对是不是这个人。带入的只有姓名、性别、出生日期和证件，其余照常填写。", wrap=True)
        card = Card(
            column(Text("中心的接种记录", bold=True), self.doses, None, gap=4, margins=(14, 8, 14, 8))
        )
        card.setFixedHeight(_DOSES)
        return box(column(ask, *self.rows, card, gap=10))


_DOSES = 290
"""Height in px of the most doses shown."""
