"""The screening page: who waits, the questions and the decision, what is told and the consent."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.devices.scan_text import read_scan
from app.documents.form_texts import screening_questions
from app.domain.codes import ScannedCode
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.staff import Role
from app.domain.visit import Encounter, VisitState
from app.storage import encounters, patients, screenings
from app.storage.site import running_session
from app.ui.banner_station import BannerStation
from app.ui.bench import Bench
from app.ui.kit.layouts import column
from app.ui.kit.pages import Pages
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import MARGIN, SECTION_TEXT, Tone
from app.ui.registration.toast_row import ToastRow
from app.ui.screening.case import case_of, find_visit, waiting_of
from app.ui.screening.conditions_sheet import ConditionsSheet
from app.ui.screening.consent_view import ConsentView
from app.ui.screening.consenting import Consenting
from app.ui.screening.draft import Draft, draft_again, new_draft
from app.ui.screening.examination import Examination
from app.ui.screening.gone_view import GoneView
from app.ui.screening.on_screen import ScreenSigning, form_text
from app.ui.screening.waiting_view import WaitingView
from app.ui.texts.words import DECISIONS, VISIT_STATES
from app.workflows import screening
from app.workflows.audit import read_record

WAITING = (VisitState.REGISTERED, VisitState.SCREENED)
_VISITS = frozenset(
    {"encounter", "screening", "consent", "patient", "immunization", "condition", "past_dose"}
)
BAR_HEIGHT, LOW_BAR = 88, 80


class ScreeningPage(BannerStation):
    """Everybody may look; only a doctor records. Unrecorded answers are kept for each visit."""

    station_id = "screening"
    help_topic = "screening"
    parts = ("examination", "consent")

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._form = screening_questions()
        self._drafts: dict[str, Draft] = {}
        self._acting = False
        self.toast = Toast(bench.desk.clock.monotonic)
        self.waiting = WaitingView()
        self._consenting = Consenting(self, bench, lambda: self.consent, self._consented)
        self._signing = ScreenSigning(
            self, bench, lambda: self.examination, lambda: self.consent, self._form.version
        )
        self._views = Pages()
        self._count: Text | None = None
        self._toast_row = ToastRow(self.toast, self.tr("扫号票就能开始；没问完的会留着；特殊情况 Alt+0"))
        self._compose()
        self._connect()
        self._turn_to(self.waiting)

    # --- views built while nobody touches anything, or when they are first needed ---

    @cached_property
    def examination(self) -> Examination:
        """The questions and the decision."""
        view = Examination(self._form)
        view.bar.setFixedHeight(self._bar_height)
        view.stepped.connect(self._show_step)
        view.recorded.connect(self._record)
        view.left.connect(self._show_waiting)
        view.print_asked.connect(self.print_form)
        view.sign_asked.connect(self._signing.sign_screening)
        view.doctor_asked.connect(self._signing.sign_decision)
        self._views.add_unseen(view)
        return view

    @cached_property
    def consent(self) -> ConsentView:
        """What is told, and the consent."""
        view = ConsentView()
        view.answered.connect(self._consenting.answer)
        view.rescreen_asked.connect(self._rescreen)
        view.left.connect(self._show_waiting)
        view.decline_asked.connect(self._signing.ask_refusal)
        view.sign_asked.connect(self._signing.sign_consent)
        view.print_asked.connect(self._signing.print_consent)
        self._views.add_unseen(view)
        return view

    @cached_property
    def gone(self) -> GoneView:
        """What became of a visit elsewhere."""
        view = GoneView()
        view.left.connect(self._show_waiting)
        self._views.add_unseen(view)
        return view

    # --- the contract of a station ---

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front; open a visit if one is named, else go on where one was."""
        if encounter_id is not None:
            self.open_visit(encounter_id)
        elif self._views.currentWidget() is self.waiting:
            self._show_waiting()
        else:
            if (shown := self._shown_encounter()) is not None:
                self._keep_look(shown)
            self._check_still_here()
            self._focus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show who has come and gone; a visit ended elsewhere meanwhile says so."""
        if not any(kind.partition(".")[0] in _VISITS for kind in kinds):
            return
        if self._views.currentWidget() is self.waiting:
            self._show_waiting()
        else:
            self._check_still_here()

    def take_code(self, code: ScannedCode) -> bool:
        """Open the visit of a ticket or of a person who waits here."""
        encounter = find_visit(self.bench.read(), code)
        if encounter is None or encounter.state not in WAITING:
            return False
        self.open_visit(encounter.encounter_id)
        return True

    def show_refusal(self, refusal: Refusal) -> bool:
        """Let the window show it; the answers stay as they are."""
        self._acting = False
        return False

    # --- who waits ---

    def open_visit(self, encounter_id: str) -> None:
        """Show a visit at the step it has come to."""
        encounter = encounters.get_encounter(self.bench.read(), encounter_id)
        if encounter.state is VisitState.SCREENED and encounter_id not in self._drafts:
            self._show_consent(encounter)
        elif encounter.state in (*screening.NOT_YET_CALLED, *screening.DECIDED_AGAINST):
            self._examine(encounter)
        else:
            self._show_waiting()

    def _show_waiting(self) -> None:
        db = self.bench.read()
        session = running_session(db)
        queue = encounters.queue(db, session.session_id, *WAITING) if session else []
        rows = [waiting_of(db, each, begun=each.encounter_id in self._drafts) for each in queue]
        self.waiting.show_waiting(rows, self.bench.now())
        self._turn_to(self.waiting)
        self._show_waiting_banner()

    def _show_waiting_banner(self) -> None:
        chosen = self.waiting.selected
        if not self._is_doctor():
            self.banner.show_step("locked", self.tr("可以查看；预检要由医生记录"), tone=Tone.WARNING)
        elif chosen is None:
            self.banner.show_step("scan", self.tr("没有人等，扫号票也可以开始"))
        else:
            words = self.tr("请叫 {ticket} {name}").format(
                ticket=chosen.encounter.ticket_number, name=chosen.patient.name
            )
            self.banner.show_step("ask", words, "Enter", self.tr("开始 按"))

    # --- the questions and the decision ---

    def _examine(self, encounter: Encounter, draft: Draft | None = None) -> None:
        db, today = self.bench.read(), self.bench.desk.today()
        patient = patients.get_patient(db, encounter.patient_id)
        self._keep_look(encounter)
        kept = draft or self._drafts.get(encounter.encounter_id)
        if kept is None:
            before = screenings.screening_record(db, encounter.encounter_id) or screenings.superseded_record(
                db, encounter.encounter_id
            )
            kept = draft_again(patient, before, today) if before else new_draft(patient, today)
        self._turn_to(self.examination)
        self.examination.open_case(case_of(self.bench, encounter, patient), kept)

    def _keep_look(self, encounter: Encounter) -> None:
        """Keep that whoever is at the desk now reads this person's record."""
        self.bench.submit(self, None, read_record, encounter.patient_id)

    def _show_step(self) -> None:
        """Name the next step of the questions or the decision in the banner."""
        view = self._views.currentWidget()
        if not isinstance(view, Examination) or (case := view.case) is None:
            return
        draft = view.draft
        if draft.answers or any(draft.notes.values()):
            self._drafts[case.encounter.encounter_id] = draft
        if self._count is not None:
            self._count.show_text(self.tr("已答 {n} / 11").format(n=draft.answered_count()))
        number = view.current_id
        if view.is_deciding:
            missing = view.not_ready()
            words = missing or self.tr("可以记录了")
            tone = Tone.INFO if missing else Tone.SUCCESS
            self.banner.show_step("doctor", words, tone=tone)
        elif number in draft.without_note():
            self.banner.show_step("edit", self.tr("第 {n} 问选了“是”，请写备注").format(n=number))
        elif draft.unanswered():
            words = self.tr("请问第 {n} 问，按 1 或 2").format(n=number)
            self.banner.show_step("ask", words)
        else:
            self.banner.show_step("doctor", self.tr("问完了，请医生作结论"))

    def _record(self) -> None:
        case, draft = self.examination.case, self.examination.draft
        if case is None or self._acting:
            return
        self._acting = True
        encounter, form = case.encounter, draft.to_form()
        self.bench.submit(
            self,
            lambda _: self._recorded(encounter, draft),
            screening.record_screening,
            encounter.encounter_id,
            form,
            form_text(self._form.version),
        )

    def _recorded(self, encounter: Encounter, draft: Draft) -> None:
        self._acting = False
        self._drafts.pop(encounter.encounter_id, None)
        decision = draft.decision
        assert decision is not None, "recorded with a decision"
        words = DECISIONS[decision]
        if decision is Decision.DEFER:
            words = self.tr("{words}，复诊 {day}").format(words=words, day=draft.review_on)
        self.bench.announce(
            self.tr("已记录预检：{ticket} {words}").format(ticket=encounter.ticket_number, words=words),
            self._undo(encounter.encounter_id, draft),
        )
        if decision is Decision.PROCEED:
            self._show_consent(encounters.get_encounter(self.bench.read(), encounter.encounter_id))
        else:
            self._show_waiting()

    def _undo(self, encounter_id: str, draft: Draft) -> Callable[[], None]:
        """Return what opens the screening again as it was; recording it supersedes the one before."""

        def open_again() -> None:
            encounter = encounters.get_encounter(self.bench.read(), encounter_id)
            self._examine(encounter, draft)

        return open_again

    # --- special conditions ---

    def ask_conditions(self) -> None:
        """Show what was stated of the person shown, and let the doctor state or correct it."""
        shown, selected = self._shown_encounter(), self.waiting.selected
        if shown is None and self._views.currentWidget() is self.waiting and selected is not None:
            shown = selected.encounter
        if shown is not None:
            self._keep_look(shown)
            patient = patients.get_patient(self.bench.read(), shown.patient_id)
            ConditionsSheet(self, self.bench, patient, self._conditions_stated).ask()

    def _conditions_stated(self, said: str) -> None:
        self.bench.announce(said)
        view = self._views.currentWidget()
        if isinstance(view, Examination) and view.case is not None:
            self._examine(view.case.encounter, view.draft)

    # --- what is told, and the consent ---

    def _show_consent(self, encounter: Encounter) -> None:
        self._keep_look(encounter)
        self._turn_to(self.consent)
        self._consenting.show(encounter)
        self.banner.show_step("consent", self.tr("请念给本人或监护人听，再请其决定"))

    def _consented(self, encounter: Encounter) -> None:
        """Say what was answered; another vaccine of the visit is told of next."""
        if encounter.state is VisitState.SCREENED:
            self._show_consent(encounter)
            return
        agreed = encounter.state is VisitState.READY
        words = self.tr("同意接种，请去接种台") if agreed else self.tr("不同意接种，本次结束")
        if encounter.state is VisitState.OBSERVING:
            words = self.tr("其余的不种了，留观照常")
        record = screenings.screening_record(self.bench.read(), encounter.encounter_id)
        patient = patients.get_patient(self.bench.read(), encounter.patient_id)
        undo = None
        if record is not None and encounter.state is not VisitState.OBSERVING:
            draft = draft_again(patient, record, self.bench.desk.today())
            undo = self._undo(encounter.encounter_id, draft)
        self.bench.announce(
            self.tr("已记录：{ticket} {words}").format(ticket=encounter.ticket_number, words=words), undo
        )
        self._show_waiting()

    def _rescreen(self) -> None:
        if self.consent.encounter is not None:
            self._examine(self.consent.encounter)

    # --- others act too ---

    def _check_still_here(self) -> None:
        """Say when the visit shown was cancelled or finished elsewhere; nothing typed is thrown away."""
        shown = self._shown_encounter()
        if shown is None or self._acting or self._consenting.is_acting:
            return
        now = encounters.get_encounter(self.bench.read(), shown.encounter_id)
        if now.state is shown.state:
            return
        words = self.tr("{ticket} {state}").format(ticket=now.ticket_number, state=VISIT_STATES[now.state])
        self._turn_to(self.gone)
        self.gone.show_gone(
            self.tr("别处已经改了这一号：{words}").format(words=words),
            self.tr("这里没有记录任何内容；请和受种者、登记台或接种台核对。"),
        )
        self.banner.show_step("warning", words, "Enter", self.tr("知道了 按"), Tone.WARNING)

    def _shown_encounter(self) -> Encounter | None:
        view = self._views.currentWidget()
        if isinstance(view, Examination):
            return view.case.encounter if view.case is not None else None
        return view.encounter if isinstance(view, ConsentView) else None

    # --- parts ---

    def print_form(self) -> None:
        """Print the form as it is filled, to be signed on paper."""
        case = self.examination.case
        if case is not None and self.examination.is_deciding:
            self.bench.paper.print_screening(case.encounter, self.examination.draft.to_form())

    def _is_doctor(self) -> bool:
        user = self.bench.desk.user
        return user is not None and Role.DOCTOR in user.roles

    def _turn_to(self, view: QWidget) -> None:
        examining = isinstance(view, Examination)
        if examining:
            self._toast_row.hide()
        self._views.turn_to(view)
        self._toast_row.setVisible(not examining)
        if examining is (self._count is None):
            self._count = Text("", SECTION_TEXT, bold=True) if examining else None
            self.banner.set_side(self._count)
        self._focus()

    def _focus(self) -> None:
        view = self._views.currentWidget()
        if view is self.waiting:
            self.waiting.scan_box.edit.setFocus()
        elif isinstance(view, ConsentView):
            view.body.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the bar give way with the banner, so that all questions stay in view."""
        if "examination" in self.__dict__:
            self.examination.bar.setFixedHeight(self._bar_height)
        super().resizeEvent(event)

    @property
    def _bar_height(self) -> int:
        return LOW_BAR if self.is_low else BAR_HEIGHT

    def _typed(self, text: str) -> None:
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal as refusal:
            self.show_unreadable(refusal)
            return
        if not self.take_code(code):
            self.waiting.scan_box.show_result(self.tr("这个号不在等预检"), tone=Tone.WARNING)

    def _compose(self) -> None:
        self._views.addWidget(self.waiting)
        lines = column(self.banner, self._views, self._toast_row, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        lines.setStretch(1, 1)
        self.setLayout(lines)
        self.toast.bind(self)

    def _connect(self) -> None:
        self.waiting.opened.connect(self.open_visit)
        self.waiting.typed.connect(self._typed)
        self.waiting.forecast_asked.connect(self.bench.paper.print_forecast)
        self.waiting.results.selected.connect(lambda _: self._show_waiting_banner())
        bind_key(self.waiting, "Enter", self.waiting.press)
        bind_key(self, "Alt+0", self.ask_conditions)
