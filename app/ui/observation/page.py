"""The observation station (留观): the board, the release of one person, the alarm (OBS-1, OBS-3, OBS-5)."""

from collections.abc import Callable
from functools import cached_property

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QStackedLayout, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.devices.scan_text import read_scan
from app.domain.clock import local_day
from app.domain.codes import ScannedCode, TicketCode
from app.domain.observation import ObservationState
from app.domain.refusals import Refusal
from app.storage import encounters
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import box, column, row
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, LIGHT, MARGIN, SECTION_TEXT, Tone
from app.ui.observation.board_head import BoardHead
from app.ui.observation.choice_sheet import ChoiceSheet
from app.ui.observation.clock_bar import ClockBar
from app.ui.observation.hall_watch import HallWatch, Watched
from app.ui.observation.reaction_desk import ReactionDesk
from app.ui.observation.release_panel import ReleasePanel
from app.ui.observation.seat_grid import SeatGrid
from app.ui.station import Station
from app.ui.texts import sentence_of
from app.ui.texts.observation import EARLY_REASONS, HOW_TO, HOW_TO_TITLE, STATES
from app.ui.texts.words import local_time
from app.ui.wallboard.second_screen import SecondScreen
from app.workflows import observation as workflow

PANEL_WIDTH = 304
UNDO_KEPT_S = 300
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_TURNS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_READY = (ObservationState.OVERDUE, ObservationState.DUE)


