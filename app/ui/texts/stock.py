"""The words of the fridge: deliveries, lots, catalogues."""

from collections.abc import Callable, Sequence
from typing import Any

from app.domain import delivery, relation_file
from app.domain.catalogue import StorageBand
from app.domain.delivery import Paper
from app.domain.refusals import Refusal
from app.storage import catalogue_files
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import tail
from app.workflows import deliveries, site_setup

FACTS = {
    "product_code": "疫苗",
    "lot_number": "批号",
    "expires_on": "有效期",
    "doses": "随货单剂数",
    "supplier": "供货单位",
    "temperature": "到货温度",
    "lot_release_number": "批签发证明编号",
    "packs": "扫的码",
}
"""What a delivery states, as its fields are called."""
BLOCKING_REASONS = ("储存温度超限", "外观异常", "上级通知", "账物不符")
"""The usual reasons to put a lot aside."""
PAPERS = {
    Paper.TRANSPORT_LOG: "全程温度记录没超温",
    Paper.LOT_RELEASE: "批签发证明在手",
}
_SHORT = {Paper.TRANSPORT_LOG: "全程温度监测记录", Paper.LOT_RELEASE: "批签发证明"}
BANDS = {StorageBand.REFRIGERATED: "2–8 ℃", StorageBand.FROZEN: "−15 ℃ 以下"}

_NOT_IN = "没有入库，填的都还在。"
_NOT_TAKEN = "这个码没有加进来。"
_KEPT = "目录没有改动。"


def facts_words(names: Sequence[str]) -> str:
    """Return several facts of a delivery in one breath."""
    return "、".join(FACTS[name] for name in names)


def _file(refusal: relation_file.RelationFileUnreadable) -> Sentence:
    where = f"“{refusal.at}”处对不上" if refusal.at else "不是随货的追溯码关联文件"
    return Sentence(f"这个文件读不懂：{where}。", _NOT_IN, "请向供货单位要 XML 格式的关联文件，或逐支扫码。")


def _unopened(refusal: delivery.ContentsUnknown) -> Sentence:
    more = f"等 {len(refusal.codes)} 箱（盒）" if len(refusal.codes) > 1 else ""
    return Sentence(
        f"尾号 {tail(refusal.codes[0])} 的箱（盒）{more}里有哪些支还不知道。",
        _NOT_IN,
        "请按 Alt+3 导入随货文件，或开箱把里面的逐支扫进来。",
    )


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    delivery.DeliveryIncomplete: lambda r: Sentence(
        f"还缺：{facts_words(r.missing)}。", _NOT_IN, "请补齐后再按 Enter。"
    ),
    delivery.DeliveryPapersMissing: lambda r: Sentence(
        f"没有{'和'.join(_SHORT[paper] for paper in r.missing)}，依法不得接收。",
        "没有入库。",
        "请单独存放、不要使用，立即报告县级药监和卫生健康部门。",
    ),
    delivery.TemperatureUnreadable: lambda r: Sentence(
        f"到货温度“{r.typed}”看不懂。", _NOT_IN, "请写数字，如 5.2 或 -18。"
    ),
    delivery.LotExpiredOnArrival: lambda r: Sentence(
        f"批号 {r.lot_number} 的有效期到 {r.expires_on}，已经过期。",
        "没有入库。",
        "请核对盒上的有效期；真过期的退回供货单位。",
    ),
    delivery.LotRecalled: lambda r: Sentence(
        f"批号 {r.lot_number} 已召回（{r.reason}）。", "没有入库。", "请单独存放，联系供货单位和县疾控。"
    ),
    delivery.ContentsUnknown: _unopened,
    delivery.DosesDiffer: lambda r: Sentence(
        f"随货单写 {r.stated} 剂，扫到的是 {r.scanned} 剂。",
        _NOT_IN,
        "请点清实物：少扫的接着扫，随货单写错的请供货单位更正。",
    ),
    delivery.PackScannedTwice: lambda r: Sentence(
        f"尾号 {tail(r.code)} 已经扫过。", _NOT_TAKEN, "请扫下一支。"
    ),
    delivery.PackOfOtherProduct: lambda r: Sentence(
        "这个码是另一种疫苗。", _NOT_TAKEN, "请先把这一批入库，再收另一种。"
    ),
    delivery.PackOfOtherLot: lambda r: Sentence(
        f"这个码写的是 {r.found}，这一批是 {r.expected}。", _NOT_TAKEN, "请先把这一批入库，再收另一批。"
    ),
    deliveries.PackUnknown: lambda r: Sentence(
        f"药品标识码 {r.identification} 不在本点的疫苗目录里。",
        _NOT_TAKEN,
        "产品还没采用：按 Esc、再按 F12 在“目录”里采用。产品在、只是码新：按 Alt+5，两个人认码。",
    ),
    deliveries.PackReceivedBefore: lambda r: Sentence(
        f"尾号 {tail(r.code)} 已随批号 {r.lot_number} 入过库。", _NOT_TAKEN, "请核对是不是扫了旧货。"
    ),
    deliveries.PackWithoutSerial: lambda r: Sentence(
        "这个码没有序列号，分不清是哪一支。", _NOT_TAKEN, "请扫盒上的 20 位药品追溯码。"
    ),
    relation_file.RelationFileUnreadable: _file,
    site_setup.LotReasonMissing: lambda _: Sentence(
        "隔离、召回和放行都要写明原因。", "批次的状态没有改。", "请选一个原因，或自己写。"
    ),
    catalogue_files.CatalogueUnreadable: lambda r: Sentence(
        f"这个文件不是疫苗目录{f'，或“{r.at}”一条写错了' if r.at else ''}。",
        _KEPT,
        "请向疾控要目录文件（JSON）再选一次。",
    ),
}
