"""The sentences of the refusals of rule packs."""

from collections.abc import Callable
from typing import Any

from app.domain.refusals import Refusal
from app.domain.schedule import asking, choosing, refusals
from app.ui.texts.sentence import Sentence

_FAULTS = {
    "not_json": "不是完整的 JSON",
    "unknown_field": "多了不认识的字段",
    "field_missing": "少了字段",
    "field_twice": "同一个字段写了两遍",
    "wrong_type": "类型不对，应是",
    "not_a_duration": "不是时间长度",
    "not_a_date": "不是日期",
    "not_a_choice": "不在可选的词里",
    "unknown_vaccine": "没有这种疫苗",
    "unknown_antigen": "没有这种抗原",
    "unknown_group": "没有这个组",
    "unknown_observation": "没有列出这种情况",
    "unknown_class": "没有这一类疫苗",
    "not_a_name": "不能当名字",
    "named_twice": "名字重复",
    "empty": "是空的",
    "later_dose": "从后面的剂次算起",
    "reference_unclear": "从哪里算起不清楚",
    "wrong_order": "先后不对",
}
"""What ``PackBroken.reason`` says."""
_KEPT = "没有换上，程序继续用上一份完好的免疫程序。"


def _fault(refusal: Any) -> str:
    """Return the place, what is wrong there and what was found; a reader of JSON says in English what."""
    wrong = str(_FAULTS.get(refusal.reason, refusal.reason))
    if refusal.reason == "not_json":
        return wrong
    return f"{refusal.path or '全文'} {wrong} {refusal.found}".rstrip()


SENTENCES: dict[type[Refusal], Callable[[Any], Sentence]] = {
    refusals.PackBroken: lambda r: Sentence(
        f"免疫程序文件 {r.file} 第 {r.line} 行有错：{_fault(r)}。",
        _KEPT,
        "请把这一行告诉制作文件的人，改好后再导入。",
    ),
    asking.CaseUnreadable: lambda r: Sentence(
        f"这个病例读不懂：{_fault(r)}。",
        "没有推算，也没有改动任何记录。",
        "请按 docs/cli.md 的格式改好再试。",
    ),
    choosing.PackUnknown: lambda r: Sentence(
        f"没有叫“{r.name}”的免疫程序。",
        "没有推算，也没有改动任何记录。",
        f"可用的有：{'、'.join(r.known)}。",
    ),
    refusals.PackUnsigned: lambda r: Sentence(
        f"免疫程序文件 {r.file} 第 {r.line} 行没有临床人员签字（{r.pack} {r.edition}）。",
        _KEPT,
        "请让负责的临床人员审核签字后再导入。",
    ),
    refusals.PackOfOtherPlace: lambda r: Sentence(
        f"免疫程序文件 {r.file} 第 {r.line} 行写着管 {r.code}，本站是 {r.site_code or '（没有填）'}。",
        _KEPT,
        "请取本省、本站的那一份；本站的区划代码填错了，请负责人改。",
    ),
    refusals.PackUnreadable: lambda r: Sentence(
        f"读不到文件 {r.file}，或它不像免疫程序文件。", _KEPT, "请看 U 盘是不是还插着，再选一次文件。"
    ),
    refusals.PackNotKept: lambda r: Sentence(
        f"磁盘没有收下文件 {r.file}。", _KEPT, "请看磁盘还有没有空间，再试一次。"
    ),
    refusals.PackNotVouched: lambda r: Sentence(
        f"免疫程序文件 {r.file} 不是两个人换上的，或换上以后被改过。",
        "没有用这一份，程序用同名随带的一份；没有同名的就不用。",
        "请取原来的文件，由两个人重新换上。",
    ),
    refusals.PackGone: lambda r: Sentence(
        f"换上过的免疫程序 {r.name} 的文件不见了。",
        "程序用同名随带的一份；没有同名的就不用。",
        "请取原来的文件，由两个人重新换上。",
    ),
    refusals.SupportingDataMissing: lambda r: Sentence(
        f"文件夹 {r.folder} 里没有 {r.file}。",
        "没有写入任何文件。",
        "请指向解压后的 CDSi 支持数据（XML）文件夹。",
    ),
    refusals.SupportingDataBroken: lambda r: Sentence(
        f"{r.file} 第 {r.line} 行不是完整的 XML。", "没有写入任何文件。", "请重新取得这份支持数据。"
    ),
    refusals.CasesUnreadable: lambda r: Sentence(
        f"{r.file} 打不开，或里面没有测试用例表。",
        "没有改动任何文件。",
        "请给出 CDC 公布的测试用例工作簿（XLSX）。",
    ),
}
