"""The station's usual face: banner and scan box above, queue or work below, the toast in its own row."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.devices.code_line_edit import CodeLineEdit
from app.domain.refusals import Refusal
from app.ui.kit.banner import Banner
from app.ui.kit.layouts import box, column, lay_out_now
from app.ui.kit.pages import Pages
from app.ui.kit.scan_box import ScanBox
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import GAP, MARGIN, RIGHT_COLUMN
from app.ui.kit.turns import after_paint
from app.ui.texts.sentence import Sentence
from app.ui.vaccination.next_step import Step
from app.ui.vaccination.notice import Notice
from app.ui.vaccination.queue_side import QueueSide
from app.ui.vaccination.queue_view import QueueView
from app.ui.vaccination.work_view import WorkSide, WorkView

PAGE_KEYS = "1234\b"
"""What the scan box leaves to the page while it is empty; a blank before a code keeps its digits there."""


class DeskView(QWidget):
    """Two columns; which of queue and work is shown changes, nothing else moves."""

    def __init__(self, toast: Toast) -> None:
        super().__init__()
        self.banner, self.notice = Banner(), Notice()
        self.notice.hide()
        self.scan = ScanBox(CodeLineEdit, self.tr("请扫号票或药瓶")).bind(self)
        self.scan.set_page_keys(PAGE_KEYS)
        self.queue, self.queue_side = QueueView(), QueueSide()
        self.work, self.side = WorkView(), WorkSide()
        self._left, self._right = Pages(), Pages()
        for left, right in ((self.queue, self.queue_side), (self.work, self.side)):
            self._left.addWidget(left)
            self._right.addWidget(right)
        self._step: Step | None = None
        self._prepared = False
        self._compose(toast)

    @property
    def is_working(self) -> bool:
        """Return whether somebody is at the needle."""
        return self._left.currentWidget() is self.work

    @property
    def step(self) -> Step | None:
        """Return what the banner says."""
        return self._step

    def show_queue(self) -> None:
        """Bring the queue to the front."""
        self._turn_to(0)
        self.scan.show_prompt(self.tr("请扫号票"))

    def show_work(self) -> None:
        """Bring the person at the needle to the front."""
        self._turn_to(1)
        self.scan.show_prompt(self.tr("请扫药瓶、号票或证件"))

    def show_step(self, step: Step) -> None:
        """Say the next step."""
        self.notice.hide()
        self.banner.show()
        if step != self._step:
            self._step = step
            self.banner.show_step(step.icon, step.sentence, step.key, step.hint, step.tone)

    def show_verdict(self, step: Step) -> None:
        """Say what a scan comes to and have it on the screen before anything else happens."""
        moves = self.banner.isHidden()
        self.show_step(step)
        if moves:
            lay_out_now()
        self.banner.repaint()

    def say(self, sentence: Sentence, refusal: Refusal) -> None:
        """Say in the place of the banner why something was not done."""
        self.notice.say(sentence, refusal)
        self.banner.hide()
        self.notice.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Prepare for the first ticket as soon as there is time."""
        super().showEvent(event)
        if not self._prepared:
            self._prepared = True
            after_paint(self, self._prepare)

    def _prepare(self) -> None:
        """Build, lay out and draw unseen what a ticket shows: the first takes no longer than the next."""
        if self.is_working:
            return
        self.work.prepare()
        for stack, unseen in ((self._left, self.work), (self._right, self.side)):
            unseen.resize(stack.size())
            unseen.grab()

    def _turn_to(self, place: int) -> None:
        self._left.setCurrentIndex(place)
        self._right.setCurrentIndex(place)

    def _compose(self, toast: Toast) -> None:
        left = QVBoxLayout()
        left.setSpacing(GAP)
        left.addWidget(self.banner)
        left.addWidget(self.notice)
        left.addWidget(self._left, 1)
        left.addWidget(toast)
        right = box(column(self.scan, self._right))
        right.setFixedWidth(RIGHT_COLUMN)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP)
        whole.setSpacing(GAP)
        whole.addLayout(left, 1)
        whole.addWidget(right)
