"""The registration page: scan or search, one person, one queue number."""

from dataclasses import replace
from functools import cached_property

from PySide6.QtCore import QTimer

from app.domain.codes import CitizenNumber, ScannedCode, TicketCode, UnknownCode
from app.domain.identity import CheckedDocument
from app.domain.refusals import Refusal
from app.domain.visit import AlreadyInVisit
from app.storage import encounters
from app.storage.site import running_session
from app.ui.audit.say_why import SayWhy
from app.ui.banner_station import BannerStation
from app.ui.bench import Bench
from app.ui.kit.layouts import box, column, row
from app.ui.kit.pages import Pages
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import MARGIN, Tone
from app.ui.registration.asking import CentreAsking
from app.ui.registration.copying import DoseCopying
from app.ui.registration.entry_check import EntryChecking
from app.ui.registration.form_view import FormView
from app.ui.registration.next_step import step_of
from app.ui.registration.person_panel import PersonPanel, view_of
from app.ui.registration.search_view import SearchView
from app.ui.registration.ticket_flow import TicketFlow
from app.ui.registration.toast_row import ToastRow
from app.ui.texts import sentence_of
from app.ui.texts.registration import NOT_FOUND, NOT_FOUND_YET
from app.workflows import registration
from app.workflows.finding import Hit, find_people, find_person

_VISITS = frozenset(
    {"encounter", "screening", "consent", "immunization", "observation", "patient", "past_dose"}
)
_TEMPERATURE = (registration.TemperatureMissing, registration.TemperatureOutOfRange)
MOST_RECENT = 8


