"""The two signatures under the form, who gave them, and the button that records the decision."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, PADDING, SECTION_TEXT, TARGET
from app.ui.screening.draft import Draft
from app.ui.screening.ink_line import InkLine


class Signatures(Card):
    """Paper is signed (纸质签署) and confirmed here; the recipient may sign on the screen instead."""

    changed = Signal()
    """The draft has changed."""
    recorded = Signal()
    """The large button: record the decision."""
    print_asked = Signal()
    sign_asked = Signal()
    """The recipient wants to sign on the screen."""
    doctor_asked = Signal()
    """The doctor wants to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._draft = Draft()
        self.print = ActionButton(self.tr("打印核查表"), "F10", "printer")
        self.doctor = ConfirmRow(self.tr("医生已在表上签字"), "F11")
        self.recipient = ConfirmRow(self.tr("受种者或监护人已签字"), "F12")
        self.doctor_ink, self.doctor_sign = (
            InkLine(self.tr("医生已签名")),
            ActionButton(self.tr("签名"), "Alt+4"),
        )
        self.ink, self.sign = InkLine(), ActionButton(self.tr("屏幕签名"), "F9")
        self.signer, self.relation = QLineEdit(), QLineEdit()
        self.signer.setPlaceholderText(self.tr("签字人姓名"))
        self.relation.setPlaceholderText(self.tr("关系"))
        self.signer.setAccessibleName(self.tr("签字人姓名"))
        self.relation.setAccessibleName(self.tr("签字人与受种者的关系"))
        self.relation.setFixedWidth(84)
        self._missing = Text("", 15, bold=True, colour=LIGHT.warning)
        self.record = ActionButton("", "Enter", "check", ButtonKind.PRIMARY, size=SECTION_TEXT)
        for line in (self.print, self.doctor, self.recipient, self.sign, self.doctor_sign):
            line.setFixedHeight(TARGET)
        head = row(Text(self.tr("签名"), SECTION_TEXT, bold=True), None, self.print)
        doctor = row(self.doctor, self.doctor_ink, self.doctor_sign)
        who = row(self.signer, self.relation, self.sign)
        who.setStretch(0, 1)
        lines = column(
            head, doctor, self.recipient, self.ink, who, None, self._missing, self.record,
            gap=6, margins=(PADDING, 8, PADDING, 10),
        )  # fmt: skip
        super().__init__(lines, parent=parent)
        self._connect()

    def bind(self, page: QWidget) -> None:
        """Let F9 to F12 and Alt+4 work on the page."""
        self.sign.bind(page)
        self.doctor_sign.bind(page)
        self.print.bind(page)
        self.doctor.bind(page)
        self.recipient.bind(page)

    def show_draft(self, draft: Draft, words: str, missing: str) -> None:
        """Show who signs, what will be recorded, and what is still missing."""
        self._draft = draft
        for button, on in ((self.doctor, draft.doctor_signed), (self.recipient, draft.recipient_signed)):
            button.blockSignals(True)
            button.setChecked(on)
            button.blockSignals(False)
        for edit, text in ((self.signer, draft.signer), (self.relation, draft.relation)):
            if edit.text() != text:
                edit.setText(text)
        self.recipient.setVisible(draft.drawn is None)
        self.ink.show_signature(draft.drawn, draft.signer)
        self.doctor.setVisible(draft.doctor_drawn is None)
        self.doctor_ink.show_signature(draft.doctor_drawn, self.tr("医生"))
        self._missing.show_text(missing)
        self.record.show_action(words)
        self.record.setEnabled(not missing)

    def _connect(self) -> None:
        self.print.clicked.connect(self.print_asked)
        self.record.clicked.connect(self.recorded)
        self.doctor.toggled.connect(self._doctor_on_paper)
        self.doctor_sign.clicked.connect(self.doctor_asked)
        self.recipient.toggled.connect(self._sign_on_paper)
        self.sign.clicked.connect(self.sign_asked)
        self.signer.textChanged.connect(lambda text: self._keep("signer", text))
        self.relation.textChanged.connect(lambda text: self._keep("relation", text))

    def _doctor_on_paper(self, on: bool) -> None:
        self._draft.sign_doctor_on_paper(signed=on)
        self.changed.emit()

    def _sign_on_paper(self, on: bool) -> None:
        self._draft.sign_on_paper(signed=on)
        self.changed.emit()

    def _keep(self, name: str, value: object) -> None:
        setattr(self._draft, name, value)
        self.changed.emit()
