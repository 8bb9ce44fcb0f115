"""The result of the entry check (入托入学查验) on paper and as a workbook (APP-8).

Both leave the program: each sheet carries who took it out, when and why (SEC-4).
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.documents.workbook import new_book, put_headings, put_row, saved
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
    from openpyxl.styles import Font

    book, people = new_book("查验结果")
    doses = book.create_sheet("缺种明细")
    for sheet, headings, widths in ((people, _HEADINGS, _WIDE), (doses, _EACH, _EACH_WIDE)):
        for words in (paper.title, paper.head, f"导出：{paper.mark}", UNVERIFIED if paper.unverified else ""):
            put_row(sheet, (words,))
        sheet["A1"].font = Font(bold=True, size=14)
        put_headings(sheet, headings, widths, paper.mark)
    for row in paper.rows:
        put_row(people, (
            row.line, row.class_name, row.name, row.document, row.birth_on, row.verdict,
            "；".join(one.dose for one in row.missing), "；".join(one.when for one in row.missing), row.said,
        ), wrap=True)  # fmt: skip
        for one in row.missing:
            put_row(doses, (row.line, row.class_name, row.name, one.dose, one.when, one.why), wrap=True)
    return saved(book)
