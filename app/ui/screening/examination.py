"""One person in front of the doctor: the questions one by one, then the decision and what it needs."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from app.documents.form_texts import QuestionForm
from app.domain.catalogue import Product
from app.domain.people import Patient, age_on, is_minor
from app.domain.screening import QUESTION_IDS, Answer, Decision, ScreeningForm
from app.domain.signature import Drawn
from app.domain.visit import Encounter
from app.ui.kit import decision_bar
from app.ui.kit.card import Card
from app.ui.kit.decision_bar import DecisionBar
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import box, column, row
from app.ui.kit.question_panel import BigAnswer, QuestionPanel
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.spans import facts
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, Tone
from app.ui.screening.decision_panel import DecisionPanel, Proposed, Together
from app.ui.screening.draft import Draft
from app.ui.screening.question_list import GIVEN, QuestionList, shown_answer
from app.ui.screening.signatures import Signatures
from app.ui.texts.registration import document_words
from app.ui.texts.screening import numbers_words, plans_words
from app.ui.texts.words import DECISIONS, SEXES, age_words, guardian_words
from app.workflows.registration import is_worth_telling

RIGHT_WIDTH = 432
_WAYS = (
    decision_bar.Decision(Decision.PROCEED, DECISIONS[Decision.PROCEED], "选疫苗，去告知", "Alt+1", "done"),
    decision_bar.Decision(Decision.DEFER, DECISIONS[Decision.DEFER], "写原因和复诊日", "Alt+2", "clock"),
    decision_bar.Decision(Decision.DO_NOT, DECISIONS[Decision.DO_NOT], "写医学建议", "Alt+3", "forbidden"),
)


@dataclass(frozen=True)
class Case:
    """Who is being screened, and what is known beforehand."""

    encounter: Encounter
    patient: Patient
    products: tuple[Product, ...]
    proposed: Proposed
    """Gives what the schedule says of a product."""
    together: Together
    """Says what may go with a product, or with nothing picked, today."""
    today: date
    doctor: str
    returned_because: str = ""
    conditions: str = ""
    """Which special conditions hold today, in words."""


class Examination(QWidget):
    """Owns no record: it fills the draft it is given and says when the doctor wants it recorded."""

    stepped = Signal()
    """Something was answered, typed or chosen: the banner has another step to name."""
    recorded = Signal()
    """Enter on a complete decision."""
    left = Signal()
    """Esc on the questions: back to those waiting, the draft is kept."""
    print_asked = Signal()
    sign_asked = Signal()
    """The recipient wants to sign on the screen."""
    doctor_asked = Signal()
    """The doctor wants to."""

    def __init__(self, form: QuestionForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self._texts = {text.question_id: text for text in form.questions}
        self.case: Case | None = None
        self.draft = Draft()
        self.current_id = QUESTION_IDS[0]
        self.person, self.questions, self.panel = FactCard(), QuestionList(), QuestionPanel()
        self.note = QLineEdit()
        self.decision, self.signatures = DecisionPanel(), Signatures()
        self.bar = DecisionBar(self.tr("医生结论"), _WAYS)
        self._left, self._right = QStackedWidget(), QStackedWidget()
        self._compose()
        self._connect()

    @property
    def is_deciding(self) -> bool:
        """Return whether a decision has been chosen and is being filled."""
        return self._left.currentWidget() is self.decision

    def open_case(self, case: Case, draft: Draft) -> None:
        """Show a person at the first question without an answer."""
        self.case, self.draft = case, draft
        self._show_person(case)
        self.questions.show_questions(self._form.questions, draft)
        age = age_on(case.patient.birth_on, case.today)
        self.decision.show_plan_choices(case.products, age, draft, case.proposed, case.together)
        self._ask((draft.unanswered() or [QUESTION_IDS[0]])[0])

    def back(self) -> None:
        """Esc: from the decision to the questions, from the questions to those waiting."""
        if self.is_deciding:
            self._show_questions()
        else:
            self.left.emit()

    def missing(self) -> str:
        """Return in a few words what the questions still lack, empty when they are complete."""
        if unanswered := self.draft.unanswered():
            return self.tr("再答 {n} 问后可选").format(n=len(unanswered))
        if bare := self.draft.without_note():
            return self.tr("{which}要备注").format(which=numbers_words(bare))
        return ""

    def not_ready(self) -> str:
        """Return in a few words what recording still lacks; the workflow judges the rest."""
        draft = self.draft
        if draft.decision is Decision.PROCEED and not draft.plans():
            return self.tr("还没有选疫苗")
        if draft.decision is Decision.PROCEED and self.decision.wants_consideration():
            return self.tr("还没有写仍建议接种的理由")
        if draft.decision is not Decision.PROCEED and not draft.reason.strip():
            return self.tr("还没有写原因")
        if draft.decision is Decision.DEFER and draft.review_on is None:
            return self.tr("还没有选复诊日期")
        if draft.decision is Decision.DO_NOT and not draft.advice.strip():
            return self.tr("还没有写医学建议")
        if draft.doctor_lost:
            return self.tr("签名后改了内容，医生签名已撤下，请按 Alt+4 重签")
        if not draft.doctor_signed and draft.doctor_drawn is None:
            return self.tr("等医生签字，签好按 F11，或按 Alt+4")
        if draft.lost:
            return self.tr("签名后改了内容，签名已撤下，请按 F9 重签")
        if not draft.recipient_signed and draft.drawn is None:
            return self.tr("等受种者或监护人签字，签好按 F12")
        return "" if draft.signer.strip() else self.tr("请填写签字人")

    def words_to_record(self) -> str:
        """Return what the large button will record."""
        draft = self.draft
        if draft.decision is None:
            return self.tr("记录")
        words = DECISIONS[draft.decision]
        plans = self.decision.plans()
        if draft.decision is Decision.PROCEED and len(plans) > 1:
            return self.tr("记录：今天种 {n} 种").format(n=len(plans))
        if draft.decision is Decision.PROCEED and plans:
            return self.tr("记录：{plan}").format(plan=plans_words(plans))
        if draft.decision is Decision.DEFER and draft.review_on is not None:
            return self.tr("记录：推迟到 {day}").format(day=draft.review_on)
        return self.tr("记录：{words}").format(words=words)

    # --- questions ---

    def answer(self, answer: Answer | None) -> None:
        """Answer the current question; 否 goes on at once, 是 asks for its note."""
        self.draft.give(self.current_id, answer)
        if answer is Answer.YES:
            self._show_current()
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        elif answer is Answer.NO:
            self.go_on()
        else:
            self._show_current()

    def go_on(self) -> None:
        """Enter: the next question without an answer, or without its note; then the decision."""
        waiting = set(self.draft.unanswered()) | set(self.draft.without_note())
        after = [q for q in QUESTION_IDS if q in waiting and int(q) > int(self.current_id)]
        before = [q for q in QUESTION_IDS if q in waiting]
        self._ask((after or before or [self.current_id])[0])

    def _ask(self, question_id: str) -> None:
        self.current_id = question_id
        self._show_questions()
        if question_id in self.draft.without_note():
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_questions(self) -> None:
        self._left.setCurrentWidget(self.questions)
        self._right.setCurrentIndex(0)
        self.bar.show_chosen("")
        self.draft.decision = None
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_current()

    def _show_current(self) -> None:
        text = self._texts[self.current_id]
        answer = self.draft.answer_of(self.current_id)
        caption = self.tr("第 {n} 问").format(n=self.current_id)
        if answer is Answer.NOT_APPLICABLE:
            caption = self.tr("第 {n} 问·不适用，本表不问此人").format(n=self.current_id)
        self.panel.show_question(caption, text.text, shown_answer(answer))
        self.note.blockSignals(True)
        self.note.setText(self.draft.notes.get(self.current_id, ""))
        self.note.blockSignals(False)
        must = answer is Answer.YES
        self._note_card.set_tone(Tone.WARNING if must else None, outlined=must)
        words = self.tr("备注（选了“是”，必填）") if must else self.tr("备注（选“是”必填）")
        self._note_label.show_text(words, LIGHT.warning if must else LIGHT.muted)
        self._show_progress()

    def _show_progress(self) -> None:
        self.questions.show_draft(self.draft, self.current_id)
        missing = self.missing()
        self.bar.show_missing(missing)
        self._show_signatures()
        self.stepped.emit()

    # --- decision ---

    def _decide(self, decision_id: str) -> None:
        case = self.case
        assert case is not None, "the bar is shown with a case"
        self.draft.decision = Decision(decision_id)
        self._left.setCurrentWidget(self.decision)
        self._right.setCurrentIndex(1)
        self.bar.show_chosen(decision_id)
        self.decision.show_decision(self.draft, case.today)
        self._show_signatures()
        self.stepped.emit()

    def _draft_changed(self) -> None:
        self._show_signatures()
        self.stepped.emit()

    def _show_signatures(self) -> None:
        draft, case = self.draft, self.case
        if case is None:
            return
        draft.drop_if_changed()
        self.signatures.show_draft(draft, self.words_to_record(), self.not_ready())
        doctor, recipient = self.bar.signatures
        by_doctor = draft.doctor_signed or draft.doctor_drawn is not None
        doctor.show_signature(case.doctor, _signed_words(by_doctor), signed=by_doctor)
        who, signed = draft.relation or self.tr("受种者"), draft.recipient_signed or draft.drawn is not None
        words = self.tr("改过，要重签") if draft.lost else _signed_words(signed)
        recipient.show_signature(who, words, signed=signed)

    def take_signature(self, draft: Draft, form: ScreeningForm, drawn: Drawn) -> None:
        """Keep what the recipient drew under a draft."""
        draft.take_signature(form, drawn)
        self._draft_changed()

    def take_doctors(self, draft: Draft, form: ScreeningForm, drawn: Drawn) -> None:
        """Keep what the doctor drew under a draft."""
        draft.take_doctors(form, drawn)
        self._draft_changed()

    # --- keys ---

    def _digit(self, number: int) -> None:
        if self.is_deciding:
            if self.draft.decision is Decision.PROCEED:
                self.decision.products.pick_number(number)
        elif number <= 3:
            self.answer({1: Answer.YES, 2: Answer.NO}.get(number))

    def _enter(self) -> None:
        if not self.is_deciding:
            self.go_on()
        elif self.signatures.record.isEnabled():
            self.recorded.emit()

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Let Tab go to and fro between a question and its note: elsewhere 1 and 2 would do nothing."""
        if self.is_deciding:
            return super().focusNextPrevChild(forwards)
        (self.panel if self.note.hasFocus() else self.note).setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the question above or below."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or self.is_deciding:
            super().keyPressEvent(event)
            return
        place = QUESTION_IDS.index(self.current_id) + step
        self.current_id = QUESTION_IDS[max(0, min(len(QUESTION_IDS) - 1, place))]
        self._show_questions()

    # --- parts ---

    def _show_person(self, case: Case) -> None:
        patient, encounter = case.patient, case.encounter
        age = age_words(age_on(patient.birth_on, case.today))
        caption = self.tr("号票 {ticket}·{document}").format(
            ticket=encounter.ticket_number, document=document_words(patient)
        )
        third = guardian_words(patient.guardian) or self.tr("出生 {day}").format(day=patient.birth_on)
        if case.returned_because:
            third = self.tr("接种台退回：{why}").format(why=case.returned_because)
        self.person.show_facts(
            caption, facts(patient.name, f"{SEXES[patient.sex]}·{age}"), case.conditions, third
        )
        warm = encounter.temperature or ""
        high = is_worth_telling(warm)
        if case.returned_because:
            self.person.show_chip(self.tr("接种台退回"), Tone.WARNING)
        elif warm:
            self.person.show_chip(f"{warm} ℃", Tone.WARNING if high else Tone.SUCCESS, "thermometer")
        else:
            minor = is_minor(patient.birth_on, case.today)
            self.person.show_chip(self.tr("未成年，问监护人") if minor else "", Tone.INFO, "family")

    def _compose(self) -> None:
        self._note_label = Text("", CAPTION_TEXT, bold=True, colour=LIGHT.muted)
        self.note.setAccessibleName(self.tr("备注"))
        under = Text(self.tr("“是”不等于不能接种；特殊情况按 Alt+0 记。"), CAPTION_TEXT, colour=LIGHT.muted)
        self._note_card = Card(column(self._note_label, self.note, under, gap=4, margins=(16, 8, 16, 8)))
        self.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panel.setAccessibleName(self.tr("正在问的问题"))
        for big in self.panel.findChildren(BigAnswer):
            big.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panel.show_hints([("Enter", "下一未答"), ("3", "改回未问"), ("Tab", "写备注")])
        asking = column(self.panel, self._note_card)
        asking.setStretch(0, 1)
        self._right.addWidget(box(asking))
        self._right.addWidget(self.signatures)
        self._left.addWidget(self.questions)
        self._left.addWidget(self.decision)
        side = box(column(self.person, self._right))
        side.setFixedWidth(RIGHT_WIDTH)
        middle = row(self._left, side)
        middle.setStretch(0, 1)
        lines = column(middle, self.bar)
        lines.setStretch(0, 1)
        self.setLayout(lines)
        QWidget.setTabOrder(self.panel, self.note)

    def _connect(self) -> None:
        self.questions.asked.connect(self._ask)
        self.questions.answered.connect(self._answered)
        self.panel.answered.connect(lambda answer: self.answer(GIVEN.get(answer)))
        self.note.textChanged.connect(self._noted)
        self.bar.chosen.connect(self._decide)
        self.decision.changed.connect(self._draft_changed)
        self.signatures.changed.connect(self._draft_changed)
        self.signatures.recorded.connect(self._enter)
        self.signatures.print_asked.connect(self.print_asked)
        self.signatures.sign_asked.connect(self.sign_asked)
        self.signatures.doctor_asked.connect(self.doctor_asked)
        for part in (self.bar, self.decision, self.signatures):
            part.bind(self)
        for digit in range(1, 10):
            bind_key(self, str(digit), partial(self._digit, digit))
        bind_key(self, "Enter", self._enter)
        bind_key(self, "Esc", self.back)

    def _answered(self, question_id: str, answer: Answer) -> None:
        self.current_id = question_id
        self.answer(answer)

    def _noted(self, text: str) -> None:
        self.draft.notes[self.current_id] = text
        self._show_progress()


def _signed_words(signed: bool) -> str:
    return "已签" if signed else "未签"
