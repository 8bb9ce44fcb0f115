"""Who waits for the doctor: the next ticket first, what is known of the one marked, and the scan box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.clock import local_day
from app.domain.conditions import Condition
from app.domain.journal import Json
from app.domain.people import Patient, age_on
from app.domain.visit import Encounter, VisitState
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import box, column, row
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.search_result import Found, ResultList
from app.ui.kit.spans import facts
from app.ui.kit.text import Text
from app.ui.kit.tokens import PADDING, SECTION_TEXT, Tone
from app.ui.registration.history import History
from app.ui.registration.notice import Notice
from app.ui.texts.registration import document_words
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import SEXES, age_words, guardian_words, local_time
from app.workflows.forecast import forecast_from
from app.workflows.registration import is_worth_telling

LIST_WIDTH = 408


@dataclass(frozen=True)
class Waiting:
    """One visit in front of the doctor's room."""

    encounter: Encounter
    patient: Patient
    doses: Sequence[Json]
    stated: Sequence[Condition]
    """Special conditions, what was superseded among them."""
    returned_because: str
    begun: bool
    """Answers have been given and not recorded yet."""


class WaitingView(QWidget):
    """The list keeps its mark when others come and go; Enter opens the one marked."""

    opened = Signal(str)
    """The id of the visit to be screened, or to be told and asked for consent."""
    typed = Signal(str)
    """A code typed into the scan box."""
    forecast_asked = Signal(object)
    """The patient whose slip with the next appointment is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[str, Waiting] = {}
        self._now: datetime | None = None
        self.scan_box = ScanBox(CodeLineEdit, self.tr("请扫号票"), way_out=False)
        self.results = ResultList()
        self._count = Text("", SECTION_TEXT, bold=True)
        self._nobody = EmptyState(
            "screening", self.tr("现在没有人等预检"), self.tr("登记台取号后会出现在这里。")
        )
        self.person, self._history, self._notice = FactCard(), History(), Notice()
        self.open = ActionButton("", "Enter", "ask", ButtonKind.PRIMARY, size=SECTION_TEXT)
        self._pages = QStackedWidget()
        self._compose()
        self.results.selected.connect(self._show_selected)
        self.open.clicked.connect(self.press)
        self.scan_box.typed.connect(self.typed)
        self.setFocusProxy(self.scan_box)
        self._history.bind(self)
        self._history.print_asked.connect(self._print_asked)

    @property
    def selected(self) -> Waiting | None:
        """Return the visit marked, or None."""
        return self._waiting.get(self.results.selected_id)

    def show_waiting(self, waiting: Sequence[Waiting], now: datetime) -> None:
        """Show who waits, by ticket; the mark stays, or goes to the first."""
        kept = self.results.selected_id
        self._now = now
        self._waiting = {each.encounter.encounter_id: each for each in waiting}
        self._count.show_text(self.tr("等候 {n} 人").format(n=len(waiting)))
        self.results.show_results([_entry(each, now) for each in waiting])
        self._pages.setCurrentIndex(1 if waiting else 0)
        if waiting:
            self.results.select(kept if kept in self._waiting else waiting[0].encounter.encounter_id)

    def press(self) -> None:
        """Open the visit marked."""
        if self.selected is not None:
            self.opened.emit(self.selected.encounter.encounter_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -4, Qt.Key.Key_PageDown: 4}
        if (by := step.get(Qt.Key(event.key()))) is not None:
            self.results.step(by)
        else:
            super().keyPressEvent(event)

    def _print_asked(self) -> None:
        if self.selected is not None:
            self.forecast_asked.emit(self.selected.patient)

    def _show_selected(self, encounter_id: str) -> None:
        each, now = self._waiting[encounter_id], self._now
        assert now is not None, "shown with the list"
        patient, encounter = each.patient, each.encounter
        age = age_words(age_on(patient.birth_on, local_day(now)))
        caption = self.tr("受种者·号票 {ticket}").format(ticket=encounter.ticket_number)
        told = (f"出生 {patient.birth_on}", document_words(patient), guardian_words(patient.guardian))
        self.person.show_facts(
            caption,
            facts(patient.name, f"{SEXES[patient.sex]}·{age}"),
            "",
            "·".join(words for words in told if words),
        )
        warm = encounter.temperature
        tone = Tone.WARNING if warm and is_worth_telling(warm) else Tone.SUCCESS
        self.person.show_chip(f"{warm} ℃" if warm else "", tone, "thermometer")
        forecast = forecast_from(patient, each.doses, local_day(now), each.stated)
        self._history.show_doses(forecast, booklet=patient.booklet, now=now)
        self._notice.clear()
        if each.returned_because:
            why = self.tr("接种台退回：{why}").format(why=each.returned_because)
            self._notice.say(Sentence(why, "", self.tr("请重新询问，上次的答案已带入。")))
        consent = encounter.state is VisitState.SCREENED
        words = self.tr("继续预检") if each.begun else self.tr("开始预检")
        self.open.show_action(self.tr("告知和知情同意") if consent else words)

    def _compose(self) -> None:
        lines = column(self._history, self._notice, self.open, gap=10, margins=(PADDING, 12, PADDING, 14))
        lines.setStretch(0, 1)
        detail = column(self.person, Card(lines))
        detail.setStretch(1, 1)
        self._pages.addWidget(Card(column(self._nobody)))
        self._pages.addWidget(box(detail))
        left = column(self.scan_box, self._count, self.results)
        left.setStretch(2, 1)
        side = box(left)
        side.setFixedWidth(LIST_WIDTH)
        whole = row(side, self._pages)
        whole.setStretch(1, 1)
        self.setLayout(whole)


def _entry(each: Waiting, now: datetime) -> Found:
    encounter, patient = each.encounter, each.patient
    age = age_words(age_on(patient.birth_on, local_day(now)))
    minutes = int((now - encounter.registered_at).total_seconds() // 60)
    state, tone, icon = _state(each)
    return Found(
        result_id=encounter.encounter_id,
        name=patient.name,
        line=f"{SEXES[patient.sex]}·{age}·{document_words(patient)}",
        state=f"{state}·{local_time(encounter.registered_at)} 取号，等 {minutes} 分",
        tone=tone,
        icon=icon,
        reading=encounter.ticket_number,
    )


def _state(each: Waiting) -> tuple[str, Tone, str]:
    if each.returned_because:
        return "接种台退回", Tone.WARNING, "warning"
    if each.encounter.state is VisitState.SCREENED:
        return "等知情同意", Tone.INFO, "consent"
    if each.begun:
        return "问了一半", Tone.INFO, "ask"
    return "等预检", Tone.PLAIN, "waiting"
