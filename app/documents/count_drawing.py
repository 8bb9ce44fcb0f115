"""Draws the record of a count: A4 landscape, a row for each lot, two signatures on the last sheet."""

from app.documents.count_paper import CountPaper, CountRow
from app.documents.fit import wrap
from app.documents.page import MM, Align, Page
from app.documents.pen import Document, Ink, Pen, write_pdf
from app.documents.typefaces import Style
from app.domain.clock import CHINA

_PAGE = Page(297, 210)
_COLUMNS = (
    ("疫苗、规格、上市许可持有人", 74.0), ("批号", 32.0), ("有效期至", 21.0), ("来源", 40.0), ("放在", 13.0),
    ("账上", 16.0), ("实盘", 16.0), ("差", 14.0), ("原因", 47.0),
)  # fmt: skip
_NUMBERS = (5, 6, 7)
"""Columns whose words stand at the right."""
_LEFT, _TOP, _BOTTOM, _LINE, _SIZE = 12.0, 37.0, 196.0, 4.4, 8.5
_SIGNED_BELOW = 179.0
_RIGHT = _LEFT + sum(wide for _, wide in _COLUMNS)
_FOOT = (
    "数都是剂。账上的数是两人确认那一刻的；盘点当中打的、收的，两边都算进去了。"
    "差异已按原因记账，没有改动原来的账。"
)


def draw_count(paper: CountPaper) -> bytes:
    """Return the PDF; its title names nobody. Raises GlyphMissing."""
    return write_pdf(_PAGE, "stock-count", lambda document: _draw(paper, document))


def _draw(paper: CountPaper, document: Document) -> None:
    pen, y, number = _begin(paper, document, 1), _TOP + 2.4, 1
    for row in paper.rows:
        cells = _cells(row)
        high = max(map(len, cells)) * _LINE + 1.6
        if y + high > _BOTTOM:
            number += 1
            pen, y = _begin(paper, document, number), _TOP + 2.4
        style = Style.BOLD if row.difference else Style.REGULAR
        _draw_cells(pen, y, cells, style)
        y += high
        pen.line(_LEFT, y, _RIGHT, y, 0.3, Ink.LINE)
    _sign(pen if y <= _SIGNED_BELOW else _begin(paper, document, number + 1))


def _cells(row: CountRow) -> list[tuple[str, ...]]:
    difference = f"{row.difference:+d}" if row.difference else "0"
    words = (
        row.vaccine, row.lot_number, row.expires_on, row.supplier, row.place, str(row.book), str(row.counted),
        difference, row.reason,
    )  # fmt: skip
    cells = [_lines(said, wide) for said, (_, wide) in zip(words, _COLUMNS, strict=True)]
    return [(*cells[0], *_lines(row.market_holder, _COLUMNS[0][1])), *cells[1:]]


def _lines(words: str, wide: float) -> tuple[str, ...]:
    return wrap(words, Style.BOLD, _SIZE, (wide - 5) * MM) if words else ()


def _draw_cells(pen: Pen, y: float, cells: list[tuple[str, ...]], style: Style) -> None:
    x = _LEFT
    for place, (cell, (_, wide)) in enumerate(zip(cells, _COLUMNS, strict=True)):
        at, align = (x + wide - 3, Align.RIGHT) if place in _NUMBERS else (x, Align.LEFT)
        for line, words in enumerate(cell, start=1):
            pen.text(at, y + line * _LINE, words, _SIZE, style, align=align)
        x += wide


def _begin(paper: CountPaper, document: Document, number: int) -> Pen:
    """Return the pen of a new sheet with its head and foot."""
    pen = document.sheet()
    pen.text(_LEFT, 16, "疫苗盘点表", 16, Style.BOLD)
    pen.text(_RIGHT, 16, f"第 {number} 页", 9, ink=Ink.MUTED, align=Align.RIGHT)
    practice = "　练习点：不算数" if paper.practice else ""
    pen.text(_LEFT, 23, f"{paper.site_name}　{_times(paper)}{practice}", 9.5, ink=Ink.MUTED)
    pen.text(_LEFT, 29, f"盘点：{paper.counted_by}　复核：{paper.approved_by}　{_sum(paper)}", 9.5)
    x = _LEFT
    for place, (label, wide) in enumerate(_COLUMNS):
        at, align = (x + wide - 3, Align.RIGHT) if place in _NUMBERS else (x, Align.LEFT)
        pen.text(at, _TOP, label, 9, Style.BOLD, align=align)
        x += wide
    pen.line(_LEFT, _TOP + 1.6, _RIGHT, _TOP + 1.6, 0.8, Ink.INK)
    pen.text(_LEFT, 203, _FOOT, 8, ink=Ink.MUTED)
    return pen


def _times(paper: CountPaper) -> str:
    begun, ended = paper.begun_at.astimezone(CHINA), paper.counted_at.astimezone(CHINA)
    day = "" if begun.date() == ended.date() else f"{ended:%m-%d} "
    return f"{begun:%Y-%m-%d %H:%M} 开始，{day}{ended:%H:%M} 两人确认"


def _sum(paper: CountPaper) -> str:
    less = [row.difference for row in paper.rows if row.difference < 0]
    more = [row.difference for row in paper.rows if row.difference > 0]
    told = [f"共 {len(paper.rows)} 批", f"相符 {len(paper.rows) - len(less) - len(more)} 批"]
    if less:
        told.append(f"少的 {len(less)} 批 {-sum(less)} 剂")
    if more:
        told.append(f"多的 {len(more)} 批 {sum(more)} 剂")
    return "，".join(told)


def _sign(pen: Pen) -> None:
    """Leave room for what people look at and sign by hand (N2023 8.1: packing, temperature, expiry)."""
    pen.text(_LEFT, 186, "□ 包装完好　　□ 有效期看过　　□ 储存温度在范围内：________ ℃", 9.5)
    pen.text(
        _LEFT, 195, "盘点人签名：________________　　复核人签名：________________　　日期：____________", 9.5
    )
