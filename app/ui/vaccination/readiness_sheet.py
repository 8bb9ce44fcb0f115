"""Before the day's first person: the four every site must have, and until when the kit is good (SITE-9)."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.permissions import SecondPersonNeeded
from app.domain.readiness import KitItem, KitItemIncomplete, Need, OverrideReasonMissing, expired
from app.domain.refusals import Refusal
from app.storage.readiness import newest_readiness
from app.ui.bench import Bench
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import CAPTION_TEXT, GAP, LIGHT, MARGIN, TARGET
from app.ui.registration.day_edit import DayEdit
from app.ui.second_line import SecondLine
from app.ui.texts import sentence_of
from app.ui.texts.readiness import NEEDS, needs_words
from app.workflows.readiness import check_readiness, override_readiness

KIT_LINES = 6
"""How many things of the kit the sheet has lines for."""


class KitLine:
    """A thing of the kit and the day until which it is good."""

    def __init__(self, name: str) -> None:
        self.name, self.until = QLineEdit(), DayEdit()
        self.name.setPlaceholderText(name)
        self.name.setAccessibleName(name)
        for edit in (self.name, self.until):
            edit.setFixedHeight(TARGET)

    def show_item(self, item: KitItem | None) -> None:
        """Show a thing, or an empty line."""
        self.name.setText(item.name if item else "")
        self.until.show_day(item.expires_on if item else None)

    def item(self) -> KitItem | None:
        """Return what is written, None of an empty line; raises KitItemIncomplete."""
        name = self.name.text().strip()
        if not name and not self.until.text().strip():
            return None
        if not name or self.until.day is None:
            raise KitItemIncomplete(name)
        return KitItem(name, self.until.day)


class ReadinessSheet(Sheet):
    """Four keys for what is there, the kit as it was; Enter records, F12 is for a manager and a colleague."""

    def __init__(self, over: QWidget, bench: Bench, ready: Callable[[], object]) -> None:
        """``ready`` is called once the day may begin."""
        known = newest_readiness(bench.read())
        self._bench, self._ready = bench, ready
        today = bench.desk.today()
        self.rows = {need: ConfirmRow(NEEDS[need], str(number)) for number, need in enumerate(Need, 1)}
        self.kit = [KitLine(over.tr("急救药械 {n}").format(n=n)) for n in range(1, KIT_LINES + 1)]
        self.reason = QLineEdit()
        self.second, may = SecondLine(bench, "override_readiness"), bench.may("override_readiness")
        self._fault = Text("", colour=LIGHT.danger, bold=True, wrap=True)
        self._fault.hide()
        check = ActionButton(over.tr("都看过了"), "Enter", "done", ButtonKind.PRIMARY)
        override = ActionButton(over.tr("负责人放行"), "F12", "supervisor")
        buttons = [check, override] if may else [check]
        super().__init__(
            over,
            over.tr("今天开诊前：四有（当着实物看过再按）"),
            self._body(over, may=may),
            buttons,
            width=940,
        )
        for line in self.rows.values():
            line.bind(self)
        for place, kit_line in enumerate(self.kit):
            kit_line.show_item(known.kit[place] if known and place < len(known.kit) else None)
        if known is not None and known.day == today:
            for need, line in self.rows.items():
                line.setChecked(need in known.seen)
        if known is not None and (gone := expired(known.kit, today)):
            self.say(over.tr("{things}已过期，请更换后改有效期。").format(things="、".join(gone)))
        check.clicked.connect(self._check)
        override.clicked.connect(self._override)
        self.second.refused.connect(self._refused)
        self.second.shown.connect(lambda: self.say(""))
        self.closed.connect(self.deleteLater)

    def say(self, words: str) -> None:
        """Say what is wrong or still missing."""
        self._fault.show_text(words)
        self._fault.setVisible(bool(words))
        self.fit()

    def _check(self) -> None:
        seen = [need for need, line in self.rows.items() if line.isChecked()]
        try:
            kit = [item for line in self.kit if (item := line.item()) is not None]
        except Refusal as refusal:
            self._refused(refusal)
            return
        self._bench.submit_or(self, self._checked, self._refused, check_readiness, seen, kit)

    def _checked(self, lacking: Sequence[Need]) -> None:
        if lacking:
            self.say(self.tr("已记下，还缺：{needs}。").format(needs=needs_words(lacking)))
            return
        self.close_sheet()
        self._ready()

    def _override(self) -> None:
        def let(_: None) -> None:
            self.close_sheet()
            self._ready()

        reason = self.reason.text()
        if not reason.strip():
            self._refused(OverrideReasonMissing())
            return
        self.second.ask(
            lambda second: self._bench.submit_or(
                self, let, self._refused, override_readiness, reason, second
            ),
            self._refused,
        )

    def _refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, SecondPersonNeeded):
            self.second.forget()
        said = sentence_of(refusal)
        alone = said.safe if isinstance(refusal, SecondPersonNeeded) else ""
        self.say(f"{said.happened}{alone}{said.todo}")

    def _body(self, over: QWidget, *, may: bool) -> QWidget:
        needs, kit = QGridLayout(), QGridLayout()
        for grid in (needs, kit):
            grid.setSpacing(GAP)
        for place, line in enumerate(self.rows.values()):
            needs.addWidget(line, place // 2, place % 2)
        for place, kit_line in enumerate(self.kit):
            kit.addWidget(kit_line.name, place // 2, place % 2 * 2)
            kit.addWidget(kit_line.until, place // 2, place % 2 * 2 + 1)
        head = Text(
            over.tr("急救药械和有效期（上次的已填好，过期的会拦下）"), CAPTION_TEXT, colour=LIGHT.muted
        )
        if may:
            why = Form(columns=1)
            why.add_field("reason", over.tr("缺着也要开诊的原因"), self.reason)
            both = row(why, self.second, gap=MARGIN)
            both.setStretch(0, 1)
            both.setStretch(1, 2)
            return box(column(needs, head, kit, both, self._fault, gap=12))
        told = Text(
            over.tr("缺一样都不能叫号；缺着也要开诊，由负责人登录，和另一个人一起放行。"), colour=LIGHT.muted
        )
        return box(column(needs, head, kit, told, self._fault, gap=12))
