"""The manager's sheets: a person's name and roles, their training certificate, a password given to them."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.domain.staff import EmergencyTraining, Role, StaffMember, TrainingCertificate
from app.ui.form_sheet import FormSheet, save_button
from app.ui.kit.confirm_row import ConfirmRow
from app.ui.kit.form import Form
from app.ui.kit.layouts import box, column
from app.ui.kit.sheet import Sheet
from app.ui.kit.text import Text
from app.ui.kit.tokens import BANNER_TEXT, GAP, LIGHT
from app.ui.registration.day_edit import DayEdit
from app.ui.texts.staff import ROLES

_ABREAST = 3
_DAY_WANTED = "请输入 8 位数字的日期"


class MemberSheet(FormSheet):
    """Name, title and roles of somebody new or known; each role has its key."""

    def __init__(
        self, over: QWidget, member: StaffMember | None, save: Callable[[StaffMember], object]
    ) -> None:
        self._member, self._save = member, save
        self.name, self.post = QLineEdit(), QLineEdit()
        self.rows = {role: ConfirmRow(ROLES[role], f"Ctrl+{place}") for place, role in enumerate(Role, 1)}
        form = Form(columns=2)
        form.add_field("name", over.tr("姓名"), self.name, required=True)
        form.add_field("title", over.tr("职务"), self.post)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, line in enumerate(self.rows.values()):
            grid.addWidget(line, place // _ABREAST, place % _ABREAST)
        words = Text(over.tr("岗位：可以不止一个"), bold=True)
        button = save_button(over.tr("保存") if member else over.tr("保存，发初始密码"))
        title = over.tr("改姓名、职务、岗位") if member else over.tr("新增人员")
        super().__init__(over, title, form, button, below=[words, grid], width=900)
        for line in self.rows.values():
            line.bind(self)
        button.clicked.connect(self._submit)
        if member:
            self.name.setText(member.name)
            self.post.setText(member.title)
            for role, line in self.rows.items():
                line.setChecked(role in member.roles)

    def _submit(self) -> None:
        roles = frozenset(role for role, line in self.rows.items() if line.isChecked())
        staff_id = self._member.staff_id if self._member else ""
        self.show_busy()
        self._save(StaffMember(staff_id, self.name.text(), self.post.text(), roles))


class TrainingSheet(FormSheet):
    """Number, issuer and last day of a training certificate; its round and exam where they are known."""

    def __init__(
        self,
        over: QWidget,
        member: StaffMember,
        known: TrainingCertificate | None,
        save: Callable[[TrainingCertificate], object],
    ) -> None:
        self._save = save
        self.number, self.issuer, self.until = QLineEdit(), QLineEdit(), DayEdit()
        self.round, self.passed = QLineEdit(), DayEdit()
        form = Form(columns=2)
        form.add_field("number", over.tr("合格证编号"), self.number, required=True)
        form.add_field("issuer", over.tr("发证单位"), self.issuer, required=True)
        form.add_field("until", over.tr("有效期至"), self.until, required=True)
        form.add_field("passed", over.tr("考核合格日期"), self.passed)
        form.add_field(
            "round", over.tr("培训期次"), self.round, hint=over.tr("哪一次集中培训，照合格证写"), wide=True
        )
        note = over.tr("没有有效合格证的人不能叫号、不能记录接种；到期前 30 天开始提醒。")
        button = save_button(over.tr("保存"), "certificate")
        title = over.tr("{name}的培训合格证").format(name=member.name)
        super().__init__(over, title, form, button, note=note, width=760)
        button.clicked.connect(self._submit)
        if known:
            self.number.setText(known.number)
            self.issuer.setText(known.issuer)
            self.until.show_day(known.expires_on)
            self.passed.show_day(known.passed_on)
            self.round.setText(known.round)

    def _submit(self) -> None:
        day, passed = self.until.day, self.passed.day
        wrong = {"until": day is None, "passed": passed is None and bool(self.passed.text())}
        self.form.show_errors({name: _DAY_WANTED for name, is_wrong in wrong.items() if is_wrong})
        if day is None or wrong["passed"]:
            return
        self.show_busy()
        self._save(
            TrainingCertificate(self.number.text(), self.issuer.text(), day, self.round.text(), passed)
        )


class EmergencySheet(FormSheet):
    """When somebody was trained and examined in handling a reaction, and until when that is good."""

    def __init__(
        self,
        over: QWidget,
        member: StaffMember,
        known: EmergencyTraining | None,
        save: Callable[[EmergencyTraining], object],
    ) -> None:
        self._save = save
        self.trained, self.until = DayEdit(), DayEdit()
        form = Form(columns=2)
        form.add_field("trained", over.tr("培训考核日期"), self.trained, required=True)
        form.add_field("until", over.tr("有效期至"), self.until, required=True)
        note = over.tr("今天在岗的人里没有人有效时，“开诊”页提醒；不影响接种。")
        title = over.tr("{name}的异常反应应急处置培训").format(name=member.name)
        button = save_button(over.tr("保存"), "certificate")
        super().__init__(over, title, form, button, note=note)
        button.clicked.connect(self._submit)
        if known:
            self.trained.show_day(known.trained_on)
            self.until.show_day(known.expires_on)

    def _submit(self) -> None:
        trained, until = self.trained.day, self.until.day
        days = {"trained": trained, "until": until}
        self.form.show_errors({name: _DAY_WANTED for name, day in days.items() if day is None})
        if trained is None or until is None:
            return
        self.show_busy()
        self._save(EmergencyTraining(trained, until))


class GivenPasswordSheet(Sheet):
    """Shows, once, a password that the manager hands to its owner."""

    def __init__(self, over: QWidget, member: StaffMember, password: str) -> None:
        self.password = password
        words = over.tr("请交给{name}本人，只显示这一次；第一次登录时要换成自己的密码。").format(
            name=member.name
        )
        body = box(column(Text(password, BANNER_TEXT, bold=True), Text(words, colour=LIGHT.muted, wrap=True)))
        super().__init__(over, over.tr("{name}的初始密码").format(name=member.name), body)
        self.closed.connect(self.deleteLater)
