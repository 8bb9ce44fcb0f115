"""The words of a count of the fridge: places, lines, what was heard of a scan, what differs, the refusals."""

from collections.abc import Callable, Sequence
from typing import Any

from app.domain import stock_count
from app.domain.refusals import Refusal
from app.domain.stock_count import CAUSES, CountLine, Place
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import tail
from app.workflows.stock_count import Counted

PLACES = {Place.SHELF: "架上", Place.ASIDE: "隔离处"}
_NOT_COUNTED = "这个码没有算进来。"
_KEPT = "数过的都还在。"
_NOT_SIGNED = "还没有记账，数过的都还在。"
_NAMED = 3


def lots_words(lots: Sequence[str]) -> str:
    """Return several lots in one breath: 流感疫苗 202511A8、水痘疫苗 202511A9 等 5 个批号."""
    named = "、".join(lots[:_NAMED])
    return f"{named} 等 {len(lots)} 个批号" if len(lots) > _NAMED else f"{named} "


def found_words(line: CountLine) -> str:
    """Return what was counted of a line; nothing of what the books say."""
    if line.typed is not None:
        return f"{line.typed} 剂"
    return f"扫 {line.packs} 支" if line.packs else ""


def heard_words(counted: Counted, line: CountLine) -> str:
    """Return what a scan came to."""
    lot = f"{line.product.vaccine_name} 批号 {line.lot.lot_number}"
    if counted.discarded:
        return f"{lot}：这支开瓶超时，余下 {counted.discarded} 剂不能再打，按报废算。请放进医疗废物。"
    if counted.given:
        return f"{lot}：这支没开，账上却记着打过了。已算进来；请放一边，核对那一剂的接种记录。"
    more = f"{counted.packs} 支，" if counted.packs > 1 else ""
    return f"{lot}：加 {more}{counted.doses} 剂，共扫 {line.packs} 支"


def summary_words(lines: Sequence[CountLine]) -> str:
    """Return what a whole count came to."""
    less = [line.difference for line in lines if line.difference < 0]
    more = [line.difference for line in lines if line.difference > 0]
    told = [f"{len(lines)} 批里 {len(lines) - len(less) - len(more)} 批和账上一样"]
    if less:
        told.append(f"{len(less)} 批少，共 {-sum(less)} 剂")
    if more:
        told.append(f"{len(more)} 批多，共 {sum(more)} 剂")
    return "；".join(told)


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    stock_count.NothingToCount: lambda _: Sentence(
        "账上没有疫苗，没有可盘点的。", "什么也没有改动。", "冰箱里要是有疫苗，请先收货入库。"
    ),
    stock_count.NoCountBegun: lambda _: Sentence(
        "这次盘点已经结束，或放了超过 12 小时。", "账没有改动。", "请按 Esc，再按 Alt+7 重新盘点。"
    ),
    stock_count.PackNotOnBooks: lambda r: Sentence(
        f"尾号 {tail(r.code)} 没有入过库，账上没有它。",
        _NOT_COUNTED,
        "请放一边，盘点完按 F9 收货入库；来历不明的不要用，报告负责人。",
    ),
    stock_count.PackCountedBefore: lambda r: Sentence(
        f"尾号 {tail(r.code)} 这次已经数过。", "没有重复算。", "请扫下一支。"
    ),
    stock_count.PackEmptyOnBooks: lambda r: Sentence(
        f"尾号 {tail(r.code)} 这瓶的 {r.doses} 剂账上都打完了。",
        _NOT_COUNTED,
        "空瓶放进医疗废物；瓶里要是还有，请核对接种记录，再用手输入这一批的数。",
    ),
    stock_count.CartonOpened: lambda r: Sentence(
        f"尾号 {tail(r.code)} 这一箱（盒）账上已取走 {r.taken} 支，里面还有多少要数。",
        _NOT_COUNTED,
        "请扫里面没开过的盒，或逐支扫。",
    ),
    stock_count.CartonContentsUnknown: lambda r: Sentence(
        f"尾号 {tail(r.code)} 这一箱（盒）里有哪些支，账上没有。", _NOT_COUNTED, "请开箱逐支扫。"
    ),
    stock_count.LotCountedByHand: lambda r: Sentence(
        f"{r.lot} 已经输了 {r.doses} 剂，扫码不会另加。",
        "输的数没有变。",
        "数得不对，就选中这一批重新输一个总数。",
    ),
    stock_count.CountMissing: lambda _: Sentence(
        "还没有输数，或者输的不全是数字。", _KEPT, "一支也没有就输 0；或者直接扫码。"
    ),
    stock_count.CountNotSensible: lambda r: Sentence(
        f"{r.doses} 剂不对，最多 {r.most} 剂。", "这一批没有记数。", "请看看是不是多按了一位，再输一次。"
    ),
    stock_count.LotsNotCounted: lambda r: Sentence(
        f"{lots_words(r.lots)}还没有数。", _KEPT, "请数完；一支也没有的输 0。"
    ),
    stock_count.LotsNotCountedTwice: lambda r: Sentence(
        f"{lots_words(r.lots)}和账上不一样，还没有数够两遍。",
        _NOT_SIGNED,
        "请按 Esc，再按 Alt+7 回到盘点，再数一遍，按 Alt+1。",
    ),
    stock_count.CauseMissing: lambda r: Sentence(
        f"{lots_words(r.lots)}还没有原因。", _NOT_SIGNED, "请选一个原因。"
    ),
    stock_count.CauseDoesNotFit: lambda r: Sentence(
        f"{r.lot} {'多' if r.difference > 0 else '少'} {abs(r.difference)} 剂，"
        f"原因不会是“{CAUSES[r.cause]}”。",
        _NOT_SIGNED,
        "请另选一个原因。",
    ),
    stock_count.CauseWordsMissing: lambda r: Sentence(
        f"{r.lot} 查不出原因的，要写明查过什么，至少 {r.least} 个字。",
        _NOT_SIGNED,
        "如：查过出入库单和接种记录，都对得上。",
    ),
}
