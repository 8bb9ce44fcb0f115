"""The staff page 人员: the list, the manager's acts, one's own way in, the shifts and the hand-over."""

from collections.abc import Callable
from datetime import date, timedelta

from app.devices.scan_text import read_scan
from app.domain.clock import local_day, read_instant
from app.domain.codes import ScannedCode, UnknownCode
from app.domain.passwords import first_password
from app.domain.permissions import ACTS
from app.domain.refusals import Refusal
from app.domain.shifts import Part
from app.domain.staff import EmergencyTraining, StaffMember, TrainingCertificate
from app.storage.credentials import find_credential
from app.storage.shifts import last_hand_overs, shifts_on
from app.storage.site import get_site
from app.storage.staff import find_emergency_training, find_training
from app.ui.bench import Bench
from app.ui.form_sheet import FormSheet, typed_twice
from app.ui.kit.banner import Banner
from app.ui.kit.buttons import ActionButton, ButtonKind
from app.ui.kit.card import Card
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column, row
from app.ui.kit.sheet import Sheet
from app.ui.kit.table import RecordTable
from app.ui.kit.text import Text
from app.ui.kit.toast import Toast
from app.ui.kit.tokens import CAPTION_TEXT, LIGHT, RIGHT_COLUMN, SECTION_TEXT
from app.ui.sheet_station import SheetStation
from app.ui.staff.hand_over import HandOverSheet, Planned, RosterSheet, hand_over_line, shift_line
from app.ui.staff.member_sheets import EmergencySheet, GivenPasswordSheet, MemberSheet, TrainingSheet
from app.ui.staff.people_list import COLUMNS, banner_words, person_row
from app.ui.staff.register_out import RegisterOut
from app.ui.texts.staff import certificate_words, counts_words, roles_in_order
from app.workflows import credentials, shifts, staff
from app.workflows.desk import SecondPerson, staff_name
from app.workflows.sign_in import Means, sign_in
from app.workflows.staff_register import Qualified, register_counts, register_of


