"""Drawn signatures in words."""

from collections.abc import Callable
from typing import Any

from app.documents import signing
from app.domain import signature
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence

SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    signature.SignatureTooShort: lambda _: Sentence(
        "签名太短，不像一个名字。", "还没有签上。", "请按 F9 清除，再写一遍全名。"
    ),
    signature.SignatureNotBound: lambda _: Sentence(
        "签名和现在要记录的内容对不上：签名之后改过内容。",
        "没有记录，签名不会用到别的内容上。",
        "请核对内容，重新签名，或改用纸质签署。",
    ),
    signing.RecordedSignatureBroken: lambda broken: Sentence(
        f"日志里有一条记录和它的屏幕签名对不上（本流第 {broken.seq} 条）。",
        "日志没有改动，其余记录不受影响。",
        "请不要再改动数据文件夹，把这条编号报给信息员和上级技术支持。",
    ),
}
