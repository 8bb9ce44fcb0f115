"""The guided window of a first start: one step at a time, keyboard and scanner alone (SITE, SEC-1)."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.domain.refusals import Refusal
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.icons import IconMark
from app.ui.kit.layouts import box, column, row
from app.ui.kit.shortcuts import bind_key
from app.ui.kit.text import Text
from app.ui.kit.theme import ground
from app.ui.kit.tokens import BANNER_TEXT, BODY_TEXT, LIGHT, SECTION_TEXT
from app.ui.set_up.founding import Answers
from app.ui.set_up.steps import (
    ADDRESS,
    AGAIN,
    CODE,
    MANAGER,
    NAME,
    PASSWORD,
    PHONE,
    PROXY,
    STEPS,
    StepForm,
    StepList,
)
from app.ui.texts import sentence_of

CENTRE, SITE, ACCOUNT, DONE = range(len(STEPS))


class SetUpPage(QWidget):
    """Asks, and hands on what was answered; knows neither centre nor store."""

    centre_stated = Signal(str, str, str)
    """Address, one-time code, and the proxy before the centre, empty for none."""
    site_stated = Signal(str, str)
    """Name and telephone."""
    account_stated = Signal(object)
    """Answers."""
    done = Signal()
    """The person goes on to sign in."""
    practice_asked = Signal()
    """F2 on the first step: a practice site instead."""
    restore_asked = Signal()
    """F10 on the first step: this machine takes the place of another, from its backup."""

    def __init__(self) -> None:
        super().__init__()
        ground(self)
        self._forms = [StepForm(step) for step in STEPS]
        self._steps, self._pages = StepList(), QStackedWidget()
        for form in self._forms:
            self._pages.addWidget(form)
        self._mark = IconMark("warning", LIGHT.danger, 22)
        self._sentence = Text("", BODY_TEXT, wrap=True)
        self._next = ActionButton("", "Enter", "open", ButtonKind.PRIMARY, size=SECTION_TEXT)
        self._back = ActionButton(self.tr("上一步"), "Esc")
        self._proxy = ActionButton(self.tr("要经过代理"), "F9", "shield")
        self._practice = ActionButton(self.tr("先用练习点试试"), "F2", "practice")
        self._restore = ActionButton(self.tr("从备份恢复"), "F10", "backup")
        self._compose()
        self.show_step(CENTRE)

    @property
    def step(self) -> int:
        """Return the step under way, counted from 0."""
        return self._pages.currentIndex()

    @property
    def form(self) -> StepForm:
        """Return the fields of the step under way."""
        return self._forms[self.step]

    @property
    def said(self) -> str:
        """Return the sentence under the fields."""
        return self._sentence.text()

    @property
    def is_busy(self) -> bool:
        """Return whether an answer is awaited."""
        return not self._pages.isEnabled()

    def show_step(self, step: int, told: str = "") -> None:
        """Bring a step to the front, with what is to be told of it."""
        self._pages.setCurrentIndex(step)
        self._steps.show_step(step)
        self.form.tell(told)
        self._next.show_action(self.form.step.action)
        self._back.setVisible(step in (SITE, ACCOUNT))
        self._proxy.setVisible(step == CENTRE)
        self._practice.setVisible(step == CENTRE)
        self._restore.setVisible(step == CENTRE)
        self._ready("")

    def fill(self, **texts: str) -> None:
        """Put what was answered before back into its fields, by their ids."""
        for form in self._forms:
            for field_id in form.edits.keys() & texts.keys():
                form.edits[field_id].setText(texts[field_id])
        if texts.get(PROXY):
            self._forms[CENTRE].show_asked_for(PROXY)

    def show_busy(self, sentence: str) -> None:
        """Say what is being done; nothing can be pressed meanwhile."""
        self._pages.setEnabled(False)
        self._next.setEnabled(False)
        self._say(sentence, fault=False)

    def show_refusal(self, refusal: Refusal) -> None:
        """Say why the step was not taken, what is safe and what to do; the step stays."""
        said = sentence_of(refusal)
        self._ready(f"{said.happened}\n{said.safe}{said.todo}", fault=True)

    def _enter(self) -> None:
        """Go to the next empty field, and from the last one on to the next step."""
        if self.is_busy:
            return
        if self.step == CENTRE:
            self._part_scan()
        empty = self.form.first_empty()
        if empty is not None and not empty.hasFocus():
            empty.setFocus()
        else:
            self._submit()

    def _submit(self) -> None:
        text = self.form.text
        if self.step == CENTRE:
            self.centre_stated.emit(text(ADDRESS).strip(), text(CODE).strip(), text(PROXY).strip())
        elif self.step == SITE:
            self.site_stated.emit(text(NAME), text(PHONE))
        elif self.step == ACCOUNT:
            self.account_stated.emit(Answers(text(MANAGER), text(PASSWORD), text(AGAIN)))
        else:
            self.done.emit()

    def _part_scan(self) -> None:
        """Part what a scanner sent as one code: the address, a blank, the one-time code."""
        address, _, code = self.form.text(ADDRESS).strip().partition(" ")
        if code.strip():
            self.fill(address=address, code=code.strip())

    def _go_back(self) -> None:
        if not self.is_busy and self.step in (SITE, ACCOUNT):
            self.show_step(self.step - 1)

    def _ask_proxy(self) -> None:
        if not self.is_busy and self.step == CENTRE:
            self.form.show_asked_for(PROXY)
            self.form.edits[PROXY].setFocus()

    def _ask_practice(self) -> None:
        if not self.is_busy and self.step == CENTRE:
            self.practice_asked.emit()

    def _ask_restore(self) -> None:
        if not self.is_busy and self.step == CENTRE:
            self.restore_asked.emit()

    def _ready(self, sentence: str, *, fault: bool = False) -> None:
        self._pages.setEnabled(True)
        self._next.setEnabled(True)
        self._say(sentence, fault=fault)
        target = self.form.first_empty() or next(iter(self.form.edits.values()), None) or self._next
        target.setFocus()

    def _say(self, sentence: str, *, fault: bool) -> None:
        self._mark.setVisible(fault)
        self._sentence.show_text(sentence, LIGHT.danger if fault else LIGHT.muted)

    def _compose(self) -> None:
        for key, act in (
            ("Enter", self._enter),
            ("Esc", self._go_back),
            ("F2", self._ask_practice),
            ("F9", self._ask_proxy),
            ("F10", self._ask_restore),
        ):
            bind_key(self, key, act)
        for button, act in (
            (self._next, self._enter),
            (self._back, self._go_back),
            (self._practice, self._ask_practice),
            (self._proxy, self._ask_proxy),
            (self._restore, self._ask_restore),
        ):
            button.refuse_enter().clicked.connect(partial(act))
        title = row(
            IconMark("syringe", LIGHT.primary, 44), 4, Text(self.tr("接种岗"), BANNER_TEXT, bold=True), 8,
            Text(self.tr("第一次使用：设置这个接种点"), SECTION_TEXT, colour=LIGHT.muted), None,
        )  # fmt: skip
        said = row(self._mark, self._sentence)
        said.setStretch(1, 1)
        foot = row(self._next, self._back, None, self._proxy)
        instead = row(None, self._restore, self._practice)
        right = box(column(self._pages, said, 8, foot, instead))
        right.setFixedWidth(600)
        right.setMinimumHeight(440)
        left = box(column(self._steps))
        left.setFixedWidth(200)
        card = Card(row(left, 32, right, margins=(32, 28, 32, 28)))
        self.setLayout(row(None, column(None, title, 16, card, None), None))
