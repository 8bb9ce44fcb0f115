"""What happens after 有反应: the signs, the red bar, the emergency card, the report (OBS-2, OBS-3, OBS-5)."""

from functools import cached_property

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.journal import Json
from app.domain.observation import ObservationState
from app.domain.people import Sex
from app.storage.encounters import get_encounter
from app.storage.observations import find_adverse_event
from app.storage.site import get_site
from app.ui.bench import Bench
from app.ui.kit.alarm_bar import AlarmBar
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.tokens import SECTION_TEXT
from app.ui.observation.choice_sheet import ChoiceSheet, alarm_button
from app.ui.observation.emergency_card import EmergencyCard
from app.ui.observation.faces import masked
from app.ui.observation.hall_watch import HallWatch, Watched
from app.ui.observation.report_sheet import ReportSheet
from app.ui.texts.observation import SIGN_UNSTATED, SIGNS
from app.ui.texts.words import SEXES, local_time
from app.workflows import observation as workflow
from app.workflows.audit import read_record


class ReactionDesk(QObject):
    """Holds the pieces of a reaction together; the page places ``bar`` and ``card``."""

    card_asked = Signal(bool)
    """The emergency card is to stand over the board (True), or the board is to come back."""

    def __init__(self, bench: Bench, watch: HallWatch, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._watch, self._page = bench, watch, page
        self._alarmed: Watched | None = None
        self._reported = ""
        self.doctor_here = ActionButton(
            self.tr("医生已到"), "F9", "stethoscope", ButtonKind.ON_DANGER, size=SECTION_TEXT
        ).bind(page)
        self.open_card = ActionButton(
            self.tr("急救卡"), "F10", "first-aid", ButtonKind.ON_DANGER_OUTLINED, size=SECTION_TEXT
        ).bind(page)
        self.bar = AlarmBar([self.doctor_here, self.open_card])
        self.bar.hide()
        self.doctor_here.clicked.connect(self._doctor_here)
        self.open_card.clicked.connect(self.toggle_card)

    @cached_property
    def card(self) -> EmergencyCard:
        """The emergency card; like the sheets it is built when it is first asked for."""
        card = EmergencyCard(lambda: self._watch.now)
        card.left.connect(lambda: self.card_asked.emit(False))
        card.report_asked.connect(lambda: self.open_report(self._alarmed))
        card.written.connect(self._log)
        card.refused.connect(self._bench.refuse)
        return card

    @cached_property
    def signs(self) -> ChoiceSheet:
        """What was seen of a reaction."""
        alarm = alarm_button(self.tr("报警，请医生"))
        signs = ChoiceSheet(self._page, self.tr("有反应：看到了什么？可以多选"), SIGNS, alarm, several=True)
        signs.answered.connect(self._raise)
        return signs

    @cached_property
    def report(self) -> ReportSheet:
        """The draft of the report."""
        report = ReportSheet(self._page, lambda: self._watch.now)
        report.written.connect(lambda changes: self._amend(self._reported, changes))
        report.refused.connect(self._bench.refuse)
        return report

    @property
    def is_asking(self) -> bool:
        """Return whether a sheet of a reaction is open."""
        built = self.__dict__
        return ("signs" in built and self.signs.is_open) or (
            "report" in built and self.report.sheet.isVisible()
        )

    def show_alarm(self, selected: Watched | None) -> None:
        """Show the alarm of the selected person, else the oldest; nobody but a doctor takes it away."""
        alarmed = [person for person in self._watch.people if person.state is ObservationState.ALARM]
        if not alarmed:
            self._alarmed = None
            self.bar.hide()
            self.card_asked.emit(False)
            return
        person = selected if selected in alarmed else alarmed[0]
        if self._alarmed is None or person.encounter_id != self._alarmed.encounter_id:
            self.card_asked.emit(False)
        self._alarmed = person
        others = [other.seat.ticket_number for other in alarmed if other is not person]
        self.bar.show_alarm(self.tr("{} 请找医生").format(person.seat.ticket_number), _facts(person, others))
        self.bar.show()

    def ask_signs(self, person: Watched | None) -> None:
        """F11: somebody is unwell."""
        if person is not None:
            seat = person.seat
            self.signs.ask(person.encounter_id, f"{seat.ticket_number} {seat.patient_name}")

    def toggle_card(self) -> None:
        """F10: the emergency card over the work area, or away again."""
        if "card" in self.__dict__ and self.card.isVisible():
            self.card_asked.emit(False)
        elif self._alarmed is not None:
            seat = self._alarmed.seat
            draft = self._case_of(seat.encounter_id)
            self.card.show_reaction(get_site(self._bench.read()), draft or {})
            self.card_asked.emit(True)

    def open_report(self, person: Watched | None) -> None:
        """The draft of the report, for a person who had a reaction."""
        draft = self._case_of(person.encounter_id) if person else None
        if draft is not None:
            self._reported = draft["encounter_id"]
            self.report.show_draft(draft)

    def _case_of(self, encounter_id: str) -> Json | None:
        """Return what was written of a reaction, and keep that it is read."""
        db = self._bench.read()
        draft = find_adverse_event(db, encounter_id)
        if draft is not None:
            self._bench.submit(self, None, read_record, get_encounter(db, encounter_id).patient_id)
        return draft

    def _raise(self, encounter_id: str, signs: str) -> None:
        self.signs.close()
        self._bench.submit(
            self, lambda _: self._raised(), workflow.raise_alarm, encounter_id, signs or SIGN_UNSTATED
        )

    def _raised(self) -> None:
        self._watch.reload()
        self._bench.announce(self.tr("已报警，并起草了反应报告；按 F10 看急救卡"), None)

    def _doctor_here(self) -> None:
        person = self._alarmed
        if person is not None:
            act, encounter_id = workflow.close_alarm, person.encounter_id
            self._bench.submit(self, lambda _: self._closed(person), act, encounter_id)

    def _closed(self, person: Watched) -> None:
        self._watch.reload()
        user = self._bench.desk.user
        name = user.name if user else ""
        words = self.tr("{} 的报警由{}医生解除，继续留观").format(person.seat.ticket_number, name)
        self._bench.announce(words, None)

    def _log(self, changes: dict[str, str]) -> None:
        if self._alarmed is not None:
            self._amend(self._alarmed.encounter_id, changes)

    def _amend(self, encounter_id: str, changes: dict[str, str]) -> None:
        self._bench.submit(self, self._amended, workflow.amend_adverse_event, encounter_id, changes)

    def _amended(self, draft: Json) -> None:
        self.card.show_saved(self._watch.now)


def _facts(person: Watched, others: list[str]) -> str:
    seat, alarm_at = person.seat, person.seat.observation.alarm_at
    parts = [f"{masked(seat.patient_name)} {SEXES[Sex(seat.sex)]}", seat.alarm_signs]
    if alarm_at is not None:
        parts.append(f"{local_time(alarm_at)} 报警，已过 {person.minutes} 分钟")
    if others:
        parts.append(f"另有 {'、'.join(others)}")
    return "·".join(parts)
