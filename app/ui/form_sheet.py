"""A sheet with a few labelled lines and one thing to do with them."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece, box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts import sentence_of


class FormSheet(Sheet):
    """``done`` is called by Enter; while it is under way nothing can be pressed twice."""

    def __init__(
        self,
        over: QWidget,
        title: str,
        form: Form,
        button: ActionButton,
        *,
        above: Sequence[Piece] = (),
        below: Sequence[Piece] = (),
        more: Sequence[ActionButton] = (),
        note: str = "",
        width: int = 640,
    ) -> None:
        self.form, self.button = form, button
        self.fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self.fault.hide()
        notes = [Text(note, colour=LIGHT.muted, wrap=True)] if note else []
        body = box(column(*notes, *above, form, *below, self.fault, gap=12))
        super().__init__(over, title, body, [button, *more], width=width)
        self.closed.connect(self.deleteLater)

    def show_fault(self, sentence: str) -> None:
        """Say why nothing was done; the sheet stays as it is."""
        self.button.setEnabled(True)
        self.fault.show_text(sentence)
        self.fault.setVisible(bool(sentence))
        self.fit()
        if sentence:
            self.show_part(self.fault)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why nothing was done, in the words of the refusal."""
        said = sentence_of(refusal)
        self.show_fault(f"{said.happened}{said.safe}{said.todo}")

    def show_busy(self) -> None:
        """Nothing can be pressed until the answer is there."""
        self.button.setEnabled(False)
        self.fault.hide()


def save_button(text: str, icon: str = "check") -> ActionButton:
    """Return the button that does what the sheet is for."""
    return ActionButton(text, "Enter", icon, ButtonKind.PRIMARY)


def secret_line() -> QLineEdit:
    """Return a line that hides what is typed."""
    line = QLineEdit()
    line.setEchoMode(QLineEdit.EchoMode.Password)
    return line


def typed_twice(
    over: QWidget,
    title: str,
    lines: Sequence[tuple[str, str]],
    note: str,
    taken: Callable[[list[str]], object],
) -> FormSheet:
    """Return a sheet that asks for secrets; the last two lines must say the same.

    ``lines``: ids and labels; ``taken`` is called with what was typed in all lines but the last.
    """
    form = Form(columns=1)
    edits = {field_id: secret_line() for field_id, _ in lines}
    for field_id, label in lines:
        form.add_field(field_id, label, edits[field_id], required=True)
    button = save_button(over.tr("保存"))
    sheet = FormSheet(over, title, form, button, note=note)

    def submit() -> None:
        typed = [edit.text() for edit in edits.values()]
        if typed[-1] != typed[-2]:
            sheet.show_fault(over.tr("两遍输入的不一样，请再输一遍。"))
            return
        sheet.show_busy()
        taken(typed[:-1])

    button.clicked.connect(submit)
    return sheet
