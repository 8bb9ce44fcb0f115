"""What each kind of event is called, at the site and at the centre."""

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "site.configured": "接种点设置",
    "staff.added": "工作人员",
    "staff.amended": "人员更正",
    "staff.removed": "人员移除",
    "staff.certified": "培训合格证",
    "user.sign_in_failed": "登录失败",
    "user.tries_rewound": "登录尝试被换旧",
    "user.tries_uncounted": "未逐条的登录失败",
    "user.password_changed": "换密码",
    "user.password_reset": "发放密码",
    "user.pin_set": "设 PIN",
    "user.badge_set": "登记工牌",
    "shift.planned": "排班",
    "shift.handed_over": "交接班",
    "session.opened": "开诊",
    "session.closed": "收诊",
    "user.signed_in": "登录",
    "product.added": "疫苗目录",
    "lot.received": "疫苗入库",
    "lot.status_changed": "批次状态",
    "pack_codes.related": "追溯码关联",
    "pack.quarantined": "疫苗隔离",
    "patient.registered": "建档",
    "patient.amended": "档案更正",
    "patient.judged": "档案核对",
    "condition.recorded": "特殊情况",
    "encounter.opened": "登记取号",
    "encounter.cancelled": "取消就诊",
    "encounter.called": "叫号",
    "encounter.returned": "退回队列",
    "screening.recorded": "预检",
    "consent.recorded": "知情同意",
    "vial.presented": "核对疫苗",
    "vial.put_away": "放回疫苗",
    "vial.refused": "拦下疫苗",
    "check.confirmed": "核对确认",
    "check.withdrawn": "撤回核对",
    "body_site.chosen": "选择部位",
    "identity.verified": "核对身份",
    "identity.refused": "身份不符",
    "immunization.recorded": "接种",
    "immunization.voided": "接种作废",
    "observation.ended": "留观结束",
    "observation.reopened": "恢复留观",
    "observation.alarmed": "留观报警",
    "observation.alarm_closed": "报警处置",
    "clock.confirmed": "时间核对",
    "adverse_event.drafted": "异常反应个案",
    "certificate.issued": "凭证签发",
    "certificate.printed": "凭证打印",
    "backup.planned": "备份设置",
    "backup.drilled": "恢复演练",
    "recovery_key.made": "制作恢复密钥",
    "recovery_key.used": "使用恢复密钥",
    "database_key.changed": "更换数据密钥",
    "store.restored": "从备份恢复",
    "audit.sealed": "审计封存",
    "schedule.taken": "换免疫程序",
    "readiness.checked": "开诊“四有”检查",
    "readiness.overridden": "缺“四有”仍开诊",
}

OF_LATER = "其他记录"
"""What a kind of a later version is called."""


def kind_words(kind: str) -> str:
    """Return the words for a kind; one a newer program wrote is called a record and nothing more."""
    return KINDS.get(kind, OF_LATER)
