"""The register of qualified staff (人员资格名册) as a workbook that says who took it out and why (STF-4)."""

from dataclasses import dataclass
from datetime import datetime

from app.documents.workbook import new_book, printed, put_headings, put_row, saved
from app.domain.clock import CHINA

HEADINGS = (
    "姓名",
    "职务",
    "岗位",
    "合格证编号",
    "发证单位",
    "培训期次",
    "考核合格日期",
    "有效期至",
    "应急处置有效期至",
)
_WIDE = (12, 14, 34, 24, 30, 20, 15, 13, 18)


@dataclass(frozen=True)
class RegisterPaper:
    """The whole register in words; ``rows`` have a cell for each of ``HEADINGS``."""

    site_name: str
    rows: tuple[tuple[str, ...], ...]
    counts: str
    taken_by: str
    taken_at: datetime
    why: str
    practice: bool = False

    @property
    def mark(self) -> str:
        """Return who took it out, when and why."""
        return f"{self.taken_by}　{self.taken_at.astimezone(CHINA):%Y-%m-%d %H:%M}　{self.why}"


def register_workbook(paper: RegisterPaper) -> bytes:
    """Return an XLSX to print on A4, landscape; no cell is a formula, the mark is on every sheet."""
    book, sheet = new_book("人员资格名册")
    practice = "　练习点：不算数" if paper.practice else ""
    put_row(sheet, ("人员资格名册",), bold=True)
    put_row(sheet, (f"{paper.site_name}　{paper.counts}{practice}",))
    put_row(sheet, (f"导出：{paper.mark}",))
    put_headings(sheet, HEADINGS, _WIDE, paper.mark)
    sheet.print_title_rows = f"{sheet.max_row}:{sheet.max_row}"
    for row in paper.rows:
        put_row(sheet, row)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.oddHeader.center.text = printed(paper.mark)
    return saved(book)
