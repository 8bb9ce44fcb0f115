"""Taking a delivery in: its packs by scanner or from the supplier's file, its papers, how warm it came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.devices.scan_text import read_scan
from app.domain.catalogue import PackCode, PackLevel, Product
from app.domain.codes import CodeOfNoUse, Gs1Code, ScannedCode, TraceCode
from app.domain.delivery import Delivery, Paper, usable_doses
from app.domain.refusals import Refusal
from app.domain.relation_file import FiledLot
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.buttons import ActionButton
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column, row
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, SECTION_TEXT
from app.ui.map_code_sheet import MapCodeSheet
from app.ui.registration.day_edit import DayEdit
from app.ui.texts.stock import BANDS, PAPERS
from app.ui.texts.words import PACK_LEVELS
from app.workflows import deliveries
from app.workflows.deliveries import Identified

_COLUMNS = (Column("包装", 5), Column("追溯码", 11), Column("剂", 3, right=True))
_ROWS_SHOWN = 4


@dataclass(frozen=True)
class Preset:
    """What stays the same from one lot of a delivery to the next."""

    supplier: str = ""
    temperature: str = ""
    papers: frozenset[Paper] = frozenset()
    coming: tuple[FiledLot, ...] = ()
    """Lots of the supplier's file that have not been taken in yet."""


