"""The manager's two sheets of the day: beginning a session, and closing it when everybody has gone."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.visit import Encounter
from app.storage import patients
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece
from app.ui.kit.table import Column, RecordTable
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT
from app.ui.texts.sessions import session_name, tickets_words
from app.ui.texts.words import VISIT_STATES, local_time
from app.workflows.site_setup import StillHere

_COLUMNS = (Column("号", 3, bold=True), Column("姓名", 5), Column("在哪一步", 6), Column("几点来的", 3))
_ROWS_SHOWN = 6


class OpenSheet(FormSheet):
    """The name of the session that begins, preset by day and hour; Enter begins it."""

    def __init__(self, over: QWidget, bench: Bench, begin: Callable[[str], object]) -> None:
        self._begin = begin
        self.name = QLineEdit(session_name(bench.now()))
        self.name.setMaxLength(40)
        form = Form(columns=1)
        form.add_field("name", over.tr("场次名称"), self.name, required=True)
        note = over.tr("号票、凭证和报表按场次分。专场、下乡可以改名，如“老年人专场”“石桥村下乡”。")
        button = save_button(over.tr("开始场次"), "play")
        super().__init__(over, over.tr("开始今天的场次"), form, button, note=note)
        button.clicked.connect(self._submit)

    def _submit(self) -> None:
        self.show_busy()
        self._begin(self.name.text())


class CloseSheet(FormSheet):
    """Who has not gone; Enter closes once nobody is observed or at a needle."""

    def __init__(
        self, over: QWidget, bench: Bench, name: str, left: StillHere, close: Callable[[list[str]], object]
    ) -> None:
        """``close`` hears the visits that were listed."""
        self._close, self._listed = close, [visit.encounter_id for visit in left.waiting]
        self.is_blocked = bool(left.observing or left.called)
        button = ActionButton(over.tr("收诊"), "Enter", "done", ButtonKind.PRIMARY)
        super().__init__(
            over, over.tr("收诊：{name}").format(name=name), Form(columns=1), button,
            above=_told(over, bench, left), width=820,
        )  # fmt: skip
        button.setVisible(not self.is_blocked)
        button.clicked.connect(self._submit)

    def _submit(self) -> None:
        if not self.is_blocked:
            self.show_busy()
            self._close(self._listed)


def _told(over: QWidget, bench: Bench, left: StillHere) -> list[Piece]:
    """Return who is still here and what becomes of them."""
    pieces: list[Piece] = []
    if left.observing:
        words = over.tr("留观区还有 {who}：满时间放行，或按提前离开记录（F5），再来收诊。")
        pieces.append(_stop(words.format(who=tickets_words(left.observing))))
    if left.called:
        words = over.tr("接种台前还有 {who}：接种完，或退回、取消（F4），再来收诊。")
        pieces.append(_stop(words.format(who=tickets_words([one.ticket_number for one in left.called]))))
    if left.waiting:
        words = over.tr("还有 {n} 人在等。收诊后他们的号作废，档案和预检都保留；要接种的，下一场重新取号。")
        pieces += [Text(words.format(n=len(left.waiting)), wrap=True), _table(over, bench, left.waiting)]
    if not pieces:
        pieces.append(Text(over.tr("所有人都已离开，没有人在等。"), colour=LIGHT.muted, wrap=True))
    return pieces


def _stop(words: str) -> Text:
    return Text(words, bold=True, colour=LIGHT.danger, wrap=True)


def _table(over: QWidget, bench: Bench, waiting: Sequence[Encounter]) -> RecordTable:
    db = bench.read()
    rows = [
        (
            visit.ticket_number,
            patients.get_patient(db, visit.patient_id).name,
            VISIT_STATES[visit.state],
            local_time(visit.registered_at),
        )
        for visit in waiting
    ]
    table = RecordTable(over.tr("还在等的人"), _COLUMNS)
    table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
    table.stand_high(min(len(rows), _ROWS_SHOWN))
    return table
