"""The stock page 库存: what is in the fridge, first expiry first; deliveries, blocked lots, the catalogue."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QStackedLayout

from app.domain.catalogue import LotStatus, Product
from app.domain.clock import CHINA
from app.domain.codes import Gs1Code, ScannedCode, TraceCode
from app.domain.delivery import Delivery
from app.domain.refusals import Refusal
from app.domain.relation_file import FiledLot, read_relation_file
from app.storage.catalogue import all_products, find_pack
from app.storage.catalogue_files import SHIPPED, read_catalogue
from app.storage.deliveries import Arrival, StockLine, arrivals_of, stock
from app.storage.stock_counts import Movement, movements_of
from app.ui.bench import Bench
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, RIGHT_COLUMN, SECTION_TEXT, Tone
from app.ui.put_aside_sheet import PutAsideSheet
from app.ui.sheet_station import SheetStation
from app.ui.stock.catalogue_sheet import CatalogueSheet
from app.ui.stock.count_sheet import CountSheet
from app.ui.stock.counting import Counting
from app.ui.stock.delivery_sheet import DeliverySheet, Preset
from app.ui.stock.last_count import LastCountCard
from app.ui.stock.lot_sheets import BlockSheet, ReleaseSheet
from app.ui.texts.stock import BANDS
from app.ui.texts.words import LOT_STATES
from app.workflows.deliveries import Received, receive_delivery
from app.workflows.desk import SecondPerson, staff_name
from app.workflows.site_setup import add_product, change_lot_status
from app.workflows.stock_count import count_is_due

COLUMNS = (
    Column("疫苗", 9, bold=True), Column("批号", 8), Column("有效期至", 8),
    Column("收到", 4, right=True), Column("已用", 4, right=True), Column("剩余", 4, right=True),
    Column("状态", 9),
)  # fmt: skip
_SHOWN = 3
"""The newest deliveries of a lot, and what the newest counts found."""
SOON = timedelta(days=30)
"""How long before its last day a lot is told apart (domain.md §10.3; a site will set it itself)."""


class StockPage(SheetStation):
    """Everybody sees the fridge; stock keeper and manager receive, block and adopt."""

    station_id = "stock"
    help_topic = "stock"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.banner = Banner("fridge")
        self.table = RecordTable(self.tr("冰箱里的疫苗"), COLUMNS)
        self.empty = EmptyState("fridge", self.tr("冰箱里还没有疫苗"))
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self.pick_file: Callable[[str], str] = self._pick_file
        """Asks for a file by what kinds it may be, empty for none."""
        self._lines: list[StockLine] = []
        self._preset = Preset()
        tr, change = self.tr, "change_lot_status"
        self.receive = self._button("receive_delivery", tr("收货入库"), "F9", "add", self._ask_new)
        self.block = self._button(change, tr("隔离或召回"), "F10", "forbidden", self._ask_block)
        self.release = self._button(change, tr("放行"), "F11", "check", self._ask_release)
        self.aside = self._button("release_pack", tr("隔离的单支"), "Alt+6", "forbidden", self._ask_aside)
        self.adopt = self._button("add_product", tr("目录"), "F12", "document", self._ask_catalogue)
        self.counting = Counting(self, bench, self._put, self._refused, self._done)
        self.last = LastCountCard(bench)
        self._facts = [Text("", SECTION_TEXT, bold=True, wrap=True)]
        self._facts += [Text("", CAPTION_TEXT, wrap=True, colour=LIGHT.muted) for _ in range(2)]
        self._why = Text("", CAPTION_TEXT, bold=True, wrap=True, colour=LIGHT.danger)
        self._arrivals = Text("", CAPTION_TEXT, wrap=True)
        self._compose()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self.refresh(frozenset())
        self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show what is in the fridge; what is used up or expired stands at the end."""
        if isinstance(self._sheet, CountSheet):
            self._hide_books()
            return
        marked, today = self.marked, self.bench.desk.today()
        lines = stock(self.bench.read())
        self._lines = sorted(lines, key=lambda line: line.left == 0 or line.lot.expires_on < today)
        rows = [_row(line, today) for line in self._lines]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self._stack.setCurrentIndex(0 if rows else 1)
        for button in (self.receive, self.adopt, self.aside):
            button.setVisible(self.bench.may(button.objectName()))
        self.mark(marked.lot.lot_id if marked else "")
        self._show_banner(today)
        self.last.show_count()

    @property
    def marked(self) -> StockLine | None:
        """Return the lot that is marked in the list."""
        place = self.table.currentIndex().row()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def mark(self, lot_id: str) -> None:
        """Mark a lot, the first where it is not there."""
        places = [place for place, line in enumerate(self._lines) if line.lot.lot_id == lot_id]
        if self._lines:
            self.table.selectRow(places[0] if places else 0)
        self._show_marked()

    def take_code(self, code: ScannedCode) -> bool:
        """Show the lot of a pack that is in stock; one that is not begins a delivery."""
        if isinstance(self._sheet, DeliverySheet | CountSheet):
            self._sheet.take_code(code)
            return True
        if self._sheet is not None or not isinstance(code, TraceCode | Gs1Code):
            return self._sheet is not None
        text = code.code if isinstance(code, TraceCode) else f"(01){code.gtin}(21){code.serial}"
        if pack := find_pack(self.bench.read(), text):
            self.mark(pack.lot_id)
            return True
        self._ask_delivery(code)
        return True

    def show_unreadable(self, refusal: Refusal) -> None:
        """Say on the sheet of the delivery that a scan could not be read."""
        self._refused(refusal)

    def _button(self, act: str, words: str, key: str, icon: str, press: Callable[[], object]) -> ActionButton:
        button = ActionButton(words, key, icon).bind(self)
        button.setObjectName(act)
        button.clicked.connect(press)
        return button

    def _compose(self) -> None:
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        keys = row(self.receive, None, self.aside, self.adopt)
        listed = Card(column(box(self._stack), keys, gap=12, margins=(16, 12, 16, 12)))
        of_lot = row(self.block, self.release)
        told = column(*self._facts, self._why, of_lot, gap=6, margins=(16, 12, 16, 12))
        head = Text(self.tr("怎么来的"), SECTION_TEXT, bold=True)
        came = column(head, self._arrivals, gap=6, margins=(16, 12, 16, 12))
        for button in (self.last.count, self.last.again):
            button.bind(self)
        self.last.count.clicked.connect(self.counting.ask)
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroller.setWidget(box(column(Card(told), Card(came), None, gap=12)))
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._told = box(column(scroller, self.last, gap=12))
        self._told.setFixedWidth(RIGHT_COLUMN)
        middle = row(listed, self._told, gap=16)
        middle.setStretch(0, 1)
        whole = column(self.banner, middle, self.toast, gap=12, margins=(16, 16, 16, 12))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.table.selected.connect(lambda _: self._show_marked())

    def _show_banner(self, today: date) -> None:
        blocked = [line for line in self._lines if line.lot.status is LotStatus.QUARANTINED]
        good = [line for line in self._lines if _is_good(line, today)]
        soon = [line for line in good if line.lot.expires_on - today <= SOON]
        may = self.bench.may("receive_delivery")
        key, hint = ("F9", self.tr("入库 按")) if may else ("", "")
        if not self._lines:
            ask = self.tr("请疫苗管理员或负责人收货入库")
            if may and not self._products():
                ask, key, hint = self.tr("先采用目录里的产品"), "F12", self.tr("按")
            elif may:
                ask = self.tr("扫箱上的码就开始收货")
            self.banner.show_step("fridge", ask, key, hint)
            self.empty.show_state("fridge", self.tr("冰箱里还没有疫苗"), self._first_steps(may))
        elif blocked:
            words = self.tr("{n} 个批号隔离着，两个人评估后才能放行").format(n=len(blocked))
            self.banner.show_step("warning", words, tone=Tone.WARNING)
        elif soon:
            words = self.tr("{n} 个批号 30 天内到期，先用它们").format(n=len(soon))
            self.banner.show_step("warning", words, tone=Tone.WARNING)
        elif not good:
            words = self.tr("没有可用的批号，要先收货入库")
            self.banner.show_step("warning", words, key, hint, tone=Tone.WARNING)
        elif may and count_is_due(self.bench.read(), today):
            words = self.tr("离上次盘点满一个月了，该盘点了")
            self.banner.show_step("clipboard", words, "Alt+7", self.tr("盘点 按"))
        else:
            words = self.tr("{n} 个批号可用，先用先到期的").format(n=len(good))
            self.banner.show_step("fridge", words, key, hint)

    def _first_steps(self, may: bool) -> str:
        if not may:
            return self.tr("疫苗管理员或负责人登录，到这一页收货；收了货这里列出每个批号。")
        return self.tr("按 F12 采用产品，再按 F9 或直接扫箱上的码收货；没有目录认不出码是哪种疫苗。")

    def _show_marked(self) -> None:
        """Show the marked lot, and the keys that are for its state."""
        line, may = self.marked, self.bench.may("change_lot_status")
        self._told.setVisible(line is not None)
        status = line.lot.status if line else None
        is_aside = status is LotStatus.QUARANTINED
        self.block.show_action(self.tr("召回") if is_aside else self.tr("隔离或召回"))
        self.block.setVisible(may and status in (LotStatus.IN_USE, LotStatus.QUARANTINED))
        self.release.setVisible(may and status in (LotStatus.QUARANTINED, LotStatus.RECALLED))
        if line is None:
            return
        product = line.product
        self._facts[0].show_text(product.full_name)
        self._facts[1].show_text(f"{product.specification}　{BANDS[product.storage]}")
        self._facts[2].show_text(product.market_holder)
        self._why.show_text(f"{LOT_STATES[line.lot.status]}：{line.lot.status_reason}")
        self._why.setVisible(status is not LotStatus.IN_USE)
        came = arrivals_of(self.bench.read(), line.lot.lot_id)
        words = [self._arrival_words(one) for one in came[:_SHOWN]] or [self.tr("没有收货记录")]
        words += [_movement_words(one) for one in movements_of(self.bench.read(), line.lot.lot_id)[:_SHOWN]]
        self._arrivals.show_text("\n".join(words))

    def _arrival_words(self, arrival: Arrival) -> str:
        facts, at = arrival.facts, arrival.received_at.astimezone(CHINA)
        who = staff_name(self.bench.read(), arrival.received_by)
        return f"{at:%m-%d %H:%M}　{facts['doses']} 剂　{facts['temperature']} ℃　{who}\n{facts['supplier']}"

    def _products(self) -> list[Product]:
        return all_products(self.bench.read())

    # Counts

    def _put(self, sheet: Sheet) -> None:
        """Open a sheet in place of the one that is open; over a count the books are hidden."""
        self._close()
        self._open(sheet)
        self.refresh(frozenset())

    def _forget(self) -> None:
        was_blind = isinstance(self._sheet, CountSheet)
        super()._forget()
        if was_blind:
            self.enter(None)

    def _hide_books(self) -> None:
        """Show no number that whoever counts could count towards."""
        words = self.tr("正在盘点：先数，数完才看账")
        self.banner.show_step("clipboard", words)
        self.empty.show_state("clipboard", words)
        self._stack.setCurrentIndex(1)
        self._told.hide()

    # Deliveries

    def _ask_new(self) -> None:
        self._ask_delivery(None)

    def _ask_delivery(self, code: TraceCode | Gs1Code | None) -> None:
        """Open the sheet; without a catalogue no code can be told apart, so that comes first."""
        if self.bench.bars("receive_delivery"):
            return
        products = self._products()
        if not products:
            self._ask_catalogue()
            return
        preset, self._preset = self._preset, Preset()
        sheet = DeliverySheet(self, self.bench, products, preset, self._take_in, self._read_relations)
        self._open(sheet)
        if code is not None:
            sheet.take_code(code)

    def _take_in(self, delivery: Delivery) -> None:
        self.bench.submit_or(self, self._taken_in, self._refused, receive_delivery, delivery)

    def _taken_in(self, received: Received) -> None:
        sheet = self._sheet
        preset = sheet.preset() if isinstance(sheet, DeliverySheet) else Preset()
        self._close()
        self.refresh(frozenset())
        self.mark(received.lot_id)
        line = self.marked
        words = f"{line.product.vaccine_name}批号 {line.lot.lot_number}" if line else ""
        if received.put_aside:
            self.bench.announce(f"已入库并隔离：{words}，到货温度超限，请单独存放并立即报告县疾控。")
        else:
            self.bench.announce(f"已入库：{words}")
        if preset.coming:
            self._preset = preset
            self._ask_delivery(None)

    def _read_relations(self) -> tuple[FiledLot, ...]:
        chosen = self.pick_file("XML (*.xml);;*")
        return read_relation_file(Path(chosen).read_bytes()) if chosen else ()

    # Lots

    def _ask_block(self) -> None:
        line = self.marked
        if line is not None:
            self._open(BlockSheet(self, line, lambda status, why: self._change(line, status, why)))

    def _ask_release(self) -> None:
        line = self.marked
        if line is None:
            return

        def release(why: str, second: SecondPerson) -> None:
            self._change(line, LotStatus.IN_USE, why, second)

        self._open(ReleaseSheet(self, self.bench, line, release))

    def _ask_aside(self) -> None:
        if not self.bench.bars("release_pack"):
            self._open(PutAsideSheet(self, self.bench, lambda: self._done("已放行这一支，可以再用")))

    def _change(
        self, line: StockLine, status: LotStatus, why: str, second: SecondPerson | None = None
    ) -> None:
        words = f"批号 {line.lot.lot_number} 现在是：{LOT_STATES[status]}"
        self.bench.submit_or(
            self, lambda _: self._done(words), self._refused, change_lot_status, line.lot.lot_id, status, why,
            second,
        )  # fmt: skip

    # The catalogue

    def _ask_catalogue(self) -> None:
        if not self.bench.bars("add_product"):
            offered = read_catalogue(SHIPPED)
            self._open(
                CatalogueSheet(self, offered, self._products(), self._adopt_products, self._read_products)
            )

    def _adopt_products(self, products: list[Product]) -> None:
        """One after the other; the sheet hears of the last."""
        *others, last = products
        for product in others:
            self.bench.submit_or(self, None, self._refused, add_product, product)
        self.bench.submit_or(self, lambda _: self._adopted(len(products)), self._refused, add_product, last)

    def _adopted(self, count: int) -> None:
        if isinstance(self._sheet, CatalogueSheet):
            self._sheet.take_known(self._products())
        self.refresh(frozenset())
        self.bench.announce(f"目录里采用了 {count} 个产品")

    def _read_products(self) -> list[Product]:
        chosen = self.pick_file("JSON (*.json);;*")
        return read_catalogue(Path(chosen)) if chosen else []

    def _pick_file(self, kinds: str) -> str:
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("选文件"), "", kinds)
        return chosen


def _movement_words(moved: Movement) -> str:
    return f"{moved.moved_at.astimezone(CHINA):%m-%d} 盘点 {moved.doses:+d} 剂　{moved.reason}"


def _is_good(line: StockLine, today: date) -> bool:
    return line.lot.status is LotStatus.IN_USE and line.left > 0 and line.lot.expires_on >= today


def _row(line: StockLine, today: date) -> Row:
    lot = line.lot
    if lot.status is not LotStatus.IN_USE:
        tone = Tone.DANGER if lot.status is LotStatus.RECALLED else Tone.WARNING
        state: str = Marked(LOT_STATES[lot.status], tone, "forbidden")
    elif lot.expires_on < today:
        state = Marked("已过期", Tone.DANGER, "failed")
    elif line.left == 0:
        state = "已用完"
    elif lot.expires_on - today <= SOON:
        days = (lot.expires_on - today).days
        state = Marked(f"还有 {days} 天" if days else "今天到期", Tone.WARNING, "warning")
    else:
        state = Marked(LOT_STATES[lot.status], Tone.SUCCESS, "done")
    numbers = (str(line.received), str(line.used), str(line.left))
    return (line.product.vaccine_name, lot.lot_number, lot.expires_on.isoformat(), *numbers, state)
