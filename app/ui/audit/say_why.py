"""Opens a person's record and keeps that it was read: behind the question why where the law wants one."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.audit import Purpose
from app.domain.identity import normalise_number
from app.domain.people import Patient
from app.domain.visit import Encounter
from app.storage import patients
from app.ui.audit.reason_sheet import ReasonSheet
from app.ui.bench import Bench
from app.workflows.audit import must_say_why, read_record


class SayWhy(QObject):
    """One page's way to open records (SEC-5, 未成年人网络保护条例 art. 36)."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self._sheet: ReasonSheet | None = None
        self._said: tuple[str, Purpose, str] | None = None
        """Whose record is open at this page, and why."""
        self._kept: tuple[object, ...] | None = None
        """The last look that was noted."""
        self._reader = ""
        """Who looks, by staff id: a reason holds for who gave it."""
        self._before = ""
        """The number that stood there when another person took the desk: no document of theirs."""

    @property
    def is_open(self) -> bool:
        """Return whether the question stands."""
        return self._sheet is not None

    def is_closed(self, patient_id: str) -> bool:
        """Return whether this record still needs a reason."""
        self._see_who_reads("")
        said = self._said is not None and self._said[0] == patient_id
        return not said and must_say_why(self._bench.desk.case(), patient_id)

    def present(self, patient_id: str) -> None:
        """Take the person's own document, read at this desk, as the reason."""
        self._see_who_reads("")
        self._said = (patient_id, Purpose.PRESENT, "")

    def forget(self) -> None:
        """Let the next look at the same record need its reason again."""
        self._said = self._kept = None
        self._reader, self._before = self._user, ""

    @property
    def _user(self) -> str:
        user = self._bench.desk.user
        return user.staff_id if user is not None else ""

    def _see_who_reads(self, number: str) -> None:
        """Begin anew where another person has the desk; ``number`` is what stands there from before."""
        if self._reader != self._user:
            first = not self._reader
            self.forget()
            self._before = "" if first else number

    def look_at(self, patient: Patient, visit: Encounter | None, number: str) -> bool:
        """Return whether the record of whoever is chosen may be shown now; keep once that it is.

        ``number`` is what was read or typed: their own document's is a reason.
        """
        self._see_who_reads(number)
        if number != self._before and normalise_number(number) == patient.document_number:
            self.present(patient.patient_id)
        if self.is_closed(patient.patient_id):
            return False
        look = (patient.patient_id, visit.encounter_id if visit else "", self._said)
        if look != self._kept:
            self._kept = look
            self.note(patient.patient_id)
        return True

    def note(self, patient_id: str) -> None:
        """Keep that an open record is shown."""
        said = self._said
        purpose, words = (said[1], said[2]) if said is not None and said[0] == patient_id else (None, "")
        self._bench.submit(self._page, None, read_record, patient_id, purpose, words)

    def open(self, patient_id: str, opened: Callable[[], object]) -> None:
        """Call ``opened`` once there is a reason: at once, or after the question; never when it is left."""
        if not self.is_closed(patient_id):
            self.note(patient_id)
            opened()
            return
        if self._sheet is not None:
            self._sheet.close_sheet()
        patient = patients.get_patient(self._bench.read(), patient_id)
        sheet = ReasonSheet(
            self._page,
            self.tr("为什么查看这份档案？"),
            self.tr("{name}·未成年人·今天没有就诊").format(name=patient.name),
            self.tr("谁、何时、为什么查看，都会记入审计；要接种就先去登记取号。"),
        )

        def answered(purpose: Purpose, words: str) -> None:
            self._said = (patient_id, purpose, words)
            self.note(patient_id)
            opened()

        sheet.answered.connect(answered)
        sheet.closed.connect(self._gone)
        self._sheet = sheet
        sheet.ask()

    def _gone(self) -> None:
        self._sheet = None
