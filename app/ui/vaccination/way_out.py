"""F9: the guided way out when a code cannot be read; in the end there is always a record (ux.md rule 14)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from app.domain.catalogue import Lot, Product
from app.domain.codes import Gs1Code, TraceCode, UnknownCode
from app.domain.permissions import SecondPersonIsFirst, SecondPersonNeeded
from app.domain.refusals import Refusal
from app.domain.vial import CodeSource
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.tokens import LIGHT, SECTION_TEXT
from app.ui.second_line import SecondLine
from app.ui.texts import sentence_of
from app.ui.vaccination.camera_step import CameraStep, built_in_camera
from app.ui.vaccination.lot_choice import REASONS_UNKNOWN, REASONS_UNREADABLE, LotChoice, LotChosen
from app.ui.vaccination.type_twice import TypeTwice
from app.workflows.needle import HandEntry

if TYPE_CHECKING:
    from app.devices.webcam import Webcam

OTHER_CODE, CAMERA, TYPED, LOT = range(4)
_STEPS = ("扫盒上另一个码", "用摄像头看码", "照着码手输两遍", "选批号和原因")


class WayOut(QObject):
    """Four steps on one sheet, three without a camera; a scan at any of them is used, F9 goes on."""

    typed = Signal(object)
    """A code typed twice: TraceCode, Gs1Code or UnknownCode."""

    seen = Signal(str)
    """What the camera read, as a scanner would send it."""

    entered = Signal(object, object)
    """A HandEntry (no code, or one this site does not know) and the SecondPerson who looked as well."""

    def __init__(
        self,
        over: QWidget,
        second: SecondLine,
        find_camera: "Callable[[], Webcam | None]" = built_in_camera,
    ) -> None:
        super().__init__(over)
        self._find_camera = find_camera
        self._camera: Webcam | None = None
        self._offers_camera = False
        self._planned: Product | None = None
        self._lots: tuple[Lot, ...] = ()
        self._day = date.min
        self._code: str | None = None
        self.camera, self.twice, self.lot, self.second = CameraStep(), TypeTwice(), LotChoice(), second
        self._marks = [IconMark("waiting", LIGHT.muted, 22) for _ in _STEPS]
        self._names = [Text("") for _ in _STEPS]
        self._pages = QStackedWidget()
        self._fault = Text("", colour=LIGHT.danger, wrap=True)
        self._fault.hide()
        by_hand = box(column(self.lot, self.second, self._fault, gap=8))
        for page in (_other_code(), self.camera, self.twice, by_hand):
            self._pages.addWidget(page)
        self.on = ActionButton(self.tr("还是不行，下一步"), "F9", "next")
        self.keep = ActionButton(self.tr("记下这一瓶"), icon="check", kind=ButtonKind.PRIMARY)
        self.sheet = Sheet(over, self.tr("读不出码"), self._body(), [self.keep, self.on], width=980)
        self.keep.show_key("Enter")
        self.on.clicked.connect(self._go_on)
        self.sheet.closed.connect(self.camera.stop)
        self.camera.scanned.connect(self.seen)
        self.keep.clicked.connect(self._keep)
        self.twice.agreed.connect(self.typed)
        self.lot.chosen.connect(self._enter)
        self.lot.settled.connect(self._go_to_second)
        self.second.shown.connect(self._go_on_with_second)
        self.second.refused.connect(self._second_refused)
        self.second.secret.returnPressed.connect(self.lot.take)
        bind_key(self.second.who, "Enter", self.second.secret.setFocus)

    @property
    def is_open(self) -> bool:
        """Return whether the sheet is there."""
        return self.sheet.isVisible()

    @property
    def step(self) -> int:
        """Return the step at the front, from 0."""
        return self._pages.currentIndex()

    def open_steps(self, planned: Product, lots: Sequence[Lot], day: date) -> None:
        """Begin at the first step, for a vial of the planned product."""
        self._start(planned, lots, day, None)
        self._camera = self._camera or self._find_camera()
        self._offers_camera = self._camera is not None
        self._show_step(OTHER_CODE)
        self.sheet.open_sheet(self._first())

    def open_for_code(
        self,
        code: TraceCode | Gs1Code | UnknownCode,
        text: str,
        planned: Product,
        lots: Sequence[Lot],
        day: date,
    ) -> None:
        """Begin at the last step with a code this site does not know: it is kept."""
        self._start(planned, lots, day, text)
        self._offers_camera = False
        if isinstance(code, Gs1Code) and code.lot_number:
            self.lot.fill_in(code.lot_number, code.expires_on)
        self._show_step(LOT)
        self.sheet.open_sheet(self._first())

    def go_to(self, step: int) -> None:
        """Bring a step to the front and give it the keyboard."""
        self._show_step(step)
        self._first().setFocus()

    def close(self) -> None:
        """Take the sheet away."""
        self.sheet.close_sheet()

    def show_refusal(self, refusal: Refusal) -> None:
        """Say on the sheet why an entry was not taken."""
        if isinstance(refusal, SecondPersonNeeded | SecondPersonIsFirst):
            self._second_refused(refusal)
            return
        self.keep.setEnabled(True)
        self.go_to(LOT)
        self.lot.show_error(str(sentence_of(refusal)))

    def _go_on(self) -> None:
        later = (step for step in self._steps() if step > self.step)
        self.go_to(next(later, LOT))

    def _steps(self) -> list[int]:
        """Return the steps there are on this machine."""
        return [step for step in range(len(_STEPS)) if step != CAMERA or self._offers_camera]

    def _show_step(self, step: int) -> None:
        self.camera.stop()
        self._pages.setCurrentIndex(step)
        for place, (mark, name) in enumerate(zip(self._marks, self._names, strict=True)):
            there = place in self._steps()
            mark.setVisible(there)
            name.setVisible(there)
            icon = "done" if place < step else "current" if place == step else "waiting"
            mark.show_icon(icon, LIGHT.primary if place == step else LIGHT.muted)
            number = self._steps().index(place) + 1 if there else 0
            name.show_text(f"{number}  {_STEPS[place]}", LIGHT.ink if place == step else LIGHT.muted)
        if step == CAMERA and self._camera is not None:
            self.camera.start(self._camera)
        self.on.setVisible(step != LOT)
        self.keep.setVisible(step in (TYPED, LOT))

    def _first(self) -> QWidget:
        """Return the control that a step begins with."""
        return {TYPED: self.twice.first, LOT: self.lot.lots}.get(self.step, self.on)

    def _start(self, planned: Product, lots: Sequence[Lot], day: date, code: str | None) -> None:
        self._planned, self._lots, self._day, self._code = planned, tuple(lots), day, code
        self.twice.start(day)
        self.second.start()
        self._fault.hide()
        self.keep.setEnabled(True)
        about = f"{planned.vaccine_name}，{planned.specification}。"
        if code:
            words = (
                f"{about}码 {code} 不在入库记录里，已留下；请照瓶签选批号。请疫苗管理员收货时和另一人认码。"
            )
        else:
            words = f"{about}码读不出时，请照瓶签选批号，写明原因。记录会带标记，接种不会丢。"
        self.lot.start(words, lots, REASONS_UNKNOWN if code else REASONS_UNREADABLE, day)

    def _keep(self) -> None:
        if self.step == TYPED:
            self.twice.compare()
        else:
            self.lot.take()

    def _go_to_second(self) -> None:
        """Go on from the reason: to who else looks at the vial, or to the button after a badge."""
        if self.second.is_shown:
            self.lot.take()
        else:
            (self.second.secret if self.second.who.count() < 2 else self.second.who).setFocus()

    def _enter(self, chosen: LotChosen) -> None:
        """Hand the entry on with whoever looks at the vial as well; Enter pressed twice is one act."""
        if not self.keep.isEnabled():
            return
        assert self._planned is not None, "opened for a planned product"
        source = CodeSource.UNKNOWN_CODE if self._code else CodeSource.UNREADABLE
        entry = HandEntry(
            source,
            chosen.reason,
            self._planned.product_code,
            chosen.lot_number,
            chosen.expires_on,
            self._code,
        )
        self.keep.setEnabled(False)
        self.second.ask(lambda second: self.entered.emit(entry, second), self._second_refused)

    def _second_refused(self, refusal: Refusal) -> None:
        """Say why the second person was not taken, and let them try again."""
        said = sentence_of(refusal)
        self._fault.show_text(f"{said.happened}{said.safe}{said.todo}")
        self._fault.show()
        self.second.forget()
        self.keep.setEnabled(True)
        self.second.secret.setFocus()

    def _go_on_with_second(self) -> None:
        self._fault.hide()
        if self.second.who.hasFocus():
            self.second.secret.setFocus()

    def _body(self) -> QWidget:
        steps = column(
            *(row(mark, name, None, gap=10) for mark, name in zip(self._marks, self._names, strict=True)),
            None,
            gap=16,
        )
        left = box(steps)
        left.setFixedWidth(220)
        return _Body(row(left, self._pages, gap=24))


class _Body(QWidget):
    """Of one height at every step, so that the sheet does not jump."""

    def __init__(self, layout: QLayout) -> None:
        super().__init__()
        self.setLayout(layout)

    def hasHeightForWidth(self) -> bool:
        """Return that the height is its own."""
        return False

    def sizeHint(self) -> QSize:
        """Return the room of the largest step."""
        return QSize(900, 500)


def _other_code() -> QWidget:
    return box(
        column(
            Text("换一个码再扫一次", SECTION_TEXT, bold=True),
            *(
                row(IconMark("dot", LIGHT.muted, 16), Text(words, wrap=True), gap=8)
                for words in (
                    "擦干净瓶身或盒子，把码摊平，离开 10 到 15 厘米再扫。",
                    "盒子侧面、顶面常有另一个码：二维码或条形码，都可以扫。",
                    "扫到就自动继续，不用再按任何键。",
                )
            ),
            None,
            gap=14,
        )
    )
