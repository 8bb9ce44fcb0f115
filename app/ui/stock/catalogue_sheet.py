"""The catalogue of this site: products are adopted from a catalogue that is there, never typed in (TRC-4)."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.catalogue import Product
from app.domain.refusals import Refusal
from app.ui.form_sheet import FormSheet
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.tokens import Tone

_COLUMNS = (Column("疫苗", 5, bold=True), Column("规格", 5), Column("上市许可持有人", 7), Column("目录", 4))
_ROWS_SHOWN = 7

Adopt = Callable[[list[Product]], object]


class CatalogueSheet(FormSheet):
    """Enter adopts the marked product, Alt+1 all that are not here yet, Alt+2 reads a file handed out."""

    def __init__(
        self,
        over: QWidget,
        offered: Sequence[Product],
        known: Sequence[Product],
        adopt: Adopt,
        read_file: Callable[[], list[Product]],
    ) -> None:
        """``read_file`` returns the products of a file somebody picks, none if nothing was picked."""
        self._adopt, self._read_file = adopt, read_file
        self._known = {product.product_code: product for product in known}
        self._offered: list[Product] = []
        self.table = RecordTable(over.tr("疫苗目录"), _COLUMNS)
        self.table.stand_high(_ROWS_SHOWN)
        one = ActionButton(over.tr("采用这个产品"), "Enter", "check", ButtonKind.PRIMARY)
        self.every = ActionButton(over.tr("全部采用"), "Alt+1", "done")
        self.file = ActionButton(over.tr("从文件导入"), "Alt+2", "download")
        note = over.tr(
            "随程序带的是示例目录：产品和编码都是虚构的，只供练习和试用。"
            "正式使用，请按 Alt+2 导入疾控发的目录文件。"
        )
        super().__init__(
            over, over.tr("疫苗目录"), Form(columns=1), one, above=[self.table],
            more=[self.every, self.file], note=note, width=1000,
        )  # fmt: skip
        one.clicked.connect(self._adopt_one)
        self.every.clicked.connect(self._adopt_all)
        self.file.clicked.connect(self._take_file)
        self.offer(offered)

    def offer(self, offered: Sequence[Product]) -> None:
        """Show these products, and first of all those that are here already and in no file."""
        codes = {product.product_code for product in offered}
        own = [product for code, product in self._known.items() if code not in codes]
        self._offered = [*own, *offered]
        rows = [self._row(product) for product in self._offered]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        fresh = [place for place, one in enumerate(self._offered) if self._known.get(one.product_code) != one]
        self.table.selectRow(fresh[0] if fresh else 0)
        self.every.setEnabled(bool(fresh))

    def take_known(self, known: Sequence[Product]) -> None:
        """Show what is in the site's catalogue now."""
        self._known = {product.product_code: product for product in known}
        self.button.setEnabled(True)
        own = {product.product_code for product in self._offered}
        self.offer([*self._offered, *(product for product in known if product.product_code not in own)])

    def _row(self, product: Product) -> Row:
        doubt = "" if product.verified else self.tr("·未核实")
        known = self._known.get(product.product_code)
        if known is None:
            state: str = self.tr("未采用") + doubt
        elif known == product:
            state = Marked(self.tr("已采用") + doubt, Tone.SUCCESS, "done")
        else:
            state = Marked(self.tr("有新内容") + doubt, Tone.INFO, "info")
        return (product.vaccine_name, product.specification, product.market_holder, state)

    def _adopt_one(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self._offered) and self.button.isEnabled():
            self.show_busy()
            self._adopt([self._offered[place]])

    def _adopt_all(self) -> None:
        fresh = [one for one in self._offered if self._known.get(one.product_code) != one]
        if fresh and self.button.isEnabled():
            self.show_busy()
            self._adopt(fresh)

    def _take_file(self) -> None:
        try:
            offered = self._read_file()
        except Refusal as refusal:
            self.show_refusal(refusal)
            return
        if offered:
            self.show_fault("")
            self.offer(offered)