class ObservationPage(Station):
    """Left the board, right the selected person; an alarm stands above everything."""

    station_id = "observation"
    help_topic = "observation"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.watch = HallWatch(bench, self)
        self._selected = ""
        self._printing = ""
        self._undoable_until = float("-inf")
        self._board = QWidget()
        self.scan_box = ScanBox(CodeLineEdit, self.tr("扫号票或输号码"), way_out=False)
        self.grid = SeatGrid()
        self.head = BoardHead()
        self.clock_bar = ClockBar(self._board)
        self.panel = ReleasePanel(self._board)
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self.wall = SecondScreen(bench, self.watch, self)
        self.wall_button = ActionButton(self.tr("大屏"), "Ctrl+B", "screen").bind(self._board)
        self._pager = Text("", CAPTION_TEXT, colour=LIGHT.muted)
        self.reactions = ReactionDesk(bench, self.watch, self)
        self._compose()
        self._connect()

    @cached_property
    def early_sheet(self) -> ChoiceSheet:
        """Why somebody goes early; built when it is asked for the first time."""
        action = ActionButton(self.tr("记为提前离开"), "Enter", "left-early")
        sheet = ChoiceSheet(self, self.tr("提前走：为什么？"), EARLY_REASONS, action, several=False)
        sheet.answered.connect(self._leave_early)
        return sheet

    @property
    def is_asking(self) -> bool:
        """Return whether a sheet is open."""
        early = "early_sheet" in self.__dict__ and self.early_sheet.is_open
        return early or self.reactions.is_asking

    @property
    def selected(self) -> Watched | None:
        """Return the person whose facts are in the panel."""
        return self.watch.find(self._selected)

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front, on a person if one is named."""
        self.watch.reload()
        if encounter_id is not None and self.watch.find(encounter_id):
            self.select(encounter_id)
        self._show()
        self.wall.open_if_second_screen()
        self.scan_box.edit.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Nothing to do: the watch has heard of it and says what has changed."""

    def take_code(self, code: ScannedCode) -> bool:
        """Select the person whose ticket was scanned."""
        if not isinstance(code, TicketCode):
            return False
        if self.is_asking:
            self.bench.announce(self.tr("请先做完这一步，再扫号票"), None)
            return True
        encounter = encounters.find_by_token(self.bench.read(), code.token)
        person = self.watch.find(encounter.encounter_id) if encounter else None
        if person is None:
            return False
        self._take(person)
        return True

    def select(self, encounter_id: str) -> None:
        """Put a person into the panel; P prints their certificate from now on."""
        self._selected = self._printing = encounter_id
        self._show()
        self.grid.select(encounter_id)

    def release(self) -> None:
        """Let the selected person go (Enter)."""
        person = self.selected
        if person is None or person.state is ObservationState.LEFT_EARLY:
            return
        self.bench.submit(
            self,
            lambda _: self._released(person),
            workflow.release,
            person.encounter_id,
            self.panel.looked,
        )

    def _released(self, person: Watched) -> None:
        self.watch.reload()
        seat = person.seat
        ready = (other for other in self.watch.people if other.state in _READY)
        following = next(ready, None)
        self._selected = following.encounter_id if following else ""
        self._printing = person.encounter_id
        self.panel.forget_looks()
        self._show()
        self.grid.select(self._selected)
        self.panel.show_print(seat.ticket_number)
        self.bench.announce(
            self.tr("{} {} 已放行，按 P 打印凭证").format(seat.ticket_number, seat.patient_name),
            self._reopening(person.encounter_id),
        )

    def _reopening(self, encounter_id: str) -> Callable[[], object]:
        def reopened(_: None) -> None:
            self.watch.reload()
            self.select(encounter_id)

        return lambda: self.bench.submit(self, reopened, workflow.reopen, encounter_id)

    def _early(self) -> None:
        """F12: the person wants to go now, or has come back."""
        person = self.selected
        if person is None:
            return
        if person.state is ObservationState.LEFT_EARLY:
            self._reopening(person.encounter_id)()
        else:
            seat = person.seat
            self.early_sheet.ask(person.encounter_id, f"{seat.ticket_number} {seat.patient_name}")

    def _leave_early(self, encounter_id: str, reason: str) -> None:
        self.bench.submit_or(
            self,
            lambda _: self._left(encounter_id),
            self._early_refused,
            workflow.leave_early,
            encounter_id,
            reason,
        )

    def _early_refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, workflow.EarlyReasonMissing):
            self.early_sheet.show_fault(str(sentence_of(refusal)))
        else:
            self.early_sheet.close()
            self.bench.refuse(refusal)

    def _left(self, encounter_id: str) -> None:
        self.early_sheet.close()
        self.watch.reload()
        person = self.watch.find(encounter_id)
        if person:
            words = self.tr("{} 记为提前离开").format(person.seat.ticket_number)
            self.bench.announce(words, self._reopening(encounter_id))

    def _print(self) -> None:
        if self._printing:
            self.bench.send_to("certificate", self._printing)

    def _typed(self, text: str) -> None:
        digits = text.strip().upper().removeprefix("A").lstrip("0")
        for person in self.watch.people:
            if digits and person.seat.ticket_number.removeprefix("A").lstrip("0") == digits:
                self._take(person)
                return
        try:
            code = read_scan(text, on=self.bench.desk.today())
        except Refusal as refusal:
            self.bench.refuse(refusal)
            return
        if not self.take_code(code):
            self.scan_box.show_result(self.tr("留观区没有这个号"), tone=Tone.WARNING)

    def _take(self, person: Watched) -> None:
        self.select(person.encounter_id)
        self.scan_box.show_result(
            f"{person.seat.ticket_number} {STATES[person.state]}", local_time(self.watch.now)
        )

    def _enter(self) -> None:
        """Enter ends a typed code; on an empty box it lets the person go."""
        if self.scan_box.edit.text():
            self.scan_box.edit.returnPressed.emit()
        else:
            self.release()

    def _say_due(self, people: tuple[Watched, ...]) -> None:
        """Tell of those whose time is over, unless that would take an undo out of somebody's hand."""
        if self.bench.desk.clock.monotonic() >= self._undoable_until:
            tickets = "、".join(person.seat.ticket_number for person in people)
            self.bench.announce(self.tr("{} 时间到，可查看放行").format(tickets), None)

    def _announced(self, sentence: str, undo: object) -> None:
        kept = UNDO_KEPT_S if undo else 0
        self._undoable_until = self.bench.desk.clock.monotonic() + kept

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows and page keys move over the board while no code is being typed."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not self.scan_box.edit.text()
        ):
            key = Qt.Key(event.key())
            if key in _ARROWS and (neighbour := self.grid.neighbour(*_ARROWS[key])):
                self.select(neighbour)
                return True
            if key in _TURNS:
                self.grid.turn(_TURNS[key])
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while another station was at the front."""
        self._show()
        super().showEvent(event)

    def _show_if_seen(self) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        """Show the board and the selected person; everything below repaints only what differs."""
        if self.selected is None and self.watch.people:
            ready = (person for person in self.watch.people if person.state in _READY)
            self._selected = next(ready, self.watch.people[0]).encounter_id
        self.clock_bar.show_doubt(self.watch.doubt)
        self.head.show_people(self.watch.people)
        self.grid.show_people(self.watch.people, self._selected)
        self._show_pages()
        person = self.selected
        self._middle.setCurrentIndex(0 if person else 1)
        self._side.setCurrentIndex(0 if person else 1)
        if person:
            self.panel.show_person(person, local_day(self.watch.now))
            self._show_print(person)
        self.reactions.show_alarm(person)

    def _show_print(self, person: Watched) -> None:
        printed = self.watch.find(self._printing)
        if printed or not self._printing:
            self._printing = self._printing or person.encounter_id
            self.panel.show_print((printed or person).seat.ticket_number)

    def _show_pages(self) -> None:
        self.head.show_hidden(self.grid.hidden_urgent)
        pages = self.grid.pages
        words = self.tr("第 {} / {} 页 PgUp PgDn").format(self.grid.page + 1, pages) if pages > 1 else ""
        self._pager.show_text(words)

    def _compose(self) -> None:
        empty = EmptyState(
            "observation", self.tr("现在没有人在留观"), self.tr("接种台确认“已接种”后，人会自动出现在这里。")
        )
        self._middle, self._side = QStackedLayout(), QStackedLayout()
        self._middle.addWidget(self.grid)
        self._middle.addWidget(empty)
        self._side.addWidget(self.panel)
        self._side.addWidget(_how_to())
        foot = row(self.toast, self._pager, self.wall_button, gap=12)
        foot.setStretch(0, 1)
        left = column(self.clock_bar, self.head, self._middle, foot)
        left.setStretch(2, 1)
        right = column(self.scan_box, self._side)
        right.setStretch(1, 1)
        holder = box(right)
        holder.setFixedWidth(PANEL_WIDTH)
        board = row(box(left), holder)
        board.setStretch(0, 1)
        self._board.setLayout(board)
        self._work = QStackedLayout()
        self._work.addWidget(self._board)
        whole = column(self.reactions.bar, self._work, margins=(MARGIN, MARGIN, MARGIN, 8))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.scan_box.set_page_keys("12pPrR")
        self.scan_box.edit.installEventFilter(self)
        self.scan_box.typed.connect(self._typed)
        bind_key(self._board, "Enter", self._enter)
        # Also while the panel is empty: the last one to leave wants a certificate too.
        bind_key(self._board, "P", self._print)
        for button in self._board.findChildren(QAbstractButton):
            button.clicked.connect(self._focus_box)
        self.grid.chosen.connect(self.select)
        self.grid.turned.connect(self._show_pages)
        self.panel.released.connect(self.release)
        self.panel.print_button.clicked.connect(self._print)
        self.panel.early.clicked.connect(self._early)
        self.panel.reaction.clicked.connect(lambda: self.reactions.ask_signs(self.selected))
        self.panel.report.clicked.connect(lambda: self.reactions.open_report(self.selected))
        self.reactions.card_asked.connect(self._show_card)
        self.wall_button.clicked.connect(self.wall.toggle)
        self.clock_bar.confirmed.connect(self._confirm_clock)
        self.watch.changed.connect(self._show_if_seen)
        self.watch.doubted.connect(self._show_if_seen)
        self.watch.fell_due.connect(self._say_due)
        self.bench.announced.connect(self._announced)

    def _show_card(self, wanted: bool) -> None:
        """Put the emergency card over the board, or take it away; the keyboard follows."""
        wanted_piece = self.reactions.card if wanted else self._board
        if self._work.currentWidget() is not wanted_piece:
            if self._work.indexOf(wanted_piece) < 0:
                self._work.addWidget(wanted_piece)  # the card is built with the first alarm
            self._work.setCurrentWidget(wanted_piece)
            (self.reactions.card if wanted else self.scan_box.edit).setFocus()

    def _focus_box(self) -> None:
        """Give the keyboard back after a click, unless the click has asked something (ux.md rule 2)."""
        if not self.is_asking:
            self.scan_box.edit.setFocus()

    def _confirm_clock(self) -> None:
        if self.watch.doubt is not None:
            self.bench.submit(self, self._clock_confirmed, workflow.confirm_clock, self.watch.doubt)

    def _clock_confirmed(self, _: None) -> None:
        self.watch.reload()
        self.bench.announce(self.tr("已确认电脑时间 {}").format(local_time(self.watch.now)), None)


def _how_to() -> Card:
    """Return what stands in the place of the panel while nobody is there."""
    steps = [Text(f"{number}. {words}", BODY_TEXT, wrap=True) for number, words in enumerate(HOW_TO, 1)]
    return Card(
        column(Text(HOW_TO_TITLE, SECTION_TEXT, bold=True), 6, *steps, None, gap=10, margins=(16, 16, 16, 16))
    )