class StaffPage(SheetStation):
    """Everybody sees who works here and looks after their own way in; the manager looks after all."""

    station_id = "staff"
    help_topic = "staff"

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.banner = Banner("family")
        self.table = RecordTable(self.tr("工作人员"), COLUMNS)
        self.toast = Toast(bench.desk.clock.monotonic).bind(self)
        self._register: tuple[Qualified, ...] = ()
        self._people: list[StaffMember] = []
        self._badge_awaited = False
        self._managing = [
            self._button("add_staff", self.tr("新增"), "F9", "", self._add),
            self._button("amend_staff", self.tr("修改"), "Enter", "", self._amend),
            self._button("certify_staff", self.tr("合格证"), "F10", "", self._certify),
            self._button("train_for_emergencies", self.tr("应急"), "Alt+7", "", self._train),
            self._button("reset_password", self.tr("新密码"), "F11", "", self._reset),
            self._button("remove_staff", self.tr("移除"), "F12", "", self._remove),
        ]
        self.hand_over_button = self._button("hand_over", self.tr("交接班"), "Alt+4", "", self._hand_over)
        self.roster_button = self._button("plan_day", self.tr("排班"), "Alt+5", "", self._plan)
        self.register_out = RegisterOut(bench, self)
        self.register_button = self._button(
            "export_register", self.tr("导出名册"), "Alt+8", "", self.register_out.ask
        )
        own = (
            (self.tr("换密码"), "Alt+1", "locked", self._change_password),
            (self.tr("设 PIN"), "Alt+2", "keyboard", self._set_pin),
            (self.tr("登记工牌"), "Alt+3", "id-card", self._set_badge),
        )
        self._own = [self._button("", words, key, icon, act) for words, key, icon, act in own]
        self._account = [
            Text("", SECTION_TEXT, bold=True), Text("", CAPTION_TEXT, colour=LIGHT.muted),
            Text("", CAPTION_TEXT, colour=LIGHT.muted),
        ]  # fmt: skip
        self.certificate = Text("", CAPTION_TEXT, colour=LIGHT.muted, wrap=True)
        self.counts = Text("", wrap=True)
        self._shifts = [Text("", wrap=True) for _ in Part]
        self._handed = Text("", CAPTION_TEXT, colour=LIGHT.muted)
        self._compose()

    def enter(self, encounter_id: str | None) -> None:
        """Come to the front."""
        self.refresh(frozenset())
        self.table.setFocus()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Show who works here and what the person at the desk may do."""
        db, day = self.bench.read(), self.bench.desk.today()
        marked = max(self.table.currentIndex().row(), 0)
        self._register = register_of(db)
        self._people = [one.member for one in self._register]
        rows = [person_row(one, day) for one in self._register]
        self.table.show_rows(len(rows), lambda offset, limit: rows[offset : offset + limit])
        self.table.selectRow(min(marked, len(rows) - 1))
        for button in (*self._managing, self.hand_over_button, self.roster_button, self.register_button):
            button.setVisible(self.bench.may(button.objectName()))
        self.counts.show_text(counts_words(register_counts(db, self._register, day)))
        self._show_certificate()
        icon, words, tone = banner_words(self._register, day)
        self.banner.show_step(icon, words, tone=tone)
        self._show_account()
        for line, shift in zip(self._shifts, shifts_on(db, day), strict=True):
            line.show_text(shift_line(shift, self._name))
        handed = [hand_over_line(one, self._name) for one in last_hand_overs(db, 1)]
        self._handed.show_text("\n".join(handed) or self.tr("还没有交接班的记录"))

    def take_code(self, code: ScannedCode) -> bool:
        """No code is for this page."""
        return False

    def take_text(self, text: str) -> bool:
        """Take a scan as the badge that is being registered."""
        if not self._badge_awaited:
            return False
        self._keep_badge(text)
        return True

    @property
    def marked(self) -> StaffMember | None:
        """Return who is marked in the list."""
        place = self.table.currentIndex().row()
        return self._people[place] if 0 <= place < len(self._people) else None

    def _button(self, act: str, words: str, key: str, icon: str, press: Callable[[], object]) -> ActionButton:
        button = ActionButton(words, key, icon, ButtonKind.SECONDARY)
        button.setObjectName(act)
        button.clicked.connect(press)
        # Enter belongs to the list, and to the sheets over the page.
        return button if key == "Enter" else button.bind(self)

    def _compose(self) -> None:
        counted = row(self.counts, self.register_button)
        counted.setStretch(0, 1)
        listed = Card(
            column(
                self.table,
                self.certificate,
                counted,
                row(*self._managing, None),
                gap=12,
                margins=(16, 12, 16, 12),
            )
        )
        own = Card(
            column(*self._account, *self._own, gap=6,
                   margins=(16, 12, 16, 12))
        )  # fmt: skip
        on = Card(
            column(Text(self.tr("今天的班"), SECTION_TEXT, bold=True), *self._shifts, self._handed,
                   row(self.hand_over_button, self.roster_button, None), gap=6, margins=(16, 12, 16, 12))
        )  # fmt: skip
        right = box(column(own, on, None, gap=12))
        right.setFixedWidth(RIGHT_COLUMN)
        middle = row(listed, right, gap=16)
        middle.setStretch(0, 1)
        whole = column(self.banner, middle, self.toast, gap=12, margins=(16, 16, 16, 12))
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.table.opened.connect(lambda _: self._amend())
        self.table.selected.connect(lambda _: self._show_certificate())

    def _show_certificate(self) -> None:
        """Say under the list what who is marked may do, and where the certificate came from (STF-3)."""
        place = self.table.currentIndex().row()
        if 0 <= place < len(self._register):
            one = self._register[place]
            self.certificate.show_text(
                f"{one.member.name}（{roles_in_order(one.member)}）：{certificate_words(one.certificate)}"
            )

    def _show_account(self) -> None:
        user = self.bench.desk.user
        if user is None:
            return
        known, site = find_credential(self.bench.read(), user.staff_id), get_site(self.bench.read())
        self._account[0].show_text(f"{user.name}　{user.title}")
        if known is None or site.practice:
            until = self.tr("练习点不换密码")
        else:
            changed = local_day(read_instant(known.changed_at))
            until = self.tr("密码用到 {day}").format(day=changed + timedelta(days=site.password_days))
        pin = self.tr("有 PIN") if known and known.pin else self.tr("没有 PIN")
        badge = self.tr("有工牌") if known and known.has_badge else self.tr("没有工牌")
        self._account[1].show_text(until)
        self._account[2].show_text(f"{pin}·{badge}")

    def _name(self, staff_id: str) -> str:
        return staff_name(self.bench.read(), staff_id)

    # The manager

    def _add(self) -> None:
        self._open(MemberSheet(self, None, self._save_new))

    def _save_new(self, member: StaffMember) -> None:
        self._act(self._give, staff.add_staff, member)

    def _amend(self) -> None:
        if self.marked and self.bench.may("amend_staff"):
            self._open(MemberSheet(self, self.marked, self._save))

    def _save(self, member: StaffMember) -> None:
        self._act(lambda _: self._done(f"已保存：{member.name}"), staff.amend_staff, member)

    def _certify(self) -> None:
        if member := self.marked:
            known = find_training(self.bench.read(), member.staff_id)

            def save(certificate: TrainingCertificate) -> None:
                self._act(
                    lambda _: self._done(f"已记录{member.name}的合格证"),
                    staff.certify_staff,
                    member.staff_id,
                    certificate,
                )

            self._open(TrainingSheet(self, member, known, save))

    def _train(self) -> None:
        if member := self.marked:
            known = find_emergency_training(self.bench.read(), member.staff_id)

            def save(training: EmergencyTraining) -> None:
                self._act(
                    lambda _: self._done(f"已记录{member.name}的应急处置培训"),
                    staff.train_for_emergencies,
                    member.staff_id,
                    training,
                )

            self._open(EmergencySheet(self, member, known, save))

    def _reset(self) -> None:
        if self.marked:
            self._give(self.marked)

    def _give(self, member: StaffMember) -> None:
        """Give somebody a password of the program's making and show it once."""
        desk, password = self.bench.desk, first_password(self.bench.desk.random)

        def given(_: None) -> None:
            self._close()
            self._open(GivenPasswordSheet(self, member, password))
            self.refresh(frozenset())

        self._aside(given, lambda: credentials.give_password(desk, member.staff_id, password))

    def _remove(self) -> None:
        member, desk = self.marked, self.bench.desk
        if member is None:
            return
        name, staff_id = member.name, member.staff_id

        def remove() -> None:
            sheet.show_busy()
            self._aside(
                lambda _: self._done(f"已移除：{name}，做过的记录仍写着本人的名字"),
                lambda: credentials.take_away(desk, staff_id),
            )

        button = ActionButton(self.tr("移除"), "Enter", "left-early", ButtonKind.DANGER)
        note = self.tr("移除后不能再登录；做过的记录都保留。以前拷走的备份，本人用旧密码仍能打开。")
        sheet = FormSheet(
            self, self.tr("移除 {name}？").format(name=name), Form(columns=1), button, note=note
        )
        button.clicked.connect(remove)
        self._open(sheet)

    # One's own way in

    def _change_password(self) -> None:
        user = self.bench.desk.user
        if user is None:
            return
        desk, door, staff_id = self.bench.desk, self.bench.door, user.staff_id

        def taken(typed: list[str]) -> None:
            old, new = typed
            self._aside(
                lambda _: self._done("密码已换"),
                lambda: credentials.change_password(desk, door, staff_id, old, new),
            )

        lines = (
            ("old", self.tr("现在的密码")),
            ("new", self.tr("新密码")),
            ("again", self.tr("新密码再输一遍")),
        )
        note = self.tr("至少 8 个字符，大写、小写、数字、符号至少三种；最近 5 次用过的不能再用。")
        self._open(typed_twice(self, self.tr("换密码"), lines, note, taken))

    def _set_pin(self) -> None:
        desk = self.bench.desk

        def taken(typed: list[str]) -> None:
            self._aside(lambda _: self._done("PIN 已设好"), lambda: credentials.set_pin(desk, typed[0]))

        lines = (("pin", self.tr("PIN（至少 6 位数字）")), ("again", self.tr("再输一遍")))
        note = self.tr("当天用密码登录过一次以后，锁定和换人用 PIN 就行；错三次要用密码。")
        self._open(typed_twice(self, self.tr("设 PIN"), lines, note, taken))

    def _set_badge(self) -> None:
        words = Text(
            self.tr("请扫自己的工牌。以后锁定和换人扫一下就行，当天要先用密码登录过一次。"), wrap=True
        )
        self._badge_awaited = True
        self._open(Sheet(self, self.tr("登记工牌"), box(column(words))))

    def _keep_badge(self, text: str) -> None:
        desk = self.bench.desk
        if not _is_free_code(text, self.bench):
            self.bench.announce(self.tr("这是号票、证件或药品的码，不能当工牌，请换一张卡扫。"))
            return
        self._aside(lambda _: self._done("工牌已登记"), lambda: credentials.set_badge(desk, text))

    # Shifts

    def _hand_over(self) -> None:
        self._open(HandOverSheet(self, self.bench, self._take_over))

    def _take_over(self, taker: SecondPerson, note: str) -> None:
        def taken(_: object) -> None:
            self._close()
            sign_in(self.bench.desk, taker.member.staff_id, Means.HAND_OVER)
            self.bench.taken_over.emit()
            self.bench.announce(f"已交班给{taker.member.name}")

        self._act(taken, shifts.hand_over, taker, note)

    def _plan(self) -> None:
        self._plan_day(self.bench.desk.today())

    def _plan_day(self, day: date) -> None:
        """Plan a day; duty goes round the clock, so the next is planned as well (STF-7)."""
        db = self.bench.read()

        def save(planned: Planned, goes_on: bool) -> None:
            self._act(lambda _: self._planned(day, goes_on=goes_on), shifts.plan_day, day, planned)

        on_duty = [one for one in self._people if not one.roles.isdisjoint(ACTS["hand_over"].roles)]
        self._open(RosterSheet(self, day, on_duty, shifts_on(db, day), save))

    def _planned(self, day: date, *, goes_on: bool) -> None:
        self._done(f"{day:%m-%d} 的班已排好")
        if goes_on:
            self._plan_day(day + timedelta(days=1))

    # Sheets

    def _act(self, done: Callable[..., object], act: Callable[..., object], *args: object) -> None:
        self.bench.submit_or(self, done, self._refused, act, *args)

    def _aside(self, done: Callable[[None], object], work: Callable[[], None]) -> None:
        self.bench.run_aside(self, done, self._refused, work)

    def _forget(self) -> None:
        super()._forget()
        self._badge_awaited = False


def _is_free_code(text: str, bench: Bench) -> bool:
    """Return whether a code means nothing else here."""
    try:
        return isinstance(read_scan(text, on=bench.desk.today()), UnknownCode)
    except Refusal:
        return True
