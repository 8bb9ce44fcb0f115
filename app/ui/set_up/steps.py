"""The steps of a first start: what each asks, with one field below the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtWidgets import QLineEdit, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.ui.kit.form import Form
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, FACT_TEXT, LIGHT

ADDRESS, CODE, PROXY, NAME, PHONE, MANAGER, PASSWORD, AGAIN = (
    "address", "code", "proxy", "name", "phone", "manager", "password", "again",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One field: its label and what helps with it; a code takes no input method, a secret shows dots."""

    field_id: str
    label: str
    hint: str = ""
    is_code: bool = False
    is_secret: bool = False
    is_asked_for: bool = False
    """Shown only once somebody asks for it, and never required."""


@dataclass(frozen=True)
class Step:
    """One step: its short name, the sentence over it, its fields and what Enter does at their end."""

    title: str
    sentence: str
    asks: Sequence[Asked] = field(default_factory=tuple)
    action: str = "下一步"


STEPS = (
    Step(
        "中心",
        "请扫登记码，或输入中心的地址和登记码",
        (
            Asked(ADDRESS, "中心的地址", "信息员给的，以 https:// 开头", is_code=True),
            Asked(CODE, "登记码", "一次有效；大小写、空格和横线都不用管", is_code=True),
            Asked(PROXY, "代理服务器", "如 http://10.0.0.1:3128", is_code=True, is_asked_for=True),
        ),
    ),
    Step(
        "接种点",
        "中心认得这台电脑了",
        (
            Asked(NAME, "接种点名称", "照接种单位的牌子写，凭证上就这样印"),
            Asked(PHONE, "咨询电话", "印在凭证和留观票上", is_code=True),
        ),
    ),
    Step(
        "负责人",
        "请建第一个账号：负责人",
        (
            Asked(MANAGER, "姓名"),
            Asked(PASSWORD, "密码", "至少 8 位，大写、小写、数字、符号至少三种", is_secret=True),
            Asked(AGAIN, "再输一遍密码", is_secret=True),
        ),
        "建好接种点",
    ),
    Step("完成", "接种点已建好，可以登录了", action="去登录"),
)


class StepForm(QWidget):
    """The fields of one step."""

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self.lead = Text(step.sentence, FACT_TEXT, bold=True, wrap=True)
        self.told = Text("", BODY_TEXT, colour=LIGHT.muted, wrap=True)
        self.told.hide()
        self.edits: dict[str, QLineEdit] = {}
        form = Form(1)
        for asked in step.asks:
            edit = CodeLineEdit() if asked.is_code else QLineEdit()
            if asked.is_secret:
                edit.setEchoMode(QLineEdit.EchoMode.Password)
            must = not asked.is_asked_for
            field = form.add_field(asked.field_id, asked.label, edit, required=must, hint=asked.hint)
            field.setVisible(must)
            self.edits[asked.field_id] = edit
        self._form = form
        self.setLayout(column(self.lead, self.told, 8, form, None))

    def tell(self, words: str) -> None:
        """Say something under the sentence of the step."""
        self.told.show_text(words)
        self.told.setVisible(bool(words))

    def text(self, field_id: str) -> str:
        """Return what stands in a field."""
        return self.edits[field_id].text()

    def show_asked_for(self, field_id: str) -> None:
        """Show a field that is there only for whoever needs it."""
        self._form.field(field_id).setVisible(True)

    def first_empty(self) -> QLineEdit | None:
        """Return the first field that wants something, None when each has it."""
        wanted = [self.edits[asked.field_id] for asked in self.step.asks if not asked.is_asked_for]
        return next((edit for edit in wanted if not edit.text().strip()), None)


class StepList(QWidget):
    """The steps at the left: done, under way, to come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks = [IconMark("waiting", LIGHT.muted, 24) for _ in STEPS]
        self._names = [Text(f"{place}  {step.title}", BODY_TEXT) for place, step in enumerate(STEPS, 1)]
        lines = [row(mark, 8, name, None) for mark, name in zip(self._marks, self._names, strict=True)]
        self.setLayout(column(*lines, None, gap=18))

    def show_step(self, current: int) -> None:
        """Show how far it has come."""
        finished = current == len(STEPS) - 1
        for place, (mark, name) in enumerate(zip(self._marks, self._names, strict=True)):
            icon, colour = (
                ("done", LIGHT.success) if place < current or finished
                else ("current", LIGHT.primary) if place == current
                else ("waiting", LIGHT.muted)
            )  # fmt: skip
            mark.show_icon(icon, colour)
            name.set_colour(LIGHT.ink if place <= current else LIGHT.muted)
