"""Class lists as schools write them."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADINGS = ("序号", "班级", "姓名", "身份证号", "出生日期")


def write_list(
    file: Path, *rows: tuple[Any, ...], headings: tuple[str, ...] = HEADINGS, above: tuple[str, ...] = ()
) -> Path:
    """Write a workbook of one sheet: rows of titles, the headings, the children."""
    book = Workbook()
    sheet = book.worksheets[0]
    for title in above:
        sheet.append([title])
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    return file
