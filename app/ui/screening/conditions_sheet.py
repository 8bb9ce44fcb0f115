"""Special conditions of a person: what has been stated, and the lines to state or correct one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.conditions import LONGEST_NOTE, Condition, ConditionForm
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage.conditions import statements_of
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT
from app.ui.registration.day_edit import DayEdit
from app.ui.texts import sentence_of
from app.ui.texts.conditions import effects_words, statement_words
from app.workflows.conditions import amend_condition, record_condition
from app.workflows.forecast import forecast_of, vocabulary

MOST_STANDING, MOST_FORMER = 6, 4


class ConditionsSheet(Sheet):
    """Alt+digit takes up a statement to correct it, Enter records, F12 takes the one taken up back."""

    def __init__(self, over: QWidget, bench: Bench, patient: Patient, done: Callable[[str], object]) -> None:
        """``done`` hears what was recorded, in words."""
        self._bench, self._patient, self._done = bench, patient, done
        statements = statements_of(bench.read(), patient.patient_id)
        self.standing = [one for one in statements if one.stands][-MOST_STANDING:]
        former = [one for one in statements if not one.stands][-MOST_FORMER:]
        self.rows = [
            ConfirmRow(statement_words(one), f"Alt+{number}") for number, one in enumerate(self.standing, 1)
        ]
        let_one_stand(self.rows)
        self.code, self.since, self.until = QComboBox(), DayEdit(), DayEdit()
        self.note, self.reason = QLineEdit(), QLineEdit()
        for line in (self.note, self.reason):
            line.setMaxLength(LONGEST_NOTE)
        self.code.addItem("请选择", "")
        for code, title in vocabulary().items():
            self.code.addItem(title, code)
        self.said = ""
        """What was refused, in words."""
        self._fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self._fault.hide()
        record = ActionButton("记录", "Enter", "done", ButtonKind.PRIMARY)
        self.take_back = ActionButton("撤销这一条", "F12", "failed")
        title = f"特殊情况：{patient.name}"
        super().__init__(over, title, self._body(former), [record, self.take_back], width=1040)
        for row in self.rows:
            row.bind(self)
            row.toggled.connect(self._taken_up)
        record.clicked.connect(self._record)
        self.take_back.clicked.connect(self._take_back)
        self.closed.connect(self.deleteLater)
        self._taken_up()

    def ask(self) -> None:
        """Open it at the choice of the condition."""
        self.open_sheet(self.code)

    @property
    def picked(self) -> Condition | None:
        """Return the statement that is being corrected, or None."""
        pairs = zip(self.standing, self.rows, strict=True)
        return next((one for one, row in pairs if row.isChecked()), None)

    def _taken_up(self) -> None:
        picked = self.picked
        self.take_back.setEnabled(picked is not None)
        self.why.setVisible(picked is not None)
        if picked is not None:
            self.code.setCurrentIndex(max(0, self.code.findData(picked.code)))
            self.since.show_day(picked.since)
            self.until.show_day(picked.until)
            self.note.setText(picked.note)
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        self.fit()

    def _record(self) -> None:
        wrong = {
            name: "不是日期，请写 8 位数字"
            for name, edit in (("since", self.since), ("until", self.until))
            if edit.text().strip() and edit.day is None
        }
        self.form.show_errors(wrong)
        if wrong:
            return
        form = ConditionForm(
            str(self.code.currentData()), self.since.day, self.until.day, self.note.text().strip()
        )
        picked, patient_id = self.picked, self._patient.patient_id
        said = f"已记录特殊情况：{self._patient.name} {self.code.currentText()}"
        if picked is None:
            self._bench.submit_or(
                self, lambda _: self._finish(said), self._refused, record_condition, patient_id, form
            )
        else:
            self._amend(picked, form, said)

    def _take_back(self) -> None:
        picked = self.picked
        if picked is not None:
            self._amend(picked, None, f"已撤销特殊情况：{self._patient.name} {picked.title}")

    def _amend(self, picked: Condition, form: ConditionForm | None, said: str) -> None:
        self._bench.submit_or(
            self,
            lambda _: self._finish(said),
            self._refused,
            amend_condition,
            self._patient.patient_id,
            picked.condition_id,
            form,
            self.reason.text(),
        )

    def _finish(self, said: str) -> None:
        self.close_sheet()
        self._done(said)

    def _refused(self, refusal: Refusal) -> None:
        said = sentence_of(refusal)
        self.said = f"{said.happened}{said.todo}"
        self._fault.show_text(self.said)
        self._fault.show()
        self.fit()

    def _body(self, former: Sequence[Condition]) -> QWidget:
        self.form = Form(columns=3)
        self.form.add_field("code", "是什么情况", self.code, required=True)
        self.form.add_field("since", "从哪天起（不知道可不填）", self.since)
        self.form.add_field("until", "到哪天为止（仍是这样就不填）", self.until)
        words = Form()
        words.add_field("note", "备注（患过什么病、对什么过敏、依据）", self.note)
        self.why = words.add_field("reason", "更正或撤销的原因", self.reason, required=True)
        db, today = self._bench.read(), self._bench.desk.today()
        forecast = forecast_of(db, self._patient, today)
        effects = effects_words(forecast.conditions, forecast.rules)
        caption = f"只记录医生确认的情况，种不种由医生决定。{effects}"
        told = Text(caption, CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        before = [
            Text(f"已被更正或撤销：{statement_words(one)}", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
            for one in former
        ]
        return box(column(told, *self.rows, *before, self.form, words, self._fault, gap=10))
