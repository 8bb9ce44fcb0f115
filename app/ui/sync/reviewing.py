"""What a merge left to people, one after the other: the list, the sheet, the act (SYN-2)."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.audit import Purpose
from app.domain.refusals import Refusal
from app.storage import patients
from app.storage.reviews import PairReview, Review, reviews
from app.ui.bench import Bench
from app.ui.sync.review_sheet import Choice, ReviewSheet
from app.ui.texts import sentence_of
from app.workflows.audit import read_record
from app.workflows.reviewing import MOST_SHOWN, decide_field, decide_pair


class Reviewing(QObject):
    """Works over what the page stands in, so that its keys rest; it hears of the outcome as of any act."""

    closed = Signal()
    """Its sheet is gone: the page takes the keyboard."""

    def __init__(self, bench: Bench, page: QWidget) -> None:
        super().__init__(page)
        self._bench, self._page = bench, page
        self.sheet: ReviewSheet | None = None
        """The one that is open."""
        self._acting = False

    def ask(self) -> None:
        """Show the first that waits to who may decide: both records stand there whole."""
        if self._bench.bars("decide_pair"):
            return
        waiting = self._waiting()
        if waiting:
            self._show(waiting, 0)

    def refresh(self) -> None:
        """Take a sheet away whose question was settled elsewhere meanwhile."""
        sheet = self.sheet
        if sheet is None or self._acting or sheet.review in self._waiting():
            return
        sheet.close_sheet()
        self._bench.announce("这一条刚刚有了变化，请再看一眼")

    def _waiting(self) -> list[Review]:
        return reviews(self._bench.read(), MOST_SHOWN)

    def _show(self, waiting: list[Review], place: int) -> None:
        if self.sheet is not None:
            self.sheet.close_sheet()
        self._note(waiting[place])
        over = self._page.parentWidget() or self._page
        sheet = ReviewSheet(over, waiting[place], (place + 1, len(waiting)), self._decide, self._go_on)
        sheet.closed.connect(self._closed)
        self.sheet = sheet
        sheet.open_sheet()

    def _note(self, review: Review) -> None:
        """Keep that the records were read; one that is not on file here has no line of its own."""
        db = self._bench.read()
        for patient_id in dict.fromkeys((review.here.patient_id, review.there.patient_id)):
            if patients.is_known(db, patient_id):
                self._bench.submit(self, None, read_record, patient_id, Purpose.CORRECTION)

    def _closed(self) -> None:
        self.sheet = None
        self.closed.emit()

    def _go_on(self) -> None:
        """Show the one after the one that is shown."""
        waiting = self._waiting()
        shown = self.sheet.review if self.sheet else None
        if waiting:
            self._show(waiting, (waiting.index(shown) + 1) % len(waiting) if shown in waiting else 0)

    def _decide(self, choice: Choice) -> None:
        """Do it; Enter pressed twice is one act."""
        if self._acting or self.sheet is None:
            return
        self._acting = True
        review = self.sheet.review
        if isinstance(review, PairReview):
            self._bench.submit_or(
                self, lambda _: self._done(choice), self._refused, decide_pair, review,
                is_one=choice.is_one, take_other=choice.take_other,
            )  # fmt: skip
        else:
            self._bench.submit_or(
                self, lambda _: self._done(choice), self._refused, decide_field, review,
                take_other=choice.take_other,
            )  # fmt: skip

    def _done(self, choice: Choice) -> None:
        self._acting = False
        if self.sheet is not None:
            self.sheet.close_sheet()
        self._bench.announce(f"已核对：{choice.words}")
        self.ask()

    def _refused(self, refusal: Refusal) -> None:
        self._acting = False
        said = sentence_of(refusal)
        if self.sheet is not None:
            self.sheet.show_fault(f"{said.happened}{said.todo}")
