"""The right-hand panel: the selected person, what to look at before they go, and the keys that let them."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from app.domain.observation import Look, ObservationState
from app.domain.people import Sex, age_on
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.fitted_text import FittedText
from app.ui.kit.fonts import text_width
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, FACT_TEXT, LIGHT, SECTION_TEXT, TARGET, Tone
from app.ui.observation.hall_watch import Watched
from app.ui.texts.observation import LOOKS, STATES
from app.ui.texts.words import SEXES, age_words, dose_words, local_time

TONES = {
    ObservationState.OBSERVING: (Tone.INFO, "running"),
    ObservationState.DUE: (Tone.SUCCESS, "done"),
    ObservationState.OVERDUE: (Tone.WARNING, "warning"),
    ObservationState.ALARM: (Tone.DANGER, "alarm"),
    ObservationState.LEFT_EARLY: (Tone.PLAIN, "left-early"),
}
"""Colour and shape of each state."""


CAPTION_HEIGHT = 36
SIDE, TWO_LINES = 16, 40


class ReleasePanel(Card):
    """Shows one person; the page does what its buttons and keys ask for."""

    released = Signal()
    """放行 Enter."""

    def __init__(self, page: QWidget) -> None:
        self._chip = Chip()
        self._ticket = Text("", FACT_TEXT, bold=True)
        self.name = FittedText("", SECTION_TEXT, lines=1)
        self._dose = FittedText("", BODY_TEXT, bold=False, lines=2)
        self._times = FittedText("", BODY_TEXT, lines=1)
        self._title = Text(self.tr("放行前看一看"), BODY_TEXT, bold=True)
        self.looks = {
            look: ConfirmRow(LOOKS[look], str(number)).bind(page) for number, look in enumerate(Look, 1)
        }
        # The caption is the first to give way on a low screen.
        self._title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._release = ActionButton(self.tr("放行"), "Enter", "enter", ButtonKind.PRIMARY, size=FACT_TEXT)
        self.print_button = ActionButton(self.tr("打印凭证"), "P")
        self.reaction = ActionButton(self.tr("有反应"), "F11", kind=ButtonKind.DANGER).bind(page)
        self.early = ActionButton(self.tr("提前走"), "F12").bind(page)
        self.report = ActionButton(self.tr("报告"), "R").bind(page)
        # It gives way on a low screen under an alarm bar.
        self._release.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        for line in self.looks.values():
            line.setFixedHeight(TARGET)
        super().__init__(self._compose())
        self._release.clicked.connect(self.released)
        self._shown = ""

    @property
    def looked(self) -> tuple[Look, ...]:
        """Return what a person has ticked for the one shown."""
        return tuple(look for look, line in self.looks.items() if line.isChecked())

    def show_person(self, person: Watched, today: date) -> None:
        """Show a person; the ticks belong to them alone and fall when another is shown."""
        if person.encounter_id != self._shown:
            self.forget_looks()
            self._shown = person.encounter_id
        seat = person.seat
        self._chip.show_state(STATES[person.state], *TONES[person.state])
        self._ticket.show_text(seat.ticket_number)
        self._show_name(seat.patient_name)
        age = age_words(age_on(date.fromisoformat(seat.birth_on), today))
        doses = "、".join(f"{name} {dose_words(number)}" for name, number in seat.doses)
        self._dose.show_text(f"{SEXES[Sex(seat.sex)]} {age}·{doses}")
        tone = Tone.WARNING if seat.has_more_to_come else TONES[person.state][0]
        self._times.show_text(_time_words(person), LIGHT.tone(tone).ink)
        self._show_keys(person)

    def forget_looks(self) -> None:
        """Let what was ticked no longer count: the person has gone, and may come back."""
        self._shown = ""
        for line in self.looks.values():
            line.setChecked(False)

    def show_print(self, ticket: str) -> None:
        """Name whose certificate P prints."""
        short = self.report.isVisibleTo(self)
        words = self.tr("{} 凭证") if short else self.tr("打印 {} 的凭证")
        self.print_button.show_action(words.format(ticket))

    def _show_name(self, name: str) -> None:
        """Show the whole name: one that is too long even in small letters takes a second line."""
        room = self.contentsRect().width() - 2 * SIDE
        self.name.setMinimumHeight(TWO_LINES if text_width(name, CAPTION_TEXT, True) > room else 0)
        self.name.show_text(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the caption out where it would take the room of a key."""
        super().resizeEvent(event)
        layout = self.layout()
        room = self.height() - (layout.minimumSize().height() if layout else 0)
        self._title.setMaximumHeight(CAPTION_HEIGHT if room >= CAPTION_HEIGHT else 0)

    def _show_keys(self, person: Watched) -> None:
        gone, alarmed = person.state is ObservationState.LEFT_EARLY, person.state is ObservationState.ALARM
        looking = not gone and not alarmed
        for widget in (self._title, *self.looks.values()):
            widget.setVisible(looking)
        self._release.setVisible(not gone)
        ready = person.state in (ObservationState.DUE, ObservationState.OVERDUE)
        self._release.show_kind(ButtonKind.PRIMARY if ready else ButtonKind.SECONDARY)
        self.reaction.setVisible(looking)
        self.early.setVisible(not alarmed)
        self.early.show_action(self.tr("又回来了") if gone else self.tr("提前走"))
        self.report.setVisible(bool(person.seat.alarm_signs))

    def _compose(self) -> QLayout:
        for line in (self.name, self._dose, self._times):
            line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        head = row(self._ticket, None, self._chip)
        pieces = column(
            head, self.name, self._dose, self._times, 2, self._title, *self.looks.values(), None,
            row(self.print_button, self.report), self._release, row(self.reaction, self.early),
            gap=4, margins=(SIDE, 8, SIDE, 12),
        )  # fmt: skip
        pieces.setStretchFactor(self._title, 100)
        return pieces


def _time_words(person: Watched) -> str:
    observation = person.seat.observation
    if person.state is ObservationState.LEFT_EARLY and observation.ended_at is not None:
        return f"{local_time(observation.ended_at)} 提前走，留观 {person.minutes} 分钟"
    if person.seat.has_more_to_come:
        return "还有一剂没种，种完重新计时"
    left = {
        ObservationState.OBSERVING: f"还要坐 {person.minutes} 分钟",
        ObservationState.DUE: "时间到",
        ObservationState.OVERDUE: f"已超 {-person.minutes} 分钟",
    }.get(person.state, "解除报警后放行")
    return f"{local_time(observation.started_at)} 至 {local_time(observation.due_at)}，{left}"
