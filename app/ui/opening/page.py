"""The opening page 开诊: what the first dose still needs and who can do it, and the session of the day."""

from collections.abc import Callable, Sequence

from app.domain.codes import ScannedCode
from app.domain.refusals import Refusal
from app.domain.site import Session
from app.storage.site import newest_sessions
from app.ui.bench import Bench
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import CAPTION_TEXT, FACT_TEXT, LIGHT, RIGHT_COLUMN, SECTION_TEXT, Tone
from app.ui.opening.bringing import Bringing
from app.ui.opening.session_sheets import CloseSheet, OpenSheet
from app.ui.opening.step_row import StepRow
from app.ui.sheet_station import SheetStation
from app.ui.texts.packs import summary_words
from app.ui.texts.readiness import needs_words
from app.ui.texts.sessions import (
    counts_words,
    manager_words,
    session_words,
    staff_step,
    stock_step,
    when_words,
)
from app.ui.vaccination.readiness_sheet import ReadinessSheet
from app.workflows.opening import DayNow, day_now
from app.workflows.schedules import packs_now
from app.workflows.site_setup import (
    VisitsStillWaiting,
    close_session,
    open_session,
    still_here,
)

_SESSIONS_SHOWN = 4


class OpeningPage(SheetStation):
    """Everybody sees how far the day is; the keys are there for whoever may press them."""

    station_id = "opening"
    help_topic = "opening"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.banner = Banner("calendar")
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._now: DayNow | None = None
        tr = self.tr
        self.staff = StepRow(tr("人员"), tr("登记人员"), "Alt+1", "family", self._go("staff"))
        self.stock = StepRow(tr("疫苗"), tr("收货入库"), "Alt+2", "fridge", self._go("stock"))
        self.four = StepRow(tr("四有"), tr("逐项看过"), "Alt+3", "check", self._check_four)
        self.session = StepRow(tr("场次"), tr("开始场次"), "F9", "play", self._ask_name)
        self.steps = [one.bind(self) for one in (self.staff, self.stock, self.four, self.session)]
        self.close_button = ActionButton(tr("收诊"), "F10", "done", ButtonKind.SECONDARY).bind(self)
        self.close_button.clicked.connect(self._ask_close)
        self.bringing = Bringing(bench, self, self._open_next, bench.announce)
        self.packs_button = ActionButton(tr("看一看、换一份"), "Alt+4", "open").bind(self)
        self.packs_button.clicked.connect(lambda: self.bringing.show_packs())
        self._packs, self._packs_wrong = Text(""), Text("", colour=LIGHT.warning)
        self._name = Text("", FACT_TEXT, bold=True, wrap=True)
        self._since = Text("", CAPTION_TEXT, colour=LIGHT.muted)
        self._counts = Text("", wrap=True)
        self._before = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self._compose()
        bench.ticked.connect(self._tick)

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self.refresh(frozenset())
        self.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show how far the day has come, and what the person at the desk may do about it."""
        now = self._now = day_now(self.bench.read(), self.bench.desk.today())
        four = now.not_ready
        session_may = self.bench.may("open_session") and now.session is None
        self.staff.show_step(
            staff_step(now), done=bool(now.vaccinators and now.doctors), may=self.bench.may("add_staff"),
            warned=not now.rescuers,
        )  # fmt: skip
        self.stock.show_step(stock_step(now), done=now.lots > 0, may=self.bench.may("receive_delivery"))
        self.four.show_step(
            self.tr("今天还没看过：{needs}").format(needs=needs_words(four.missing)) if four
            else self.tr("负责人放行，缺的已写明原因") if now.overridden else self.tr("今天都看过了"),
            done=four is None, may=four is not None and self.bench.may("check_readiness"),
        )  # fmt: skip
        self.session.show_step(session_words(now), done=now.session is not None, may=session_may)
        self._show_banner(now)
        self._show_session(now)
        self._show_packs()

    def take_code(self, code: ScannedCode) -> bool:
        """No code is for this page."""
        return False

    def _go(self, station_id: str) -> Callable[[], None]:
        return lambda: self.bench.send_to(station_id)

    def _compose(self) -> None:
        head = Text(self.tr("第一针之前"), SECTION_TEXT, bold=True)
        left = Card(column(head, *self.steps, None, gap=10, margins=(16, 12, 16, 12)))
        on = column(
            Text(self.tr("现在的场次"), SECTION_TEXT, bold=True), self._name, self._since, 4, self._counts, 8,
            self.close_button, gap=4, margins=(16, 12, 16, 12),
        )  # fmt: skip
        former = Text(self.tr("以前的场次"), SECTION_TEXT, bold=True)
        before = column(former, self._before, gap=6, margins=(16, 12, 16, 12))
        rules = column(
            Text(self.tr("免疫程序"), SECTION_TEXT, bold=True), self._packs, self._packs_wrong, 4,
            self.packs_button, gap=4, margins=(16, 12, 16, 12),
        )  # fmt: skip
        right = box(column(Card(on), Card(rules), Card(before), None, gap=12))
        right.setFixedWidth(RIGHT_COLUMN)
        middle = row(left, right, gap=16)
        middle.setStretch(0, 1)
        whole = column(self.banner, middle, self.toast, gap=12, margins=(16, 16, 16, 12))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _show_banner(self, now: DayNow) -> None:
        waiting = [one for one in self.steps if not one.is_done]
        first = next((one for one in waiting if one.button.isVisibleTo(self)), None)
        if now.session is not None and now.carried_over:
            words = self.tr("场次从 {day} 开到现在，请收诊再开新的").format(day=when_words(now.session))
            key = "F10" if self.bench.may("close_session") else ""
            self.banner.show_step("warning", words, key, self.tr("按") if key else "", tone=Tone.WARNING)
        elif not waiting:
            self.banner.show_step("done", self.tr("都齐了，可以叫号接种"), tone=Tone.SUCCESS)
        elif first is None:
            words, who = self.tr("还差 {n} 样，请{who}来做"), manager_words(now.managers)
            self.banner.show_step("calendar", words.format(n=len(waiting), who=who))
        elif first is self.session and len(waiting) == 1:
            self.banner.show_step("calendar", self.tr("开始今天的场次"), "F9", self.tr("按"))
        else:
            words = self.tr("离第一针还差 {n} 样：先{what}").format(n=len(waiting), what=first.button.text())
            self.banner.show_step("calendar", words, first.button.key, self.tr("按"))

    def _show_session(self, now: DayNow) -> None:
        session = now.session
        self.close_button.setVisible(session is not None and self.bench.may("close_session"))
        self._name.show_text(session.name if session else self.tr("没有开着的场次"))
        self._since.setVisible(session is not None)
        self._counts.setVisible(session is not None)
        if session is not None:
            self._since.show_text(self.tr("{when}开始").format(when=when_words(session)))
            self._counts.show_text("\n".join(counts_words(now)))
        self._before.show_text("\n".join(self._former(now)) or self.tr("还没有"))

    def _show_packs(self) -> None:
        now = packs_now(self.bench.desk)
        ruling, wrong = summary_words(now.places, len(now.refused))
        self._packs.show_text(ruling)
        self._packs_wrong.show_text(wrong)

    def _former(self, now: DayNow) -> Sequence[str]:
        running = now.session.session_id if now.session else ""
        former: list[Session] = newest_sessions(self.bench.read(), _SESSIONS_SHOWN + 1)
        return [f"{one.name}　{when_words(one)}" for one in former if one.session_id != running][
            :_SESSIONS_SHOWN
        ]

    def _tick(self) -> None:
        """At midnight the session is one of yesterday and the check of the four is due again."""
        stale = self._now is not None and self._now.session is not None and not self._now.carried_over
        if self.isVisible() and stale and day_now(self.bench.read(), self.bench.desk.today()).carried_over:
            self.refresh(frozenset())

    # What is done here

    def _open_next(self, sheet: Sheet) -> None:
        """Open a sheet instead of the one that led to it."""
        self._close()
        self._open(sheet)

    def _check_four(self) -> None:
        self._open(ReadinessSheet(self, self.bench, lambda: self._done(self.tr("“四有”已看过"))))

    def _ask_name(self) -> None:
        self._open(OpenSheet(self, self.bench, self._begin))

    def _begin(self, name: str) -> None:
        self.bench.submit_or(
            self, lambda one: self._done(f"已开始：{one.name}"), self._refused, open_session, name
        )

    def _ask_close(self) -> None:
        now = self._now
        if now is not None and now.session is not None:
            left = still_here(self.bench.read(), now.session.session_id)
            self._open(CloseSheet(self, self.bench, now.session.name, left, self._close_session))

    def _close_session(self, ending: list[str]) -> None:
        name = self._now.session.name if self._now and self._now.session else ""
        self.bench.submit_or(self, lambda _: self._closed_session(name), self._refused, close_session, ending)

    def _closed_session(self, name: str) -> None:
        """After a session of an earlier day the next thing is today's."""
        was_carried_over = self._now is not None and self._now.carried_over
        self._done(f"已收诊：{name}")
        if was_carried_over:
            self._ask_name()

    def _refused(self, refusal: Refusal) -> None:
        """Of visits that came meanwhile the sheet is asked anew."""
        if isinstance(refusal, VisitsStillWaiting):
            self._close()
            self._ask_close()
        super()._refused(refusal)
