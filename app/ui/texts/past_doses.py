"""What is said of doses copied from a booklet (补录)."""

from collections.abc import Callable
from typing import Any

from app.domain import past_doses as rules
from app.domain.clock import local_day, read_instant
from app.domain.journal import Json
from app.domain.refusals import Refusal
from app.ui.texts.sentence import Sentence
from app.ui.texts.words import dose_words

_NOT_RECORDED = "没有记录，原来的都在。"
_WANTED = {
    "vaccine_code": ("还没有选是哪种疫苗。", "请从列表里选；列表里没有的，写进预检的备注。"),
    "given_on": ("接种日期不清楚。", "请照接种证写 8 位数字，如 20250310。"),
    "dose_number": ("第几剂不清楚。", f"请写 1 到 {rules.MOST_DOSES}。"),
}


def copied_words(dose: Json) -> str:
    """Return a copied dose in one line: 乙肝疫苗 第 1 剂 2025-03-10，批号 A1，太原某社区（据预防接种证）."""
    given_on = local_day(read_instant(dose["occurred_at"]))
    lot = f"批号 {dose['lot_number']}" if dose["lot_number"] else ""
    first = f"{dose['vaccine_name']} {dose_words(dose['dose_number'])} {given_on}"
    return "，".join(filter(None, (first, lot, dose["site_name"])))


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    rules.PastDoseUnclear: lambda r: Sentence(_WANTED[r.field][0], _NOT_RECORDED, _WANTED[r.field][1]),
    rules.PastDoseDayWrong: lambda r: Sentence(
        f"接种日期 {r.given_on} 不对。",
        _NOT_RECORDED,
        f"不能早于出生（{r.birth_on}）或晚于今天（{r.today}），请对照接种证。",
    ),
    rules.PastDoseKnown: lambda r: Sentence(
        f"{r.given_on} 的{r.vaccine_name}已经有了。", _NOT_RECORDED, "不用再补；日期抄错了，请改日期。"
    ),
    rules.PastDoseGone: lambda _: Sentence(
        "这一条已经撤销，或不是补录的。", _NOT_RECORDED, "请重新打开看现在的记录。"
    ),
    rules.PastDoseReasonMissing: lambda _: Sentence(
        "撤销补录要写原因。", _NOT_RECORDED, "请写原因，再按一次。"
    ),
}
