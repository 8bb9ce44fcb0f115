"""F10: the site's own emergency card, full size, with the hospital to call and the times to write down.

Nothing medical is written or computed here: the card is the site's text, a dose is what staff type.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLayout, QLineEdit, QScrollArea, QWidget

from app.domain.journal import Json
from app.domain.site import Site
from app.ui.kit.buttons import ActionButton
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.text import Text
from app.ui.kit.tokens import BODY_TEXT, CAPTION_TEXT, FACT_TEXT, LIGHT, SECTION_TEXT, TARGET, Tone
from app.ui.observation.time_line import TimeLine
from app.ui.texts.observation import EMERGENCY_CARD_MISSING, approval_words
from app.ui.texts.words import local_time

LOG_WIDTH = 468
_TIMES = (
    ("onset_at", "发病", "Alt+1"),
    ("called_120_at", "拨打 120", "Alt+2"),
    ("transferred_at", "转运出发", "Alt+3"),
    ("adrenaline_at", "肾上腺素：几点", "Alt+4"),
)
_WORDS = (
    ("transferred_to", "转往哪里"),
    ("adrenaline_dose", "剂量（由医生填写）"),
    ("adrenaline_by", "谁给的药"),
)
_PLACES = (
    ("onset_at", 0, 0), ("called_120_at", 0, 1), ("transferred_at", 1, 0), ("transferred_to", 1, 1),
    ("adrenaline_at", 2, 0), ("adrenaline_dose", 2, 1), ("adrenaline_by", 3, 0),
)  # fmt: skip


class EmergencyCard(QWidget):
    """Left the card, right whom to call and what happened when; every entry is saved at once."""

    left = Signal()
    """Esc: back to the board."""
    report_asked = Signal()
    """F12: the report."""
    written = Signal(dict)
    """What staff wrote, by the draft's field."""
    refused = Signal(object)
    """A time that is none."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.words = Text("", SECTION_TEXT, wrap=True)
        self._approval = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self._hospital = Text("", BODY_TEXT, wrap=True)
        self._phone = Text("", FACT_TEXT, bold=True)
        self.saved = Text("", CAPTION_TEXT, colour=LIGHT.success)
        self.times = {field: TimeLine(label, key, now, self) for field, label, key in _TIMES}
        self.lines = {field: QLineEdit() for field, _ in _WORDS}
        self.setLayout(self._compose())
        self._connect()

    def show_reaction(self, site: Site, draft: Json) -> None:
        """Show the card and what the draft already holds."""
        self.words.show_text(site.emergency_card or EMERGENCY_CARD_MISSING)
        self._approval.show_text(approval_words(site))
        self._hospital.show_text(site.paired_hospital or self.tr("尚未录入对口医院"))
        self._phone.show_text(site.paired_hospital_phone or self.tr("没有电话"))
        for field, line in self.times.items():
            line.show_time(draft.get(field, ""))
        for field, edit in self.lines.items():
            edit.setText(draft.get(field, ""))
            edit.setModified(False)
        self.saved.show_text("")

    def show_saved(self, at: datetime) -> None:
        """Say that what was written is kept on this machine."""
        self.saved.show_text(self.tr("已保存在本机 {}").format(local_time(at)))

    def _compose(self) -> QLayout:
        scroller = QScrollArea()
        scroller.setWidgetResizable(True)
        scroller.setFrameShape(QFrame.Shape.NoFrame)
        scroller.setWidget(box(column(self.words, None)))
        scroller.setAccessibleName(self.tr("急救卡"))
        title = row(
            IconMark("first-aid", LIGHT.danger, 28), Text(self.tr("本单位急救卡"), FACT_TEXT, bold=True), None
        )
        card = Card(column(title, scroller, self._approval, gap=10, margins=(20, 16, 20, 14)))
        call = Card(
            row(
                IconMark("phone", LIGHT.danger, 32),
                column(self._hospital, self._phone, gap=0),
                None,
                column(Text(self.tr("急救"), BODY_TEXT), Text("120", FACT_TEXT, bold=True), gap=0),
                gap=12,
                margins=(16, 10, 20, 10),
            ),
            Tone.DANGER,
            outlined=True,
        )
        self._report = ActionButton(self.tr("填反应报告"), "F12", "document").bind(self)
        self._back = ActionButton(self.tr("返回"), "Esc", "back").bind(self)
        log = Card(column(self._grid(), None, self.saved, margins=(16, 12, 16, 10)))
        pieces = column(call, log, row(self._report, self._back))
        pieces.setStretch(1, 1)
        side = box(pieces)
        side.setFixedWidth(LOG_WIDTH)
        whole = row(card, side)
        whole.setStretch(0, 1)
        return whole

    def _grid(self) -> QLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        labels = dict(_WORDS)
        for field, down, across in _PLACES:
            if field in self.times:
                grid.addWidget(self.times[field], down, across)
                continue
            edit = self.lines[field]
            edit.setAccessibleName(labels[field])
            edit.setFixedHeight(TARGET)
            grid.addLayout(column(Text(labels[field], CAPTION_TEXT, bold=True), edit, gap=2), down, across)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _connect(self) -> None:
        for field, line in self.times.items():
            line.written.connect(lambda text, name=field: self.written.emit({name: text}))
            line.refused.connect(self.refused)
        for field, edit in self.lines.items():
            edit.editingFinished.connect(lambda name=field, source=edit: self._typed(name, source))
        self._report.clicked.connect(self.report_asked)
        self._back.clicked.connect(self.left)

    def _typed(self, field: str, source: QLineEdit) -> None:
        if source.isModified():
            source.setModified(False)
            self.written.emit({field: source.text().strip()})
