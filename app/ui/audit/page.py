"""The audit page 审计: who read, printed, took out and let pass what, and why; read-only for everybody."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from app.domain.audit import Access
from app.domain.clock import CHINA, instant_text, read_instant
from app.domain.codes import CitizenNumber, ScannedCode
from app.domain.identity import mask_name
from app.domain.refusals import Refusal
from app.storage import audit, patients
from app.storage.audit import Wanted
from app.storage.staff import find_by_name
from app.ui.audit.override_counts import OverrideCounts
from app.ui.audit.taking_out import TakingOut
from app.ui.bench import Bench
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import column, row
from app.ui.kit.search_box import SearchBox
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import Tone
from app.ui.station import Station
from app.ui.texts import sentence_of
from app.ui.texts.audit import ACCESSES, reason_words
from app.workflows.audit import verify
from app.workflows.desk import staff_name

PERIODS = (timedelta(days=1), timedelta(days=7), timedelta(days=31), timedelta(days=184))
"""Half a year is the least the law has kept (网络安全法 art. 21)."""
_PERIOD_WORDS = ("近一天", "近七天", "近一月", "近半年")
KINDS: Sequence[tuple[str, Sequence[Access]]] = (
    ("全部", ()),
    ("查看", (Access.READ,)),
    ("打印、导出", (Access.PRINTED, Access.EXPORTED)),
    ("人工放行", (Access.OVERRIDDEN,)),
    ("更正", (Access.CORRECTED,)),
    ("登录", (Access.SIGNED_IN, Access.SIGN_IN_FAILED)),
    ("人员变动、设置", (Access.STAFF_CHANGED, Access.CONFIGURED)),
)
MOST_PEOPLE = 50
"""How many people a search may name; more are told to be narrowed."""
_SIDE = 300


class AuditPage(Station):
    """A search, two keys that narrow, the list, and at its side who let things pass how often."""

    station_id = "audit"
    help_topic = "audit"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._period, self._kind = 1, 0
        self.banner = Banner()
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self.search = SearchBox(QLineEdit, self.tr("姓名、拼音、证件号"))
        self.period_button = ActionButton("", "F9", "clock")
        self.kind_button = ActionButton("", "F10", "filter")
        self.verify_button = ActionButton(self.tr("核验"), "F11", "shield")
        self.export_button = ActionButton(self.tr("导出"), "F12", "download")
        self.taking_out = TakingOut(bench, self)
        self.table = RecordTable(
            self.tr("审计记录"),
            [
                Column(self.tr("时间"), 17),
                Column(self.tr("谁"), 20, bold=True),
                Column(self.tr("做了什么"), 16),
                Column(self.tr("谁的档案"), 13),
                Column(self.tr("原因、说明"), 26),
                Column(self.tr("工位"), 14),
            ],
        )
        self.none = EmptyState("clipboard", self.tr("没有这样的记录"), self.tr("换一段时间，或换一种查法。"))
        self.overrides = OverrideCounts()
        self._compose()
        self._connect()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front and check the chain."""
        self._reload()
        self._verify()
        self.search.edit.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what has been added."""
        self._reload()

    def take_code(self, code: ScannedCode) -> bool:
        """Search by the number of a document."""
        if isinstance(code, CitizenNumber):
            self.search.edit.setText(code.text)
            return True
        return False

    # --- the list ---

    def _wanted(self) -> Wanted | None:
        """Return what is looked for, None for words that name nobody."""
        db, typed = self.bench.read(), self.search.edit.text().strip()
        since = instant_text(self.bench.now() - PERIODS[self._period])
        accesses = KINDS[self._kind][1]
        if not typed:
            return Wanted(since, accesses)
        if member := find_by_name(db, typed):
            return Wanted(since, accesses, staff_id=member.staff_id)
        found = patients.search(db, typed, MOST_PEOPLE)
        return Wanted(since, accesses, patient_ids=[each.patient_id for each in found]) if found else None

    def _reload(self) -> None:
        db, wanted = self.bench.read(), self._wanted()
        count = audit.count(db, wanted) if wanted else 0
        self.period_button.show_action(_PERIOD_WORDS[self._period])
        self.kind_button.show_action(KINDS[self._kind][0])
        self.table.setVisible(count > 0)
        self.none.setVisible(count == 0)
        if wanted is not None:
            self.table.show_rows(count, lambda offset, limit: self._rows(wanted, offset, limit))
        since = instant_text(self.bench.now() - PERIODS[self._period])
        times = audit.counts_by_staff(db, Access.OVERRIDDEN, since)
        self.overrides.show_counts([(staff_name(db, who), own, beside) for who, own, beside in times])

    def _rows(self, wanted: Wanted, offset: int, limit: int) -> list[Row]:
        db = self.bench.read()
        shown = self._shows_names()
        rows: list[Row] = []
        for record in audit.page(db, wanted, offset, limit):
            line = record.line
            whom = patients.get_patient(db, line.patient_id).name if line.patient_id else ""
            rows.append(
                (
                    _when(line.at, self.bench.now()),
                    "、".join(staff_name(db, who) for who in (line.staff_id, line.second_id) if who),
                    _marked(line.access),
                    whom if shown or not whom else mask_name(whom),
                    reason_words(line),
                    line.desk,
                )
            )
        return rows

    def _shows_names(self) -> bool:
        """Return whether this person may read records: an auditor sees that somebody's was, not whose."""
        return self.bench.may("read_record")

    # --- the chain ---

    def _verify(self) -> None:
        self.banner.show_step("shield", self.tr("正在核验审计记录"))
        self.bench.run_aside(self, self._verified, self._broken, lambda: verify(self.bench.read()))

    def _verified(self, count: int) -> None:
        words = self.tr("{n} 条审计记录，一条不缺、没有改动").format(n=count)
        self.banner.show_step("shield", words, tone=Tone.SUCCESS)

    def _broken(self, refusal: Refusal) -> None:
        self.banner.show_step("warning", sentence_of(refusal).happened, tone=Tone.DANGER)
        self.bench.refuse(refusal)

    def _take_out(self) -> None:
        self.taking_out.ask(self.bench.now() - PERIODS[self._period], _PERIOD_WORDS[self._period])

    # --- parts ---

    def _next_period(self) -> None:
        self._period = (self._period + 1) % len(PERIODS)
        self._reload()

    def _next_kind(self) -> None:
        self._kind = (self._kind + 1) % len(KINDS)
        self._reload()

    def _step(self, places: int) -> None:
        last = self.table.paged.rowCount() - 1
        self.table.selectRow(min(max(self.table.currentIndex().row() + places, 0), last))

    def _connect(self) -> None:
        self.search.searched.connect(lambda _: self._reload())
        self.search.stepped.connect(self._step)
        for button, act in (
            (self.period_button, self._next_period),
            (self.kind_button, self._next_kind),
            (self.verify_button, self._verify),
            (self.export_button, self._take_out),
        ):
            button.bind(self).clicked.connect(act)

    def _compose(self) -> None:
        buttons = (self.period_button, self.kind_button, self.verify_button, self.export_button)
        head = row(self.search, *buttons)
        head.setStretch(0, 1)
        self.overrides.setFixedWidth(_SIDE)
        listed = Card(column(self.table, self.none, margins=(16, 8, 16, 8)))
        below = row(listed, self.overrides)
        below.setStretch(0, 1)
        layout = column(self.banner, head, below, self.toast, margins=(16, 16, 16, 8))
        layout.setStretch(2, 1)
        self.setLayout(layout)


def _marked(access: Access) -> str:
    tone = {
        Access.OVERRIDDEN: Tone.WARNING,
        Access.SIGN_IN_FAILED: Tone.DANGER,
        Access.EXPORTED: Tone.WARNING,
    }.get(access)
    return Marked(ACCESSES[access], tone, "warning") if tone else ACCESSES[access]


def _when(at: str, now: datetime) -> str:
    """Return an instant as the list says it: the year only where it is another."""
    local = read_instant(at).astimezone(CHINA)
    return f"{local:%m-%d %H:%M}" if local.year == now.astimezone(CHINA).year else f"{local:%Y-%m-%d}"
