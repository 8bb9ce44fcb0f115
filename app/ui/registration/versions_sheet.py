"""What was entered of a person and changed since: who, when, what it was and is, and why (REG-8)."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.clock import CHINA
from app.storage.versions import Version
from app.ui.kit.empty_state import EmptyState
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import Column, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts.registration import changes_words

_MOST = 7
"""Rows there is room for."""


class VersionsSheet(Sheet):
    """The newest change first; the mark tells its whole line below the table. Esc goes back."""

    def __init__(
        self, over: QWidget, name: str, versions: Sequence[Version], staff_name: Callable[[str], str]
    ) -> None:
        """``versions``: the oldest first, as ``versions_of`` returns them."""
        self._rows = _rows(versions, staff_name)[::-1]
        self.table = RecordTable(
            over.tr("资料变更记录"),
            [
                Column(over.tr("时间"), 15),
                Column(over.tr("谁"), 11, bold=True),
                Column(over.tr("改了什么（原来 → 现在）"), 50),
                Column(over.tr("为什么"), 18),
            ],
        )
        self.table.stand_high(min(max(len(self._rows), 2), _MOST))
        self.table.show_rows(len(self._rows), lambda offset, limit: self._rows[offset : offset + limit])
        self._whole = Text("", wrap=True)
        none = EmptyState("clipboard", over.tr("本单位没有写过这份档案"), over.tr("资料来自别的接种单位。"))
        self.table.setVisible(bool(self._rows))
        none.setVisible(not self._rows)
        note = Text(over.tr("原来的内容都留着，改不掉也删不掉。"), colour=LIGHT.muted)
        body = box(column(self.table, none, self._whole, note, gap=10))
        super().__init__(over, over.tr("{name}的资料变更记录").format(name=name), body, width=1100)
        self.table.selectionModel().currentRowChanged.connect(lambda _: self._show_whole())
        if self._rows:
            self.table.selectRow(0)
        self.closed.connect(self.deleteLater)

    @property
    def rows(self) -> list[Row]:
        """Return what the table says, the newest first."""
        return self._rows

    def _show_whole(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self._rows):
            _, _, what, why = self._rows[row]
            said = self.tr("为什么：{why}").format(why=why) if why else ""
            self._whole.show_text("　".join(part for part in (str(what), said) if part))
        self.fit()


def _rows(versions: Sequence[Version], staff_name: Callable[[str], str]) -> list[Row]:
    rows: list[Row] = []
    before = None
    for version in versions:
        if version.new or before is None:
            what = "建档" if version.new else "改过一次；以前的内容在别的接种单位"
        else:
            what = changes_words(before.patient, version.patient)
        at = f"{version.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        rows.append((at, staff_name(version.by), what, version.reason))
        before = version
    return rows
