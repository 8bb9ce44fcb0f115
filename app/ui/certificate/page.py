"""The certificate page 凭证: pick a person, look at the sheet, print it under a serial of its own."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.devices.printer import PaperKind
from app.devices.scan_text import read_scan
from app.documents.certificate_sheet import Paper
from app.domain.certificate import CertificateFacts, NoDoseToCertify
from app.domain.clock import CHINA
from app.domain.codes import CertificateNumber, CitizenNumber, ScannedCode, TicketCode, UnknownCode
from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.storage import encounters, immunizations, patients
from app.storage.certificates import Vaccinated, find_certificate, prints_of, prints_void, vaccinated_in
from app.storage.search_terms import is_put_off
from app.storage.site import running_session
from app.ui.audit.say_why import SayWhy
from app.ui.bench import Bench
from app.ui.certificate.dose_records import DoseRecords
from app.ui.certificate.making import Made, make_certificate
from app.ui.certificate.preview import SheetPreview
from app.ui.certificate.saving import Saving
from app.ui.certificate.workstation import find_identity
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.fonts import text_width
from app.ui.kit.layouts import box, column, row
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.search_result import Found, ResultList
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, MARGIN, SECTION_TEXT, Tone
from app.ui.station import RECEIPTED, Station
from app.ui.texts.words import SEXES, dose_words, local_time
from app.workflows.certificates import issue_and_print, prepare_certificate
from app.workflows.needle import find_ticket

SHOWN = 20
_FACTS_WIDTH = 300
_PRINTS, _ROOMY = 4, 700
"""Lines of the print log, and the height of a page that has room for them, px."""
OUTDATED_BY = frozenset({"immunization.recorded", "immunization.voided", "patient.amended"})
"""What makes the sheet on the screen untrue; a receipt only lets it say less than it could."""


class CertificatePage(Station):
    """Left who, in the middle the sheet, right what to do with it."""

    entered = Signal()
    """It came to the front."""
    person_shown = Signal()
    """Another person is shown, or the same anew."""

    station_id = "certificate"
    help_topic = "certificate"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.made: Made | None = None
        self._patient: Patient | None = None
        self._wanted = 0
        self._masked, self._paper = False, Paper.A5
        self._board = QWidget()
        """Everything but the sheets over it, which have keys of their own."""
        self.banner = Banner()
        self.scan_box = ScanBox(CodeLineEdit, self.tr("扫号票，或输入姓名、尾号"), way_out=False)
        self.results = ResultList()
        self.preview = SheetPreview()
        self._empty = EmptyState("certificate", "", "")
        self._name, self._line = FittedText("", FACT_TEXT), Text("")
        self._state, self._signature, self._log_title = Chip(), Chip(), Text("", bold=True)
        self._log = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self.print_button = ActionButton(
            self.tr("打印凭证"), "Enter", "printer", ButtonKind.PRIMARY, size=SECTION_TEXT
        )
        self.save_button = ActionButton(self.tr("存成 PDF"), "F12", "document")
        self.mask_button = ActionButton(self.tr("遮住证件号"), "F11", "id-card")
        self.size_button = ActionButton(self.tr("换成 A4"), "F10", "certificate")
        self.records_button = ActionButton(self.tr("接种记录、更正"), "F9", "clipboard")
        self.records, self._why = DoseRecords(bench, self), SayWhy(bench, self)
        self.saving = Saving(bench, self)
        self._encounter_id = ""
        """The visit it was asked to show, if one was."""
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._compose()
        self._connect()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front, on the person just released if one is named."""
        self._list_session()
        self._encounter_id = encounter_id or ""
        if encounter_id is not None:
            self.show_person(encounters.get_encounter(self.bench.read(), encounter_id).patient_id)
        elif self._patient is None:
            self._show_nobody()
        elif self._why.is_closed(self._patient.patient_id):  # who gave the reason has left the desk
            self._patient = self.made = None
            self._show_nobody()
        else:
            self._why.note(self._patient.patient_id)
        self.scan_box.edit.setFocus()
        self.entered.emit()

    @property
    def patient_id(self) -> str:
        """Return who is shown, empty for nobody."""
        return self._patient.patient_id if self._patient else ""

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show receipts and new doses."""
        patient = self._patient
        self._list_session()
        if patient is None:
            return
        if kinds & OUTDATED_BY:
            self.show_person(patient.patient_id)
        elif RECEIPTED in kinds:
            self._prepare(patient.patient_id)  # until it is here, Enter prints the sheet that is shown

    def take_code(self, code: ScannedCode) -> bool:
        """Take a ticket, an ID number or a certificate's number."""
        db = self.bench.read()
        if self.records.is_open:
            self.bench.announce("请先做完这一步，或按 Esc 返回，再扫码")
            return True
        if isinstance(code, TicketCode):
            try:
                self.show_person(find_ticket(db, code.token).patient_id)
            except Refusal as refusal:
                self.bench.refuse(refusal)
            return True
        if isinstance(code, CitizenNumber):
            self._search(code.text)
            return True
        if isinstance(code, CertificateNumber) and (issued := find_certificate(db, code.text)):
            self.show_person(issued["patient_id"])
            return True
        return False

    def show_person(self, patient_id: str) -> None:
        """Prepare and draw a person's certificate; nothing is written until it is printed or saved.

        A minor's outside a visit is opened with a reason.
        """
        if self._patient is not None and self._patient.patient_id == patient_id:
            self._show(patient_id)
        else:
            self._why.open(patient_id, lambda: self._show(patient_id))

    def _show(self, patient_id: str) -> None:
        if self._patient is None or self._patient.patient_id != patient_id:
            self.preview.clear()
        self._patient = patients.get_patient(self.bench.read(), patient_id)
        self.made = None
        self._mark(patient_id)
        self._prepare(patient_id)
        self.records_button.setEnabled(True)
        self.person_shown.emit()

    def print_sheet(self) -> None:
        """Issue the certificate and print it: to the printer, or to a file where there is none."""
        if self.made is not None and not self.bench.cannot_print():
            self._issue(self.made, self.bench.printing.target)

    def show_records(self) -> None:
        """F9: the person's doses of this site, one of which may be voided."""
        if self._patient is not None:
            self.records.ask(self._patient, self._encounter_id)

    def _prepare(self, patient_id: str) -> None:
        self._show_facts()
        self._wanted += 1
        prepared = partial(self._prepared, self._wanted)
        self.bench.submit_or(
            self, prepared, self._not_made, prepare_certificate, patient_id, masked=self._masked
        )

    def _prepared(self, wanted: int, facts: CertificateFacts) -> None:
        signer = find_identity(self.bench.desk.store)
        paper = self._paper
        made = partial(self._show_made, wanted)
        self.bench.run_aside(self, made, self._not_made, lambda: make_certificate(facts, signer, paper))

    def _show_made(self, wanted: int, made: Made) -> None:
        """Show a sheet unless another was asked for meanwhile."""
        if wanted != self._wanted:
            return
        self.made = made
        self._empty.hide()
        self.preview.show()
        self.preview.show_pdf(made.pdf)
        waiting = len(made.facts.awaiting)
        if waiting:
            self.banner.show_step("upload", "可以打印：凭证上写明尚未上传", "Enter", "按", Tone.WARNING)
            self._state.show_state(f"{waiting} 剂尚未上传", Tone.WARNING, "upload")
        else:
            self.banner.show_step("certificate", "请核对姓名和证件，再打印", "Enter", "按", Tone.SUCCESS)
            self._state.show_state("每剂都有回执", Tone.SUCCESS, "receipted")
        signed = made.signed is not None
        words = "已签名，扫码可离线验真" if signed else "未签名：本机没有登记密钥"
        self._signature.show_state(
            words, Tone.INFO if signed else Tone.WARNING, "certificate" if signed else "warning"
        )
        self._allow(True)

    def _not_made(self, refusal: Refusal) -> None:
        self._allow(False)
        self.banner.show_step("warning", "这张凭证还不能打印", tone=Tone.WARNING)
        voided = isinstance(refusal, NoDoseToCertify) and self._has_voided()
        why = "这位在本单位的剂次已作废，按 F9 查看" if voided else "原因见提示"
        self._empty.show_state("warning", "没有可打印的凭证", why)
        self._empty.show()
        self.preview.hide()
        for chip in (self._state, self._signature):
            chip.show_state("", Tone.PLAIN, "")
        if not voided:
            self.bench.refuse(refusal)

    def _has_voided(self) -> bool:
        db, patient = self.bench.read(), self._patient
        return patient is not None and bool(immunizations.voided_here(db, patient.patient_id))

    def _issue(self, made: Made, target: str) -> None:
        def issued(_: None) -> None:
            path = self.bench.printing.deliver(made.pdf, made.facts.serial, PaperKind.CERTIFICATE)
            self.bench.announce(f"凭证 {made.facts.serial} 已送到{path}")
            self.show_person(patient.patient_id)

        assert self._patient is not None, "a certificate is somebody's"
        patient = self._patient
        self._wanted += 1  # a sheet on its way has the same serial
        self._allow(False)
        self.bench.submit(
            self, issued, issue_and_print, patient.patient_id, made.facts, made.signed, made.key_id, target
        )

    def _save(self) -> None:
        if self.made is not None and self._patient is not None:
            patient_id = self._patient.patient_id
            self.saving.ask(self.made, patient_id, self._paper, lambda: self.show_person(patient_id))

    def _toggle_mask(self) -> None:
        self._masked = not self._masked
        self.mask_button.show_action(self.tr("显示证件号") if self._masked else self.tr("遮住证件号"))
        if self._patient is not None:
            self.show_person(self._patient.patient_id)

    def _toggle_size(self) -> None:
        self._paper = Paper.A4 if self._paper is Paper.A5 else Paper.A5
        self.size_button.show_action(self.tr("换成 A5") if self._paper is Paper.A4 else self.tr("换成 A4"))
        if self._patient is not None:
            self.show_person(self._patient.patient_id)

    def _typed(self, text: str) -> None:
        """Use what was typed: a code if it is one, else words to search people by."""
        self.scan_box.edit.clear()
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal:
            code = UnknownCode(text)
        if isinstance(code, UnknownCode) or not self.take_code(code):
            self._search(text)

    def _search(self, text: str) -> None:
        found = patients.search(self.bench.read(), text, SHOWN)
        if not found:
            self.scan_box.show_result(_not_found(coming=is_put_off(self.bench.read())), tone=Tone.WARNING)
            return
        self._show_results([_found(patient) for patient in found])
        self.scan_box.show_result(f"找到 {len(found)} 人", local_time(self.bench.now()))
        self.show_person(found[0].patient_id)

    def _list_session(self) -> None:
        session = running_session(self.bench.read())
        recent = vaccinated_in(self.bench.read(), session.session_id) if session else []
        people: dict[str, list[Vaccinated]] = {}
        for person in recent:
            people.setdefault(person.patient_id, []).append(person)
        self._show_results([_recent(doses) for doses in people.values()])
        if self._patient is not None:
            self._mark(self._patient.patient_id)
        elif self.results.selected_id:  # the only one of the session
            self.show_person(self.results.selected_id)

    def _show_results(self, found: list[Found]) -> None:
        """Show people in the list without choosing one."""
        with QSignalBlocker(self.results):
            self.results.show_results(found)

    def _mark(self, patient_id: str) -> None:
        """Mark a person in the list without choosing them again."""
        with QSignalBlocker(self.results):
            self.results.select(patient_id)

    def _show_facts(self) -> None:
        patient = self._patient
        assert patient is not None, "somebody was picked"
        self._name.show_text(patient.name)
        lines = 1 if text_width(patient.name, FACT_TEXT, True) < _FACTS_WIDTH - 2 * MARGIN else 2
        self._name.setFixedHeight(36 if lines == 1 else 56)
        self._line.show_text(f"{SEXES[patient.sex]}·{patient.birth_on} 出生")
        db = self.bench.read()
        void = prints_void(db, patient.patient_id)
        room = _PRINTS if self.height() >= _ROOMY else _PRINTS // 2
        shown = "\n".join(
            f"{serial}　{'已失效' if serial in void else f'{at.astimezone(CHINA):%m-%d %H:%M}'}"
            for serial, at, _ in prints_of(db, patient.patient_id)[:room]
        )
        self._log_title.show_text(self.tr("打印记录"))
        self._log.show_text(shown or "还没有打印过")

    def _show_nobody(self) -> None:
        self._allow(False)
        self.banner.show_step("certificate", "请扫号票，或输入姓名找人")
        self._empty.show_state("certificate", "还没有选人", "扫号票，或从左边选一位")
        self._empty.show()
        self.preview.hide()
        self._name.show_text("")
        for chip in (self._state, self._signature):
            chip.show_state("", Tone.PLAIN, "")

    def _allow(self, allowed: bool) -> None:
        self.records_button.setEnabled(self._patient is not None)
        for button in (self.print_button, self.save_button):
            button.setEnabled(allowed)

    def _connect(self) -> None:
        self.scan_box.typed.connect(self._typed)
        self.results.selected.connect(self.show_person)
        for button, act in (
            (self.print_button, self.print_sheet),
            (self.save_button, self._save),
            (self.mask_button, self._toggle_mask),
            (self.size_button, self._toggle_size),
            (self.records_button, self.show_records),
        ):
            button.bind(self._board).clicked.connect(act)

    def _compose(self) -> None:
        left = box(column(self.scan_box, self.results, self.records_button))
        left.setFixedWidth(340)
        facts = column(
            self._name, self._line, row(self._state, None), row(self._signature, None),
            self._log_title, self._log, None, self.size_button, self.mask_button,
            self.save_button, self.print_button, gap=6, margins=(MARGIN, 12, MARGIN, 12),
        )  # fmt: skip
        right = Card(facts)
        right.setFixedWidth(_FACTS_WIDTH)
        middle = row(left, column(self.preview, self._empty), right)
        middle.setStretch(1, 1)
        layout = column(self.banner, middle, self.toast, margins=(16, 16, 16, 8))
        layout.setStretch(1, 1)
        self._board.setLayout(layout)
        self.setLayout(column(self._board))


def _not_found(*, coming: bool) -> str:
    """Say so; while the people of the area come in, that they may be found in a moment."""
    return "没有找到，本地区的档案还在接收，过几秒再查" if coming else "没有找到，请再输一次"


def _found(patient: Patient) -> Found:
    line = f"{SEXES[patient.sex]}·{patient.birth_on}·尾号 {patient.document_number[-4:]}"
    return Found(patient.patient_id, patient.name, line)


def _recent(doses: list[Vaccinated]) -> Found:
    """Return a person with their doses of this session, the latest first."""
    person, receipted = doses[0], all(dose.receipted for dose in doses)
    state = "已打印" if person.printed else ("已有回执" if receipted else "尚未上传")
    tone = Tone.SUCCESS if receipted else Tone.PLAIN
    given = "、".join(f"{dose.vaccine_name} {dose_words(dose.dose_number)}" for dose in doses)
    line = f"{person.ticket_number}·{given}"
    return Found(person.patient_id, person.name, line, f"{local_time(person.occurred_at)} 接种·{state}", tone)
