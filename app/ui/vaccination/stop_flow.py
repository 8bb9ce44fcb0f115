"""A stop from its first moment to the way on that is chosen: shown, recorded, counted, left."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.checklist import OtherPersonsDocument
from app.domain.codes import CitizenNumber, Gs1Code, ScannedCode, TicketCode, TraceCode, UnknownCode
from app.domain.refusals import Refusal
from app.domain.vial import Vial
from app.domain.visit import VisitState
from app.ui.bench import Bench
from app.ui.kit.refusal_panel import RefusalPanel
from app.ui.release_pack_sheet import ReleasePackSheet
from app.ui.texts.words import local_time
from app.ui.vaccination.at_needle import AtNeedle
from app.ui.vaccination.stop_words import DOCTOR, QUARANTINE, QUEUE, RELEASE, TITLES, Stop, stop_facts


class StopFlow(QObject):
    """Owns the stop panel; nothing on Enter, and only the ways on that are offered."""

    ended = Signal()
    """A way on was taken, or a new vial came: the desk may show again."""

    def __init__(self, bench: Bench, needle: AtNeedle, over: QWidget) -> None:
        super().__init__(over)
        self._bench, self._needle, self._over = bench, needle, over
        self._sheet: ReleasePackSheet | None = None
        self.panel = RefusalPanel()
        self.stop: Stop | None = None
        self.panel.chosen.connect(self._choose)

    def begin(self, refusal: Refusal, encounter_id: str, vial: Vial | None) -> None:
        """Show a stop and record it; its count of this month follows when it has been written."""
        at = local_time(self._bench.now())
        self.stop = Stop(encounter_id, refusal, at, vial, may_release=self._bench.may("release_pack"))
        self._show()
        if isinstance(refusal, OtherPersonsDocument):
            self._needle.note_other_document(refusal, self._counted)
        else:
            code = vial.trace_code if vial else None
            self._needle.note(encounter_id, code or "", refusal, self._counted)

    def holds(self, code: ScannedCode) -> bool:
        """Return whether the stop stands in the way of a code; one that answers it ends the stop.

        Another vial answers a stop over a vial, the right document one over a document, and while nobody
        is at the needle any ticket goes on.
        """
        if self.stop is None:
            return False
        if isinstance(code, TicketCode):
            answers = self._needle.encounter_id is None
        elif isinstance(code, CitizenNumber):
            answers = isinstance(self.stop.refusal, OtherPersonsDocument)
        else:
            answers = self.stop.about_vial and isinstance(code, TraceCode | Gs1Code | UnknownCode)
        if answers:
            self.end()
        else:
            self._bench.refuse(self.stop.refusal)
        return not answers

    def end(self) -> None:
        """Leave the stop."""
        if self._sheet is not None:
            self._sheet.close_sheet()
        if self.stop is not None:
            self.stop = None
            self.ended.emit()

    def _show(self) -> None:
        if self.stop is not None:
            view = self._needle.view_of(self.stop.encounter_id)
            self.panel.show_refusal(stop_facts(self.stop, view, self._bench.desk.today()))

    def _counted(self, times: int) -> None:
        if self.stop is not None:
            self.stop = replace(self.stop, times=times)
            self._show()

    def _choose(self, action_id: str) -> None:
        stop = self.stop
        if stop is None:
            return
        encounter = self._needle.view_of(stop.encounter_id).encounter
        if action_id == QUARANTINE and stop.vial is not None and stop.vial.trace_code:
            self._needle.quarantine(stop.vial.trace_code, TITLES[type(stop.refusal)])
        elif action_id == RELEASE and stop.vial is not None and stop.vial.trace_code:
            self._ask_release(stop.vial.trace_code)
            return
        elif action_id == DOCTOR:
            self._needle.send_back(encounter, "doctor", TITLES[type(stop.refusal)])
        elif action_id == QUEUE and encounter.state is VisitState.AT_STATION:
            self._needle.send_back(encounter, "queue", TITLES[type(stop.refusal)])
        self.end()

    def _ask_release(self, code: str) -> None:
        self._sheet = ReleasePackSheet(self._over, self._bench, code, self._released)
        self._sheet.closed.connect(self._forget_sheet)
        self._sheet.open_sheet()

    def _released(self) -> None:
        self._bench.announce("已放行这一支，请再扫一次")
        self.end()

    def _forget_sheet(self) -> None:
        self._sheet = None
