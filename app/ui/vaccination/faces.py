"""The three faces of the station: the desk, a stop, the recipient's look; one of them fills the page."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.domain.checklist import Item, next_to_confirm
from app.domain.refusals import Refusal
from app.storage import immunizations
from app.storage.needle import waiting_by_product
from app.storage.site import running_session
from app.ui.bench import Bench
from app.ui.kit.layouts import lay_out_now
from app.ui.kit.toast import Toast
from app.ui.kit.turns import after_paint
from app.ui.texts import sentence_of
from app.ui.vaccination.desk_view import DeskView
from app.ui.vaccination.next_step import Step, next_step, queue_step
from app.ui.vaccination.recipient_screens import RecipientScreens
from app.ui.vaccination.recipient_words import RecipientWords, recipient_words
from app.ui.vaccination.stop_flow import StopFlow
from app.ui.vaccination.verdict import said_on, verdict_step
from app.workflows.desk import staff_name
from app.workflows.needle import Judged, NeedleView
from app.workflows.open_vials import open_vials
from app.workflows.ready_line import waiting_line


@dataclass(frozen=True)
class News:
    """What was said of the last act and stands until the next one."""

    refusal: Refusal | None = None
    step: Step | None = None
    passed: str = ""
    """The verdict on the scan, said before the step that follows it."""
    pointed: frozenset[Item] = frozenset()
    """Open items to look at."""
    queue_step: Callable[[int], Step] = queue_step
    """The sentence over a queue of so many people."""


class Faces(QWidget):
    """Shows what stands in the store; decides nothing but which face is at the front."""

    def __init__(self, bench: Bench, stops: StopFlow, toast: Toast) -> None:
        super().__init__()
        self._bench, self._stops = bench, stops
        self._names: dict[str, str] = {}
        self.desk = DeskView(toast)
        self.recipient = RecipientScreens(self)
        bench.covered.connect(self.recipient.leave)
        self.looked_away = False
        """The recipient's look was left by Esc; key 4 brings it back."""
        self._stack = QStackedLayout(self)
        for face in (self.desk, stops.panel, self.recipient.own):
            self._stack.addWidget(face)

    @property
    def is_desk(self) -> bool:
        """Return whether the desk is at the front."""
        return self._stack.currentWidget() is self.desk

    def show_view(self, view: NeedleView | None, news: News) -> None:
        """Show the visit at the needle, or the queue."""
        if view is None:
            self._show_queue(news)
        else:
            self._show_work(view, news)
        if news.refusal is not None:
            self.desk.say(sentence_of(news.refusal), news.refusal)
        self._bring_to_front(view)
        lay_out_now()
        if view is not None and (words := self._words_of(view)) and self.is_desk:
            after_paint(self, partial(self.recipient.prepare, words, self.size()))

    def show_verdict(self, verdict: Judged | Refusal) -> None:
        """Paint the banner alone, now: a nurse waits for this and for nothing else of a scan (row 12)."""
        if self.is_desk:
            self.desk.show_verdict(verdict_step(verdict))

    def take_keyboard(self) -> None:
        """Give the keyboard to what is at the front."""
        face = self._stack.currentWidget()
        target = self.desk.scan.edit if face is self.desk else face
        if target is not None:
            target.setFocus()

    def _show_queue(self, news: News) -> None:
        db, now, day = self._bench.read(), self._bench.now(), self._bench.desk.today()
        session = running_session(db)
        waiting = waiting_line(db, session.session_id) if session else []
        given = immunizations.recorded_today(db, session.session_id) if session else 0
        self.desk.queue.show_queue(waiting, now, day, open_session=session is not None)
        self.desk.queue_side.show_figures(len(waiting), given)
        opened = open_vials(db, session.session_id, now) if session else []
        wanted = Counter(product.product_code for person in waiting for product, _ in person.doses)
        self.desk.queue_side.show_open(opened, now, wanted)
        self.desk.show_queue()
        self.desk.show_step(news.step or news.queue_step(len(waiting)))

    def _show_work(self, view: NeedleView, news: News) -> None:
        db, now, day = self._bench.read(), self._bench.now(), self._bench.desk.today()
        self.desk.work.show_view(view, day, self._name_of, news.pointed)
        self.desk.side.show_view(view, now, day, waiting_by_product(db, view.encounter.session_id))
        self.desk.show_work()
        self.desk.show_step(news.step or said_on(news.passed, next_step(view, day)))

    def _bring_to_front(self, view: NeedleView | None) -> None:
        before = self._stack.currentWidget()
        words = self._words_to_accept(view)
        if self._stops.stop is not None:
            self._stack.setCurrentWidget(self._stops.panel)
        elif words is not None:
            self.recipient.show_words(words)
            self._stack.setCurrentWidget(self.recipient.own)
        else:
            self._stack.setCurrentWidget(self.desk)
        if self._stack.currentWidget() is not self.recipient.own:
            self.recipient.leave()
        if self._stack.currentWidget() is not before:
            self.take_keyboard()

    def _words_to_accept(self, view: NeedleView | None) -> RecipientWords | None:
        """Return what the recipient is to look at now, None while it is not their turn."""
        if view is None or next_to_confirm(view.facts) is not Item.RECIPIENT:
            self.looked_away = False
            return None
        return None if self.looked_away else self._words_of(view)

    def _words_of(self, view: NeedleView) -> RecipientWords | None:
        user = self._bench.desk.user
        who = f"{self._bench.desk.name}·{user.title} {user.name}" if user else self._bench.desk.name
        return recipient_words(view, self._bench.desk.today(), who)

    def _name_of(self, staff_id: str) -> str:
        if staff_id not in self._names:
            self._names[staff_id] = staff_name(self._bench.read(), staff_id)
        return self._names[staff_id]
