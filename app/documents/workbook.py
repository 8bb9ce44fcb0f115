"""Workbooks that leave the program: texts alone, a head that stays in sight, who took them out and why.

openpyxl is loaded by the first workbook, not by the start of the program.
"""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


def new_book(first_title: str) -> "tuple[Workbook, Worksheet]":
    """Return an empty workbook and its first sheet."""
    from openpyxl import Workbook

    book = Workbook()
    (sheet,) = book.worksheets
    sheet.title = first_title
    return book, sheet


def put_row(sheet: "Worksheet", words: Sequence[str], *, bold: bool = False, wrap: bool = False) -> None:
    """Write a row of texts below the last: a name that begins with ``=`` stays a name."""
    from openpyxl.styles import Alignment, Font

    line = sheet.max_row + (1 if sheet.max_row > 1 or sheet["A1"].value is not None else 0)
    for place, text in enumerate(words, start=1):
        cell = sheet.cell(line, place)
        cell.value = "".join(char for char in text if char >= " " or char == "\n")
        cell.data_type = "s"
        cell.font = Font(bold=bold)
        cell.alignment = Alignment(vertical="top", wrap_text=wrap)


def put_headings(sheet: "Worksheet", headings: Sequence[str], widths: Sequence[int], mark: str) -> None:
    """Write the row of headings, which stays in sight, and let ``mark`` stand at the foot of every sheet."""
    from openpyxl.utils import get_column_letter

    put_row(sheet, headings, bold=True)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for place, wide in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = wide
    sheet.oddFooter.center.text = printed(mark)


def printed(words: str) -> str:
    """Return words for the head or foot of a printed sheet, where ``&`` begins a code."""
    return words.replace("&", "&&")


def saved(book: "Workbook") -> bytes:
    """Return the file."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
