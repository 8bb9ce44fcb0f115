"""The Chinese sentences of what paper and certificates refuse, and of what a verifier says."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.documents import refusals
from app.domain import certificate
from app.domain.clock import CHINA
from app.domain.refusals import Refusal
from app.domain.trust import Verdict
from app.ui.texts.sentence import Sentence

VERDICTS = {
    Verdict.VALID: "签名有效",
    Verdict.VALID_LIST_OLD: "签名有效，但本机的信任名单已久未更新",
    Verdict.SIGNATURE_INVALID: "签名不符，内容被改过",
    Verdict.UNKNOWN_ISSUER: "本机不认识签发单位，真假未知",
    Verdict.KEY_WITHDRAWN: "签发用的密钥已停用",
    Verdict.REVOKED: "这张凭证已作废",
    Verdict.EXPIRED: "签名已过有效期",
    Verdict.NOT_YET_VALID: "还没有到生效时间，请核对本机时钟",
    Verdict.WRONG_KEY_USAGE: "签发用的密钥不能签这种凭证",
    Verdict.FOREIGN_FORMAT: "别的格式的健康凭证，本机不能验",
    Verdict.NOT_A_CERTIFICATE: "不是接种凭证",
}
"""What each verdict says; 不认识 is never worded like 不符."""

_NOT_PRINTED = "没有打印，接种记录不受影响。"
_OLD_KEPT = "本机仍用原来的名单。"


def _glyph_missing(refusal: refusals.GlyphMissing) -> Sentence:
    shown = refusal.character if refusal.character.isprintable() else ""
    return Sentence(
        f"字库里没有这个字：{shown}（{refusal.code_point}），打印会成空白。",
        _NOT_PRINTED,
        "请安装生僻字字库 HanaMinA 和 HanaMinB（fonts-hanazono）后再打印；急用时请手写凭证并盖章。",
    )


def _key_out_of_date(refusal: refusals.SigningKeyOutOfDate) -> Sentence:
    return Sentence(
        f"本机签名证书的有效期是 {_day(refusal.not_before)} 至 {_day(refusal.not_after)}，"
        f"现在是 {_day(refusal.at)}。",
        _NOT_PRINTED,
        "请先核对本机时钟；时钟没错，就请管理员续签证书，或先打印未签名的凭证。",
    )


def _day(at: datetime) -> str:
    return at.astimezone(CHINA).date().isoformat()


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    refusals.GlyphMissing: _glyph_missing,
    refusals.SigningKeyOutOfDate: _key_out_of_date,
    refusals.RequestNotSigned: lambda refusal: Sentence(
        f"证书申请（{refusal.subject}）的签名不符，路上被改过。",
        "没有签发证书。",
        "请在那台工作站上重新生成申请。",
    ),
    refusals.KeyDoesNotMatch: lambda refusal: Sentence(
        f"带回的证书（{refusal.kid.hex().upper()}）不是给本机的密钥签的。",
        "本机的签名密钥没有变。",
        "请找出本机的那一张证书再导入。",
    ),
    refusals.ListNotGenuine: lambda _refusal: Sentence(
        "名单不是本机信任的中心签发的，或者文件已损坏。", _OLD_KEPT, "请从中心重新取一份。"
    ),
    refusals.ListGoesBack: lambda refusal: Sentence(
        f"这份名单是第 {refusal.sequence} 号，比本机的第 {refusal.known} 号旧。",
        _OLD_KEPT,
        "请从中心取最新的名单。",
    ),
    certificate.NoDoseToCertify: lambda refusal: Sentence(
        f"{refusal.name}还没有完成的接种记录。", "没有开具凭证。", "请核对是不是这个人；接种后再打印。"
    ),
}
