"""Step of the way out: no code at all, so the lot is chosen or typed and the reason named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.catalogue import Lot, LotStatus
from app.domain.refusals import Refusal
from app.domain.vial import read_expiry
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, TARGET
from app.ui.texts import sentence_of
from app.ui.texts.words import LOT_STATES

REASONS_UNREADABLE = ("标签破损或潮湿", "码印得不清", "瓶上没有码", "扫描枪坏了")
REASONS_UNKNOWN = ("到货还没入库", "入库资料里没有这个码", "从外单位调来", "不清楚，待查")


@dataclass(frozen=True)
class LotChosen:
    """Which lot and why there is no scanned code."""

    lot_number: str
    expires_on: date
    reason: str


class LotChoice(QWidget):
    """Lots at the left, reasons at the right; arrow keys choose, Enter goes on."""

    chosen = Signal(object)
    """A LotChosen."""
    settled = Signal()
    """Lot and reason are picked: on to what comes next."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lots: tuple[Lot, ...] = ()
        self.lots, self.reasons = _list(self.tr("批号")), _list(self.tr("原因"))
        self.number, self.expiry = QLineEdit(), CodeLineEdit()
        self.words = Text("", colour=LIGHT.muted, wrap=True)
        self.form = Form(columns=2)
        self.form.add_field("number", self.tr("批号"), self.number, required=True)
        hint = self.tr("8 位年月日，只印年月的输 6 位")
        self.form.add_field("expiry", self.tr("有效期至"), self.expiry, required=True, hint=hint)
        lots = _titled(self.tr("批号：上下键选，Enter 下一步"), self.lots)
        reasons = _titled(self.tr("原因：选好按 Enter 下一步"), self.reasons)
        lists = row(lots, reasons, gap=16)
        lists.setStretch(0, 3)
        lists.setStretch(1, 2)
        self.setLayout(column(self.words, lists, self.form, gap=12))
        self._connect()
        self.setFocusProxy(self.lots)

    def start(self, words: str, lots: Sequence[Lot], reasons: Sequence[str], day: date) -> None:
        """Offer these lots and reasons; the first usable lot is marked."""
        self._lots = tuple(lots)
        self.words.show_text(words)
        self.lots.clear()
        self.lots.addItems([_lot_words(lot, day) for lot in lots] + [self.tr("其他批号，手工填写")])
        self.reasons.clear()
        self.reasons.addItems(list(reasons))
        usable = [lot.expires_on >= day and lot.status is LotStatus.IN_USE for lot in lots]
        self.lots.setCurrentRow(usable.index(True) if any(usable) else 0)
        self.reasons.setCurrentRow(0)
        self.form.show_errors({})
        self.number.clear()
        self.expiry.clear()

    def fill_in(self, lot_number: str, expires_on: date | None) -> None:
        """Put what a code said of its lot into the lines, and mark them."""
        self.lots.setCurrentRow(len(self._lots))
        self.number.setText(lot_number)
        self.expiry.setText(f"{expires_on:%Y%m%d}" if expires_on else "")

    def take(self) -> None:
        """Hand over the choice, or say what is missing."""
        reason = self.reasons.currentItem()
        reason_words = reason.text() if reason else ""
        place = self.lots.currentRow()
        if place < len(self._lots):
            lot = self._lots[place]
            self.chosen.emit(LotChosen(lot.lot_number, lot.expires_on, reason_words))
            return
        if not self.number.text().strip():
            self.form.show_errors({"number": "请照瓶签填写批号。"})
            return
        try:
            expires_on = read_expiry(self.expiry.text())
        except Refusal as refusal:
            said = sentence_of(refusal)
            self.form.show_errors({"expiry": f"{said.happened}{said.todo}"})
            return
        self.chosen.emit(LotChosen(self.number.text().strip(), expires_on, reason_words))

    def show_error(self, sentence: str) -> None:
        """Say why the choice was not taken."""
        self.form.show_errors({"expiry": sentence})

    def _connect(self) -> None:
        self.lots.currentRowChanged.connect(self._show_lines)
        self.lots.itemActivated.connect(self._go_on)
        self.number.returnPressed.connect(self.expiry.setFocus)
        self.expiry.returnPressed.connect(self.reasons.setFocus)
        self.reasons.itemActivated.connect(lambda _: self.settled.emit())

    def _go_on(self, _: QListWidgetItem) -> None:
        typed = self.lots.currentRow() == len(self._lots)
        (self.number if typed else self.reasons).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_lines(self, place: int) -> None:
        self.form.setVisible(place == len(self._lots))


def _list(name: str) -> QListWidget:
    chooser = QListWidget()
    chooser.setAccessibleName(name)
    chooser.setUniformItemSizes(True)
    chooser.setStyleSheet(
        f"QListWidget {{ border: 1px solid {LIGHT.border}; border-radius: 8px; }}"
        f"QListWidget:focus {{ border: 3px solid {LIGHT.primary}; }}"
        f"QListWidget::item {{ min-height: {TARGET}px; padding-left: 8px; }}"
        f"QListWidget::item:selected {{ background: {LIGHT.info_tint}; color: {LIGHT.ink}; }}"
    )
    return chooser


def _titled(title: str, chooser: QListWidget) -> QWidget:
    return box(column(Text(title, CAPTION_TEXT, bold=True), chooser, gap=4))


def _lot_words(lot: Lot, day: date) -> str:
    words = f"{lot.lot_number}　有效期至 {lot.expires_on}"
    if lot.expires_on < day:
        return f"{words}　已过期"
    return words if lot.status is LotStatus.IN_USE else f"{words}　{LOT_STATES[lot.status]}"
