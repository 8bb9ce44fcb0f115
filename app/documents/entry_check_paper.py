"""The result of the entry check (入托入学查验) on paper and as a workbook (APP-8).

Both leave the program: each sheet carries who took it out, when and why (SEC-4).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from app.domain.clock import CHINA

UNVERIFIED = "所用免疫程序未核实，以医生判断为准。"


@dataclass(frozen=True)
class MissingWords:
    """One dose that is missing."""

    dose: str
    """脊灰灭活疫苗 第 2 剂."""
    when: str
    """今天可种, 2027-01-22 起."""
    why: str


@dataclass(frozen=True)
class EntryRow:
    """One person, in words."""

    line: str
    """In the list; empty for a person who came alone."""
    class_name: str
    name: str
    document: str
    """Masked."""
    birth_on: str
    verdict: str
    missing: tuple[MissingWords, ...]
    said: str
    """What is doubtful, or why there is no result."""


@dataclass(frozen=True)
class EntryPaper:
    """The whole result."""

    title: str
    site_name: str
    on: date
    rows: tuple[EntryRow, ...]
    counts: str
    """名单 40 人：齐全 31，缺种 6 …"""
    unverified: bool
    printed_at: datetime
    taken_by: str
    why: str
    practice: bool = False

    @property
    def mark(self) -> str:
        """Return who took it out, when and why: what stands across every sheet."""
        at = f"{self.printed_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        return "　".join(part for part in (self.taken_by, at, self.why) if part)

    @property
    def head(self) -> str:
        """Return the line under the title."""
        practice = "　练习点：不算数" if self.practice else ""
        return f"{self.site_name}　查验日 {self.on}　{self.counts}{practice}"


def entry_check_pdf(paper: EntryPaper) -> bytes:
    """Return A4 sheets, landscape, as many as the rows need; raises GlyphMissing."""
    # reportlab is loaded by the first sheet, not by the start of the program.
    from app.documents.entry_check_drawing import draw_entry_check

    return draw_entry_check(paper)


_HEADINGS = ("行", "班级", "姓名", "证件", "出生日期", "结论", "缺的疫苗", "最早可种", "说明")
_WIDE = (6, 14, 14, 22, 13, 12, 44, 24, 60)
_EACH = ("行", "班级", "姓名", "疫苗", "何时可种", "为什么")
_EACH_WIDE = (6, 14, 14, 34, 20, 90)


def entry_check_workbook(paper: EntryPaper) -> bytes:
    """Return an XLSX with a sheet of people and one of the missing doses; no cell is a formula."""
    book = Workbook()
    people, doses = book.worksheets[0], book.create_sheet("缺种明细")
    people.title = "查验结果"
    for sheet, headings, widths in ((people, _HEADINGS, _WIDE), (doses, _EACH, _EACH_WIDE)):
        for words in (paper.title, paper.head, f"导出：{paper.mark}", UNVERIFIED if paper.unverified else ""):
            _append(sheet, (words,))
        sheet["A1"].font = Font(bold=True, size=14)
        _append(sheet, headings)
        for cell in sheet[sheet.max_row]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = f"A{sheet.max_row + 1}"
        for place, wide in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = wide
        sheet.oddFooter.center.text = paper.mark.replace("&", "&&")
    for row in paper.rows:
        _append(people, (
            row.line, row.class_name, row.name, row.document, row.birth_on, row.verdict,
            "；".join(one.dose for one in row.missing), "；".join(one.when for one in row.missing), row.said,
        ))  # fmt: skip
        for one in row.missing:
            _append(doses, (row.line, row.class_name, row.name, one.dose, one.when, one.why))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _append(sheet: Any, words: Sequence[str]) -> None:
    """Write a row of texts: a name that begins with ``=`` stays a name."""
    line = sheet.max_row + (1 if sheet.max_row > 1 or sheet["A1"].value is not None else 0)
    for place, text in enumerate(words, start=1):
        cell = sheet.cell(line, place)
        cell.value = "".join(char for char in text if char >= " " or char == "\n")
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top", wrap_text=line > 5)
