"""The controls of the registration form: which field takes words, which a code, which is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.ui.registration import choices
from app.ui.registration.day_edit import DayEdit


class Choice(QComboBox):
    """A list of recorded values shown in Chinese; values not in the list are kept as they are."""

    def __init__(self, pairs: choices.Choices, *, editable: bool = False) -> None:
        super().__init__()
        self.setMaxVisibleItems(9)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setEditable(editable)
        for value, words in pairs:
            self.addItem(words, value)

    @property
    def value(self) -> str:
        """Return what is to be recorded."""
        if self.isEditable() and self.currentText() != self.itemText(self.currentIndex()):
            return self.currentText().strip()
        return str(self.currentData() or "")

    def show_value(self, value: str) -> None:
        """Select a recorded value, adding it where it is not in the list."""
        place = self.findData(value)
        if place < 0:
            self.addItem(value, value)
            place = self.count() - 1
        self.setCurrentIndex(place)


def named(words: Sequence[str], *, first: str = "") -> choices.Choices:
    """Return choices whose recorded value is the word itself; ``first`` stands for nothing chosen."""
    return (*((("", first),) if first else ()), *((word, word) for word in words))


@dataclass(frozen=True)
class FieldSpec:
    """One field: its id, its label, whether it is mandatory, where it stands, what helps with it."""

    field_id: str
    label: str
    place: tuple[int, int]
    required: bool = False
    span: int = 1
    hint: str = ""


SPECS = (
    FieldSpec("document_type", "证件类型", (0, 0), required=True),
    FieldSpec("document_number", "证件号码", (0, 1), required=True),
    FieldSpec("name", "姓名", (0, 2), required=True),
    FieldSpec("sex", "性别", (0, 3), required=True),
    FieldSpec("birth_on", "出生日期", (1, 0), required=True),
    FieldSpec("phone", "联系电话", (1, 1), required=True),
    FieldSpec("population_group", "人群分类（名录未核实）", (1, 2), required=True),
    FieldSpec("booklet", "预防接种证", (1, 3)),
    FieldSpec("guardian_name", "监护人姓名", (2, 0), required=True),
    FieldSpec("guardian_relation", "监护人关系", (2, 1), required=True),
    FieldSpec("guardian_phone", "监护人电话", (2, 2), required=True),
    FieldSpec("proxy_name", "代办人姓名", (2, 0)),
    FieldSpec("proxy_relation", "代办人关系", (2, 1)),
    FieldSpec("proxy_phone", "代办人电话", (2, 2)),
    FieldSpec("residence", "居住情况", (2, 3)),
    FieldSpec("address", "现住址（到村、组、门牌）", (3, 0), required=True, span=2),
    FieldSpec("region_code", "现住地区划代码", (3, 2)),
    FieldSpec("nationality", "国籍", (3, 3), required=True),
    FieldSpec("household_address", "户籍地址", (4, 0), span=2),
    FieldSpec("workplace", "工作单位、学校", (4, 2)),
    FieldSpec("ethnic_group", "民族", (4, 3)),
)
"""Every field of domain.md §5.5, in the order of the Tab key."""

GUARDIAN = ("guardian_name", "guardian_relation", "guardian_phone")
PROXY = ("proxy_name", "proxy_relation", "proxy_phone")


def make_controls() -> dict[str, QWidget]:
    """Return a fresh control for each field: words take the input method, codes do not."""
    codes = ("document_number", "phone", "guardian_phone", "proxy_phone", "region_code")
    words = ("name", "guardian_name", "proxy_name", "address", "household_address", "workplace")
    chosen: dict[str, QWidget] = {
        "document_type": Choice(choices.DOCUMENT_TYPES),
        "sex": Choice(choices.SEX_CHOICES),
        "population_group": Choice(named(choices.POPULATION_GROUPS, first="请选择")),
        "booklet": Choice(choices.BOOKLETS),
        "guardian_relation": Choice(named(choices.RELATIONS, first="请选择")),
        "proxy_relation": Choice(named(choices.PROXY_RELATIONS, first="无")),
        "residence": Choice(choices.RESIDENCE_CHOICES),
        "nationality": Choice(choices.NATIONALITIES, editable=True),
        "ethnic_group": Choice(choices.ETHNIC_GROUPS),
    }
    typed = {field: CodeLineEdit() for field in codes} | {field: QLineEdit() for field in words}
    return chosen | typed | {"birth_on": DayEdit()}
