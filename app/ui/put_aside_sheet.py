"""The packs that are put aside, the last one first: why and by whom; one is picked to be released by two."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.catalogue import AsidePack
from app.domain.clock import CHINA, read_instant
from app.storage.catalogue import get_product, packs_aside
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.release_pack_sheet import ReleasePackSheet
from app.ui.texts.words import tail
from app.workflows.desk import staff_name

_FEWEST, _MOST = 3, 7
"""Rows there is room for at least, and at most before they scroll."""


class PutAsideSheet(Sheet):
    """↑↓ and Enter pick a pack, which opens ``ReleasePackSheet`` in its place; Esc goes back.

    For stock keepers and managers; open it with ``open_sheet``. ``released`` is called after each release.
    """

    def __init__(self, over: QWidget, bench: Bench, released: Callable[[], object]) -> None:
        self._over, self._bench, self._released = over, bench, released
        self._packs = packs_aside(bench.read())
        columns = [
            Column(over.tr("疫苗"), 9, bold=True), Column(over.tr("批号"), 8), Column(over.tr("码尾号"), 5),
            Column(over.tr("为什么"), 10), Column(over.tr("谁、何时"), 10),
        ]  # fmt: skip
        self.table = RecordTable(over.tr("隔离的单支"), columns)
        self.table.stand_high(min(max(len(self._packs), _FEWEST), _MOST))
        rows = [self._row(pack) for pack in self._packs]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        none = over.tr("没有隔离的单支。")
        words = over.tr("按上下键选一支，按 Enter 放行，要两个人。") if rows else none
        button = ActionButton(over.tr("放行这一支"), "Enter", "check")
        body = box(column(self.table, Text(words, colour=LIGHT.muted), gap=12))
        super().__init__(over, over.tr("隔离的单支"), body, [button], width=1040)
        self.table.selectRow(0)
        self.table.opened.connect(lambda _: self._pick())
        button.setEnabled(bool(rows))
        button.clicked.connect(self._pick)
        self.closed.connect(self.deleteLater)

    def _pick(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self._packs):
            pack = self._packs[place]
            self.close_sheet()
            ReleasePackSheet(self._over, self._bench, pack.code, self._released).open_sheet()

    def _row(self, pack: AsidePack) -> Row:
        db = self._bench.read()
        name = get_product(db, pack.lot.product_code).vaccine_name if pack.lot else "没有入库记录"
        lot = pack.lot.lot_number if pack.lot else ""
        at = f" {read_instant(pack.put_at).astimezone(CHINA):%m-%d %H:%M}" if pack.put_at else ""
        return (name, lot, tail(pack.code), pack.reason, f"{staff_name(db, pack.put_by)}{at}")
