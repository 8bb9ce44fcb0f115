"""Ctrl+J at the practice site: a wrong dose is laid, the line at the top says each step."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.practice.exercise import Exercise, Fault, Judgement, Standing, judge, lay_out
from app.ui.bench import Bench
from app.ui.certificate.correct_sheet import CorrectSheet
from app.ui.certificate.page import CertificatePage
from app.ui.certificate.records_sheet import RecordsSheet
from app.ui.certificate.void_sheet import VoidSheet
from app.ui.exercise.sheets import DoneSheet, TaskSheet
from app.ui.kit.sheet import Sheet
from app.ui.texts import exercise as words


class CorrectionWalk(QObject):
    """Works beside the real pages: it looks at what stands open there, and presses nothing itself."""

    def __init__(
        self, bench: Bench, page: CertificatePage, over: QWidget, say: Callable[[str], object]
    ) -> None:
        """``over``: what sheets stand over; ``say`` shows a sentence at the top, empty for none."""
        super().__init__(page)
        self._bench, self._page, self._over, self._say = bench, page, over, say
        self._sheet: Sheet | None = None
        self._laying = False
        self._last: Fault | None = None
        self.exercise: Exercise | None = None
        page.entered.connect(self.look)
        page.person_shown.connect(self.look)
        page.records.turned.connect(self.look)
        bench.committed.connect(lambda kinds: self.look())

    def ask(self) -> None:
        """Ctrl+J: lay a first dose, or tell the story of the one that is laid again."""
        if self.exercise is None:
            self.lay()
        elif self._sheet is None and not self._page.records.is_open:
            self._tell(self.exercise)

    def lay(self) -> None:
        """Lay another dose before the nurse."""
        desk = self._bench.desk
        user = desk.user
        if self._laying or user is None or desk.is_locked:
            return
        self._laying = True
        self._bench.run_aside(self, self._laid, self._not_laid, lambda: lay_out(desk, user, self._last))

    def end(self) -> None:
        """Leave the exercise; the dose stays as it is, at a site where nothing is real."""
        self._close()
        self.exercise = None
        self._say("")

    def look(self) -> None:
        """Say what to press now, by what stands open and what became of the dose."""
        if self.exercise is None:
            return
        judged = judge(self._bench.read(), self.exercise)
        if judged.standing is Standing.RIGHT:
            if not self._page.records.is_open:
                self._show_done(self.exercise, judged)
            return
        self._say(self._step(self.exercise, judged))

    def _step(self, exercise: Exercise, judged: Judgement) -> str:
        sheet = self._page.records.sheet
        if isinstance(sheet, CorrectSheet):
            return words.correct_words(exercise)
        if isinstance(sheet, VoidSheet):
            return words.void_words(exercise)
        if wrong := words.wrong_words(exercise, judged):
            return wrong
        if isinstance(sheet, RecordsSheet):
            return words.choose_words(exercise)
        if self._page.isVisible() and self._page.patient_id == exercise.person.patient_id:
            return words.records_words()
        return words.find_words(exercise)

    def _laid(self, exercise: Exercise) -> None:
        self._laying = False
        self.exercise, self._last = exercise, exercise.fault
        self._tell(exercise)
        self.look()

    def _not_laid(self, refusal: Refusal) -> None:
        self._laying = False
        self._bench.refuse(refusal)

    def _tell(self, exercise: Exercise) -> None:
        sheet = TaskSheet(self._over, exercise)
        sheet.another.clicked.connect(self._another)
        sheet.end.clicked.connect(self.end)
        self._open(sheet)

    def _show_done(self, exercise: Exercise, judged: Judgement) -> None:
        self.end()
        sheet = DoneSheet(self._over, exercise, judged)
        sheet.another.clicked.connect(self._another)
        self._open(sheet)

    def _another(self) -> None:
        self._close()
        self.lay()

    def _open(self, sheet: Sheet) -> None:
        self._close()
        self._sheet = sheet
        sheet.closed.connect(self._closed)
        sheet.open_sheet()

    def _close(self) -> None:
        if self._sheet is not None:
            self._sheet.close_sheet()

    def _closed(self) -> None:
        self._sheet = None
