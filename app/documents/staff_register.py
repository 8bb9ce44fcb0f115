"""The register of qualified staff (人员资格名册) as a workbook that says who took it out and why (STF-4)."""

import io
from dataclasses import dataclass
from datetime import datetime

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
    # openpyxl is loaded by the first workbook, not by the start of the program.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    (sheet,) = book.worksheets
    sheet.title = "人员资格名册"
    practice = "　练习点：不算数" if paper.practice else ""
    above = (("人员资格名册",), (f"{paper.site_name}　{paper.counts}{practice}",), (f"导出：{paper.mark}",))
    for line, words in enumerate((*above, HEADINGS, *paper.rows), start=1):
        for place, text in enumerate(words, start=1):
            cell = sheet.cell(line, place, "".join(char for char in text if char >= " "))
            cell.data_type = "s"
            cell.font = Font(bold=line in (1, len(above) + 1))
    for place, wide in enumerate(_WIDE, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = wide
    sheet.freeze_panes = f"A{len(above) + 2}"
    sheet.print_title_rows = f"{len(above) + 1}:{len(above) + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    for edge in (sheet.oddHeader, sheet.oddFooter):
        edge.center.text = paper.mark.replace("&", "&&")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
