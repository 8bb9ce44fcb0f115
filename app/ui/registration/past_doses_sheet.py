"""Copying a person's earlier doses from the booklet (补录), one after the other; taking a wrong one back."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.past_doses import LONGEST_WORDS, PastDoseForm
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage import immunizations
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT
from app.ui.registration.day_edit import DayEdit
from app.ui.texts import sentence_of
from app.ui.texts.past_doses import copied_words
from app.ui.texts.words import dose_words
from app.workflows.past_doses import (
    EVIDENCES,
    copied_doses,
    kinds_of_vaccines,
    record_past_dose,
    withdraw_past_dose,
)


class PastDosesSheet(Sheet):
    """Enter records a dose and waits for the next; a copied one that is chosen goes by F12."""

    def __init__(self, over: QWidget, bench: Bench, patient: Patient, done: Callable[[str], object]) -> None:
        """``done`` hears what was recorded or taken back, in words."""
        self._bench, self._patient, self._done = bench, patient, done
        self.vaccine, self.evidence, self.copied = QComboBox(), QComboBox(), QComboBox()
        self.vaccine.addItem("请选择", "")
        for code, title in kinds_of_vaccines().items():
            self.vaccine.addItem(title, code)
        for evidence, words in EVIDENCES.items():
            self.evidence.addItem(words, evidence)
        self.given_on, self.number = DayEdit(), CodeLineEdit()
        self.lot, self.where, self.reason = QLineEdit(), QLineEdit(), QLineEdit()
        self.number.setMaxLength(1)
        for line in (self.lot, self.where, self.reason):
            line.setMaxLength(LONGEST_WORDS)
        self.said = ""
        """What was recorded or refused last, in words."""
        self._told = Text("", bold=True, wrap=True)
        self._told.hide()
        record = ActionButton("记下这一剂", "Enter", "done", ButtonKind.PRIMARY)
        self.take_back = ActionButton("撤销选中的一剂", "F12", "failed")
        super().__init__(
            over, f"补录接种史：{patient.name}", self._body(), [record, self.take_back], width=1040
        )
        self.copied.currentIndexChanged.connect(self._taken_up)
        self.vaccine.currentIndexChanged.connect(self._count)
        record.clicked.connect(self._record)
        self.take_back.clicked.connect(self._take_back)
        self.closed.connect(self.deleteLater)
        self._list()

    def ask(self) -> None:
        """Open it at the choice of the vaccine."""
        self.open_sheet(self.vaccine)

    def _list(self) -> None:
        """Name every copied dose that counts, for whoever has to take one back."""
        doses = copied_doses(self._bench.read(), self._patient.patient_id)
        self.copied.clear()
        self.copied.addItem(f"共 {len(doses)} 剂" if doses else "没有", "")
        for dose in doses:
            self.copied.addItem(copied_words(dose), dose["immunization_id"])
        self._taken_up()

    def _taken_up(self) -> None:
        picked = bool(self.copied.currentData())
        self.take_back.setEnabled(picked)
        self.why.setVisible(picked)
        self.fit()

    def _count(self) -> None:
        """Propose the number behind the doses of this kind that are known."""
        code = self.vaccine.currentData()
        known = immunizations.history_of(self._bench.read(), self._patient.patient_id)
        self.number.setText(str(1 + sum(dose["vaccine_code"] == code for dose in known)) if code else "")

    def _record(self) -> None:
        number = self.number.text().strip()
        form = PastDoseForm(
            str(self.vaccine.currentData()), self.given_on.day,
            int(number) if number.isascii() and number.isdigit() else None, self.evidence.currentData(),
            self.lot.text(), self.where.text(),
        )  # fmt: skip
        said = f"{self.vaccine.currentText()} {dose_words(form.dose_number or 0)} {form.given_on}"
        self._bench.submit_or(
            self, lambda _: self._recorded(said), self._refused, record_past_dose, self._patient.patient_id,
            form,
        )  # fmt: skip

    def _recorded(self, said: str) -> None:
        self._done(f"已补录：{said}")
        self._tell(f"已补录 {said}。请接着抄下一剂；抄完按 Esc。", LIGHT.success)
        self._count()
        self._list()
        self.given_on.show_day(None)
        self.lot.clear()
        self.given_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_back(self) -> None:
        picked = self.copied.currentData()
        if picked:
            said = f"已撤销补录：{self.copied.currentText()}"
            self._bench.submit_or(
                self, lambda _: self._taken_back(said), self._refused, withdraw_past_dose,
                self._patient.patient_id, picked, self.reason.text(),
            )  # fmt: skip

    def _taken_back(self, said: str) -> None:
        self.close_sheet()
        self._done(said)

    def _refused(self, refusal: Refusal) -> None:
        said = sentence_of(refusal)
        self._tell(f"{said.happened}{said.todo}", LIGHT.danger)

    def _tell(self, said: str, colour: str) -> None:
        self.said = said
        self._told.show_text(said, colour)
        self._told.show()
        self.fit()

    def _body(self) -> QWidget:
        self.form = Form(columns=3)
        self.form.add_field("vaccine", "疫苗", self.vaccine, required=True)
        self.form.add_field("given_on", "接种日期", self.given_on, required=True)
        self.form.add_field("number", "第几剂", self.number, required=True)
        self.form.add_field("lot", "批号（没有可不填）", self.lot)
        self.form.add_field("where", "接种单位（没有可不填）", self.where)
        self.form.add_field("evidence", "依据", self.evidence, required=True)
        words = Form()
        words.add_field("copied", "已补录的（抄错了才选，选了按 F12 撤销）", self.copied)
        self.why = words.add_field("reason", "撤销的原因", self.reason, required=True)
        caption = "照证上的抄，在外地种的也算；算不算有效由免疫程序判断。本站种的不在这里补。"
        told = Text(caption, CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        return box(column(told, self.form, self._told, words, gap=10))
