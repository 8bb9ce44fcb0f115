"""What the centre's findings are called on the screen: it holds the record, and some of it is not right."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.storage.feedback import ContentDoubted
from app.ui.texts.sentence import Sentence

FIELDS = {
    "name": "姓名", "sex": "性别", "birth_on": "出生日期", "document_type": "证件类型",
    "document_number": "证件号码", "patient_id": "受种者编号", "person": "受种者",
    "immunization_id": "接种编号", "adverse_event_id": "异常反应编号", "vaccine_code": "疫苗种类",
    "product_code": "产品", "vaccine_name": "疫苗名称", "market_holder": "上市许可持有人",
    "lot_id": "批次编号", "place": "放在哪里", "doses": "剂数", "lot_number": "批号",
    "expires_on": "失效日期",
    "trace_code": "追溯码", "dose_number": "剂次", "occurred_at": "接种时间", "encounter_id": "就诊编号",
    "reason": "原因", "status": "批次状态", "codes": "追溯码清单", "code": "追溯码", "body": "记录内容",
    "id": "记录编号",
}  # fmt: skip
"""By the field of the event."""

REASONS = {
    "missing": "没有填",
    "malformed": "格式不对",
    "reused": "和另一条重复而内容不同",
    "ahead": "比中心收到的时间还晚，这台电脑的时钟可能不对",
    "unprojectable": "中心不能列入档案",
}
"""By the centre's reason."""

CORRECTION = {
    "patient.registered": "请打开记录，核对证件后更正档案。",
    "patient.amended": "请打开记录，核对证件后更正档案。",
    "immunization.recorded": "请打开记录核对：细节有误的，按 F9、F10 更正；整条有误的，作废后重新取号记录。",
}
"""By the kind of the event, where a person can correct it."""


def findings_words(findings: tuple[tuple[str, str], ...]) -> str:
    """Return which fields are not right, and how."""
    return "、".join(
        f"{FIELDS.get(field, '其他内容')}{REASONS.get(reason, '有问题')}" for field, reason in findings
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    ContentDoubted: lambda r: Sentence(
        f"中心已收下，但内容有问题：{findings_words(r.findings)}。",
        "记录在本机和中心都有，没有丢失。",
        CORRECTION.get(r.kind, "照常接种，请按“复制细节”发给信息员。"),
    ),
}
