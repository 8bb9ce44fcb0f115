"""Counting the fridge: blind, lot after lot, by scanner or by a number; what the books say stands nowhere."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.clock import CHINA
from app.domain.codes import CodeOfNoUse, Gs1Code, ScannedCode, TraceCode
from app.domain.stock_count import CountLine, CountMissing, Key
from app.storage.stock_counts import CountBegun, count_lines
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.buttons import ActionButton
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column, row
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.table import Column, Marked, RecordTable, Row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, SECTION_TEXT, Tone
from app.ui.texts.stock_count import PLACES, found_words, heard_words
from app.workflows.desk import staff_name
from app.workflows.stock_count import Counted, compare_count, count_lot, count_pack

_COLUMNS = (
    Column("疫苗", 9, bold=True), Column("批号", 8), Column("有效期至", 7), Column("放在", 4),
    Column("数到", 5, right=True), Column("状态", 8),
)  # fmt: skip
_ROWS_SHOWN = 6


class CountSheet(FormSheet):
    """↑↓ marks a lot, Enter takes its number, a scan counts itself, Alt+1 compares, Alt+2 begins again."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        begun: CountBegun,
        settled: Callable[[], object],
        begin_again: Callable[[], object],
    ) -> None:
        """``settled`` is called when every line is believed."""
        self._bench, self._settled, self._begin_again = bench, settled, begin_again
        self._lines: list[CountLine] = []
        self.table = RecordTable(over.tr("要数的批号"), _COLUMNS)
        self.table.stand_high(_ROWS_SHOWN)
        self.packs, self.rest = CodeLineEdit(), CodeLineEdit()
        self.name = Text("", SECTION_TEXT, bold=True, wrap=True)
        self.facts = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self.told = Text("", bold=True, wrap=True)
        self.heard = Text("", colour=LIGHT.success, bold=True, wrap=True)
        button = save_button(over.tr("记下这一批"), "check")
        self.done = ActionButton(over.tr("数完了，和账上比"), "Alt+1", "done")
        again = ActionButton(over.tr("从头再盘"), "Alt+2", "undo")
        whole = row(box(column(self.told, self.table, None, gap=8)), self._side(over), gap=20)
        whole.setStretch(0, 5)
        whole.setStretch(1, 2)
        super().__init__(
            over, over.tr("盘点：数冰箱里的疫苗"), Form(columns=1), button, above=[box(whole)],
            more=[self.done, again], width=1180,
        )  # fmt: skip
        button.clicked.connect(self._take_number)
        self.done.clicked.connect(self._compare)
        again.clicked.connect(self._ask_again)
        self.table.selected.connect(lambda _: self._show_marked())
        bind_key(self, "Up", lambda: self._step(-1))
        bind_key(self, "Down", lambda: self._step(1))
        at = begun.begun_at.astimezone(CHINA)
        self._who = f"{staff_name(bench.read(), begun.begun_by)} {at:%H:%M} 开始"
        self.show_lines()

    @property
    def marked(self) -> CountLine | None:
        """Return the line a number is for."""
        place = self.table.currentIndex().row()
        return self._lines[place] if 0 <= place < len(self._lines) else None

    def show_lines(self, key: Key | None = None) -> None:
        """Show how far the count is, and mark a line, the first that is not counted where none is named."""
        self._lines = count_lines(self._bench.read())
        rows = [_row(line) for line in self._lines]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        counted = sum(line.is_counted for line in self._lines)
        self.told.show_text(f"{self._who}　数了 {counted} 批，还有 {len(rows) - counted} 批")
        open_ones = [place for place, line in enumerate(self._lines) if not line.is_counted]
        named = [place for place, line in enumerate(self._lines) if line.key == key]
        self._mark((named or open_ones or [0])[0])

    def take_code(self, code: ScannedCode) -> None:
        """Count a scanned pack, or say why it counts nothing."""
        if not isinstance(code, TraceCode | Gs1Code):
            self.show_refusal(CodeOfNoUse())
            return
        self._bench.submit_or(self, self._counted, self.show_refusal, count_pack, code)

    def _side(self, over: QWidget) -> QWidget:
        form = Form(columns=1)
        self._packs_field = form.add_field("packs", over.tr("没开的支数"), self.packs)
        self._rest_field = form.add_field(
            "rest", over.tr("已开瓶里还剩几剂"), self.rest, hint=over.tr("开瓶超时的不算")
        )
        note = over.tr(
            "先数，数完才看账。架上的、隔离的、接种台上没打的都要数。扫支、扫没开过的盒和箱都行，"
            "也可以输总数。盘点当中照常接种，不会算成差异。"
        )
        self.note = Text(note, CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        return box(column(self.name, self.facts, form, self.heard, self.note, None, gap=8))

    def _step(self, by: int) -> None:
        if self._lines:
            self._mark((self.table.currentIndex().row() + by) % len(self._lines))

    def _mark(self, place: int) -> None:
        self.table.selectRow(place)
        self._show_marked()
        self.packs.setFocus()

    def _show_marked(self) -> None:
        line = self.marked
        if line is None:
            return
        self.packs.clear()
        self.rest.clear()
        self.name.show_text(f"{line.product.vaccine_name}　{PLACES[line.place]}")
        self.facts.show_text(f"批号 {line.lot.lot_number}\n{line.product.specification}")
        self._rest_field.setVisible(line.product.doses_per_pack > 1)
        per_pack = line.product.doses_per_pack
        self._packs_field.show_hint(
            f"每支 {per_pack} 剂；一支也没有输 0" if per_pack > 1 else "一支也没有输 0"
        )

    def _take_number(self) -> None:
        """Take what was typed; where that is nothing and the lot is counted, go on to the next."""
        line, nothing = self.marked, not (self.packs.text().strip() or self.rest.text().strip())
        if line is not None and line.is_counted and nothing:
            self._taken()
        elif line is not None:
            try:
                packs, rest = _number(self.packs), _number(self.rest)
            except CountMissing as refusal:
                self.show_refusal(refusal)
                return
            self.show_busy()
            self._bench.submit_or(
                self, lambda _: self._taken(), self.show_refusal, count_lot, line.key, packs, rest
            )

    def _taken(self) -> None:
        self.show_fault("")
        self._say("")
        self.show_lines()

    def _counted(self, counted: Counted) -> None:
        self.show_fault("")
        self.show_lines(counted.key)
        line = self.marked
        if line is not None:
            odd = counted.discarded or counted.given
            self._say(heard_words(counted, line), Tone.WARNING if odd else Tone.SUCCESS)

    def _say(self, words: str, tone: Tone = Tone.PLAIN) -> None:
        """Say what the last scan came to, in place of what is said before there was one."""
        self.heard.show_text(words, LIGHT.tone(tone).ink)
        self.heard.setVisible(bool(words))
        self.note.setVisible(not words)

    def _ask_again(self) -> None:
        """Begin again; where that loses a count it is asked first: the key is beside that of comparing."""
        counted = sum(line.is_counted for line in self._lines)
        words = self.tr("从头再盘，数过的 {n} 批就没有了。真要从头，请再按一次 Alt+2。").format(n=counted)
        if counted and self.fault.text() != words:
            self.show_fault(words)
        else:
            self._begin_again()

    def _compare(self) -> None:
        self.show_busy()
        self._bench.submit_or(self, self._compared, self.show_refusal, compare_count)

    def _compared(self, again: tuple[CountLine, ...]) -> None:
        if not again:
            self._settled()
            return
        self._say("")
        self.show_lines(again[0].key)
        words = self.tr(
            "{n} 批和账上不一样，标着“再数一遍”。请再数一遍：输数的重新输，扫码的找没扫到的，再按 Alt+1。"
        )
        self.show_fault(words.format(n=len(again)))


def _number(edit: CodeLineEdit) -> int | None:
    """Return what was typed, None for nothing; raises CountMissing rather than leave a part of it out."""
    typed = edit.text().strip()
    if typed and not (typed.isdecimal() and typed.isascii()):
        raise CountMissing()
    return int(typed) if typed else None


def _row(line: CountLine) -> Row:
    if line.is_asked_again:
        state: str = Marked("再数一遍", Tone.WARNING, "warning")
    elif line.is_counted:
        state = Marked("已数", Tone.SUCCESS, "done")
    else:
        state = "还没数"
    return (
        line.product.vaccine_name, line.lot.lot_number, line.lot.expires_on.isoformat(), PLACES[line.place],
        found_words(line), state,
    )  # fmt: skip
