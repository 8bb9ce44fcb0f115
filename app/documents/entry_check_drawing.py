"""Draws the result of the entry check: A4 landscape, a row for each person, the mark across every sheet."""

from collections.abc import Sequence

from app.documents.entry_check_paper import UNVERIFIED, EntryPaper, EntryRow
from app.documents.fit import wrap
from app.documents.page import MM, Align, Page
from app.documents.pen import Document, Ink, Pen, write_pdf
from app.documents.typefaces import Style

_PAGE = Page(297, 210)
_COLUMNS = (("行", 10.0), ("班级", 24.0), ("姓名", 30.0), ("证件", 38.0), ("出生日期", 22.0), ("结论", 22.0))
_REST = "缺什么，何时可种，为什么"
_LEFT, _TOP, _BOTTOM, _LINE, _SIZE = 12.0, 30.0, 194.0, 4.4, 8.5
_RIGHT = _PAGE.width - _LEFT
_WIDTHS = (*(wide for _, wide in _COLUMNS), _RIGHT - _LEFT - sum(wide for _, wide in _COLUMNS))
_FEWEST = 3
"""Lines of a row that must fit below the others, else it begins a new sheet."""

Cells = list[tuple[str, ...]]


def draw_entry_check(paper: EntryPaper) -> bytes:
    """Return the PDF; its title names nobody. Raises GlyphMissing."""
    return write_pdf(_PAGE, "entry-check", lambda document: _draw(paper, document))


def _draw(paper: EntryPaper, document: Document) -> None:
    pen, y, number = _begin(paper, document, 1), _TOP + 2.4, 1
    for row in paper.rows:
        cells = _cells(row)
        while any(cells):
            room = int((_BOTTOM - y - 2) // _LINE)
            if room < min(max(map(len, cells)), _FEWEST):
                number += 1
                pen, y = _begin(paper, document, number), _TOP + 2.4
                continue
            _draw_lines(pen, y, [cell[:room] for cell in cells])
            y += min(max(map(len, cells)), room) * _LINE + 1.6
            cells = [cell[room:] for cell in cells]
        pen.line(_LEFT, y, _RIGHT, y, 0.3, Ink.LINE)


def _cells(row: EntryRow) -> Cells:
    told = (row.line, row.class_name, row.name, row.document, row.birth_on, row.verdict)
    cells = [_lines(words, wide) for words, wide in zip(told, _WIDTHS, strict=False)]
    missing = (f"{one.dose}：{one.when}。{one.why}" for one in row.missing)
    return [*cells, tuple(line for words in (row.said, *missing) for line in _lines(words, _WIDTHS[-1]))]


def _lines(words: str, wide: float) -> tuple[str, ...]:
    return wrap(words, Style.REGULAR, _SIZE, (wide - 2) * MM) if words else ()


def _draw_lines(pen: Pen, y: float, cells: Sequence[Sequence[str]]) -> None:
    x = _LEFT
    for cell, wide in zip(cells, _WIDTHS, strict=True):
        for place, line in enumerate(cell, start=1):
            pen.text(x, y + place * _LINE, line, _SIZE)
        x += wide


def _begin(paper: EntryPaper, document: Document, number: int) -> Pen:
    """Return the pen of a new sheet with its mark, head and foot."""
    pen = document.sheet()
    pen.turned(_PAGE.width / 2, _PAGE.height / 2, 24, lambda turned: _draw_mark(turned, paper.mark))
    pen.text(_LEFT, 16, paper.title, 16, Style.BOLD)
    pen.text(_LEFT, 23, paper.head, 9.5, ink=Ink.MUTED)
    pen.text(_RIGHT, 16, f"第 {number} 页", 9, ink=Ink.MUTED, align=Align.RIGHT)
    x = _LEFT
    for label, wide in zip((*(label for label, _ in _COLUMNS), _REST), _WIDTHS, strict=True):
        pen.text(x, _TOP, label, 9, Style.BOLD)
        x += wide
    pen.line(_LEFT, _TOP + 1.6, _RIGHT, _TOP + 1.6, 0.8, Ink.INK)
    foot = f"导出：{paper.mark}。含个人信息，只用于本次查验，用后销毁。"
    pen.text(_LEFT, 203, foot + (UNVERIFIED if paper.unverified else ""), 8, ink=Ink.MUTED)
    return pen


def _draw_mark(pen: Pen, mark: str) -> None:
    for row in range(-2, 9):
        for column in range(-1, 4):
            pen.text(column * 120 + (row % 2) * 60, row * 36, mark, 13, Style.BOLD, Ink.LINE)
