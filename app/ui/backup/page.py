"""The backup page 备份: the last copy and the last drill, where to, when next, the recovery key (SEC-3)."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal

from app.devices.printer import PaperKind
from app.domain.clock import read_instant
from app.domain.codes import ScannedCode
from app.domain.county_key import KEY_FILE, read_county_key
from app.domain.refusals import Refusal
from app.domain.safekeeping import BackupPlan
from app.storage.backups import Backup, BackupDamaged, check_place, read_manifest
from app.storage.county import get_file
from app.storage.safekeeping import find_drill, find_plan
from app.storage.site import get_site
from app.ui.backup.county_key_sheet import CountyKeySheet
from app.ui.backup.keeper import Keeper
from app.ui.backup.plan_sheet import PlanSheet, plugged_in
from app.ui.backup.recovery_key_sheet import RecoveryKeySheet
from app.ui.backup.words import drill_words, every_words, moment, next_words, step_of
from app.ui.bench import Bench
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.fact_card import FactCard
from app.ui.kit.layouts import box, column, row
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import LIGHT, SECTION_TEXT, Tone
from app.ui.station import Station
from app.ui.texts import sentence_of
from app.workflows.county import remove_county_key, take_county_key
from app.workflows.desk import Desk
from app.workflows.safekeeping import (
    NewRecoveryKey,
    check_copied,
    choose_plan,
    confirm_recovery_key,
    draw_recovery_key,
)

COLUMNS = (
    Column("备份时间", 30, bold=True),
    Column("居民", 14, right=True),
    Column("接种", 14, right=True),
    Column("日志", 14, right=True),
    Column("程序", 12),
)
_BANNER, _SHOWN = 72, 60


class BackupPage(Station):
    """Amber while something is wanting; what goes on never stands in the way of the other pages."""

    station_id = "backup"
    help_topic = "backup"
    drawn_up = Signal()
    """The list of copies has been read from the disk."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.keeper: Keeper | None = None
        self._shown_minute: datetime | None = None
        self.banner = Banner()
        self.last, self.next = FactCard(), FactCard()
        self.drill_card, self.key_card = FactCard(), FactCard()
        self.table = RecordTable(self.tr("备份盘上的备份"), COLUMNS)
        self._none = EmptyState("disk", "", "")
        self._practice = EmptyState(
            "backup",
            self.tr("在真正的接种点，这里管备份"),
            self.tr("备份到哪里、恢复演练、恢复密钥，各一个键；按 F1 看怎么做。"),
        )
        self._where = Text("", colour=LIGHT.muted, wrap=True)
        self.now_button = ActionButton("立即备份", "Enter", "backup", ButtonKind.PRIMARY, size=SECTION_TEXT)
        self.plan_button = ActionButton("备份到哪里", "F9", "disk")
        self.drill_button = ActionButton("恢复演练", "F10", "check")
        self.key_button = ActionButton("恢复密钥", "F11", "key")
        self.county_button = ActionButton("县级密钥", "F12", "key")
        self.plan_sheet: PlanSheet | None = None
        self.key_sheet: RecoveryKeySheet | None = None
        self.county_sheet: CountyKeySheet | None = None
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._compose()
        self._connect()

    def follow(self, keeper: Keeper) -> None:
        """Show what this keeper does."""
        self.keeper = keeper
        self._real.show()
        self._practice.hide()
        keeper.changed.connect(self._changed)
        self._changed()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self.refresh(frozenset())
        (self.now_button if self.now_button.isEnabled() else self.plan_button).setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show how things stand; the disk is asked aside, for it may be slow."""
        keeper = self.keeper
        if keeper is None:
            self.banner.show_step("practice", "练习点的数据都是假的，不做备份", tone=Tone.PLAIN)
            return
        now, db = self.bench.now(), self.bench.read()
        self._shown_minute = now.replace(second=0, microsecond=0)
        kept, plan = keeper.kept(), find_plan(db)
        step = step_of(kept, keeper.task, keeper.trouble, now)
        self.banner.show_step(step.icon, step.sentence, tone=step.tone)
        last = moment(kept.backed_up_at, now, "还没有备份")
        self.last.show_facts("上次备份", last, "整份，加密")
        self.next.show_facts("下次备份", next_words(kept, now), every_words(plan))
        self._where.show_text(f"在 {plan.folder}" if plan else "")
        self.drill_card.show_facts("上次恢复演练", *drill_words(find_drill(db), now))
        made = keeper.recovery_made_at()
        words = moment(read_instant(made), now, "") + " 制作" if made else "还没有做"
        county = keeper.county_key()
        third = "县里也能打开" if county else "没有交给县里（F12）"
        self.key_card.show_facts("恢复密钥", words, third)
        for button in (self.now_button, self.drill_button):
            button.setEnabled(plan is not None)
        self.bench.run_aside(self, self._show_copies, self.bench.refuse, _reader(keeper))

    def take_code(self, code: ScannedCode) -> bool:
        """No code is for this page."""
        return False

    def _show_copies(self, rows: list[Row]) -> None:
        def fetch(offset: int, limit: int) -> list[Row]:
            return rows[offset : offset + limit]

        self.table.show_rows(len(rows), fetch)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._none.show_state("disk", "现在看不到备份", "没有设置，或备份盘没有插上；插上后会自动补做")
        self.drawn_up.emit()

    def _changed(self) -> None:
        if self.isVisible():
            self.refresh(frozenset())

    def _tick(self) -> None:
        if self.isVisible() and self.bench.now().replace(second=0, microsecond=0) != self._shown_minute:
            self.refresh(frozenset())

    def _allowed(self) -> bool:
        """Ask early; the act asks again."""
        return not self.bench.bars("choose_plan") and self.keeper is not None

    def _back_up(self) -> None:
        if self.keeper is not None and self.now_button.isEnabled() and self._allowed():
            self.keeper.back_up()

    def _drill(self) -> None:
        if self.keeper is not None and self.drill_button.isEnabled() and not self.bench.bars("record_drill"):
            self.keeper.drill()

    def _ask_plan(self) -> None:
        if self._allowed():
            folder = self.bench.desk.store.path.parent
            plan = find_plan(self.bench.read())
            self.plan_sheet = PlanSheet(self, plan, plugged_in(folder), self._save_plan)
            self.plan_sheet.open_sheet(self.plan_sheet.folder)

    def _save_plan(self, plan: BackupPlan) -> None:
        sheet, data = self.plan_sheet, self.bench.desk.store.path.parent
        assert sheet is not None

        def refused(refusal: Refusal) -> None:
            sheet.show_fault(sentence_of(refusal))

        def chosen(_: None) -> None:
            sheet.close_sheet()
            self.bench.announce("备份设置已保存，马上做第一份")
            if self.keeper is not None:
                self.keeper.forget()
                self.keeper.back_up()
                self.enter(None)

        def checked(_: None) -> None:
            self.bench.submit_or(self, chosen, refused, choose_plan, plan)

        self.bench.run_aside(self, checked, refused, lambda: check_place(data, Path(plan.folder)))

    def _ask_key(self) -> None:
        if not self._allowed():
            return
        drawn = draw_recovery_key(self.bench.desk)
        printing: Callable[[], object] | None = None
        if self.bench.printing.queue:
            printing = lambda: self._print(drawn)  # noqa: E731 - one of two
        self.key_sheet = RecoveryKeySheet(self, drawn, printing, lambda copied: self._confirm(drawn, copied))
        self.key_sheet.open_sheet(self.key_sheet.copied)

    def _print(self, drawn: NewRecoveryKey) -> None:
        from app.documents.recovery_sheet import RecoverySheet, recovery_pdf

        site, now, printing = get_site(self.bench.read()), self.bench.now(), self.bench.printing
        sheet = RecoverySheet(site.name, drawn.groups, now, site.practice)

        def work() -> str:
            return printing.deliver(recovery_pdf(sheet), f"recovery-{now:%Y%m%d%H%M%S}", PaperKind.FORM)

        self.bench.run_aside(self, self.bench.delivered.emit, self.bench.refuse, work)

    def _confirm(self, drawn: NewRecoveryKey, copied: str) -> None:
        sheet, keeper = self.key_sheet, self.keeper
        assert sheet is not None
        assert keeper is not None

        def refused(refusal: Refusal) -> None:
            sheet.show_fault(sentence_of(refusal))

        def counts(_: None) -> None:
            sheet.close_sheet()
            self.bench.announce("新的恢复密钥已生效，旧的那张请当面销毁")
            keeper.forget()
            keeper.back_up()
            self.enter(None)

        def work() -> None:
            check_copied(drawn, copied)
            confirm_recovery_key(self.bench.desk, drawn, use_keyring=keeper.use_keyring)

        self.bench.run_aside(self, counts, refused, work)

    def _ask_county(self) -> None:
        if self._allowed() and self.keeper is not None:
            disks = plugged_in(self.bench.desk.store.path.parent)
            current = self.keeper.county_key()
            self.county_sheet = CountyKeySheet(self, current, disks, self._take_county, self._remove_county)
            self.county_sheet.open_sheet(self.county_sheet.file)

    def _take_county(self, file: Path, heard: str) -> None:
        def work(desk: Desk, use_keyring: bool) -> None:
            key = read_county_key(get_file(file, KEY_FILE))
            take_county_key(desk, key, heard, use_keyring=use_keyring)

        self._change_county(work, "县里以后能替这里打开数据；马上备份一次")

    def _remove_county(self) -> None:
        def work(desk: Desk, use_keyring: bool) -> None:
            remove_county_key(desk, use_keyring=use_keyring)

        self._change_county(work, "已停用，县里打不开以后的数据；正在更换数据密钥")

    def _change_county(self, change: Callable[[Desk, bool], None], words: str) -> None:
        sheet, keeper = self.county_sheet, self.keeper
        assert sheet is not None
        assert keeper is not None

        def done(_: None) -> None:
            sheet.close_sheet()
            self.bench.announce(words)
            keeper.forget()
            keeper.look()  # the database key may be due
            keeper.back_up()
            self.enter(None)

        def work() -> None:
            change(self.bench.desk, keeper.use_keyring)

        self.bench.run_aside(self, done, sheet.show_refusal, work)

    def _connect(self) -> None:
        # Not on the page itself: the sheets over it have keys of their own.
        bind_key(self._real, "Enter", self._back_up)
        self.now_button.clicked.connect(self._back_up)
        self.plan_button.bind(self._real).clicked.connect(self._ask_plan)
        self.drill_button.bind(self._real).clicked.connect(self._drill)
        self.key_button.bind(self._real).clicked.connect(self._ask_key)
        self.county_button.bind(self._real).clicked.connect(self._ask_county)
        self.bench.ticked.connect(self._tick)

    def _compose(self) -> None:
        self.banner.setFixedHeight(_BANNER)
        cards = row(self.last, self.next, self.drill_card, self.key_card)
        head = row(
            Text("备份盘上的备份", SECTION_TEXT, bold=True), None,
            Text("新的在上；没有打开过，以恢复演练为准", colour=LIGHT.muted),
        )  # fmt: skip
        copies = Card(column(head, self._where, self.table, self._none, gap=8, margins=(16, 10, 16, 8)))
        buttons = row(
            self.plan_button, self.drill_button, self.key_button, self.county_button, None, self.now_button
        )
        real = column(cards, copies, self.toast, buttons)
        real.setStretch(1, 1)
        self._real = box(real)
        self._real.hide()
        layout = column(self.banner, self._real, self._practice, margins=(16, 16, 16, 8))
        layout.setStretch(1, 1)
        layout.setStretch(2, 1)
        self.setLayout(layout)


def _reader(keeper: Keeper) -> Callable[[], list[Row]]:
    """Return what reads the list of copies aside."""
    find = keeper.finder_of_copies()
    return lambda: [_row_of(copy) for copy in find()[:_SHOWN]]


def _row_of(copy: Backup) -> Row:
    at = moment(copy.made_at, copy.made_at.replace(year=1), "")
    try:
        told = read_manifest(copy.folder)
    except BackupDamaged:
        return (at, Marked("清单损坏", Tone.DANGER, "failed"), "", "", "")
    return (at, str(told.people), str(told.doses), str(told.entries), told.program)
