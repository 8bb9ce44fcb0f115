"""The result of the entry check on paper and as a workbook, each with who, when and why (APP-8, SEC-4)."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from app.documents.entry_check_paper import (
    EntryPaper,
    EntryRow,
    MissingWords,
    entry_check_pdf,
    entry_check_workbook,
)
from tests.documents.rendering import poppler

MISSING = MissingWords("乙肝疫苗 第 3 剂", "今天可种", "满 6 月龄起可种。按时的最后一天是 2023-03-09。")
ROW = EntryRow("2", "大一班", "欧阳小满", "100101********0228", "2022-03-10", "缺种", (MISSING,), "")
PAPER = EntryPaper(
    "入托、入学预防接种查验结果", "云溪镇卫生院", date(2026, 9, 1), (ROW,), "名单 1 行：缺种 1", True,
    datetime(2026, 9, 1, 1, 30, tzinfo=UTC), "周敏", "入托入学查验 幼儿园来函",
)  # fmt: skip


def words(pdf: bytes) -> list[str]:
    """Return what each sheet says, without blanks."""
    pages = poppler(pdf, "pdftotext", "-raw", "{}", "-").split("\f")[:-1]
    return ["".join(page.split()) for page in pages]


def test_a_sheet_names_the_child_what_is_missing_and_who_took_it_out() -> None:
    (sheet,) = words(entry_check_pdf(PAPER))
    for told in (
        "欧阳小满",
        "乙肝疫苗第3剂：今天可种",
        "缺种",
        "周敏",
        "2026-09-0109:30",
        "幼儿园来函",
        "未核实",
    ):
        assert told in sheet
    assert sheet.count("幼儿园来函") > 5, "the mark stands all across"


def test_every_row_of_a_long_list_is_drawn_once_and_every_sheet_is_marked() -> None:
    many = tuple(replace(ROW, line=str(1000 + n), missing=(MISSING,) * (n % 9)) for n in range(120))
    sheets = words(entry_check_pdf(replace(PAPER, rows=many)))
    assert len(sheets) > 5
    assert all(sheet.count("幼儿园来函") > 5 for sheet in sheets)
    whole = "".join(sheets)
    assert [whole.count(f"{1000 + n}大一班") for n in range(120)] == [1] * 120
    assert whole.count("乙肝疫苗第3剂：今天可种") == sum(n % 9 for n in range(120))


def test_a_row_longer_than_a_sheet_goes_on_on_the_next() -> None:
    one = replace(ROW, missing=tuple(replace(MISSING, dose=f"疫苗{n:03d}号") for n in range(90)))
    whole = "".join(words(entry_check_pdf(replace(PAPER, rows=(one,)))))
    assert [whole.count(f"疫苗{n:03d}号") for n in range(90)] == [1] * 90


def test_the_workbook_has_people_and_doses() -> None:
    book = load_workbook(io.BytesIO(entry_check_workbook(PAPER)))
    people, doses = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert people[4][:4] == ("行", "班级", "姓名", "证件")
    assert people[5][:7] == (
        "2",
        "大一班",
        "欧阳小满",
        "100101********0228",
        "2022-03-10",
        "缺种",
        MISSING.dose,
    )
    assert doses[5][3:] == (MISSING.dose, MISSING.when, MISSING.why)
    for sheet in (people, doses):
        assert "周敏" in str(sheet[2][0])
        assert "幼儿园来函" in str(sheet[2][0])


@pytest.mark.parametrize("name", ["=1+1", "+86", "@sum", "-2"])
def test_no_name_becomes_a_formula(name: str) -> None:
    book = load_workbook(io.BytesIO(entry_check_workbook(replace(PAPER, rows=(replace(ROW, name=name),)))))
    cell = book.worksheets[0]["C6"]
    assert (cell.value, cell.data_type) == (name, "s")
