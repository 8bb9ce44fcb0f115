"""The record of a count on paper: who, when, every lot once, why what differs does (STK-2)."""

from dataclasses import replace
from datetime import UTC, datetime

from app.documents.count_paper import CountPaper, CountRow, count_pdf
from tests.documents.rendering import poppler

LONG = "阿卜杜热西提·买买提吐尔逊·艾合麦提江"
ROW = CountRow(
    "冻干人用狂犬病疫苗（Vero 细胞）　复溶后 0.5 mL/支，含 1 次人用剂量", "示例生物技术（云溪）股份有限公司",
    "202511A897", "2028-01-17", "云溪县疾病预防控制中心", "架上", 40, 38, "破损：开冰箱门时碰落，两支都碎了",
)  # fmt: skip
PAPER = CountPaper(
    "云溪镇卫生院", datetime(2026, 11, 22, 23, 30, tzinfo=UTC), datetime(2026, 11, 23, 0, 20, tzinfo=UTC),
    LONG, LONG, (ROW, replace(ROW, counted=41, reason="入库时漏记"), replace(ROW, counted=40, reason="")),
)  # fmt: skip


def sheets(paper: CountPaper) -> list[str]:
    """Return what each sheet says, without blanks."""
    return [
        "".join(page.split())
        for page in poppler(count_pdf(paper), "pdftotext", "-raw", "{}", "-").split("\f")[:-1]
    ]


def test_a_sheet_says_who_counted_what_when_and_why_it_differs() -> None:
    (sheet,) = sheets(PAPER)
    for told in (
        f"盘点：{LONG}", f"复核：{LONG}", "2026-11-2307:30开始，08:20两人确认",
        "共3批，相符1批，少的1批2剂，多的1批1剂", "-2", "+1", "碰落", "复核人签名",
    ):  # fmt: skip
        assert told in sheet


def test_every_lot_of_a_full_fridge_stands_once_and_the_signatures_once() -> None:
    rows = tuple(replace(ROW, lot_number=f"L{1000 + n}") for n in range(40))
    said = sheets(replace(PAPER, rows=rows, practice=True))
    whole = "".join(said)
    assert len(said) > 1
    assert [whole.count(f"L{1000 + n}") for n in range(40)] == [1] * 40
    assert whole.count("复核人签名") == 1
    assert all("练习点：不算数" in sheet for sheet in said)
