"""What a count found to differ: a cause for each line, and the second person who signs for all of it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from app.domain.refusals import Refusal
from app.domain.stock_count import (
    CAUSES,
    Cause,
    CountLine,
    Explained,
    Key,
    causes_for,
    check_explained,
)
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece, box, lay_out_now
from app.ui.kit.reason_lines import OwnWords
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, Tone
from app.ui.second_person import SecondPersonSheet
from app.ui.texts.stock_count import PLACES, summary_words
from app.workflows.desk import SecondPerson

_COLUMNS = (
    Column("疫苗", 9, bold=True), Column("批号", 6), Column("放在", 3), Column("账上", 3, right=True),
    Column("数到", 3, right=True), Column("差", 3, right=True), Column("原因", 18),
)  # fmt: skip
_MOST, _ABREAST = 3, 3
"""Lots seen at once, causes in one row."""

Causes = Mapping[Key, Explained]


class CauseSheet(FormSheet):
    """↑↓ marks a line, Ctrl+1 … picks its cause, words may be added; Enter goes on to the next."""

    def __init__(
        self, over: QWidget, lines: Sequence[CountLine], explained: Causes, done: Callable[[Causes], object]
    ) -> None:
        """``lines`` are those that differ; ``explained`` what was said of them before."""
        self._lines, self._done = list(lines), done
        keys = {line.key for line in lines}
        self._causes = {key: why for key, why in explained.items() if key in keys}
        self.table = _table(over.tr("和账上不一样的"), len(lines))
        self.rows = {cause: ConfirmRow(CAUSES[cause], f"Ctrl+{n}") for n, cause in enumerate(Cause, 1)}
        self.words = OwnWords(over.tr("补充说明"), over.tr("查不出的写明查过什么"))
        self.which = Text("", bold=True, wrap=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for place, one in enumerate(self.rows.values()):
            self._grid.addWidget(one, *divmod(place, _ABREAST))
        form = Form(columns=1)
        form.add_field(
            "words",
            over.tr("补充说明"),
            self.words,
            hint=over.tr("打了没记的，不是差异：按 Esc 退出，先补记那一剂，再按 Alt+7 接着盘。"),
        )
        super().__init__(
            over, over.tr("和账上不一样的：写明原因"), form, save_button(over.tr("记下，下一批")),
            above=[self.table, self.which, box(self._grid)], width=1080,
        )  # fmt: skip
        let_one_stand(list(self.rows.values()))
        for one in self.rows.values():
            one.bind(self)
        self.button.clicked.connect(self._take)
        self.table.selected.connect(lambda _: self._show_marked())
        bind_key(self, "Up", lambda: self._step(-1))
        bind_key(self, "Down", lambda: self._step(1))
        self._show_rows()

    @property
    def marked(self) -> CountLine:
        """Return the line a cause is asked for."""
        return self._lines[max(self.table.currentIndex().row(), 0)]

    def _show_rows(self) -> None:
        rows = [_row(line, self._causes.get(line.key)) for line in self._lines]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        lacking = [place for place, line in enumerate(self._lines) if line.key not in self._causes]
        self.table.selectRow((lacking or [0])[0])
        self._show_marked()

    def _step(self, by: int) -> None:
        self.table.selectRow((self._lines.index(self.marked) + by) % len(self._lines))

    def _show_marked(self) -> None:
        line, why = self.marked, self._causes.get(self.marked.key)
        lot = f"{line.product.vaccine_name}　批号 {line.lot.lot_number}"
        sign = "多" if line.difference > 0 else "少"
        self.which.show_text(f"{lot}　{sign} {abs(line.difference)} 剂，为什么？")
        fitting = [cause for cause in Cause if cause in causes_for(line.difference)]
        others = [cause for cause in Cause if cause not in fitting]
        for place, cause in enumerate([*fitting, *others]):
            one = self.rows[cause]
            self._grid.addWidget(one, *divmod(place, _ABREAST))
            one.setEnabled(cause in fitting)
            one.setVisible(cause in fitting)
            one.setChecked(why is not None and why.cause is cause)
        self.words.setText(why.words if why else "")
        if self.isVisible():
            lay_out_now()
            self.fit()

    def _take(self) -> None:
        picked = [cause for cause, one in self.rows.items() if one.isChecked()]
        why = Explained(picked[0], self.words.text()) if picked else None
        try:
            check_explained(self.marked, why)
        except Refusal as refusal:
            self.show_refusal(refusal)
            return
        assert why is not None, "it was passed"
        self._causes[self.marked.key] = why
        self.show_fault("")
        self._show_rows()
        if len(self._causes) == len(self._lines):
            self._done(dict(self._causes))


class SignCountSheet(SecondPersonSheet):
    """What the whole count came to, and the second person who stands there."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        lines: Sequence[CountLine],
        causes: Causes,
        sign: Callable[[SecondPerson], object],
    ) -> None:
        differing = [line for line in lines if line.difference]
        facts: list[Piece] = [Text(summary_words(lines), bold=True, wrap=True)]
        if differing:
            table = _table(over.tr("和账上不一样的"), len(differing))
            rows = [_row(line, causes.get(line.key)) for line in differing]
            table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
            facts.append(table)
            facts.append(Text(over.tr("确认后，差异按原因记账，盘点表打印出来；原来的账不改。"), wrap=True))
        else:
            facts.append(Text(over.tr("确认后，盘点表打印出来，账没有变动。"), wrap=True))
        super().__init__(
            over, bench, "confirm_count", over.tr("盘点：两个人确认"), facts, over.tr("确认盘点"), sign,
            width=1080,
        )  # fmt: skip

    def open_sheet(self, first: QWidget | None = None) -> None:
        """Give the keyboard to the second person: what differs is only to be read."""
        super().open_sheet(first or self.who)


def _table(name: str, count: int) -> RecordTable:
    table = RecordTable(name, _COLUMNS)
    table.stand_high(min(count, _MOST))
    return table


def _row(line: CountLine, why: Explained | None) -> Row:
    tone = Tone.DANGER if line.difference < 0 else Tone.WARNING
    reason: str = Marked(why.reason, Tone.SUCCESS, "done") if why else "还没有原因"
    return (
        line.product.vaccine_name, line.lot.lot_number, PLACES[line.place], str(line.book), str(line.found),
        Marked(f"{line.difference:+d}", tone), reason,
    )  # fmt: skip
