"""What the operator's pages say for reasons, fields, acts and refusals."""

from datetime import datetime

from app.domain import event_kinds
from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.sync.bundle import BundleOfOtherCentre
from app.sync.envelope import BundleDamaged
from app.sync.frame import MessageMalformed, MessageTooLarge, WireVersionUnknown
from server.devices import DeviceUnknown
from server.handing_in import BundleDecided
from server.operator import accounts

REFUSED = {
    "SiteOutOfScope": "记录所属的接种单位不在这台设备的登记范围内",
    "EnvelopeMalformed": "记录的信封不完整或不合格式",
    "NotCanonical": "记录的字节不是规定的写法",
    "SealBroken": "签名对不上，或者换了签名用的密钥",
    "ChainBroken": "哈希链对不上，传来的内容可能已损坏",
}
"""By the name of the refusal."""

FLAGGED = {
    "missing": "缺少",
    "malformed": "格式不对",
    "reused": "同一编号下有两种内容，以先到的为准",
    "ahead": "比收到的时间还晚，请核对设备的时钟",
    "unprojectable": "数据库不接受，没有列入档案",
}
"""By the reason of the semantic error."""

FIELDS = {
    "name": "姓名", "sex": "性别", "birth_on": "出生日期", "document_type": "证件类型",
    "document_number": "证件号码", "patient_id": "受种者编号", "immunization_id": "接种编号",
    "adverse_event_id": "异常反应编号", "vaccine_code": "疫苗种类", "product_code": "产品",
    "lot_number": "批号", "expires_on": "失效日期", "trace_code": "追溯码", "dose_number": "剂次",
    "occurred_at": "接种时间", "encounter_id": "就诊编号", "reason": "原因", "body": "记录正文",
    "id": "记录编号", "person": "受种者", "site": "接种单位", "hash": "哈希", "seq": "序号", "hlc": "时间戳",
    "kind": "类型", "lot_id": "批次编号", "place": "放在哪里", "doses": "剂数", "status": "批次状态",
    "codes": "追溯码清单", "code": "追溯码",
    "vaccine_name": "疫苗名称", "market_holder": "上市许可持有人",
}  # fmt: skip

KINDS = {
    **event_kinds.KINDS,
    "patient.amended": "改档案", "immunization.recorded": "接种记录", "immunization.voided": "接种记录作废",
    "adverse_event.drafted": "异常反应初报",
}  # fmt: skip
"""The centre speaks of records where the site speaks of acts."""

LOT_STATUS = {
    "in_use": ("在用", "success"), "quarantined": ("暂停使用", "warning"), "recalled": ("已召回", "danger"),
}  # fmt: skip
"""By the status of a lot: what it is called and in which tone."""

ACTS = {
    "operator_added": "新增操作员", "password_set": "设置密码", "operator_withdrawn": "停用操作员",
    "signed_in": "登录", "sign_in_failed": "登录失败", "signed_out": "退出", "code_issued": "发登记码",
    "code_withdrawn": "收回登记码", "device_revoked": "停用设备", "area_changed": "放入地区",
    "reprojected": "重读流水", "bundle_handed_in": "交入优盘记录", "bundle_accepted": "收下隔离的记录",
    "bundle_rejected": "拒收隔离的记录",
}  # fmt: skip


DAMAGED = {
    "cut": "文件不完整，没有写完或没有拷完。没有交入。请让接种单位再写一次优盘。",
    "changed": "文件被改过或已损坏，没有交入。请让接种单位再写一次优盘。",
    "foreign": "这不是接种岗的记录文件。没有交入。请选优盘上扩展名是 .vxb 的文件。",
}
"""By the reason why a file that was handed in cannot be read."""

OF_A_FILE: dict[type[Refusal], str] = {
    BundleOfOtherCentre: "这个文件是写给另一个中心的，这里打不开。没有交入。请送到它的中心，"
    "或核对设备登记在哪里。",
    DeviceUnknown: "写这个文件的设备没有在本中心登记过。没有交入。请先给它发登记码，登记后再写一次优盘。",
    MessageTooLarge: "文件太大，没有交入。请让接种单位分几次写优盘。",
    WireVersionUnknown: "文件是别的版本的程序写的，中心读不懂。没有交入，记录仍在设备上。"
    "请先升级中心，再交一次。",
    MessageMalformed: "文件里的内容不合格式，没有交入，记录仍在设备上。请让接种单位再写一次；"
    "还不行，请报告程序故障。",
}
"""By what else a file that was handed in is refused for."""


def sentence_of(refusal: Refusal) -> str:
    """Return what an operator reads on a refusal."""
    match refusal:
        case accounts.SignInWrong():
            return "姓名或密码不对。没有登录。请核对后再试。"
        case accounts.SignInTooSoon(wait_s):
            return f"密码连续输错，这次没有核对。请等 {wait_s} 秒后再试。"
        case accounts.PasswordUnfit(shortest):
            return f"新密码不能用：至少 {shortest} 个字符，不能含姓名。原密码没有变。请换一个。"
        case accounts.OperatorNameUnfit():
            return "这个姓名不能用：为空、太长，或已有人用过。没有新增。请换一个。"
        case BundleDecided():
            return "这一份已有人决定，或不在隔离中。没有改动。请刷新后再看。"
        case BundleDamaged(reason):
            return DAMAGED[reason]
        case accounts.OperatorUnknown():
            return "没有这位操作员，或已停用。没有改动。"
        case _:
            return OF_A_FILE.get(type(refusal), "没有办成，数据没有改动。请重试；还不行，请查看中心的日志。")


def instant(at: datetime | None) -> str | None:
    """Return an instant in Beijing time to the minute."""
    return None if at is None else at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def age(at: datetime, now: datetime) -> str:
    """Return how long ago an instant was, in the largest whole unit."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 60:
        return "刚刚"
    if seconds < 3600:
        return f"{seconds // 60} 分钟前"
    return f"{seconds // 3600} 小时前" if seconds < 2 * 86400 else f"{seconds // 86400} 天前"
