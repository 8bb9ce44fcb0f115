"""The doses a person has had and those to come: on a line, as cards with their 为什么, and in a table."""

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.journal import Json
from app.domain.schedule.answers import DoseEvaluation, DoseStatus
from app.domain.schedule.standing import Standing
from app.ui.kit.buttons import ActionButton
from app.ui.kit.chip import Chip
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.pages import Pages
from app.ui.kit.table import Column, RecordTable, struck_row
from app.ui.kit.text import Text
from app.ui.kit.timeline import DoseState, Timeline, TimelineDose
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, TARGET, Tone
from app.ui.registration.forecast_list import ForecastList, told_of
from app.ui.texts.forecast import mark_words, next_why, short_name, vaccine_name
from app.ui.texts.reasons import STANDINGS, names_in
from app.ui.texts.words import dose_words, void_words
from app.workflows.forecast import NextDose, PersonForecast, packs_in_use

_COVERED = 2


class History(QWidget):
    """Heading with what is known of the booklet; then the doses given and to come, or that there are none."""

    print_asked = Signal()
    """The slip with the next appointment is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._booklet = Chip(), Chip()
        self._has_next = False
        self._line = Timeline()
        self._table = RecordTable(
            self.tr("接种记录"),
            [
                Column(self.tr("日期"), 28),
                Column(self.tr("疫苗"), 32, bold=True),
                Column(self.tr("剂次"), 17),
                Column(self.tr("批号或状态"), 28),
                Column(self.tr("接种单位或原因"), 40),
            ],
        )
        self._table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._table.setMinimumHeight(TARGET)  # the line above tells the same where there is no room
        self.forecast = ForecastList()
        self.switch = ActionButton("", "Alt+3")
        self.print = ActionButton(self.tr("打预约条"), "Alt+4", "printer")
        self.print.clicked.connect(self.print_asked)
        self.switch.clicked.connect(lambda: self._turn(records=not self._shows_records))
        self._none = self._nothing()
        self._pages, self._below = Pages(), Pages()
        self._below.addWidget(self.forecast)
        self._below.addWidget(self._table)
        self._pages.addWidget(self._none)
        self._pages.addWidget(box(column(self._line, self._below)))
        self.why = ActionButton(self.tr("说明原因，查看"), "Ctrl+H", "locked")
        self._pages.addWidget(self._covered())
        self._title = Text("", SECTION_TEXT, bold=True)
        head = row(self._title, None, self.print, self.switch, self._booklet, self._count)
        self.setLayout(column(head, self._pages))

    def bind(self, page: QWidget) -> None:
        """Let Alt+3 turn between the forecast and the records, and Alt+4 print what is next."""
        self.switch.bind(page)
        self.print.bind(page)

    @property
    def _shows_records(self) -> bool:
        return self._below.currentWidget() is self._table

    def _turn(self, *, records: bool) -> None:
        self._below.setCurrentWidget(self._table if records else self.forecast)
        self.switch.show_action(self.tr("看预测") if records else self.tr("看全部"))
        self.print.setVisible(records and self._has_next)
        self._booklet.setVisible(not self.print.isVisibleTo(self))

    def _nothing(self) -> QWidget:
        """Return what stands where no doses are: lower than an empty page, it shares its room."""
        words = Text(self.tr("没有查到接种记录"), SECTION_TEXT, bold=True)
        todo = Text(self.tr("在外地种过的，请查对预防接种证。"), colour=LIGHT.muted)
        mark = IconMark("booklet", LIGHT.border, 40)
        return box(column(None, *(row(None, each, None) for each in (mark, words, todo)), None, gap=4))

    def _covered(self) -> QWidget:
        """Return what stands over a minor's doses outside a visit (SEC-5)."""
        words = Text(self.tr("未成年人的接种史，取号后显示"), SECTION_TEXT, bold=True)
        todo = Text(self.tr("不取号也要查看的，请说明原因，会记入审计。"), colour=LIGHT.muted)
        return box(column(None, *(row(None, each, None) for each in (words, todo, self.why)), None, gap=10))

    def show_covered(self) -> None:
        """Show that there is a reason to be given first; how many doses there are is not told either.

        What is next is not printed then.
        """
        self._title.show_text(self.tr("接种史"))
        for button in (self.switch, self.print):
            button.hide()
        self._booklet.show_state("", Tone.PLAIN, "")
        self._count.show_state("", Tone.PLAIN, "")
        self._pages.setCurrentIndex(_COVERED)

    def show_doses(
        self, forecast: PersonForecast, voided: Sequence[Json] = (), *, booklet: bool, now: datetime
    ) -> None:
        """Show the doses on record, the oldest first, and what the schedule says is next.

        Those entered in error stand in the table alone, struck through, with the reason (REG-8).
        """
        doses = [record for record, _ in forecast.doses]
        self._booklet.show_state(
            self.tr("有预防接种证") if booklet else self.tr("无接种证"),
            Tone.SUCCESS if booklet else Tone.PLAIN,
            "booklet",
        )
        self._count.show_state(self.tr("已种 {n} 剂").format(n=len(doses)), Tone.INFO, "")
        marks = [_mark(dose, judged, now) for dose, judged in forecast.doses]
        marks += [_coming(one, forecast, now) for one in forecast.next_doses]
        self._line.setVisible(bool(marks))
        self._line.show_doses(marks)
        told = told_of(forecast)
        self.forecast.show_told(told)
        kept = [(dose["occurred_at"], _row(dose)) for dose in doses]
        struck = [(dose["occurred_at"], struck_row(_row(dose), void_words(dose))) for dose in voided]
        given = [words for _, words in sorted(kept + struck, key=lambda row: row[0], reverse=True)]
        rows = [_row_to_come(one, forecast) for one in forecast.next_doses] + given
        self._table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self._title.show_text(self.tr("接种史与预测") if told else self.tr("接种史"))
        self._has_next = bool(forecast.next_doses)
        self._turn(records=not told)
        self.switch.setVisible(bool(told))
        self._pages.setCurrentIndex(1 if rows or told else 0)


