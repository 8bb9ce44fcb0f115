"""Handing over: what is open, who takes it, both confirm; and the roster of a day."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.clock import CHINA, read_instant
from app.domain.shifts import Duty, HandOver, OpenWork, Part, Shift
from app.domain.staff import StaffMember
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.buttons import ActionButton
from app.ui.kit.form import Form
from app.ui.kit.layouts import Piece
from app.ui.kit.text import Text
from app.ui.kit.tokens import GAP
from app.ui.second_person import SecondPersonSheet
from app.workflows.desk import SecondPerson
from app.workflows.shifts import open_work

PARTS = {Part.MORNING: "上午", Part.AFTERNOON: "下午", Part.NIGHT: "夜间"}
DUTIES = {Duty.LEADER: "带班", Duty.ON_DUTY: "值班"}
_NEXT: Mapping[Duty | None, Duty | None] = {
    None: Duty.ON_DUTY,
    Duty.ON_DUTY: Duty.LEADER,
    Duty.LEADER: None,
}
Planned = Mapping[Part, Mapping[str, Duty]]
LONGEST_NOTE = 200
_SHOWN = 12


def work_lines(work: OpenWork) -> list[str]:
    """Return what is open, a line a kind, tickets and codes alone."""
    named = (
        ("留观中", work.observing),
        ("在接种台", work.called),
        ("等预检或接种", work.waiting),
        ("已开瓶未用完", work.vials),
    )
    return [f"{words} {len(found)}：{_some(found)}" if found else f"{words}：无" for words, found in named]


def _some(found: Sequence[str]) -> str:
    """Return the first few; a long line is no help at a hand-over."""
    more = f" 等 {len(found)} 个" if len(found) > _SHOWN else ""
    return "、".join(found[:_SHOWN]) + more


def hand_over_line(kept: HandOver, name: Callable[[str], str]) -> str:
    """Return one hand-over in a line."""
    at = read_instant(kept.at).astimezone(CHINA)
    return f"{at:%m-%d %H:%M} {name(kept.given_by)} → {name(kept.taken_by)}"


def shift_line(shift: Shift, name: Callable[[str], str]) -> str:
    """Return who is on one part of a day."""
    people = [
        f"{name(staff_id)}（带班）" if duty is Duty.LEADER else name(staff_id)
        for staff_id, duty in shift.duties
    ]
    return f"{PARTS[shift.part]}：{'、'.join(people) or '没有排班'}"


class HandOverSheet(SecondPersonSheet):
    """What is open stands on the sheet; who takes over types PIN or password and has the desk."""

    def __init__(self, over: QWidget, bench: Bench, confirmed: Callable[[SecondPerson, str], object]) -> None:
        self.note = QLineEdit()
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setPlaceholderText(over.tr("要交代的事（可以不写）"))
        self.note.setAccessibleName(over.tr("要交代的事"))
        user = bench.desk.user
        giver = over.tr("交班人：{name}").format(name=user.name if user else "")
        facts: list[Piece] = [Text(giver, bold=True)]
        facts += [Text(line, wrap=True) for line in work_lines(open_work(bench.read(), bench.now()))]
        super().__init__(
            over,
            bench,
            "hand_over",
            over.tr("交接班"),
            [*facts, self.note],
            over.tr("接班，由我负责"),
            lambda taker: confirmed(taker, self.note.text()),
        )


class DutyButton(ActionButton):
    """One person in one part of the day; pressed, it goes round: nothing, on duty, leads."""

    def __init__(self, member: StaffMember, part: Part, duty: Duty | None) -> None:
        super().__init__("")
        self.member, self.part, self.duty = member, part, duty
        self.refuse_enter()
        self.clicked.connect(self._turn)
        self._show()

    def _turn(self) -> None:
        self.duty = _NEXT[self.duty]
        self._show()

    def _show(self) -> None:
        words = DUTIES[self.duty] if self.duty else "—"
        self.show_action(words, icon="done" if self.duty else "")
        self.setAccessibleName(f"{self.member.name} {PARTS[self.part]} {words}")


class RosterSheet(FormSheet):
    """Who is on duty on a day: a row a person, a column a part of the day; Alt+6 saves and goes on a day."""

    def __init__(
        self,
        over: QWidget,
        day: date,
        staff: Sequence[StaffMember],
        shifts: Sequence[Shift],
        save: Callable[[Planned, bool], object],
    ) -> None:
        """``save`` hears what is planned, and whether the next day follows."""
        self._save = save
        known = {(who, shift.part): duty for shift in shifts for who, duty in shift.duties}
        self.buttons = [
            DutyButton(member, part, known.get((member.staff_id, part))) for member in staff for part in Part
        ]
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for column, part in enumerate(Part, 1):
            grid.addWidget(Text(PARTS[part], bold=True), 0, column)
        for row, member in enumerate(staff, 1):
            grid.addWidget(Text(member.name, bold=True), row, 0)
            for column in range(len(Part)):
                grid.addWidget(self.buttons[(row - 1) * len(Part) + column], row, column + 1)
        button = save_button(over.tr("保存"), "calendar")
        following = ActionButton(over.tr("保存，排后一天"), "Alt+6", "next")
        super().__init__(
            over,
            over.tr("{day} 的班").format(day=day),
            Form(columns=1),
            button,
            below=[grid],
            more=[following],
            note=over.tr("Tab 换格，空格换：—、值班、带班。"),
            width=760,
        )
        button.clicked.connect(lambda: self._submit(goes_on=False))
        following.clicked.connect(lambda: self._submit(goes_on=True))

    def _submit(self, *, goes_on: bool) -> None:
        if not self.button.isEnabled():
            return
        self.show_busy()
        planned = {
            part: {one.member.staff_id: one.duty for one in self.buttons if one.part is part and one.duty}
            for part in Part
        }
        self._save(planned, goes_on)
