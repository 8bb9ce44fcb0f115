"""From a person to a queue number and back: taking it, printing it, calling the visit off."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.people import Patient
from app.domain.refusals import Refusal
from app.domain.visit import Encounter, VisitState
from app.storage import encounters
from app.ui.bench import Bench
from app.ui.registration.cancel_sheet import CancelSheet
from app.ui.texts.registration import paper_words
from app.workflows import registration


class TicketFlow(QObject):
    """Acts for the page and announces what was done; the page shows it."""

    taken = Signal(object)
    """The ``Encounter`` that was opened."""
    called_off = Signal()
    refused = Signal(object)
    """The ``Refusal`` of a number."""
    printed = Signal()
    """A ticket has gone to the printer or into a file."""

    def __init__(self, bench: Bench, over: QWidget) -> None:
        super().__init__(over)
        self._bench, self._over = bench, over
        self._acting = False
        self._printing: Encounter | None = None
        self._papers: dict[str, str] = {}
        self.taken_id = ""
        """The visit whose number was taken just now, until somebody else is looked at."""
        bench.delivered.connect(self._delivered)

    def take(self, patient: Patient, temperature: str | None) -> None:
        """Give a person the next number; pressed twice it is one act."""
        if self._acting:
            return
        self._acting = True
        self._bench.submit_or(
            self,
            lambda encounter: self._taken(encounter, patient.name),
            self._refused,
            registration.open_visit,
            patient.patient_id,
            temperature,
        )

    def ask_to_call_off(self, visit: Encounter) -> None:
        """Ask why a visit ends before anything was given."""
        CancelSheet(
            self._over, visit.ticket_number, lambda reason: self._call_off(visit, reason)
        ).open_sheet()

    def print_ticket(self, encounter: Encounter) -> None:
        """Send the queue ticket on its way."""
        self._printing = encounter
        self._bench.paper.print_ticket(encounter)

    def print_again(self, visit: Encounter) -> None:
        """Print a lost ticket once more."""
        self.print_ticket(visit)
        self._bench.announce(self.tr("重打号票：{ticket}").format(ticket=visit.ticket_number))

    def paper_of(self, visit: Encounter | None) -> str:
        """Return what became of a visit's ticket on paper, empty if nothing is known."""
        return self._papers.get(visit.encounter_id, "") if visit else ""

    def _taken(self, encounter: Encounter, name: str) -> None:
        self._acting = False
        self.taken_id = encounter.encounter_id
        self.taken.emit(encounter)
        self.print_ticket(encounter)
        self._bench.announce(
            self.tr("已取号：{ticket} {name}").format(ticket=encounter.ticket_number, name=name),
            lambda: self._call_off(encounter, self.tr("登记台撤销")),
        )

    def _refused(self, refusal: Refusal) -> None:
        self._acting = False
        self.refused.emit(refusal)

    def _call_off(self, visit: Encounter, reason: str) -> None:
        sentence = self.tr("已退号：{ticket}，{reason}").format(ticket=visit.ticket_number, reason=reason)
        self._bench.submit(
            self, lambda _: self._done(sentence), registration.cancel_visit, visit.encounter_id, reason
        )

    def _done(self, sentence: str) -> None:
        self.taken_id = ""
        self._bench.announce(sentence)
        self.called_off.emit()

    def _delivered(self, where: str) -> None:
        if self._printing is not None:
            self._papers[self._printing.encounter_id] = paper_words(where)
            self._printing = None
            self.printed.emit()


def waiting_ahead(bench: Bench, visit: Encounter | None) -> int:
    """Return how many who wait for the doctor came before this visit."""
    if visit is None:
        return 0
    waiting = encounters.queue(bench.read(), visit.session_id, VisitState.REGISTERED)
    return sum(other.registered_at < visit.registered_at for other in waiting)
