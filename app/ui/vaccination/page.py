"""The vaccination station (接种): two scans, four keys, 已接种 (VER-1, TRC-2; ux.md rule 4)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedLayout

from app.devices.scan_text import read_scan
from app.domain.checklist import ChecklistIncomplete, Item, next_to_confirm
from app.domain.codes import (
    CitizenNumber,
    CodeOfNoUse,
    Gs1Code,
    ScannedCode,
    TicketCode,
    TraceCode,
    UnknownCode,
)
from app.domain.journal import Json
from app.domain.readiness import NotReady
from app.domain.refusals import Refusal
from app.domain.vial import Vial
from app.domain.visit import Encounter, VisitState
from app.storage.local import data_version
from app.storage.site import running_session
from app.ui.bench import Bench
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import Tone
from app.ui.station import Station
from app.ui.texts.words import VISIT_STATES, local_time
from app.ui.vaccination.after_dose import say_given
from app.ui.vaccination.at_needle import AtNeedle
from app.ui.vaccination.camera_step import built_in_camera
from app.ui.vaccination.checklist_words import KEYS, last_confirmed
from app.ui.vaccination.faces import Faces, News
from app.ui.vaccination.next_step import Step
from app.ui.vaccination.readiness_sheet import ReadinessSheet
from app.ui.vaccination.sheets import body_site_sheet, doctor_sheet
from app.ui.vaccination.stop_flow import StopFlow
from app.ui.vaccination.verdict import verdict_words
from app.ui.vaccination.vial_flow import VialFlow
from app.workflows import needle
from app.workflows.audit import read_record
from app.workflows.needle import Judged, NeedleView
from app.workflows.ready_line import find_ready_visit

if TYPE_CHECKING:
    from app.devices.webcam import Webcam

AFTER_VACCINATION = (VisitState.OBSERVING, VisitState.RELEASED, VisitState.LEFT_EARLY)
DOUBLE_PRESS_SECONDS = 1.0
"""An Enter so soon after 已接种 is the same one bouncing: it calls nobody and gives nothing."""


class VaccinationPage(Station):
    """Takes codes and keys, lets the needle act on them, and shows what the store says then."""

    station_id: ClassVar[str] = "vaccination"
    help_topic: ClassVar[str] = "vaccination"

    def __init__(self, bench: Bench, find_camera: "Callable[[], Webcam | None]" = built_in_camera) -> None:
        super().__init__(bench)
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self.needle = AtNeedle(bench, self)
        self.stops = StopFlow(bench, self.needle, self)
        self.vials = VialFlow(bench, self.needle, self, find_camera)
        self.faces = Faces(bench, self.stops, self.toast)
        self.desk = self.faces.desk
        self.sheet: Sheet | None = None
        self._news = News()
        self._claimed: Refusal | None = None
        self._seen = (0, 0)
        """The store's version when it was last read."""
        self._given_at, self._minute = -DOUBLE_PRESS_SECONDS, ""
        QStackedLayout(self).addWidget(self.faces)
        self._connect()
        self._bind_keys()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front: whoever is at this needle, with all marks; else the queue."""
        if encounter_id is not None:
            self.desk.queue.list.mark(encounter_id)
        self.show_now()
        if self.needle.view is not None:  # called by whoever was here before, perhaps
            self.bench.submit(self, None, read_record, self.needle.view.encounter.patient_id)
        self.focus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what has changed here or elsewhere; the answer of an act has shown its own change already."""
        if self._is_stale():
            self.show_now()

    def take_code(self, code: ScannedCode) -> bool:
        """Use a ticket, a vial or a document; every other code belongs elsewhere."""
        self._close_sheets()
        if self.stops.holds(code):
            return True
        if isinstance(code, TicketCode):
            return self._take_ticket(code)
        if isinstance(code, CitizenNumber):
            return self._take_document(code)
        if isinstance(code, TraceCode | Gs1Code | UnknownCode):
            self._start_act()
            return self.vials.take(code)
        return False

    def show_refusal(self, refusal: Refusal) -> bool:
        """Return whether the page is showing this refusal itself."""
        return refusal is self._claimed

    def show_unreadable(self, refusal: Refusal) -> None:
        """Say in the banner and the scan box that a scan could not be read; F9 is the way out."""
        self.desk.scan.show_fault(self.tr("没有读懂，请再扫一次"))
        self._say(refusal)

    def show_now(self) -> None:
        """Read the store and show what stands there."""
        self._seen = data_version(self.bench.read())
        view = self.needle.look()
        if self.needle.gone is not None:
            self._someone_left(self.needle.gone)
        if view is not None and self.stops.stop is None:
            self._stop_on_failed_item(view)
        self.faces.show_view(view, self._news)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the second screen with the page."""
        self.faces.recipient.leave()
        super().hideEvent(event)

    def focus(self) -> None:
        """Give the keyboard to what is at the front, unless a sheet has it."""
        if not self.vials.is_asking and self.sheet is None:
            self.faces.take_keyboard()

    def _someone_left(self, encounter: Encounter) -> None:
        """Say that the person at the needle is gone by somebody else's act."""
        words = f"号票 {encounter.ticket_number} {VISIT_STATES[encounter.state]}，已离开本台"
        self._news = News(step=Step("info", words, tone=Tone.WARNING))

    def _stop_on_failed_item(self, view: NeedleView) -> None:
        """Stop when an item has failed meanwhile: the vial stood open too long, the lot was recalled."""
        refusal = next((result.refusal for result in view.results if result.refusal is not None), None)
        if refusal is not None:
            self._stop(refusal, view.vial)

    # Codes

    def _take_ticket(self, code: TicketCode) -> bool:
        try:
            encounter = needle.find_ticket(self.bench.read(), code.token)
        except Refusal as refusal:
            self._say(refusal)
            return True
        if self.needle.encounter_id is None and encounter.state in AFTER_VACCINATION:
            return False
        if encounter.encounter_id == self.needle.encounter_id:
            self.desk.scan.show_result(self.tr("此人已在台前"), self._time())
        else:
            self._call(encounter.encounter_id)
        return True

    def _take_document(self, code: CitizenNumber) -> bool:
        if self.needle.encounter_id is not None:
            self._start_act()
            self.needle.check_identity(code.text)
            return True
        db = self.bench.read()
        session = running_session(db)
        if session and (visit := find_ready_visit(db, session.session_id, code.text)):
            self._call(visit.encounter_id)
            return True
        return False

    def _take_typed(self, text: str) -> None:
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal as refusal:
            self.show_unreadable(refusal)
            return
        if not self.take_code(code):
            self.show_unreadable(CodeOfNoUse())

    # What the acts answer

    def _judged(self, verdict: Judged | Refusal) -> None:
        self._news = News(passed=verdict_words(verdict))
        self.faces.show_verdict(verdict)

    def _done(self, said: str) -> None:
        self.vials.close()
        if said:
            self.desk.scan.show_result(said, self._time())
        self._show_and_focus()

    def _refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, ChecklistIncomplete):
            self._news = News(pointed=frozenset(refusal.items))
        self._stop_or_say(refusal, self.needle.view.vial if self.needle.view else None)

    def _stop_or_say(self, refusal: Refusal, vial: Vial | None, encounter_id: str | None = None) -> None:
        if refusal.stop:
            self._stop(refusal, vial, encounter_id)
            return
        self._say(refusal)
        if encounter_id and isinstance(refusal, NotReady):
            self._open(ReadinessSheet(self, self.bench, partial(self._call, encounter_id)))

    def _stop(self, refusal: Refusal, vial: Vial | None, encounter_id: str | None = None) -> None:
        whose = encounter_id or self.needle.encounter_id
        assert whose is not None, "a stop speaks of somebody"
        self._close_sheets()
        self.desk.scan.clear_result()
        self._start_act()
        self._claimed = refusal
        self.stops.begin(refusal, whose, vial)
        self.bench.refuse(refusal)
        self.faces.show_view(self.needle.view, self._news)

    def _show_and_focus(self) -> None:
        self.show_now()
        self.focus()

    def _say(self, refusal: Refusal) -> None:
        """Say a refusal in the place of the banner; with the desk not at the front, the common way."""
        self._news = replace(self._news, passed="")
        if self.faces.is_desk:
            self._claimed = refusal
            self._news = replace(self._news, refusal=refusal)
        self.bench.refuse(refusal)
        self.show_now()

    def _given(self, record: Json) -> None:
        self._given_at = self.bench.desk.clock.monotonic()
        self._news = say_given(self.bench, self.desk, self.needle, record)
        self._show_and_focus()

    def _sent_back(self, encounter: Encounter, to: str) -> None:
        undo = partial(self._call, encounter.encounter_id) if to == "queue" else None
        self.bench.announce(f"{encounter.ticket_number} 已退回{'等候' if undo else '医生，请到预检台'}", undo)
        self.desk.scan.clear_result()
        self._start_act()
        self._show_and_focus()

    # Keys

    def _enter_key(self) -> None:
        """Take what was typed, else do the primary act: 叫号 or 已接种."""
        typed = self.desk.scan.edit.text().strip()
        if typed:
            self.desk.scan.edit.clear()
            self._take_typed(typed)
        elif self.bench.desk.clock.monotonic() - self._given_at < DOUBLE_PRESS_SECONDS:
            return
        elif self.desk.is_working:
            self.give()
        else:
            self._call(self.desk.queue.list.marked_id)

    def give(self) -> None:
        """Record the dose; the workflow says what is still open."""
        self._start_act()
        self.needle.give()

    def _digit(self, item: Item) -> None:
        view = self.needle.view
        if view is None or item in view.facts.confirmations:
            return
        self._start_act()
        if item is Item.RECIPIENT and next_to_confirm(view.facts) is item:
            self.faces.looked_away = False
            self.show_now()
        else:
            self.needle.confirm(item)

    def _accept(self) -> None:
        self._start_act()
        self.needle.confirm(Item.RECIPIENT)

    def _look_away(self) -> None:
        self.faces.looked_away = True
        self.show_now()

    def _withdraw(self) -> None:
        if self.needle.view and (item := last_confirmed(self.needle.view)) is not None:
            self._start_act()
            self.needle.withdraw(item)

    def _back(self) -> None:
        if self.desk.scan.edit.text():
            self.desk.scan.edit.clear()
        elif self._news.refusal is not None:
            self._start_act()
            self.show_now()
        else:
            self._to_queue()

    def _to_queue(self) -> None:
        if self.needle.view is not None:
            self.needle.send_back(self.needle.view.encounter, "queue", "退回等候")

    def _another_vial(self) -> None:
        if self.needle.view is not None and self.needle.view.vial is not None:
            self._start_act()
            self.needle.put_away("换瓶")

    def _ask_doctor(self) -> None:
        if (view := self.needle.view) is not None:
            self._open(doctor_sheet(self, view, partial(self.needle.send_back, view.encounter, "doctor")))

    def _ask_body_site(self) -> None:
        if (view := self.needle.view) is not None and view.planned is not None:
            self._open(body_site_sheet(self, view, view.planned, self.needle.choose_body_site))

    # Small things

    def _open(self, sheet: Sheet) -> None:
        self._close_sheets()
        self.sheet = sheet
        sheet.closed.connect(self._sheet_closed)
        sheet.open_sheet()

    def _sheet_closed(self) -> None:
        if self.sheet is not None:
            self.sheet.deleteLater()
        self.sheet = None
        self.focus()

    def _close_sheets(self) -> None:
        self.vials.close()
        if self.sheet is not None:
            self.sheet.close_sheet()

    def _start_act(self) -> None:
        self._news = News()  # what was said of the act before is forgotten

    def _call(self, encounter_id: str) -> None:
        if encounter_id:
            self.needle.call(encounter_id)
            self.desk.queue_side.hide_last()

    def _time(self) -> str:
        return local_time(self.bench.now())

    def _tick(self) -> None:
        """Look at the clock and the store every second; show what they changed, and each new minute."""
        minute = self._time()
        if self.isVisible() and (
            minute != self._minute or self._is_stale() or self.needle.stands_otherwise()
        ):
            self._minute = minute
            self.show_now()

    def _is_stale(self) -> bool:
        return data_version(self.bench.read()) != self._seen

    def _connect(self) -> None:
        acts, desk = self.needle, self.desk
        acts.judged.connect(self._judged)
        acts.done.connect(self._done)
        acts.refused.connect(self._refused)
        acts.call_refused.connect(lambda whose, refusal: self._stop_or_say(refusal, None, whose))
        acts.given.connect(self._given)
        acts.sent_back.connect(self._sent_back)
        self.vials.stopped.connect(self._stop)
        self.vials.refused.connect(self._say)
        self.stops.ended.connect(self._show_and_focus)
        self.faces.recipient.accepted.connect(self._accept)
        desk.scan.typed.connect(self._take_typed)
        desk.scan.unreadable_reported.connect(self.vials.ask_way_out)
        desk.queue.list.chosen.connect(self._call)
        desk.work.checklist.confirmed.connect(lambda item_id: self._digit(Item(item_id)))
        for pressed in (desk.side.primary.given, desk.side.primary.tried_early):
            pressed.connect(self.give)
        self.bench.ticked.connect(self._tick)

    def _bind_keys(self) -> None:
        """Keys of the desk are dead on a stop, on a sheet and while the recipient looks."""
        desk, recipient = self.desk, self.faces.recipient.own
        for item, key in KEYS.items():
            bind_key(desk, key, partial(self._digit, item))
        bind_key(desk, "Enter", self._enter_key)
        bind_key(desk, "Backspace", self._withdraw)
        bind_key(desk, "Esc", self._back)
        desk.side.back.clicked.connect(self._to_queue)
        bind_key(desk, "Up", partial(desk.queue.list.step, -1))
        bind_key(desk, "Down", partial(desk.queue.list.step, 1))
        for button, act in (
            (desk.work.body_site, self._ask_body_site),
            (desk.side.another, self._another_vial),
            (desk.side.doctor, self._ask_doctor),
        ):
            button.bind(desk).clicked.connect(act)
        bind_key(recipient, KEYS[Item.RECIPIENT], self._accept)
        bind_key(recipient, "Esc", self._look_away)
