"""The person found: who they are, their ticket or the way to one, and the doses they have had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.clock import local_day
from app.domain.journal import Json
from app.domain.people import Patient, age_on
from app.domain.visit import VisitState
from app.storage import immunizations
from app.storage.site import get_site
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.fonts import text_width
from app.ui.kit.layouts import box, column, row
from app.ui.kit.pages import Pages
from app.ui.kit.rule import Rule
from app.ui.kit.ticket_card import TicketCard
from app.ui.kit.tokens import BODY_TEXT, FACT_TEXT, LIGHT, PADDING, SECTION_TEXT
from app.ui.registration.history import History
from app.ui.registration.notice import Notice
from app.ui.registration.temperature import TemperatureField
from app.ui.registration.ticket_flow import waiting_ahead
from app.ui.texts.registration import document_words, standing_words, visit_words
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import SEXES, age_words, guardian_words, local_time
from app.workflows.finding import Hit, Standing
from app.workflows.forecast import PersonForecast, forecast_of

CANCELLABLE = frozenset({VisitState.REGISTERED, VisitState.SCREENED, VisitState.READY, VisitState.AT_STATION})
"""States in which 退号 is offered; the workflow decides."""

NARROWEST = 300
"""Room for the name beside a ticket on the smallest screen, px; what is wider takes two lines."""


@dataclass(frozen=True)
class PersonView:
    """Everything the panel shows of one person."""

    patient: Patient
    standing: Standing
    forecast: PersonForecast | None
    """The doses on record, judged, and what is next; None until somebody says why they look at them."""
    voided: Sequence[Json]
    waiting_ahead: int
    now: datetime
    takes_temperature: bool
    paper: str = ""
    """What became of the ticket on paper, in a word or two."""

    @property
    def today(self) -> date:
        """The date in China."""
        return local_day(self.now)


def view_of(bench: Bench, hit: Hit, paper: str, *, may_look: bool) -> PersonView:
    """Return what is shown of a person now; of the doses nothing until somebody may look at them."""
    db, patient, standing = bench.read(), hit.patient, hit.standing
    return PersonView(
        patient=patient,
        standing=standing,
        forecast=forecast_of(db, patient, bench.desk.today()) if may_look else None,
        voided=immunizations.voided_here(db, patient.patient_id) if may_look else (),
        waiting_ahead=waiting_ahead(bench, standing.visit),
        now=bench.now(),
        takes_temperature=get_site(db).takes_temperature,
        paper=paper,
    )


class PersonPanel(Card):
    """Nobody, or one person with the one large button that is next."""

    pressed = Signal()
    """The large button: take a ticket, or go on to the next person."""
    reprint_asked = Signal()
    amend_asked = Signal()
    cancel_asked = Signal()
    why_asked = Signal()
    """The doses are to be shown, with a reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._headline = FittedText("", FACT_TEXT)
        self._second = FittedText("", BODY_TEXT, bold=False)
        self._third = FittedText("", BODY_TEXT, bold=False, colour=LIGHT.muted)
        self.ticket = TicketCard()
        self.history = History()
        self._notice = Notice()
        self.temperature = TemperatureField()
        self.primary = ActionButton("", "Enter", kind=ButtonKind.PRIMARY, size=SECTION_TEXT)
        self.reprint = ActionButton(self.tr("重打号票"), "F10")
        self.amend = ActionButton(self.tr("改资料"), "F11")
        self.cancel = ActionButton(self.tr("退号"), "F12")
        self.why = self.history.why
        self._pages = Pages()
        self.nobody = EmptyState("registration", "", "")
        self._pages.addWidget(self.nobody)
        self._pages.addWidget(self._compose())
        super().__init__(column(self._pages, margins=(PADDING, 12, PADDING, 14)), parent=parent)
        self._connect()

    def bind(self, page: QWidget) -> None:
        """Let the key of the history work on the page."""
        self.history.bind(page)

    @property
    def shows_nobody(self) -> bool:
        """Return whether nobody's record stands here."""
        return self._pages.currentIndex() == 0

    def show_nobody(self, icon: str, sentence: str, todo: str) -> None:
        """Show that nobody is selected, and what to do."""
        self.nobody.show_state(icon, sentence, todo)
        self._pages.setCurrentIndex(0)

    def show_person(self, view: PersonView) -> None:
        """Show a person."""
        patient, visit = view.patient, view.standing.visit
        who = f"{SEXES[patient.sex]}·{age_words(age_on(patient.birth_on, view.today))}"
        short = f"{patient.name}　{who}"
        fits = text_width(short, FACT_TEXT) < NARROWEST
        self._headline.show_text(short if fits else patient.name)
        told = (
            "" if fits else who,
            f"出生 {patient.birth_on}",
            document_words(patient),
            guardian_words(patient.guardian),
        )
        self._second.show_text("·".join(words for words in told if words))
        self._third.show_text(f"电话尾号 {patient.phone[-4:]}·{patient.address}·{patient.population_group}")
        for line, height, size in (
            (self._headline, 40, FACT_TEXT),
            (self._second, 26, BODY_TEXT),
            (self._third, 26, BODY_TEXT),
        ):
            narrow = text_width(line.text, size) < NARROWEST
            line.setFixedHeight(height if narrow else 2 * height - 6)
        if view.forecast is None:
            self.history.show_covered()
        else:
            self.history.show_doses(view.forecast, view.voided, booklet=patient.booklet, now=view.now)
        self._show_visit(view)
        under_way = view.standing.is_in_visit
        self.temperature.setVisible(view.takes_temperature and not under_way)
        words = self.tr("再取号，送预检") if visit else self.tr("取号，送预检")
        self.primary.show_action(self.tr("叫下一位") if under_way else words)
        self._pages.setCurrentIndex(1)

    def _show_visit(self, view: PersonView) -> None:
        visit = view.standing.visit
        self.ticket.setVisible(visit is not None)
        self.reprint.setVisible(visit is not None and visit.state in CANCELLABLE)
        self.cancel.setVisible(visit is not None and visit.state in CANCELLABLE)
        self._notice.clear()
        if visit is not None:
            ahead = self.tr("前面 {n} 人").format(n=view.waiting_ahead)
            waiting = visit.state is VisitState.REGISTERED
            self.ticket.show_ticket(
                visit.ticket_number,
                self.tr("{time} 取号").format(time=local_time(visit.registered_at)),
                "·".join(words for words in (view.paper, ahead) if words)
                if waiting
                else visit_words(visit.state),
            )
        words = standing_words(view.standing, view.today)
        if words and not view.standing.is_in_visit and (visit is None or view.standing.advice):
            self._notice.say(Sentence(words, "", self.tr("照常取号，由预检医生判断。")))

    def _compose(self) -> QWidget:
        who = column(self._headline, self._second, self._third, gap=4)
        head = row(box(who), self.ticket, gap=12)
        head.setStretch(0, 1)
        foot = row(self.primary, self.reprint, self.amend, self.cancel)
        foot.setStretch(0, 1)
        lines = column(head, Rule(), self.history, self._notice, self.temperature, foot, gap=10)
        lines.setStretch(2, 1)
        return box(lines)

    def _connect(self) -> None:
        self.primary.clicked.connect(self.pressed)
        self.reprint.clicked.connect(self.reprint_asked)
        self.amend.clicked.connect(self.amend_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self.why.clicked.connect(self.why_asked)
        for button in (self.reprint, self.amend, self.cancel):
            button.setMinimumHeight(56)
