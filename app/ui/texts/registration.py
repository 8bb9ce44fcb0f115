"""The Chinese sentences of registration: what its refusals say, and how a person stands today."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain import people, visit
from app.domain.clock import local_day, read_instant
from app.domain.identity import DocumentType
from app.domain.people import Guardian, Patient, Residence, Sex
from app.domain.refusals import Refusal
from app.domain.screening import Decision
from app.domain.visit import VisitState
from app.ui.texts.codes_and_identity import DOCUMENT_NAMES
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import DECISIONS, SEXES, VISIT_STATES
from app.workflows import registration, reviewing
from app.workflows.finding import MatchedBy, Standing

FIELD_NAMES = {
    "name": "姓名",
    "sex": "性别",
    "birth_on": "出生日期",
    "document_type": "证件类型",
    "document_number": "证件号码",
    "phone": "联系电话",
    "address": "现住址",
    "population_group": "人群分类",
}
"""What the mandatory fields are called on the form."""

RECORD_FIELDS = FIELD_NAMES | {
    "nationality": "国籍",
    "region_code": "地区",
    "guardian": "监护人",
    "ethnic_group": "民族",
    "workplace": "单位",
    "household_address": "户籍地址",
    "booklet": "接种证",
    "residence": "居住",
    "proxy": "代办人",
}
"""What every field of a record is called where two versions are compared."""

RESIDENCES = {
    Residence.HERE: "本地常住",
    Residence.NEARBY: "在周边城镇",
    Residence.AWAY: "在外务工",
    Residence.FLOATING: "外来流动",
}
"""Whom a site counts among its own people (REG-9, REG-11)."""

MATCHED_BY = {
    MatchedBy.NAME: "",
    MatchedBy.BIRTH_DATE: "生日相符",
    MatchedBy.DOCUMENT: "证件相符",
    MatchedBy.PHONE: "电话相符",
}
"""The chip that says which fact was found by; a name marks its own characters."""

NOTHING_TODAY = "今天未取号"
_NOT_SAVED = "还没有保存，填过的内容都在。"
_NO_TICKET = "没有取号。"

NOT_FOUND = Sentence("没有找到。", "", "换拼音、生日或尾号再查；确实没有，按 F9 新建档案。")
NOT_FOUND_YET = Sentence(
    "没有找到，本地区的档案还在接收。", "", "过几秒再查一次；刷身份证，或输入生日、证件号，现在就能查。"
)
"""Of people who come in great numbers names are findable some seconds later, dates and numbers at once."""


def document_words(patient: Patient) -> str:
    """Return the tail by which people know a document: 证件尾号 0028."""
    number = patient.document_number
    return f"证件尾号 {number[-4:]}" if len(number) >= 8 else "无证件号"


def field_words(patient: Patient, field: str) -> str:
    """Return what a record says in a field, as people read it; a dash for nothing."""
    value = getattr(patient, field)
    if isinstance(value, Guardian):
        return " ".join(part for part in (value.name, value.relation, value.phone) if part) or "—"
    if field == "sex":
        return SEXES[Sex(value)]
    if field == "document_type":
        return DOCUMENT_NAMES[DocumentType(value)]
    if field == "residence":
        return RESIDENCES[Residence(value)] if value else "—"
    if field == "booklet":
        return "有" if value else "无"
    return str(value or "—")


def changes_words(before: Patient, after: Patient) -> str:
    """Return what differs between two versions of a record: 姓名：王小明 → 王晓明；…"""
    told = [
        f"{words}：{field_words(before, field)} → {field_words(after, field)}"
        for field, words in RECORD_FIELDS.items()
        if getattr(before, field) != getattr(after, field)
    ]
    return "；".join(told) or "没有改动"


def visit_words(state: VisitState) -> str:
    """Return where a visit of today stands."""
    return VISIT_STATES[state]


def paper_words(where: str) -> str:
    """Return in short where a ticket went: to a printer, or only into a file."""
    return "已送打印" if where.startswith("打印机") else "未打印"


def standing_words(standing: Standing, today: date) -> str:
    """Return how a person stands today, empty when there is nothing to say."""
    if standing.visit is not None:
        words = f"今天已取号 {standing.visit.ticket_number}·{visit_words(standing.visit.state)}"
        if standing.visit.state is VisitState.DEFERRED and standing.review_on:
            return f"{words}，复诊 {standing.review_on}"
        return words
    if standing.advice is Decision.DEFER and standing.review_on:
        if standing.review_on > today:
            return f"推迟中，复诊 {standing.review_on}"
        return f"推迟接种，今天可复诊（约 {standing.review_on}）"
    if standing.advice is Decision.DO_NOT:
        return f"{local_day(read_instant(standing.advised_on))} 医学建议：{DECISIONS[Decision.DO_NOT]}"
    return ""


def _field_missing(refusal: people.FieldMissing) -> Sentence:
    names = "、".join(FIELD_NAMES[field] for field in refusal.fields)
    return Sentence(f"还有必填项没有填：{names}。", _NOT_SAVED, "请补全后再保存。")


def _already_registered(refusal: people.AlreadyRegistered) -> Sentence:
    return Sentence(
        f"这个证件号码已有档案：{refusal.name}，{refusal.birth_on} 出生。",
        "没有再建一份，原档案没有改动。",
        "请打开已有档案；不是同一个人，请核对号码。",
    )


def _already_in_visit(refusal: visit.AlreadyInVisit) -> Sentence:
    return Sentence(
        f"今天已经取过号：{refusal.ticket_number}，{visit_words(refusal.state)}。",
        "没有再发一个号，原来的号还有效。",
        "请用原来的号；票丢了到登记台按 F10 重打。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    people.FieldMissing: _field_missing,
    registration.AmendReasonMissing: lambda r: Sentence(
        f"改了{r.name}的姓名、性别、生日或证件，要说明为什么。",
        _NOT_SAVED,
        "请按 Alt+5、Alt+6 选一个原因，或写一句话，再保存。",
    ),
    people.GuardianMissing: lambda r: Sentence(
        f"{r.age_years} 岁，未满 18 周岁，要有监护人的姓名、关系和电话。",
        _NOT_SAVED,
        "请补全监护人后再保存。",
    ),
    people.BirthDateInFuture: lambda r: Sentence(
        f"出生日期 {r.birth_on} 晚于今天（{r.today}）。",
        _NOT_SAVED,
        "请核对出生日期，并看看电脑的日期对不对。",
    ),
    people.AlreadyRegistered: _already_registered,
    reviewing.ReviewSettled: lambda _: Sentence(
        "这一条刚刚有了变化：别处已经核对，或档案又更正过。",
        "这次没有再改。",
        "请看一眼现在的内容，需要时再核对。",
    ),
    registration.BirthDateDiffers: lambda r: Sentence(
        f"填的出生日期是 {r.stated}，证件号码里是 {r.in_number}。", _NOT_SAVED, "请对照证件，改正其中一个。"
    ),
    registration.TemperatureMissing: lambda _: Sentence(
        "还没有填体温，本单位要求取号前测温。", _NO_TICKET, "请量体温，填好后按 Enter。"
    ),
    registration.TemperatureOutOfRange: lambda r: Sentence(
        f"体温“{r.given}”不可能，应在 34.0 到 43.0 ℃ 之间。", _NO_TICKET, "请再看一眼体温计，重新填写。"
    ),
    visit.AlreadyInVisit: _already_in_visit,
}
"""How each refusal of registration is said."""