def _given_at(dose: Json) -> datetime:
    return read_instant(dose["occurred_at"]).astimezone(CHINA)


def _day(day: date, now: datetime) -> str:
    return f"{day:%m-%d}" if day.year == now.astimezone(CHINA).year else f"{day:%Y-%m}"


def _mark(dose: Json, judged: DoseEvaluation, now: datetime) -> TimelineDose:
    short = dose["vaccine_name"].removesuffix("疫苗")
    counts = judged.status is not DoseStatus.NOT_VALID
    state = DoseState.GIVEN if counts else DoseState.NOT_VALID
    return TimelineDose(f"{short} {dose['dose_number']}", _day(_given_at(dose).date(), now), state)


def _coming(one: NextDose, forecast: PersonForecast, now: datetime) -> TimelineDose:
    short = short_name(forecast.rules, one.line.group, one.vaccine_code)
    if one.is_for_today or one.line.earliest_on is None:
        state = DoseState.LATE if one.standing is Standing.LATE else DoseState.TODAY
        return TimelineDose(f"{short} {one.dose_number}", mark_words(one), state)
    return TimelineDose(f"{short} {one.dose_number}", _day(one.line.earliest_on, now), DoseState.LATER)


def _row(dose: Json) -> tuple[str, ...]:
    return (
        f"{_given_at(dose):%Y-%m-%d}",
        dose["vaccine_name"],
        dose_words(dose["dose_number"]),
        dose["lot_number"],
        dose["site_name"],
    )


def _row_to_come(one: NextDose, forecast: PersonForecast) -> tuple[str, ...]:
    """Return a row for a dose to come: when, what, and why instead of who gave it."""
    why = next_why(one, names_in(packs_in_use()))
    day = f"{one.line.earliest_on} 起"
    if one.is_for_today:
        day = "今天" if one.standing is Standing.LATE else mark_words(one)
    name = vaccine_name(forecast.rules, one.vaccine_code)
    return day, name, dose_words(one.dose_number), STANDINGS[one.standing], why
