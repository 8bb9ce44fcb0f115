"""Who may do what: the one table of acts and pages, shown to people in docs/security.md (SITE-8, SEC-6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.refusals import Refusal
from app.domain.staff import Role, StaffMember

Roles = frozenset[Role]


@dataclass(frozen=True)
class Rule:
    """One row: the words for people, who may, and who may be the second person where one is needed."""

    words: str
    roles: Roles
    seconds: Roles = frozenset()
    """Empty: one person is enough."""


@dataclass(unsafe_hash=True)
class NotPermitted(Refusal):
    """The signed-in person holds none of the roles that may do this."""

    act: str
    allowed: tuple[Role, ...]
    held: tuple[Role, ...]


@dataclass(unsafe_hash=True)
class SecondPersonNeeded(Refusal):
    """This act needs a second person, who has just shown who they are; ``allowed`` may be that."""

    act: str
    allowed: tuple[Role, ...]


@dataclass(unsafe_hash=True)
class SecondPersonIsFirst(Refusal):
    """Nobody is their own second person."""

    name: str


@dataclass(unsafe_hash=True)
class PageNotPermitted(Refusal):
    """The signed-in person holds none of the roles that may read this page."""

    page: str
    allowed: tuple[Role, ...]
    held: tuple[Role, ...]


def _roles(*roles: Role) -> Roles:
    return frozenset(roles)


_REGISTRAR = _roles(Role.REGISTRAR)
_DOCTOR = _roles(Role.DOCTOR)
_NEEDLE = _roles(Role.VACCINATOR)
_WATCH = _roles(Role.OBSERVER, Role.VACCINATOR, Role.DOCTOR)
_MANAGER = _roles(Role.MANAGER)
_STOCK = _roles(Role.MANAGER, Role.STOCK_KEEPER)
_CARE = _WATCH | _REGISTRAR | _MANAGER
"""Everybody who has to do with the people who come."""
_BY_THE_VIAL = _WATCH | _STOCK
"""Who can read a label: everybody trained on vaccines or in charge of them."""
_AT_WORK = _CARE | _roles(Role.STOCK_KEEPER, Role.INFORMATION_OFFICER)
_EVERYBODY = frozenset(Role)

ACTS: Mapping[str, Rule] = {
    "register_patient": Rule("建档", _REGISTRAR),
    "amend_patient": Rule("更正档案", _REGISTRAR | {Role.INFORMATION_OFFICER}),
    "decide_field": Rule("核对两种写法", _MANAGER),
    "decide_pair": Rule("核对是不是同一人", _MANAGER),
    "open_visit": Rule("取号", _REGISTRAR),
    "cancel_visit": Rule("取消就诊", _REGISTRAR | _DOCTOR | _NEEDLE),
    "record_screening": Rule("预检并签字", _DOCTOR),
    "record_condition": Rule("记录特殊情况", _DOCTOR),
    "amend_condition": Rule("更正、撤销特殊情况", _DOCTOR),
    "record_past_dose": Rule("补录在外地种的", _REGISTRAR | _DOCTOR),
    "withdraw_past_dose": Rule("撤销补录", _REGISTRAR | _DOCTOR),
    "record_consent": Rule("记录知情同意", _DOCTOR | _REGISTRAR),
    "call_ticket": Rule("叫号", _NEEDLE),
    "return_visit": Rule("退回排队或医生", _NEEDLE),
    "check_identity": Rule("核对证件", _NEEDLE),
    "note_other_document": Rule("记下证件不符", _NEEDLE),
    "scan_vial": Rule("扫瓶", _NEEDLE),
    "enter_vial": Rule("手工录入扫不出的瓶（要两人）", _NEEDLE, _BY_THE_VIAL),
    "put_vial_away": Rule("换瓶", _NEEDLE),
    "note_refused_vial": Rule("记下拦下的瓶", _NEEDLE),
    "confirm_item": Rule("逐项确认", _NEEDLE),
    "withdraw_item": Rule("收回确认", _NEEDLE),
    "choose_body_site": Rule("改接种部位", _NEEDLE),
    "record_immunization": Rule("记录接种（须持有效培训合格证）", _NEEDLE),
    "undo_immunization": Rule("几分钟内撤销", _NEEDLE),
    "void_immunization": Rule("作废一剂（要两人）", _NEEDLE | _MANAGER, _NEEDLE | _DOCTOR | _MANAGER),
    "correct_immunization": Rule("更正一剂的细节（别人的、改接种人的由负责人）", _NEEDLE | _MANAGER),
    "release": Rule("留观后放行", _WATCH),
    "leave_early": Rule("记录提前离开", _WATCH),
    "reopen": Rule("请回留观", _WATCH),
    "raise_alarm": Rule("呼叫医生", _CARE),
    "amend_adverse_event": Rule("写异常反应个案", _WATCH),
    "close_alarm": Rule("解除报警", _DOCTOR),
    "confirm_clock": Rule("确认时钟", _CARE),
    "prepare_certificate": Rule("准备凭证", _CARE),
    "issue_certificate": Rule("出具凭证", _CARE),
    "issue_and_print": Rule("出具并打印凭证", _CARE),
    "issue_and_save": Rule("把凭证存成文件", _REGISTRAR | _MANAGER),
    "record_print": Rule("重印凭证", _CARE),
    "quarantine_pack": Rule("单支隔离", _NEEDLE | _STOCK),
    "release_pack": Rule("单支放行（要两人）", _STOCK, _STOCK | _DOCTOR),
    "add_product": Rule("登记产品", _STOCK),
    "map_code": Rule("认下新码：这种码是哪个产品（要两人）", _STOCK, _STOCK | _DOCTOR | _NEEDLE),
    "receive_lot": Rule("批次入库", _STOCK),
    "receive_delivery": Rule("收货入库（超温的先隔离）", _STOCK),
    "relate_codes": Rule("导入随货包装码", _STOCK),
    "change_lot_status": Rule("批次隔离、召回、放行（放行要两人）", _STOCK, _STOCK | _DOCTOR),
    "begin_count": Rule("开始盘点", _STOCK),
    "count_pack": Rule("盘点时扫码", _STOCK),
    "count_lot": Rule("盘点时输数", _STOCK),
    "compare_count": Rule("盘点后和账上比", _STOCK),
    "confirm_count": Rule("确认盘点、差异入账（要两人）", _STOCK, _STOCK | _DOCTOR | _NEEDLE),
    "check_readiness": Rule("开诊前“四有”检查", _DOCTOR | _NEEDLE | _MANAGER),
    "override_readiness": Rule("缺“四有”仍开诊（要两人）", _MANAGER, _MANAGER | _DOCTOR | _NEEDLE),
    "open_session": Rule("开始场次", _MANAGER),
    "close_session": Rule("结束场次", _MANAGER),
    "found_site": Rule("开设接种单位", _MANAGER),
    "configure_site": Rule("设置接种单位", _MANAGER),
    "enrol_device": Rule("把这台电脑登记到中心", _MANAGER | {Role.INFORMATION_OFFICER}),
    "choose_relay": Rule("设置局域网主机", _MANAGER | {Role.INFORMATION_OFFICER}),
    "add_staff": Rule("登记工作人员", _MANAGER),
    "amend_staff": Rule("改姓名、职务、岗位", _MANAGER),
    "certify_staff": Rule("记录培训合格证", _MANAGER),
    "train_for_emergencies": Rule("记录异常反应应急处置培训", _MANAGER),
    "remove_staff": Rule("移除工作人员", _MANAGER),
    "reset_password": Rule("发放或重置密码", _MANAGER),
    "plan_day": Rule("排班", _MANAGER),
    "hand_over": Rule("交接班（双方确认）", _AT_WORK, _AT_WORK),
    "take_pack": Rule("换上签过字的免疫程序（要两人）", _MANAGER, _DOCTOR),
    "choose_plan": Rule("设置备份、立即备份", _MANAGER),
    "record_drill": Rule("恢复演练", _MANAGER),
    "confirm_recovery_key": Rule("制作恢复密钥", _MANAGER),
    "take_county_key": Rule("收下、更换县级密钥", _MANAGER),
    "remove_county_key": Rule("停用县级密钥", _MANAGER),
    "recover_access": Rule("用恢复密钥登录", _MANAGER),
    "read_record": Rule("查看个人档案", _CARE | {Role.INSPECTOR, Role.INFORMATION_OFFICER}),
    "ask_centre": Rule("向中心查询一个人", _REGISTRAR | _MANAGER | {Role.INFORMATION_OFFICER}),
    "note_print": Rule("打印写着姓名的纸", _CARE),
    "print_entry_check": Rule("打印一个人的入托入学查验结果", _CARE),
    "check_class": Rule(
        "按名单做入托入学查验并导出结果", _roles(Role.MANAGER, Role.INFORMATION_OFFICER, Role.AUDITOR)
    ),
    "export_trail": Rule("导出审计记录", _roles(Role.MANAGER, Role.AUDITOR)),
    "export_register": Rule("导出人员资格名册", _roles(Role.MANAGER, Role.INFORMATION_OFFICER, Role.AUDITOR)),
    "export": Rule("导出资料", _roles(Role.MANAGER, Role.INFORMATION_OFFICER, Role.AUDITOR)),
}
"""Every act of ``app/workflows``, by the name of its function; the act itself refuses everybody else."""

PAGES: Mapping[str, Rule] = {
    "registration": Rule("登记", _CARE | {Role.INSPECTOR, Role.INFORMATION_OFFICER}),
    "screening": Rule("预检", _CARE | {Role.INSPECTOR}),
    "vaccination": Rule("接种", _CARE | {Role.INSPECTOR}),
    "observation": Rule("留观", _CARE | {Role.INSPECTOR}),
    "certificate": Rule("凭证", _CARE | {Role.INSPECTOR}),
    "opening": Rule("开诊", _AT_WORK | {Role.INSPECTOR}),
    "stock": Rule("库存", _AT_WORK | {Role.INSPECTOR}),
    "sync": Rule("同步", _EVERYBODY - {Role.AUDITOR}),
    "staff": Rule("人员", _EVERYBODY),
    "backup": Rule("备份", _EVERYBODY),
    "audit": Rule("审计", _MANAGER | {Role.INSPECTOR, Role.AUDITOR}),
}
"""Every page of the window, by its station id."""


def in_order(roles: Roles) -> tuple[Role, ...]:
    """Return roles in the order in which they are always listed."""
    return tuple(role for role in Role if role in roles)


def require_permission(member: StaffMember, act: str) -> None:
    """Pass who may do an act; raises NotPermitted, and KeyError for an act that is in no row."""
    allowed = ACTS[act].roles
    if member.roles.isdisjoint(allowed):
        raise NotPermitted(act, in_order(allowed), in_order(member.roles))


def may_second(member: StaffMember, act: str, first: StaffMember) -> bool:
    """Return whether somebody may be the second person of an act."""
    return member.staff_id != first.staff_id and not member.roles.isdisjoint(ACTS[act].seconds)


def require_second(second: StaffMember | None, act: str, first: StaffMember) -> StaffMember:
    """Return the second person of an act; raises SecondPersonNeeded or SecondPersonIsFirst."""
    allowed = in_order(ACTS[act].seconds)
    if second is None or second.roles.isdisjoint(allowed):
        raise SecondPersonNeeded(act, allowed)
    if second.staff_id == first.staff_id:
        raise SecondPersonIsFirst(second.name)
    return second


def require_page(member: StaffMember, page: str) -> None:
    """Pass who may read a page; raises PageNotPermitted."""
    allowed = PAGES[page].roles
    if member.roles.isdisjoint(allowed):
        raise PageNotPermitted(page, in_order(allowed), in_order(member.roles))


def pages_of(member: StaffMember) -> tuple[str, ...]:
    """Return the pages a person may read, in the order of the rail."""
    return tuple(page for page, rule in PAGES.items() if not member.roles.isdisjoint(rule.roles))