class RegistrationPage(BannerStation):
    """Finds a person, gives them a number, makes and corrects records."""

    station_id = "registration"
    help_topic = "registration"
    parts = ("form",)

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._hits: dict[str, Hit] = {}
        self._more = False
        self._hit: Hit | None = None
        self._shown: Refusal | None = None
        """The refusal of what was searched for, shown beside the search."""
        self.tickets = TicketFlow(bench, self)
        self._why = SayWhy(bench, self)
        self._opened_by = bench.desk.user
        self.toast = Toast(bench.desk.clock.monotonic)
        self.search, self.person = SearchView(), PersonPanel()
        self.asking = CentreAsking(bench, self, lambda: self.form, self._begin_new)
        self.checking = EntryChecking(bench, self, self.search.check, lambda: self._hit)
        self.copying = DoseCopying(bench, self, self.search.past, lambda: self._hit, self._why, self._reload)
        self._views = Pages()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._compose()
        self._connect()
        self._show_recent()

    @cached_property
    def form(self) -> FormView:
        """The form, two hundred widgets: built while nobody touches anything, or with the first record."""
        form = FormView(self.bench)
        form.saved.connect(self._saved)
        form.known_asked.connect(self._saved)
        form.left.connect(self._form_left)
        form.ask.bind(form).clicked.connect(self.asking.ask_in_form)
        self._views.add_unseen(form)
        return form

    # --- the contract of a station ---

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front; show the person of a visit if one is named."""
        if encounter_id is not None:
            self._show_only(encounters.get_encounter(self.bench.read(), encounter_id).patient_id)
        elif self._is_searching:
            self._reload()
        elif self.form.patient_id and self._opened_by != self.bench.desk.user:
            # a record is not left open for who comes after: it is read anew, or not
            self._views.turn_to(self._work)
            self._reload()
        self._focus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what others have done meanwhile."""
        if self._is_searching and any(kind.partition(".")[0] in _VISITS for kind in kinds):
            self._reload()

    def take_code(self, code: ScannedCode) -> bool:
        """Use a document's number, a ticket, or whatever else may be searched for."""
        match code:
            case CitizenNumber():
                self._take_number(code)
            case TicketCode(token=token):
                encounter = encounters.find_by_token(self.bench.read(), token)
                if encounter is None or not self._is_searching:
                    return False
                self._show_only(encounter.patient_id)
            case UnknownCode(text=text) if self._is_searching:
                self.search.show_text(text)
                self._search_for(text)
            case UnknownCode(text=text):
                self.form.take_text(text)
            case _:
                return False
        return True

    def show_refusal(self, refusal: Refusal) -> bool:
        """Show the refusals of taking a ticket beside what they are about."""
        if refusal is self._shown:
            return True
        if isinstance(refusal, AlreadyInVisit):
            self._reload()
            self.banner.show_step("info", sentence_of(refusal).happened, "Enter", self.tr("叫下一位 按"))
            return True
        if isinstance(refusal, _TEMPERATURE):
            said = sentence_of(refusal)
            self.person.temperature.show_wrong(f"{said.happened}")
            self.banner.show_step("thermometer", said.todo, tone=Tone.WARNING)
            self.person.temperature.setFocus()
            return True
        return False

    # --- finding ---

    @property
    def _is_searching(self) -> bool:
        return self._views.currentWidget() is self._work

    @property
    def _shown_id(self) -> str:
        return self._hit.patient.patient_id if self._hit else ""

    def _search_for(self, typed: str) -> None:
        self._forget()
        found = find_people(self.bench.read(), typed, self.bench.desk.today())
        self._hits = {hit.patient.patient_id: hit for hit in found.hits}
        self._more = found.more
        if found.refusal is not None:
            said = sentence_of(found.refusal)
            self.search.show_notice(said, Tone.WARNING)
            self._show_nobody("warning", said.happened, said.todo, tone=Tone.WARNING)
            self._shown = found.refusal
            self.bench.refuse(found.refusal)
        elif found.unknown is not None:
            self._begin_new(found.unknown)
        elif not typed.strip():
            self._show_recent()
        elif found.hits:
            self._show_nobody()
            self.search.show_hits(found.hits, self.bench.desk.today(), more=found.more)
        else:
            self._show_not_found(coming=found.coming)

    def _forget(self) -> None:
        """Begin with another person."""
        self._hit, self.tickets.taken_id = None, ""
        self._why.forget()
        self.person.temperature.clear()

    def _show_recent(self) -> None:
        """Nothing is searched for: the last numbers given out, so that a lost ticket is found at once."""
        db, today = self.bench.read(), self.bench.desk.today()
        session = running_session(db)
        visits = encounters.newest_tickets(db, session.session_id, MOST_RECENT) if session else []
        ids = dict.fromkeys(visit.patient_id for visit in visits)
        self._hits, self._more = {patient_id: find_person(db, patient_id) for patient_id in ids}, False
        self.search.show_recent(list(self._hits.values()), today)
        self._show_nobody()

    def _show_not_found(self, *, coming: bool) -> None:
        said = NOT_FOUND_YET if coming else NOT_FOUND
        self.search.show_notice(said, Tone.INFO, may_ask=self.bench.open_line is not None)
        if coming:
            self._show_nobody("search", self.tr("还在接收本地区的档案，过几秒再查"), said.todo)
        else:
            words = self.tr("没有找到，换一种查法或新建")
            self._show_nobody("search", words, said.todo, key="F9", hint=self.tr("新建 按"))

    def _select(self, patient_id: str) -> None:
        if self._shown_id not in ("", patient_id):
            self._forget()
        self._hit = self._hits[patient_id]
        if self.person.shows_nobody:
            self._soon.start()  # the list first: whoever goes on typing waits for no history
        else:
            self._show_person()

    def _take_number(self, code: CitizenNumber) -> None:
        if not self._is_searching:
            self.form.take_number(code)
            return
        self.search.show_text(code.text)
        self._search_for(code.text)

    def _show_only(self, patient_id: str) -> None:
        """Show one person as if they had been searched for."""
        self._views.turn_to(self._work)
        hit = find_person(self.bench.read(), patient_id)
        self._hits, self._more = {patient_id: hit}, False
        self._forget()
        self.search.show_text(hit.patient.name)
        self.search.show_hits([hit], self.bench.desk.today())
        self.search.select_all()
        self._focus()

    def _reload(self) -> None:
        """Read again how the people shown stand, keeping who is selected."""
        kept = self._shown_id
        for patient_id, hit in self._hits.items():
            now = find_person(self.bench.read(), patient_id)
            self._hits[patient_id] = replace(hit, patient=now.patient, standing=now.standing)
        if not self.search.text.strip() and not kept:
            self._show_recent()
        elif self._hits:
            self.search.show_hits(list(self._hits.values()), self.bench.desk.today(), more=self._more)
            if kept:
                self.search.results.select(kept)

    # --- showing ---

    def _show_nobody(
        self, icon: str = "search", sentence: str = "", todo: str = "", *, key: str = "", hint: str = "",
        tone: Tone = Tone.INFO,
    ) -> None:  # fmt: skip
        self._hit = None
        self.person.show_nobody(
            "registration" if tone is Tone.INFO else icon,
            self.tr("还没有选人"),
            todo or self.tr("刷身份证，或在左边输入姓名拼音首字母、生日、证件或电话尾号。"),
        )
        words = sentence or self._idle_words()
        self.banner.show_step(icon, words, key, hint, tone)

    def _idle_words(self) -> str:
        if len(self._hits) > 1 and self.search.text.strip():
            return self.tr("找到 {n} 人，请按上下键选一位").format(n=len(self._hits))
        return self.tr("请刷身份证，或输入姓名拼音")

    def _show_person(self) -> None:
        self._soon.stop()
        if (hit := self._hit) is None:
            return
        visit = hit.standing.visit
        may_look = self._why.look_at(hit.patient, visit, self.search.text)
        self.person.show_person(view_of(self.bench, hit, self.tickets.paper_of(visit), may_look=may_look))
        self._show_banner()

    def _show_banner(self) -> None:
        if self._hit is None:
            self._show_nobody()
            return
        self.banner.show_step(*step_of(self._hit, self.tickets.taken_id, self.bench.desk.today()))

    # --- acting ---

    def _go_on(self) -> None:
        """Enter: the large button of whoever is selected."""
        if self._soon.isActive():
            self._show_person()
        if self._hit is None:
            return
        if self._hit.standing.is_in_visit:
            self.search.clear()
            return
        temperature = self.person.temperature
        if temperature.isVisible() and temperature.value is None and not temperature.edit.hasFocus():
            temperature.setFocus()
            self.banner.show_step("thermometer", self.tr("请量体温，填好后取号"), "Enter", self.tr("取号 按"))
            return
        self.tickets.take(self._hit.patient, temperature.value)

    def _ticket_refused(self, refusal: Refusal) -> None:
        if not self.show_refusal(refusal):
            self.bench.refuse(refusal)

    def _ticket_taken(self) -> None:
        self._reload()
        self.search.select_all()
        self._focus()

    def _print_forecast(self) -> None:
        if self._hit is not None:
            self.bench.paper.print_forecast(self._hit.patient)

    def _printed(self) -> None:
        if self._is_searching:
            self._show_person()

    def _print_again(self) -> None:
        if self._hit is not None and self._hit.standing.visit is not None:
            self.tickets.print_again(self._hit.standing.visit)
            self._focus()

    def _ask_to_call_off(self) -> None:
        if self._hit is not None and self._hit.standing.visit is not None:
            self.tickets.ask_to_call_off(self._hit.standing.visit)

    def _saved(self, patient_id: str) -> None:
        """Show whose papers are at the desk."""
        self._show_only(patient_id)
        self._why.present(patient_id)
        self._reload()

    # --- the form ---

    def _new_asked(self) -> None:
        typed = find_people(self.bench.read(), self.search.text, self.bench.desk.today())
        self._begin_new(typed.unknown)

    def _begin_new(self, document: CheckedDocument | None) -> None:
        self._views.turn_to(self.form)
        self.form.begin_new(document)
        words = self.tr("新建档案，补全后保存")
        self.banner.show_step("add", words, "Enter", self.tr("保存 按"))

    def _begin_amend(self) -> None:
        if self._hit is None:
            return
        self._views.turn_to(self.form)
        self._opened_by = self.bench.desk.user
        self.form.begin_amend(self._hit.patient)
        self.banner.show_step("edit", self.tr("改好后保存，原来的内容会留底"), "Enter", self.tr("保存 按"))

    def _form_left(self) -> None:
        """Esc: nothing was saved, and the form can be had back as it was."""
        self._views.turn_to(self._work)
        self._reload()
        self.bench.announce(self.tr("没有保存，已返回"), self._resume_form)
        self._focus()

    def _resume_form(self) -> None:
        self._views.turn_to(self.form)
        self.banner.show_step("edit", self.tr("请接着填，补全后保存"), "Enter", self.tr("保存 按"))
        self.form.resume()

    # --- parts ---

    def _focus(self) -> None:
        if self._is_searching:
            self.search.line.setFocus()
        else:
            self.form.resume()

    def _compose(self) -> None:
        right = column(
            self.person, ToastRow(self.toast, self.tr("一个手机号可以给多人登记；号票丢了按 F10 重打"))
        )
        right.setStretch(0, 1)
        work = row(self.search, right)
        work.setStretch(1, 1)
        self._work = box(work)
        self._views.addWidget(self._work)
        lines = column(self.banner, self._views, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        lines.setStretch(1, 1)
        self.setLayout(lines)
        self._views.turn_to(self._work)
        self.toast.bind(self)

    def _connect(self) -> None:
        work = self._work
        self.search.bind(work)
        self.person.bind(work)
        self._soon.timeout.connect(self._show_person)
        self.search.typed.connect(self._search_for)
        self.search.selected.connect(self._select)
        self.search.new_asked.connect(self._new_asked)
        self.person.pressed.connect(self._go_on)
        self.person.reprint_asked.connect(self._print_again)
        self.person.amend_asked.connect(self._begin_amend)
        self.person.history.print_asked.connect(self._print_forecast)
        self.person.cancel_asked.connect(self._ask_to_call_off)
        self.person.why_asked.connect(lambda: self._why.open(self._shown_id, self._reload))
        for button in (self.person.reprint, self.person.amend, self.person.cancel, self.person.why):
            button.bind(work)
        bind_key(work, "Enter", self._go_on)
        self.tickets.taken.connect(lambda _: self._ticket_taken())
        self.tickets.refused.connect(self._ticket_refused)
        self.tickets.called_off.connect(self._reload)
        self.tickets.called_off.connect(self._focus)
        self.tickets.printed.connect(self._printed)
        self.search.ask.bind(work).clicked.connect(self.asking.ask_anew)
        self.asking.closed.connect(self._focus)
