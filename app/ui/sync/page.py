"""The sync page 同步: three counts, one cell for every dose of the day, the doses still waiting."""

from collections.abc import Sequence

from app.domain.clock import CHINA
from app.domain.codes import ScannedCode
from app.domain.identity import mask_name
from app.storage.receipts import WaitingDose, doses_of_session, upload_counts
from app.storage.site import running_session
from app.sync.state import SyncState
from app.ui.bench import Bench
from app.ui.centre_link import CentreLink
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.chip import Chip
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.figure_card import FigureCard
from app.ui.kit.layouts import column, row
from app.ui.kit.record_cells import CellState, RecordCells
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, Tone
from app.ui.station import Station
from app.ui.sync.words import age_of, hours_left, step_of

COLUMNS = (
    Column("接种时刻", 2),
    Column("号票", 2, bold=True),
    Column("受种者", 2),
    Column("疫苗", 4),
    Column("24 小时上报剩余", 3),
)


class SyncPage(Station):
    """Green only for doses the centre has receipted one by one; offline is grey, not an error."""

    station_id = "sync"
    help_topic = "sync"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._link: CentreLink | None = None
        self.banner = Banner()
        self.saved, self.receipted, self.waiting = (
            FigureCard("local"),
            FigureCard("at-centre"),
            FigureCard("upload"),
        )
        self.cells, self._cells_title = RecordCells(), Text("", bold=True)
        self._legend = [Chip(), Chip()]
        self._unsent_title, self.age = Text("", SECTION_TEXT, bold=True), Chip()
        self.table = RecordTable(self.tr("等待上传的接种记录"), COLUMNS)
        self._none = EmptyState("at-centre", "", "")
        self._now = ActionButton(self.tr("立即同步"), "Enter", "sync", ButtonKind.PRIMARY, size=SECTION_TEXT)
        self._now.bind(self).clicked.connect(self._sync_now)
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._compose()
        bench.ticked.connect(self._tick)

    def follow(self, link: CentreLink) -> None:
        """Show what this link is doing."""
        self._link = link
        link.changed.connect(self._changed)

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self.refresh(frozenset())
        self._now.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show the counts and lists as they stand."""
        db = self.bench.read()
        counts = upload_counts(db)
        state = self._link.state if self._link else None
        step = step_of(state, counts)
        self.banner.show_step(step.icon, step.sentence, tone=step.tone)
        self.banner.set_side(Text(step.note, colour=LIGHT.muted) if step.note else None)
        self.saved.show_figure(f"{counts.saved}", "已存本机", "加密保存，断电不丢")
        delivered = counts.saved - counts.waiting
        tone = Tone.SUCCESS if counts.waiting == 0 else Tone.PLAIN
        self.receipted.show_figure(f"{delivered}", "中心已收", "逐条回执，可查", tone)
        self.waiting.show_figure(
            f"{counts.waiting}", "待上传", "有网后自动上传", Tone.INFO if counts.waiting else Tone.PLAIN
        )
        session = running_session(db)
        self._show_doses(doses_of_session(db, session.session_id) if session else [])
        self.age.show_state(*age_of(counts.oldest_waiting_at, self.bench.now()), "clock")

    def take_code(self, code: ScannedCode) -> bool:
        """No code is for this page."""
        return False

    def _show_doses(self, doses: Sequence[WaitingDose]) -> None:
        waiting = [dose for dose in doses if dose.received_at is None]
        done = len(doses) - len(waiting)
        self._cells_title.show_text(f"本场 {len(doses)} 剂，一格一剂")
        self._legend[0].show_state(f"已收回执 {done}", Tone.SUCCESS, "receipted")
        self._legend[1].show_state(f"未收回执 {len(waiting)}", Tone.PLAIN, "waiting")
        states = [CellState.RECEIPTED if dose.received_at else CellState.UNSENT for dose in doses]
        self.cells.show_cells(states, f"已收回执 {done} 剂，未收回执 {len(waiting)} 剂")
        self._unsent_title.show_text(f"等待上传 {len(waiting)} 剂")
        rows = [self._row(dose) for dose in waiting]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        sentence = "本场每一剂都收到了中心的回执" if doses else "本场还没有接种记录"
        self._none.show_state(
            "at-centre" if doses else "syringe", sentence, "断网时记录会列在这里，有网自动上传"
        )

    def _row(self, dose: WaitingDose) -> tuple[str, ...]:
        return (
            f"{dose.occurred_at.astimezone(CHINA):%H:%M}",
            dose.ticket_number,
            mask_name(dose.patient_name),
            f"{dose.vaccine_name} 第 {dose.dose_number} 剂",
            hours_left(dose.occurred_at, self.bench.now()),
        )

    def _changed(self, state: SyncState) -> None:
        if self.isVisible():
            self.refresh(frozenset())

    def _tick(self) -> None:
        if self.isVisible() and self.bench.now().second == 0:
            self.refresh(frozenset())

    def _sync_now(self) -> None:
        if self._link is not None:
            self._link.sync_now()
            self.bench.announce("正在联系中心……")

    def _compose(self) -> None:
        legend = row(self._cells_title, None, *self._legend)
        cells = Card(column(legend, self.cells, gap=10, margins=(16, 12, 16, 12)))
        cells.setFixedHeight(104)
        head = row(self._unsent_title, None, self.age)
        unsent = Card(column(head, self.table, self._none, gap=8, margins=(16, 12, 16, 8)))
        figures = row(self.saved, self.receipted, self.waiting)
        foot = row(self.toast, self._now)
        foot.setStretch(0, 1)
        layout = column(self.banner, figures, cells, unsent, foot, margins=(16, 16, 16, 8))
        layout.setStretch(3, 1)
        self.setLayout(layout)
