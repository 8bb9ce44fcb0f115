"""Two versions of a record side by side, and what can be decided; nothing is picked for anybody."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA
from app.domain.identity import DocumentType
from app.domain.people import Patient
from app.domain.review import JudgedField, PairReason
from app.storage.reviews import FieldReview, PairReview, Review
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.comparison_table import Compared, ComparisonTable
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES
from app.ui.texts.words import SEXES

FIELDS = {JudgedField.NAME: "姓名", JudgedField.BIRTH_ON: "出生日期", JudgedField.DOCUMENT: "证件"}


@dataclass(frozen=True)
class Choice:
    """One way to decide."""

    words: str
    is_one: bool
    take_other: bool


_ONE_HERE = Choice("同一个人，用本机资料", is_one=True, take_other=False)
_ONE_THERE = Choice("同一个人，用另一份资料", is_one=True, take_other=True)
_TWO = Choice("是两个人", is_one=False, take_other=False)
_TABLE = 330
"""Height in px of six rows, those that differ taller."""


def choices_of(review: Review) -> tuple[Choice, ...]:
    """Return what can be decided."""
    if isinstance(review, PairReview):
        return _ONE_HERE, _ONE_THERE, _TWO
    field = FIELDS[review.field]
    return (
        Choice(f"本机的{field}对", is_one=True, take_other=False),
        Choice(f"另一份的{field}对", is_one=True, take_other=True),
    )


class ReviewSheet(Sheet):
    """A digit for each decision, Enter to take it, F11 for the next one; Esc decides nothing."""

    def __init__(
        self,
        over: QWidget,
        review: Review,
        place: tuple[int, int],
        decide: Callable[[Choice], object],
        go_on: Callable[[], object],
    ) -> None:
        """``place``: which of how many, from 1."""
        self.review = review
        self._choices, self._decide = choices_of(review), decide
        self.rows = [ConfirmRow(choice.words, str(key)) for key, choice in enumerate(self._choices, start=1)]
        self.table = ComparisonTable()
        self.fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self.fault.hide()
        number, count = place
        following = [ActionButton("下一条", "F11", "next")] if count > 1 else []
        button = ActionButton("按选的办", "Enter", "done", ButtonKind.PRIMARY)
        of_several = f" {number}/{count}" if count > 1 else ""
        super().__init__(
            over, f"待核对{of_several}：{_asked(review)}", self._body(), [button, *following], 980
        )
        for line in self.rows:
            line.bind(self)
        let_one_stand(self.rows)
        button.clicked.connect(self._decided)
        for one in following:
            one.clicked.connect(lambda: go_on())
        self.closed.connect(self.deleteLater)

    def show_fault(self, sentence: str) -> None:
        """Say why nothing was decided."""
        self.fault.show_text(sentence)
        self.fault.show()
        self.fit()

    def _decided(self) -> None:
        picked = [choice for choice, line in zip(self._choices, self.rows, strict=True) if line.isChecked()]
        if picked:
            self._decide(picked[0])
        else:
            self.show_fault("还没有选：请按数字键选一项，再按 Enter。")

    def _body(self) -> QWidget:
        review = self.review
        told = f"{review.told_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        self.table.show_rows("本机现在", f"另一份（{told}）", compared(review.here, review.there), "比较")
        self.table.setFixedHeight(_TABLE)
        why = Text(_why(review), wrap=True)
        choices = row(*self.rows)
        after = Text("核对结果会记下是谁定的，随同步传到别的接种点，不用再核对一次。", colour=LIGHT.muted)
        return box(column(why, self.table, choices, self.fault, after, gap=8))


def compared(here: Patient, there: Patient) -> list[Compared]:
    """Return both records row by row."""
    rows = (
        ("姓名", here.name, there.name),
        ("性别", SEXES[here.sex], SEXES[there.sex]),
        ("出生日期", str(here.birth_on), str(there.birth_on)),
        ("证件", _document(here), _document(there)),
        ("电话", here.phone, there.phone),
        ("住址", here.address, there.address),
    )
    return [
        Compared(label, one, other, "相同" if one == other else "不同", one == other)
        for label, one, other in rows
    ]


def _document(patient: Patient) -> str:
    return f"{DOCUMENT_NAMES[DocumentType(patient.document_type)]} {patient.document_number}"


def _asked(review: Review) -> str:
    if isinstance(review, FieldReview):
        return f"{FIELDS[review.field]}在两处改得不一样"
    return "同一个证件，两份档案" if review.reason is PairReason.DOCUMENT else "可能是同一个人"


def _why(review: Review) -> str:
    if isinstance(review, FieldReview):
        return "两处都改了这份档案，彼此不知道。现在用的是后改的一份。请对照证件，选对的一个。"
    if review.reason is PairReason.DOCUMENT:
        return "别的接种点传来的档案写着同一个证件。请核对证件；是两个人的，再把写错的号码更正。"
    return (
        "别的接种点传来一份档案，姓名、性别、出生日期都相同，证件不同。是同一个人，两处的接种记录会合在一起。"
    )
