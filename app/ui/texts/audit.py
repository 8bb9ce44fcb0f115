"""The audit trail in words: what was done, why, and the sentences of its refusals."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import audit
from app.domain.audit import Access, Line, Purpose
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence

ACCESSES: Mapping[Access, str] = {
    Access.READ: "查看档案",
    Access.PRINTED: "打印",
    Access.EXPORTED: "导出",
    Access.OVERRIDDEN: "人工放行",
    Access.CORRECTED: "更正",
    Access.SIGNED_IN: "登录",
    Access.SIGN_IN_FAILED: "登录失败",
    Access.STAFF_CHANGED: "人员变动",
    Access.CONFIGURED: "设置",
}
"""What each kind of line is called."""

PURPOSES: Mapping[Purpose, str] = {
    Purpose.VISIT: "本次就诊",
    Purpose.PRESENT: "本人证件在场",
    Purpose.RECEPTION: "登记接待",
    Purpose.ARRIVED: "来接种，先看记录",
    Purpose.ENQUIRY: "家长询问",
    Purpose.CERTIFICATE: "补打凭证",
    Purpose.ENTRY_CHECK: "入托入学查验",
    Purpose.CORRECTION: "核对更正资料",
    Purpose.REACTION: "处置异常反应",
    Purpose.INSPECTION: "督导检查",
    Purpose.OTHER: "其他",
}
"""What each reason is called, on its key and in the list."""


def why_words(purpose: Purpose, words: str) -> str:
    """Return a reason that was answered, as it stands on what leaves."""
    return words if purpose is Purpose.OTHER else PURPOSES[purpose]


def reason_words(line: Line) -> str:
    """Return why, as the list says it."""
    if line.purpose is Purpose.OTHER:
        return line.words
    return "·".join(part for part in (PURPOSES[line.purpose] if line.purpose else "", line.words) if part)


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    audit.ReasonMissing: lambda _: Sentence(
        "这是未成年人的档案，今天没有他的就诊，查看要说明原因。",
        "档案没有打开，什么也没有改动。",
        "请选一个原因；要接种就先取号。",
    ),
    audit.ReasonTooShort: lambda r: Sentence(
        f"选“其他”要写明原因，至少 {r.least} 个字。", "档案没有打开。", "请写清楚，或选一个现成的原因。"
    ),
    audit.AuditBroken: lambda r: Sentence(
        f"审计记录从第 {r.seq} 条起对不上，可能被改动过。",
        "接种记录在另一本账上，不受影响；审计记录原样保留。",
        "请不要在本机继续处理，马上报告信息安全负责人。",
    ),
    audit.AuditFileUnreadable: lambda _: Sentence(
        "这个文件不是本程序导出的审计记录。", "没有核对任何内容。", "请用导出时的原文件，不要用表格软件另存。"
    ),
    audit.AuditFileBroken: lambda r: Sentence(
        f"导出的审计记录从第 {r.seq} 条起对不上，可能被改动过。"
        if r.seq
        else "导出人、时间、原因或签名被改动过。",
        "本机的审计记录不受影响。",
        "请不要采信这个文件，到原来的电脑上重新导出。",
    ),
}
