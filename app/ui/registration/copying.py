"""From registration to the sheet on which earlier doses are copied from the booklet (补录)."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.audit.say_why import SayWhy
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton
from app.ui.registration.past_doses_sheet import PastDosesSheet
from app.workflows.finding import Hit


class DoseCopying(QObject):
    """Opens the sheet for whoever is shown; a record that needs a reason first is asked for it."""

    def __init__(
        self,
        bench: Bench,
        page: QWidget,
        button: ActionButton,
        whom: Callable[[], Hit | None],
        why: SayWhy,
        read_again: Callable[[], object],
    ) -> None:
        """``whom`` tells who is shown; ``read_again`` shows what has become of the person."""
        super().__init__(page)
        self._bench, self._page, self._whom = bench, page, whom
        self._why, self._read_again = why, read_again
        self.sheet: PastDosesSheet | None = None
        button.clicked.connect(self.open)

    def open(self) -> None:
        """Open the sheet over the page; without anybody shown, say so."""
        hit = self._whom()
        if hit is None:
            self._bench.announce(self.tr("请先选一个人，再按 Alt+5 补录"))
            return
        patient = hit.patient
        if self._why.is_closed(patient.patient_id):
            self._why.open(patient.patient_id, self._read_again)
            return
        self.sheet = PastDosesSheet(self._page, self._bench, patient, self._done)
        self.sheet.closed.connect(self._closed)
        self.sheet.ask()

    def _done(self, said: str) -> None:
        self._bench.announce(said)
        self._read_again()

    def _closed(self) -> None:
        self.sheet = None
        self._read_again()
