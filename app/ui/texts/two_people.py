"""What two people answer for, in words: who is asked, what one person alone does safely, and the refusals."""

from collections.abc import Callable, Mapping
from typing import Any

from app.domain import permissions
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence
from app.ui.texts.staff import roles_words
from app.ui.texts.words import tail
from app.workflows import stock

_NOTHING = "没有记录任何内容。"
ALONE: Mapping[str, str] = {
    "enter_vial": "只有一个人在岗时，这一瓶不用：换一瓶扫得出的；没有，就退回等候或改约。",
    "void_immunization": "只有一个人在岗时，先不作废，原记录照旧。",
    "override_readiness": "只有一个人在岗时，不能缺着开诊：补齐“四有”，或今天不开诊。",
    "release_pack": "只有一个人在岗时，这一支继续隔离。",
    "change_lot_status": "只有一个人在岗时，这个批号继续停用。",
    "confirm_count": "只有一个人在岗时，先不记账，数过的留着；12 小时内等第二个人来确认。",
    "map_code": "只有一个人在岗时，货先放待验区，等第二个人来认码。",
    "take_pack": "只有一个人在岗时，不换：照旧用现在的免疫程序。",
    "hand_over": "接班的人没到，不交班；急着离开先按 Ctrl+L 锁定。",
}
"""By act: what is safe where nobody else is there. No act is done by one person for want of a second."""


def _second_needed(refusal: permissions.SecondPersonNeeded) -> Sentence:
    return Sentence(
        f"这一步还要第二个人（{roles_words(refusal.allowed)}）。",
        ALONE.get(refusal.act, _NOTHING),
        "请第二个人刷工牌，或选名字、输 PIN 或密码。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    permissions.SecondPersonNeeded: _second_needed,
    permissions.SecondPersonIsFirst: lambda r: Sentence(
        f"{r.name}正在这里登录，不能再当第二个人。", _NOTHING, "请另一个人来确认。"
    ),
    stock.PackNotPutAside: lambda r: Sentence(
        f"尾号 {tail(r.code)} 的这一支没有隔离，或已经放行。", "什么也没有改动。", "请重新打开看看。"
    ),
    stock.ReleaseReasonMissing: lambda _: Sentence(
        "放行要写明查到了什么。", "这一支仍然隔离。", "请选一个原因，或用自己的话写。"
    ),
    stock.CodeOfCatalogue: lambda r: Sentence(
        f"目录里写着 {r.code} 是{r.vaccine_name}（{r.specification}）的码。",
        "没有改动。",
        "不用认码，直接按目录收货；目录有错，请报上级更正目录。",
    ),
    stock.CodeMappedAlready: lambda r: Sentence(
        f"{r.code} 已经认作{r.vaccine_name}，两个人确认过。", "没有改动。", "直接收货即可。"
    ),
    stock.ProductUnknown: lambda r: Sentence(
        f"本站目录里没有产品 {r.product_code}。", "没有改动。", "请先登记产品，再认码。"
    ),
    stock.DosesNotSensible: lambda r: Sentence(
        f"这一级包装 {r.doses} 剂不对。",
        "没有改动。",
        f"应是 {r.least} 剂。" if r.least == r.most else f"应在 {r.least} 到 {r.most} 剂之间，请数一数再填。",
    ),
}
