"""Blocking a lot, which one person decides, and letting it be used again, which takes two."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.catalogue import LotStatus
from app.storage.deliveries import StockLine
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.confirm_row import ConfirmRow, let_one_stand
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece, row
from app.ui.kit.reason_lines import OwnWords, ReasonLines
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP, LIGHT
from app.ui.second_person import SecondPersonSheet
from app.ui.texts.stock import BLOCKING_REASONS
from app.ui.texts.words import LOT_STATES
from app.workflows.desk import SecondPerson

Changed = Callable[[LotStatus, str], object]


def lot_words(line: StockLine) -> str:
    """Return which lot is meant, as its sheet says it."""
    return f"{line.product.vaccine_name}　批号 {line.lot.lot_number}　有效期至 {line.lot.expires_on}"


class BlockSheet(FormSheet):
    """隔离 or 召回, and why; from then on every scan of the lot is stopped."""

    def __init__(self, over: QWidget, line: StockLine, change: Changed) -> None:
        self._change = change
        blocked = (LotStatus.QUARANTINED, LotStatus.RECALLED)
        self.rows = {one: ConfirmRow(LOT_STATES[one], f"Alt+{n}") for n, one in enumerate(blocked, 1)}
        self.reasons = [ConfirmRow(words, f"Ctrl+{n}") for n, words in enumerate(BLOCKING_REASONS, 1)]
        self.other = OwnWords(over.tr("别的原因"), over.tr("别的原因"), longest=None)
        self.lines = ReasonLines(self.reasons, self.other)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, reason in enumerate(self.reasons):
            grid.addWidget(reason, place // 2, place % 2)
        button = save_button(over.tr("停用这个批号"), "forbidden")
        note = over.tr("从现在起，这个批号一扫就停，谁也不能打。再用要两个人放行。")
        pieces: list[Piece] = [Text(lot_words(line), bold=True, wrap=True), row(*self.rows.values()), grid]
        super().__init__(
            over, over.tr("隔离或召回"), Form(columns=1), button, above=[*pieces, self.other], note=note,
            width=820,
        )  # fmt: skip
        let_one_stand(list(self.rows.values()), always=True)
        self.rows[LotStatus.QUARANTINED].setChecked(True)
        for one in (*self.rows.values(), *self.reasons):
            one.bind(self)
        button.clicked.connect(self._submit)

    def _submit(self) -> None:
        status = next(one for one, line in self.rows.items() if line.isChecked())
        self.show_busy()
        self._change(status, self.lines.reason())


class ReleaseSheet(SecondPersonSheet):
    """What was found out, and the second person who stands there."""

    def __init__(
        self,
        over: QWidget,
        bench: Bench,
        line: StockLine,
        release: Callable[[str, SecondPerson], object],
    ) -> None:
        self.reason = QLineEdit()
        form = Form(columns=1)
        form.add_field(
            "reason", over.tr("凭什么放行"), self.reason, required=True,
            hint=over.tr("如：县疾控评估可用，文号……"),
        )  # fmt: skip
        why = Text(line.lot.status_reason, colour=LIGHT.danger, wrap=True)
        super().__init__(
            over, bench, "change_lot_status", over.tr("放行：两个人确认"),
            [Text(lot_words(line), bold=True, wrap=True), why, form], over.tr("放行"),
            lambda second: release(self.reason.text(), second),
        )  # fmt: skip
