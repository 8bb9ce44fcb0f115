"""The sync page 同步: how far the records have come, what waits, what was not taken, and the keys for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.domain.codes import ScannedCode
from app.domain.refusals import Refusal
from app.domain.upload_rule import UPLOAD_WITHIN, WARN_AFTER
from app.storage import encounters
from app.storage.feedback import doubted_records
from app.storage.receipts import (
    UploadCounts,
    WaitingDose,
    count_durable,
    doses_of_session,
    upload_counts,
)
from app.storage.reviews import count_reviews
from app.storage.site import running_session
from app.storage.unfit import refused_doses, refused_entries, refused_places
from app.storage.unsent import (
    UnsentCounts,
    find_unsent,
    read_record,
    unsent_counts,
    unsent_records,
    waiting_behind,
)
from app.sync.engine import EventNotTaken
from app.sync.state import Offline, Refused, SyncState, Working
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink, Pause
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import column, row
from app.ui.kit.record_cells import CellState, RecordCells
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, Tone
from app.ui.station import Station, station_of
from app.ui.sync.age_strip import AgeStrip
from app.ui.sync.carrying import Carrying
from app.ui.sync.leading import Leading
from app.ui.sync.refused_panel import NotTaken, RefusedPanel
from app.ui.sync.reviewing import Reviewing
from app.ui.sync.stages import Stages
from app.ui.sync.upload_side import UploadSide
from app.ui.sync.words import (
    KEPT_WORDS,
    behind_words,
    overdue_todo,
    progress_words,
    row_of,
    step_of,
    title_of,
    with_clock,
    with_relay,
)

COLUMNS = (
    Column("时间", 19),
    Column("号票", 10, bold=True),
    Column("受种者", 12),
    Column("记录", 31),
    Column("24 小时上报", 28),
)
_PANEL_WIDTH = 424
_LISTED = 50
"""Of many the newest: what is wrong with one is mostly wrong with all."""
_BANNER, _STAGES, _CELLS = 72, 92, 92
"""Heights in px: what stands in the head does not move when the state changes."""


class SyncPage(Station):
    """Green only for records the centre has receipted one by one; offline is grey, not an error."""

    station_id = "sync"
    help_topic = "sync"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._link: CentreLink | None = None
        self._shown_minute: datetime | None = None
        self._refused: tuple[Refusal, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_all)
        self.banner, self.side, self.ages = Banner(), UploadSide(), AgeStrip()
        self.banner.set_side(self.side)
        self.stages = Stages()
        self.cells, self._cells_title = RecordCells(), Text("", bold=True)
        self._legend = [Chip(), Chip(), Chip()]
        self._unsent_title, self._unsent_note = (
            Text("", SECTION_TEXT, bold=True),
            Text("", colour=LIGHT.muted),
        )
        self.table = RecordTable(self.tr("等待上传的记录"), COLUMNS)
        self._none = EmptyState("at-centre", "", "")
        self.refused = RefusedPanel()
        self.now_button = ActionButton(
            self.tr("立即同步"), "Enter", "sync", ButtonKind.PRIMARY, size=SECTION_TEXT
        )
        self.reviewing = Reviewing(bench, self)
        self.carrying = Carrying(bench, self, self._carried)
        self.leading = Leading(bench, self, lambda: self._link)
        self.lead_button = ActionButton("主机", "3", "local").bind(self)
        self.stick_button = ActionButton("U 盘", "2", "usb").bind(self)
        self.review_button = ActionButton("", "1", "person").bind(self)
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._compose()
        self._connect()

    def follow(self, link: CentreLink) -> None:
        """Show what this link is doing."""
        self._link = link
        link.changed.connect(self._changed)
        self._changed(link.state)

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self._show_all()
        self._focus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show the counts and lists as they stand, once for all that is heard in one go."""
        self._soon.start()

    def _show_all(self) -> None:
        self._soon.stop()
        db, now = self.bench.read(), self.bench.now()
        self._shown_minute = now.replace(second=0, microsecond=0)
        focused = QApplication.focusWidget()
        before = focused if focused and self.isAncestorOf(focused) else None
        counts = upload_counts(db)
        unsent = unsent_counts(db, now - WARN_AFTER, now - UPLOAD_WITHIN)
        not_taken = [*self._not_taken(now), *self._kept_unfiled(now)]
        self._show_link(counts)
        self.ages.show_counts(unsent, overdue_todo(self._state, self._pause, counts.refused), now)
        self.stages.show_stages(counts.saved, counts.saved - counts.waiting, count_durable(db))
        doubted = [
            NotTaken(
                one.refusal,
                one.record,
                title_of(one.record, now, received=True),
                "中心已收下，不影响别的记录",
            )
            for one in doubted_records(db, _LISTED)
        ]
        self.refused.show_refused([*not_taken, *doubted])
        reviews = count_reviews(db)
        self.review_button.show_action(f"待核对 {reviews} 条")
        self.review_button.setVisible(bool(reviews))
        self.reviewing.refresh()
        self._show_buttons()
        stopped = [one.record for one in not_taken if one.record is not None]
        session = running_session(db)
        barred = {record.dose.immunization_id for record in stopped if record.dose} | refused_doses(db)
        self._show_doses(doses_of_session(db, session.session_id) if session else [], barred)
        self._show_unsent(unsent, {(record.epoch, record.seq) for record in stopped} | refused_places(db))
        if before is not None and not before.isVisible():
            self._focus()

    def take_code(self, code: ScannedCode) -> bool:
        """No code is for this page."""
        return False

    @property
    def _state(self) -> SyncState | None:
        return self._link.state if self._link else None

    @property
    def _pause(self) -> Pause:
        return self._link.pause if self._link else Pause.RUNNING

    def _show_link(self, counts: UploadCounts) -> None:
        state = self._state
        step = step_of(state, self._pause, counts, self.bench.now())
        if isinstance(state, Offline) and self._link is not None and step.icon == "offline":
            step = with_relay(step, self._link.relayed, counts.waiting, self.bench.now())
        step = with_clock(step, self._link.clock_apart if self._link else None)
        self.banner.show_step(step.icon, step.sentence, tone=step.tone)
        self.side.show_pause(self._pause if self._link else None)
        if isinstance(state, Working) and self._link is not None and self._pause is Pause.RUNNING:
            words = progress_words(state, self._link.remaining.seconds())
            self.side.show_progress(*state.progress, words)
        else:
            self.side.show_notes(step.notes)

    def _show_buttons(self) -> None:
        self.refused.again.setEnabled(self._link is not None)
        free = self._link is not None and self._pause is Pause.RUNNING
        self.now_button.setVisible(free and not self.refused.again.isVisibleTo(self))

    def _not_taken(self, now: datetime) -> list[NotTaken]:
        """Return what the centre refuses, each with the record it is about if it is about one."""
        if not isinstance(self._state, Working):  # while it is asked again, what was refused stays in sight
            self._refused = self._state.refusals if isinstance(self._state, Refused) else ()
        db = self.bench.read()
        found = []
        for refusal in self._refused:
            record = (
                find_unsent(db, refusal.epoch, refusal.seq) if isinstance(refusal, EventNotTaken) else None
            )
            if record is None:
                found.append(NotTaken(refusal))
                continue
            behind = behind_words(*waiting_behind(db, record.epoch, record.seq))
            found.append(NotTaken(refusal, record, title_of(record, now), behind))
        return found

    def _kept_unfiled(self, now: datetime) -> list[NotTaken]:
        """Return what the centre has and cannot file, the newest of it."""
        db = self.bench.read()
        found = []
        for entry in refused_entries(db, _LISTED):
            record = read_record(db, entry.epoch, entry.seq, entry.event_id)
            refusal = EventNotTaken(entry.epoch, entry.seq, entry.name, entry.reason)
            found.append(NotTaken(refusal, record, title_of(record, now), KEPT_WORDS))
        return found

    def _show_doses(self, doses: Sequence[WaitingDose], barred: Collection[str]) -> None:
        self._cells_card.setVisible(bool(doses))
        states = [
            CellState.RECEIPTED
            if dose.received_at
            else CellState.REFUSED
            if dose.immunization_id in barred
            else CellState.UNSENT
            for dose in doses
        ]
        done, not_taken = states.count(CellState.RECEIPTED), states.count(CellState.REFUSED)
        waiting = len(doses) - done - not_taken
        self._cells_title.show_text(f"本场 {len(doses)} 剂，一格一剂")
        self._legend[0].show_state(f"已收回执 {done}", Tone.SUCCESS, "receipted")
        self._legend[1].show_state(f"没有收下 {not_taken}" if not_taken else "", Tone.DANGER, "failed")
        self._legend[1].setVisible(bool(not_taken))
        self._legend[2].show_state(f"待上传 {waiting}", Tone.PLAIN, "waiting")
        said = f"已收回执 {done} 剂，没有收下 {not_taken} 剂，待上传 {waiting} 剂"
        self.cells.show_cells(states, said)

    def _show_unsent(self, counts: UnsentCounts, refused: Collection[tuple[str, int]]) -> None:
        total = counts.doses + counts.others
        self._unsent_title.show_text(f"待上传 {total} 条")
        self._unsent_note.show_text(f"接种 {counts.doses} 剂，其他 {counts.others} 条" if total else "")
        place, marked = self.table.verticalScrollBar().value(), self.table.currentIndex().row()
        now = self.bench.now()

        def fetch(offset: int, limit: int) -> list[tuple[str, ...]]:
            records = unsent_records(self.bench.read(), offset, limit)
            return [row_of(one, now, refused=(one.epoch, one.seq) in refused) for one in records]

        self.table.show_rows(total, fetch)
        if 0 <= marked < total:
            self.table.selectRow(marked)
        self.table.verticalScrollBar().setValue(place)
        self.table.setVisible(bool(total))
        self._none.setVisible(not total)
        self._none.show_state("at-centre", "没有等待上传的记录", "断网时记录会列在这里，有网自动上传")

    def _changed(self, state: SyncState) -> None:
        if self.isVisible():
            self.refresh(frozenset())

    def _tick(self) -> None:
        """Count down: the time left of a run every second, the 24 hours every minute."""
        if not self.isVisible():
            return
        if self.bench.now().replace(second=0, microsecond=0) != self._shown_minute:
            self.refresh(frozenset())
        elif isinstance(self._state, Working):
            self._show_link(upload_counts(self.bench.read()))

    def _ask_now(self) -> None:
        """Enter: try now; also what a pause is ended with."""
        if self._link is None:
            return
        if self._pause is not Pause.RUNNING:
            self._switch_pause()
            return
        self._link.sync_now()
        self.bench.announce("正在联系中心……")

    def _carried(self) -> None:
        """Receipts may have come on a stick."""
        if self._link is not None:
            self._link.receipted.emit()
        self.refresh(frozenset())

    def _switch_pause(self) -> None:
        if self._link is None:
            return
        if self._pause is Pause.RUNNING:
            self._link.pause_upload()
            self.bench.announce("上传暂停后照常接种，记录都存在本机；按 F9 继续")
        else:
            self._link.resume_upload()
            self.bench.announce("继续上传")
        self._show_all()  # the keyboard goes to a button that is shown from now on
        self._focus()

    def _open_record(self) -> None:
        """Go where the record that was not taken can be corrected."""
        one = self.refused.current
        if one is None or one.record is None or not one.record.encounter_id:
            return
        record = one.record
        if record.kind.startswith("patient."):
            self.bench.send_to("registration", record.encounter_id)
            return
        if record.dose is not None:
            self.bench.send_to("certificate", record.encounter_id)
            return
        visit = encounters.get_encounter(self.bench.read(), record.encounter_id)
        self.bench.send_to(station_of(visit), record.encounter_id)

    def _go_round(self) -> None:
        """Another record of the panel has other keys."""
        self._show_buttons()
        self._focus()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.refused.technical())
        self.bench.announce("已复制技术细节，里面没有受种者的信息")

    def _focus(self) -> None:
        for button in (self.refused.again, self.now_button, self.side.button):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus()
                return
        (self.table if self.table.isVisibleTo(self) else self.stick_button).setFocus()

    def _connect(self) -> None:
        bind_key(self, "Enter", self._ask_now)
        self.now_button.clicked.connect(self._ask_now)
        self.review_button.clicked.connect(self.reviewing.ask)
        self.reviewing.closed.connect(self._focus)
        self.carrying.closed.connect(self._focus)
        self.stick_button.clicked.connect(self.carrying.ask)
        self.leading.closed.connect(self._focus)
        self.lead_button.clicked.connect(self.leading.ask)
        self.side.button.bind(self).clicked.connect(self._switch_pause)
        self.refused.again.clicked.connect(self._ask_now)
        self.refused.open.bind(self).clicked.connect(self._open_record)
        self.refused.next.bind(self).clicked.connect(self._go_round)
        self.refused.copy.bind(self).clicked.connect(self._copy)
        self.bench.ticked.connect(self._tick)

    def _compose(self) -> None:
        legend = row(self._cells_title, None, *self._legend)
        self._cells_card = Card(column(legend, self.cells, gap=6, margins=(16, 10, 16, 10)))
        self._cells_card.setFixedHeight(_CELLS)
        self.banner.setFixedHeight(_BANNER)
        self.stages.setFixedHeight(_STAGES)
        self.refused.setFixedWidth(_PANEL_WIDTH)
        head = row(self._unsent_title, None, self._unsent_note)
        unsent = Card(column(head, self.table, self._none, gap=8, margins=(16, 10, 16, 8)))
        foot = row(self.toast, self.review_button, self.stick_button, self.lead_button, self.now_button)
        foot.setStretch(0, 1)
        left = column(self._cells_card, unsent, foot)
        left.setStretch(1, 1)
        below = row(left, self.refused)
        below.setStretch(0, 1)
        layout = column(self.banner, self.ages, self.stages, below, margins=(16, 16, 16, 8))
        layout.setStretch(3, 1)
        self.setLayout(layout)
