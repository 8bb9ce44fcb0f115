"""A new record or a corrected one: the form, what is worth a second look, and saving."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.domain import identity, people
from app.domain.codes import CitizenNumber
from app.domain.identity import (
    CheckedDocument,
    DocumentType,
    check_document,
    compare_with_stated,
    type_of_number,
)
from app.domain.people import Patient, Sex, age_on
from app.domain.refusals import Refusal
from app.storage import patients
from app.storage.site import get_site
from app.storage.versions import versions_of
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.layouts import column, row
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import PADDING, SECTION_TEXT, Tone
from app.ui.registration.form_fields import GUARDIAN
from app.ui.registration.notice import Notice
from app.ui.registration.patient_form import BLANK, PatientForm
from app.ui.registration.versions_sheet import VersionsSheet
from app.ui.registration.why_line import WhyLine
from app.ui.texts import sentence_of
from app.ui.texts.codes_and_identity import WARNINGS
from app.ui.texts.registration import document_words
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import age_words
from app.workflows import registration
from app.workflows.desk import staff_name

_OF_NAME = (identity.NameMissing, identity.NameTooLong)
_OF_BIRTH = (registration.BirthDateDiffers, people.BirthDateInFuture)
_OF_NUMBER = (
    identity.NumberMissing,
    identity.WrongLength,
    identity.BadCharacter,
    identity.WrongCheckDigit,
    identity.ImpossibleBirthDate,
    identity.FutureBirthDate,
    identity.FirstGenerationNumber,
)
_SAME_NUMBER = (DocumentType.CITIZEN_CARD, DocumentType.HOUSEHOLD_BOOK)


class FormView(QWidget):
    """Keeps everything typed until it is saved or left; a refusal stands below the field it is about."""

    saved = Signal(str, bool)
    """The id of the person now on file, and whether the record is new."""
    left = Signal()
    """Esc: back to the search, nothing saved."""
    known_asked = Signal(str)
    """The id of a person on file whom the form is about to repeat."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._known_id = ""
        self._before: Patient | None = None
        self.form = PatientForm()
        self._title, self._who = Text("", SECTION_TEXT, bold=True), Chip()
        self._open_known = ActionButton(self.tr("打开已有档案"), "F12", "open")
        self.notice = Notice(self._open_known)
        self.save = ActionButton(self.tr("保存"), "Enter", "check", ButtonKind.PRIMARY, size=SECTION_TEXT)
        self.ask = ActionButton(self.tr("问中心"), "Alt+2", "search")
        self._back = ActionButton(self.tr("返回"), "Esc")
        self.versions = ActionButton(self.tr("变更记录"), "F10", "clock")
        self.why = WhyLine()
        self._compose()
        self._connect()

    @property
    def is_new(self) -> bool:
        """Return whether a new record is being made."""
        return self._before is None

    @property
    def patient_id(self) -> str:
        """Return whose record is being corrected, empty for a new one."""
        return self._before.patient_id if self._before else ""

    def begin_new(self, document: CheckedDocument | None = None) -> None:
        """Begin a new record, with what a document number tells if there is one."""
        today = self._bench.desk.today()
        self._begin(None, self.tr("新建档案"))
        self.form.show_patient(BLANK, new=True, region_code=self._region_code())
        if document is not None:
            self.form.show_document(document)
            self.form.show_booklet(people.is_minor(document.birth_on or today, today))
        self._look_again()
        first = "name" if document is not None else "document_number"
        self.form.control(first).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def document(self) -> tuple[str, str]:
        """Return the kind and number of the document as they stand in the form."""
        return self.form.value("document_type"), self.form.value("document_number")

    def take_found(self, number: str, name: str, sex: str, birth_on: str) -> None:
        """Take over what the centre knows of the person of a document."""
        self.form.show_number(number)
        self.form.show_person(name, sex, birth_on)
        self._look_again()
        self.form.control("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_amend(self, patient: Patient) -> None:
        """Begin to correct a record."""
        self._begin(patient, self.tr("改资料：{name}").format(name=patient.name))
        self.form.show_patient(patient)
        self._look_again()
        self.form.control("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def resume(self) -> None:
        """Come back to the form as it was left."""
        self.form.control("name").setFocus(Qt.FocusReason.OtherFocusReason)

    def take_number(self, code: CitizenNumber) -> None:
        """Take over a scanned number, or say whose it is."""
        kind = type_of_number(code.text)
        self.form.show_document(check_document(kind, code.text, today=self._bench.desk.today()))

    def take_text(self, number: str) -> None:
        """Take over the number of another document, or one that is not possible, to be looked at."""
        self.form.show_number(number)

    def try_to_save(self) -> None:
        """Save the record if it can be one; otherwise show what is missing."""
        if mistakes := self.form.mistakes(self._bench.desk.today()):
            self.form.show_errors(mistakes)
            return
        patient = self.form.read(self._bench.desk.today())
        if self.is_new:
            self._bench.submit_or(
                self, self._registered, self._refused, registration.register_patient, patient
            )
        else:
            self._bench.submit_or(
                self,
                lambda _: self._amended(),
                self._refused,
                registration.amend_patient,
                patient,
                self._before,
                self.why.reason(),
            )

    def _begin(self, before: Patient | None, title: str) -> None:
        self._before = before
        self.ask.setVisible(before is None and self._bench.open_line is not None)
        self._title.show_text(title)
        self.notice.clear()
        self.why.begin(shown=before is not None)
        self.versions.setVisible(before is not None)

    def _registered(self, patient: Patient) -> None:
        self._bench.announce(self.tr("已建档：{name}").format(name=patient.name))
        self.saved.emit(patient.patient_id, True)

    def _amended(self) -> None:
        before = self._before
        assert before is not None, "only a correction comes here"
        self._bench.announce(
            self.tr("已改资料：{name}").format(name=self.form.value("name")),
            lambda: self._bench.submit(
                self._bench, None, registration.amend_patient, before, None, self.tr("撤销刚才的更正")
            ),
        )
        self.saved.emit(before.patient_id, False)

    def _refused(self, refusal: Refusal) -> None:
        said = sentence_of(refusal)
        below = f"{said.happened}{said.todo}"
        if isinstance(refusal, people.FieldMissing):
            self.form.show_errors({field: self.form.missing_words(field) for field in refusal.fields})
        elif isinstance(refusal, people.GuardianMissing):
            empty = [field for field in GUARDIAN if not self.form.value(field)]
            self.form.show_errors({field: self.form.missing_words(field) for field in empty})
            self.notice.say(said)
        elif isinstance(refusal, registration.AmendReasonMissing):
            self.why.other.setFocus()  # leaving a field looks again, and takes the notice away
            self.notice.say(said)
        elif isinstance(refusal, people.AlreadyRegistered):
            self._offer(refusal.patient_id, said)
        elif isinstance(refusal, _OF_NAME):
            self.form.show_errors({"name": below})
        elif isinstance(refusal, _OF_BIRTH):
            self.form.show_errors({"birth_on": below})
        elif isinstance(refusal, _OF_NUMBER):
            self.form.show_errors({"document_number": below})
        else:
            self._bench.refuse(refusal)

    def _look_again(self) -> None:
        """Check the number as far as it is typed, and show what is worth a second look."""
        today = self._bench.desk.today()
        document = self._checked_number()
        birth_on, sex = self.form.birth_on, self.form.value("sex")
        self.form.show_age(today)
        self._show_who()
        self._known_id = ""
        if document is not None and self._is_known(document):
            return
        warnings = list(document.warnings) if document else []
        if document and birth_on and sex:
            warnings += compare_with_stated(document, sex=Sex(sex), birth_on=birth_on)
        if warnings:
            words = "".join(WARNINGS[warning] for warning in warnings)
            self.notice.say(Sentence(self.tr("请再看一眼。"), words, self.tr("没有错可以照样保存。")))
        elif not self._has_namesake():
            self.notice.clear()

    def _number_edited(self) -> None:
        document = self._checked_number()
        if document is not None:
            self.form.show_told(document)
        self._look_again()

    def _checked_number(self) -> CheckedDocument | None:
        """Return the document if its number is whole and possible; otherwise say why below the field."""
        kind, number = DocumentType(self.form.value("document_type")), self.form.value("document_number")
        self.form.show_error("document_number", "")
        if not number:
            return None
        if kind in _SAME_NUMBER and len(identity.normalise_number(number)) < identity.CITIZEN_LENGTH:
            return None
        try:
            return check_document(kind, number, today=self._bench.desk.today())
        except Refusal as refusal:
            said = sentence_of(refusal)
            self.form.show_error("document_number", f"{said.happened}{said.todo}")
            return None

    def _is_known(self, document: CheckedDocument) -> bool:
        for known in patients.find_by_number(self._bench.read(), document.number):
            if known.patient_id != self.patient_id:
                self._offer(
                    known.patient_id,
                    sentence_of(people.AlreadyRegistered(known.patient_id, known.name, known.birth_on)),
                )
                return True
        return False

    def _has_namesake(self) -> bool:
        """Say who has the same name and birth date: a card made twice begins here (REG-6)."""
        name, birth_on = self.form.value("name"), self.form.birth_on
        if not name or birth_on is None:
            return False
        for known in patients.find_namesakes(self._bench.read(), name, birth_on):
            if known.patient_id != self.patient_id:
                happened = self.tr("已有同名同生日的人：{name}，{document}。")
                self._offer(
                    known.patient_id,
                    Sentence(
                        happened.format(name=known.name, document=document_words(known)),
                        "",
                        self.tr("是同一个人请打开已有档案；不是，可以照样保存。"),
                    ),
                )
                return True
        return False

    def _offer(self, patient_id: str, sentence: Sentence) -> None:
        self._known_id = patient_id
        self.notice.say(sentence, Tone.WARNING, way_out=True)

    def _show_who(self) -> None:
        birth_on = self.form.birth_on
        today = self._bench.desk.today()
        if birth_on is None or birth_on > today:
            self._who.show_state("", Tone.INFO)
            return
        age = age_on(birth_on, today)
        minor = people.is_minor(birth_on, today)
        words = self.tr("{age}，要填监护人") if minor else "{age}"
        icon = "family" if minor else "person"
        self._who.show_state(words.format(age=age_words(age)), Tone.INFO, icon)

    def _region_code(self) -> str:
        return get_site(self._bench.read()).region_code

    def _show_versions(self) -> None:
        """F10: what was entered and changed of this person."""
        if self._before is None:
            return
        db = self._bench.read()
        told = versions_of(db, self.patient_id)
        over = self.parentWidget() or self  # not the form: its keys rest
        sheet = VersionsSheet(over, self._before.name, told, lambda who: staff_name(db, who))
        sheet.open_sheet(sheet.table)

    def _ask_for_known(self) -> None:
        if self._known_id and self.notice.isVisible():
            self.known_asked.emit(self._known_id)

    def _compose(self) -> None:
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(self.form)
        head = row(self._title, self._who, None, Text(self.tr("刷身份证可自动填写"), 15))
        foot = row(self.save, self.ask, self.versions, self._back)
        for button in (self.ask, self.versions):
            button.setMinimumHeight(56)
        foot.setStretch(0, 1)
        self._back.setMinimumHeight(56)
        lines = column(
            head, scroller, self.why, self.notice, foot, gap=10, margins=(PADDING, 12, PADDING, 14)
        )
        lines.setStretch(1, 1)
        self.setLayout(column(Card(lines)))

    def _connect(self) -> None:
        self.save.clicked.connect(self.try_to_save)
        self._back.clicked.connect(self.left)
        self.versions.bind(self).clicked.connect(self._show_versions)
        self.why.bind(self)
        self._open_known.clicked.connect(self._ask_for_known)
        self.form.number_edited.connect(self._number_edited)
        self.form.person_edited.connect(self._look_again)
        bind_key(self, "Enter", self.save.press)
        bind_key(self, "Esc", self.left.emit)
        bind_key(self, "F12", self._ask_for_known)