class DeliverySheet(FormSheet):
    """One lot. Every scan adds a pack; Alt+4 takes the last away, Alt+3 reads the file, Enter takes it in."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        products: Sequence[Product],
        preset: Preset,
        receive: Callable[[Delivery], object],
        read_file: Callable[[], tuple[FiledLot, ...]],
    ) -> None:
        """``read_file`` returns the lots of a file somebody picks, none if nothing was picked."""
        self._bench, self._receive, self._read_file = bench, receive, read_file
        self._packs: tuple[PackCode, ...] = ()
        self.coming: tuple[FiledLot, ...] = ()
        self.product = QComboBox()
        self.product.addItem(over.tr("扫码自动认出"), None)
        for product in products:
            self.product.addItem(f"{product.vaccine_name}　{product.specification}", product)
        self.lot, self.until = CodeLineEdit(), DayEdit()
        self.doses, self.temperature = CodeLineEdit(), CodeLineEdit()
        self.supplier, self.release = QLineEdit(preset.supplier), QLineEdit()
        self.code = CodeLineEdit()
        self.papers = {paper: ConfirmRow(PAPERS[paper], f"Alt+{n}") for n, paper in enumerate(Paper, 1)}
        self.table = RecordTable(over.tr("扫进来的包装"), _COLUMNS)
        self.table.stand_high(_ROWS_SHOWN)
        self.total = Text("", SECTION_TEXT, bold=True)
        self.hint = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        button = save_button(over.tr("入库"), "fridge")
        away = ActionButton(over.tr("去掉最后一个"), "Alt+4", "undo")
        self._unknown: TraceCode | Gs1Code | None = None
        self.name_code = ActionButton(over.tr("认下新码"), "Alt+5", "supervisor")
        """There after a scan of a kind nobody knows: two people say what it is."""
        file = ActionButton(over.tr("导入随货文件"), "Alt+3", "download")
        super().__init__(
            over, over.tr("收货入库"), Form(columns=1), button, above=[self._body(over)],
            more=[file, away, self.name_code], width=1180,
        )  # fmt: skip
        self.name_code.hide()
        self.name_code.clicked.connect(self._name_code)
        for line in self.papers.values():
            line.bind(self)
        button.clicked.connect(self._enter)
        away.clicked.connect(self._take_away)
        file.clicked.connect(self._take_file)
        self.product.currentIndexChanged.connect(self._show_band)
        self.temperature.setText(preset.temperature)
        for paper in preset.papers:
            self.papers[paper].setChecked(True)
        self._show_packs()
        self._show_band()
        if preset.coming:
            self.take_lots(preset.coming)

    def delivery(self) -> Delivery:
        """Return what is stated and scanned so far."""
        product, doses = self.product.currentData(), self.doses.text().strip()
        return Delivery(
            product_code=product.product_code if product else "",
            lot_number=self.lot.text(),
            expires_on=self.until.day,
            doses=int(doses) if doses.isdecimal() else None,
            supplier=self.supplier.text(),
            temperature=self.temperature.text(),
            papers=frozenset(paper for paper, line in self.papers.items() if line.isChecked()),
            lot_release_number=self.release.text(),
            packs=self._packs,
        )

    def preset(self) -> Preset:
        """Return what the next lot of the same delivery has in common with this one."""
        told = self.delivery()
        return Preset(told.supplier, told.temperature, told.papers, self.coming)

    def take_code(self, code: ScannedCode) -> None:
        """Add a scanned pack, or say why it is none of this delivery."""
        try:
            if not isinstance(code, TraceCode | Gs1Code):
                raise CodeOfNoUse()
            found = deliveries.identify_pack(self._bench.read(), code)
            pack = deliveries.pack_scanned(self.delivery(), found)
        except Refusal as refusal:
            if isinstance(refusal, deliveries.PackUnknown) and isinstance(code, TraceCode | Gs1Code):
                self._unknown = code
                self.name_code.show()
            self.show_refusal(refusal)
            return
        self.name_code.hide()
        self._packs = (*self._packs, pack)
        self._show_product(found.product)
        self._fill_label(found)
        self._show_packs()

    def _name_code(self) -> None:
        """Let two people say what the pack scanned last is, and take it then."""
        code, page = self._unknown, self.parentWidget()
        if code is not None and self.name_code.isVisible() and page is not None:
            expected = self.product.currentData()
            MapCodeSheet(page, self._bench, code, lambda _: self.take_code(code), expected).open_sheet()

    def take_lots(self, lots: Sequence[FiledLot]) -> None:
        """Take the first lot of a supplier's file; the others come after it."""
        first, *others = lots
        try:
            product, packs = deliveries.filed_packs(self._bench.read(), first)
        except Refusal as refusal:
            self.show_refusal(refusal)
            return
        self.coming, self._packs = tuple(others), packs
        self._show_product(product)
        self.lot.setText(first.lot_number)
        self.until.show_day(first.expires_on)
        self._show_packs()

    def _body(self, over: QWidget) -> QWidget:
        form = Form(columns=2)
        form.add_field("product_code", over.tr("疫苗"), self.product, wide=True)
        form.add_field("lot_number", over.tr("批号"), self.lot, required=True)
        form.add_field("expires_on", over.tr("有效期至"), self.until, required=True)
        form.add_field("doses", over.tr("随货单剂数"), self.doses, required=True)
        self.warmth = form.add_field("temperature", over.tr("到货温度 ℃"), self.temperature, required=True)
        form.add_field("supplier", over.tr("供货单位"), self.supplier, required=True)
        form.add_field(
            "lot_release_number", over.tr("批签发证明编号"), self.release, required=True,
            hint=over.tr("进口疫苗还要看进口药品通关单"),
        )  # fmt: skip
        self.facts = form
        left = column(form, row(*self.papers.values()), None, gap=12)
        scan = Form(columns=1)
        scan.add_field(
            "code",
            over.tr("扫箱、盒、支上的码"),
            self.code,
            hint=over.tr("扫不出的，输 20 位追溯码后按 Enter"),
        )
        right = column(scan, self.table, self.total, self.hint, None, gap=8)
        whole = row(box(left), box(right), gap=20)
        whole.setStretch(0, 3)
        whole.setStretch(1, 2)
        return box(whole)

    def _enter(self) -> None:
        """Take the code typed by hand, or the delivery in."""
        typed = self.code.text().strip()
        if typed:
            self.code.clear()
            self._take_typed(typed)
            return
        self.show_busy()
        self._receive(self.delivery())

    def _take_typed(self, typed: str) -> None:
        try:
            self.take_code(read_scan(typed, on=self._bench.desk.today()))
        except Refusal as refusal:
            self.show_refusal(refusal)

    def _take_away(self) -> None:
        self._packs = self._packs[:-1]
        self._show_packs()

    def _take_file(self) -> None:
        try:
            lots = self._read_file()
        except Refusal as refusal:
            self.show_refusal(refusal)
            return
        if not lots:
            return
        fresh = deliveries.lots_to_come(self._bench.read(), lots)
        self.take_lots(fresh or lots)

    def _show_product(self, product: Product) -> None:
        place = next(
            place
            for place in range(self.product.count())
            if (one := self.product.itemData(place)) and one.product_code == product.product_code
        )
        self.product.setCurrentIndex(place)

    def _fill_label(self, found: Identified) -> None:
        """What a GS1 label says need not be typed."""
        if found.lot_number and not self.lot.text().strip():
            self.lot.setText(found.lot_number)
        if found.expires_on and self.until.day is None:
            self.until.show_day(found.expires_on)

    def _show_packs(self) -> None:
        """Show the newest pack first: it is the one in the hand."""
        self.show_fault("")
        rows = [(PACK_LEVELS[pack.level], pack.code, str(pack.doses)) for pack in reversed(self._packs)]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self.product.setEnabled(not self._packs)
        units = sum(pack.level is PackLevel.UNIT for pack in self._packs)
        words = self.tr("最小包装 {units} 个，共 {doses} 剂")
        self.total.show_text(words.format(units=units, doses=usable_doses(self._packs)))
        more = self.tr("文件里后面还有 {n} 个批号。").format(n=len(self.coming)) if self.coming else ""
        self.hint.show_text(self.tr("先扫箱、再扫盒、再扫里面的支；有随货文件的不用逐支扫。") + more)

    def _show_band(self) -> None:
        """Say how cold it must be, before anybody types how cold it is."""
        product = self.product.currentData()
        self.warmth.show_hint(
            self.tr("应在 {band}；超出的照常入库，但先隔离").format(band=BANDS[product.storage])
            if product else self.tr("开箱先读温度计")
        )  # fmt: skip
