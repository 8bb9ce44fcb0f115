"""Staff in words: roles, how training stands, and the sentences of their refusals."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from app.domain import permissions, staff
from app.domain.refusals import Refusal
from app.domain.staff import Role, Training
from app.ui.texts.sentence import Sentence
from app.workflows import staff as acts
from app.workflows.staff_register import Qualified, RegisterCounts

ROLES: Mapping[Role, str] = {
    Role.REGISTRAR: "登记员",
    Role.DOCTOR: "预检医生",
    Role.VACCINATOR: "接种人员",
    Role.OBSERVER: "留观人员",
    Role.STOCK_KEEPER: "疫苗管理员",
    Role.MANAGER: "负责人",
    Role.INSPECTOR: "督导员",
    Role.INFORMATION_OFFICER: "信息员",
    Role.AUDITOR: "审计员",
}
"""What each role is called on the screen."""

_WORK = {
    Role.REGISTRAR: "登记",
    Role.DOCTOR: "预检",
    Role.VACCINATOR: "接种",
    Role.OBSERVER: "留观",
    Role.STOCK_KEEPER: "疫苗",
    Role.MANAGER: "负责",
    Role.INSPECTOR: "督导",
    Role.INFORMATION_OFFICER: "信息",
    Role.AUDITOR: "审计",
}
_NOTHING = "没有记录任何内容。"
_SWITCH = "请按 F8 换人登录，或请有这个岗位的人来做。"


def roles_words(roles: Sequence[Role]) -> str:
    """Return several roles in one breath."""
    return "、".join(ROLES[role] for role in roles)


def roles_in_order(member: staff.StaffMember) -> str:
    """Return all that somebody may do."""
    return roles_words([role for role in Role if role in member.roles])


def roles_in_short(member: staff.StaffMember) -> str:
    """Return the same as the list has room for: several by their work alone."""
    if member.roles >= frozenset(Role):
        return "全部岗位"
    several = [_WORK[role] for role in Role if role in member.roles]
    return "、".join(several) if len(several) > 1 else roles_in_order(member)


def training_words(certificate: staff.TrainingCertificate | None, day: date) -> str:
    """Return how a training certificate stands, as the list of staff says it."""
    if certificate is None:
        return "无合格证"
    until = f"至 {certificate.expires_on}"
    left = (certificate.expires_on - day).days
    return {
        Training.EXPIRED: f"已过期·{certificate.expires_on}",
        Training.ENDING: f"{certificate.expires_on}·还有 {left} 天" if left else "今天到期",
    }.get(staff.training_on(certificate, day), until)


def emergency_words(training: staff.EmergencyTraining | None, day: date) -> str:
    """Return until when somebody can handle a reaction, as the list of staff says it."""
    if training is None:
        return "—"
    until = training.expires_on
    return f"已过期·{until}" if staff.training_on(training, day) is Training.EXPIRED else f"至 {until}"


def certificate_words(certificate: staff.TrainingCertificate | None) -> str:
    """Return number and issuer of a certificate, its round and the day of its exam where they are known."""
    if certificate is None:
        return "没有合格证的记录"
    known = [f"合格证 {certificate.number}（{certificate.issuer}）"]
    if certificate.round:
        known.append(f"培训期次 {certificate.round}")
    if certificate.passed_on:
        known.append(f"{certificate.passed_on} 考核合格")
    return "　".join(known)


def register_row(one: Qualified, day: date) -> tuple[str, ...]:
    """Return the cells of one person in the register; what has run out says so."""

    def until(training: staff.TrainingCertificate | staff.EmergencyTraining | None) -> str:
        if training is None:
            return ""
        over = staff.training_on(training, day) is Training.EXPIRED
        return f"{training.expires_on}{'（已过期）' if over else ''}"

    member, known = one.member, one.certificate
    roles = roles_in_order(member)
    passed = str(known.passed_on) if known and known.passed_on else ""
    facts = (known.number, known.issuer, known.round, passed) if known else ("",) * 4
    return (member.name, member.title, roles, *facts, until(known), until(one.emergency))


def counts_words(counts: RegisterCounts) -> str:
    """Return how many are trained, and in how many rounds."""
    return (
        f"持证 {counts.certified} 人，其中 30 天内到期 {counts.ending} 人　应急处置 {counts.emergency} 人　"
        f"集中培训 {counts.rounds.rounds} 期 {counts.rounds.people} 人"
    )


def _not_permitted(refusal: permissions.NotPermitted) -> Sentence:
    words = permissions.ACTS[refusal.act].words.split("（")[0]
    return Sentence(f"“{words}”要由{roles_words(refusal.allowed)}来做，您没有这个岗位。", _NOTHING, _SWITCH)


def _page_not_permitted(refusal: permissions.PageNotPermitted) -> Sentence:
    words = permissions.PAGES[refusal.page].words
    return Sentence(
        f"“{words}”这一页由{roles_words(refusal.allowed)}查看，您没有这个岗位。", "什么也没有改动。", _SWITCH
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    permissions.NotPermitted: _not_permitted,
    permissions.PageNotPermitted: _page_not_permitted,
    staff.TrainingCertificateMissing: lambda r: Sentence(
        f"{r.name}没有培训合格证的记录，不能接种（持证上岗）。",
        _NOTHING,
        "请负责人在“人员”里记录合格证；现在请换有合格证的人来打。",
    ),
    staff.TrainingCertificateExpired: lambda r: Sentence(
        f"{r.name}的培训合格证 {r.expired_on} 已到期，不能接种。",
        _NOTHING,
        "请负责人在“人员”里记录新的合格证；现在请换有合格证的人来打。",
    ),
    staff.TrainingCertificateEnding: lambda r: Sentence(
        f"{r.name}的培训合格证 {r.expires_on} 到期。", "到期前照常接种。", "请尽早安排培训考核。"
    ),
    acts.StaffUnknown: lambda _: Sentence(
        "档案里没有这个人，或已移除。", _NOTHING, "请换一人登录，并告诉负责人。"
    ),
    acts.StaffIncomplete: lambda _: Sentence(
        "姓名和至少一个岗位是必填的。", "没有保存。", "请补上姓名，勾选岗位。"
    ),
    acts.TrainingIncomplete: lambda _: Sentence(
        "合格证的编号、发证单位和有效期要写全。", "没有保存。", "请照合格证补上。"
    ),
    staff.TrainedInFuture: lambda r: Sentence(
        f"培训考核日期 {r.trained_on} 还没到，考过才能记录。",
        "没有保存。",
        "请照合格证改日期，或考过以后再来记录。",
    ),
    staff.TrainedAfterItsEnd: lambda r: Sentence(
        f"有效期至 {r.expires_on}，却到 {r.trained_on} 才考核，两个日期对不上。",
        "没有保存。",
        "请照合格证核对两个日期。",
    ),
    acts.LastManager: lambda r: Sentence(
        f"{r.name}是唯一的负责人，没有负责人就没人能管理人员。",
        "没有改动。",
        "请先给另一个人加上负责人岗位。",
    ),
}
