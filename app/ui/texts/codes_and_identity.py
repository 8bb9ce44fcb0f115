"""The Chinese sentences of the refusals of codes and of identity documents."""

from collections.abc import Callable
from typing import Any

from app.domain import codes, identity
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence

DOCUMENT_NAMES = {
    identity.DocumentType.CITIZEN_CARD: "居民身份证",
    identity.DocumentType.HOUSEHOLD_BOOK: "居民户口簿",
    identity.DocumentType.PASSPORT: "护照",
    identity.DocumentType.MILITARY_CARD: "军官证",
    identity.DocumentType.DRIVING_LICENCE: "驾驶证",
    identity.DocumentType.HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    identity.DocumentType.TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    identity.DocumentType.HMT_RESIDENCE_PERMIT: "港澳台居民居住证",
    identity.DocumentType.FOREIGNER_RESIDENCE_CARD: "外国人永久居留身份证",
    identity.DocumentType.BIRTH_CERTIFICATE: "出生医学证明",
    identity.DocumentType.OTHER: "其他证件",
    identity.DocumentType.NONE: "无证件",
}
"""What each type of document is called on the screen."""

WARNINGS = {
    identity.DocumentWarning.NUMBER_OF_OTHER_TYPE: "这个号码像是另一种证件的，请核对证件类型。",
    identity.DocumentWarning.UNUSUAL_FORMAT: "这个号码和常见格式不同，请对照证件再看一遍。",
    identity.DocumentWarning.BIRTH_DATE_UNREADABLE: "从号码里读不出出生日期，请按证件填写。",
    identity.DocumentWarning.VERY_OLD: "按号码算已超过 120 岁，请核对。",
    identity.DocumentWarning.SEX_DIFFERS: "号码里的性别和填写的不一致，请核对。",
    identity.DocumentWarning.BIRTH_DATE_DIFFERS: "号码里的出生日期和填写的不一致，请核对。",
}
"""What each warning says; it never stops anything."""

_FIELD_NAMES = {"10": "批号", "21": "序列号", "11": "生产日期", "17": "有效期"}
_NOT_REGISTERED = "没有登记任何内容。"
_NOT_USED = "这次扫码没有使用。"


def _field(ai: str) -> str:
    return f"{_FIELD_NAMES.get(ai, '字段')}（{ai}）"


def _shown(char: str) -> str:
    return f"“{char}”" if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"


def _wrong_length(refusal: identity.WrongLength) -> Sentence:
    wanted = (
        f"{refusal.shortest} 位"
        if refusal.shortest == refusal.longest
        else f"{refusal.shortest} 到 {refusal.longest} 位"
    )
    return Sentence(
        f"证件号码有 {refusal.length} 位，应为 {wanted}。", _NOT_REGISTERED, "请对照证件重新输入。"
    )


def _name_too_long(refusal: identity.NameTooLong) -> Sentence:
    return Sentence(
        f"姓名有 {refusal.length} 个字，最多 {refusal.longest} 个。",
        _NOT_REGISTERED,
        "请按证件核对姓名，不要填写其他内容。",
    )


def _separator_missing(refusal: codes.SeparatorMissing) -> Sentence:
    return Sentence(
        f"扫码枪漏掉了分隔符，{_field(refusal.ai)}“{refusal.value}”里混进了别的内容。",
        "没有猜测批号，也没有记录。",
        "请再扫一次；仍然这样，请照说明书让扫码枪送出分隔符（GS）。",
    )


def _contradicts(refusal: codes.Gs1Contradicts) -> Sentence:
    return Sentence(
        f"一个码里有两个不同的{_field(refusal.ai)}：{'、'.join(refusal.values)}。",
        _NOT_USED,
        "可能两次扫码连在了一起，请再扫一次。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    identity.NumberMissing: lambda r: Sentence("没有证件号码。", _NOT_REGISTERED, "请刷证件或输入号码。"),
    identity.WrongLength: _wrong_length,
    identity.BadCharacter: lambda r: Sentence(
        f"证件号码第 {r.position} 位是{_shown(r.character)}，这里不能有这个字符。",
        _NOT_REGISTERED,
        "请对照证件重新输入。",
    ),
    identity.WrongCheckDigit: lambda r: Sentence(
        "证件号码的校验位不对，至少有一位输错了。", _NOT_REGISTERED, "请对照证件逐位核对，再输或再扫一次。"
    ),
    identity.ImpossibleBirthDate: lambda r: Sentence(
        f"证件号码里的出生日期 {r.digits} 不存在。", _NOT_REGISTERED, "请对照证件核对第 7 到 14 位。"
    ),
    identity.FutureBirthDate: lambda r: Sentence(
        f"证件号码里的出生日期 {r.birth_on} 晚于今天（{r.today}）。",
        _NOT_REGISTERED,
        "请核对号码，并看看电脑的日期对不对。",
    ),
    identity.FirstGenerationNumber: lambda r: Sentence(
        "这是 15 位的一代身份证号码，已经停用。", _NOT_REGISTERED, "请用现在的 18 位证件。"
    ),
    identity.NotForRegistration: lambda r: Sentence(
        f"{DOCUMENT_NAMES[r.type]}不能用来登记受种者。",
        _NOT_REGISTERED,
        "请换一种证件；没有证件可选“无证件”。",
    ),
    identity.NameMissing: lambda r: Sentence("没有姓名。", _NOT_REGISTERED, "请按证件填写姓名。"),
    identity.NameTooLong: _name_too_long,
    codes.NothingRead: lambda r: Sentence("什么也没有扫到。", _NOT_USED, "请再扫一次，或按 F9 换一种办法。"),
    codes.CodeTooLong: lambda r: Sentence(
        f"扫到 {r.length} 个字符，任何码都不超过 {r.longest} 个。", _NOT_USED, "请再扫一次，一次只扫一个码。"
    ),
    codes.UnreadableCode: lambda r: Sentence(
        f"第 {r.position} 个字符是{_shown(r.character)}，码里不会有这个字符。",
        _NOT_USED,
        "请关闭中文输入法后再扫一次；仍然这样，请按 F9 换一种办法。",
    ),
    codes.TicketDamaged: lambda r: Sentence(
        "这是一张号票，但票上的码不完整。", _NOT_USED, "请再扫一次，或按姓名查找。"
    ),
    codes.SeparatorMissing: _separator_missing,
    codes.BadGs1Date: lambda r: Sentence(
        f"码里的{_field(r.ai)}是 {r.digits}，没有这一天。", _NOT_USED, "请再扫一次，或对照包装手工录入。"
    ),
    codes.BadGs1CheckDigit: lambda r: Sentence(
        f"商品码 {r.gtin} 的校验位不对，有一位读错了。", _NOT_USED, "请擦净条码再扫一次。"
    ),
    codes.Gs1NotUnderstood: lambda r: Sentence(
        f"码里从“{r.rest[:20]}”起读不懂。", _NOT_USED, "请再扫一次，或按 F9 换一种办法。"
    ),
    codes.Gs1Contradicts: _contradicts,
}
"""How each refusal of ``app.domain.codes`` and ``app.domain.identity`` is said."""
