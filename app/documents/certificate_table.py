"""The dose table of the certificate sheet, and the line above it that says what the centre has confirmed."""

from collections.abc import Sequence

from app.documents.cells import Block, baseline, draw_cell
from app.documents.certificate_head import LEFT, right_edge
from app.documents.fit import fit
from app.documents.page import MM, Align
from app.documents.pen import Ink, Pen
from app.documents.typefaces import Style, width
from app.domain.certificate import CertificateDose, CertificateFacts
from app.domain.clock import CHINA

HEAD = 9.6
ROW, TIGHT_ROW = 11.4, 9.0
HEADING, BAR = 13.1, 15.1
"""What the heading, or the amber bar in its place, takes between the last line above and the table."""
_COLUMNS = (
    (29.5, "疫苗名称", "VACCINE"),
    (13.0, "剂次", "DOSE"),
    (20.0, "接种日期", "DATE"),
    (22.5, "上市许可持有人", "MA HOLDER"),
    (19.0, "批号", "LOT"),
    (16.0, "接种单位", "CLINIC"),
)
"""Widths in mm of a table 120 wide, and the labels in both languages."""
_TABLE_WIDTH = 120.0
_PADDING = 1.7


def draw_status(pen: Pen, facts: CertificateFacts, y: float) -> float:
    """Draw the green line or the amber bar below ``y`` and return the top of the table."""
    if facts.receipted_at is None:
        _draw_bar(pen, y + 3.7, _waiting(facts), 9.0)
        return y + BAR
    pen.text(LEFT, y + 9.5, "接种记录", 12, Style.SERIF)
    pen.text(LEFT + 18.4, y + 9.5, "DOSES", 5.4, ink=Ink.MUTED, tracking=0.6)
    at = facts.receipted_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    words = f"{len(facts.doses)} 剂均已收到中心回执  {at}"
    right = right_edge(pen)
    pen.text(right, y + 9.5, words, 7.4, Style.MEDIUM, ink=Ink.SUCCESS, align=Align.RIGHT)
    _draw_tick(pen, right - width(words, Style.REGULAR, 7.4) / MM - 2.4, y + 8.6)
    return y + HEADING


def _draw_tick(pen: Pen, x: float, y: float) -> None:
    pen.disc(x, y, 1.3, fill=Ink.SUCCESS)
    pen.strokes([(x - 0.6, y + 0.05), (x - 0.15, y + 0.5), (x + 0.65, y - 0.45)], 0.7, Ink.WHITE)


def _waiting(facts: CertificateFacts) -> str:
    numbers = "、".join(str(dose.dose_number) for dose in facts.awaiting)
    one_kind = len({dose.vaccine_name for dose in facts.doses}) == 1 and len(facts.awaiting) <= 4
    which = f"第 {numbers} 剂" if one_kind else f"有 {len(facts.awaiting)} 剂（表中标明）"
    return f"{which}还没有收到中心回执。本凭证由接种单位出具，不代表已在全国登记。"


def _draw_bar(pen: Pen, y: float, words: str, high: float) -> None:
    centre, wide = y + high / 2, right_edge(pen) - LEFT
    pen.box(LEFT, y, wide, high, Ink.WARNING_FILL, Ink.WARNING, 0.9, radius=1.2)
    _draw_cloud(pen, LEFT + 5, centre)
    end = pen.text(LEFT + 10, baseline(centre, 10.5), "尚未上传", 10.5, Style.BOLD, Ink.WARNING)
    room = (LEFT + wide - 3 - end - 2.6, high - 1.6)
    draw_cell(pen, end + 2.6, centre, room, [Block(words, 7.0)])


def _draw_cloud(pen: Pen, x: float, y: float) -> None:
    cloud = (
        "-1.0 0.9 m -1.75 0.9 -2.2 0.4 -2.2 -0.2 c -2.2 -0.8 -1.8 -1.2 -1.3 -1.25 c "
        "-1.0 -2.0 -0.4 -2.3 0.2 -2.2 c 0.9 -2.1 1.35 -1.6 1.45 -1.0 c 2.0 -0.9 2.3 -0.5 2.3 0 c "
        "2.3 0.6 1.9 0.9 1.3 0.9 c"
    )
    pen.figure([cloud], x, y + 0.5, 1, 1, Ink.WARNING, weight=0.3)
    pen.strokes([(x, y + 2.2), (x, y - 0.2)], 0.85, Ink.WARNING)
    pen.strokes([(x - 0.75, y + 0.55), (x, y - 0.2), (x + 0.75, y + 0.55)], 0.85, Ink.WARNING)


def draw_table(pen: Pen, y: float, doses: Sequence[CertificateDose], row: float) -> None:
    """Draw the table from ``y`` with rows of the given height."""
    right = right_edge(pen)
    stretch = (right - LEFT) / _TABLE_WIDTH
    pen.box(LEFT, y, right - LEFT, HEAD, fill=Ink.PRIMARY)
    x = LEFT
    for column, label, english in _COLUMNS:
        room = (column * stretch - _PADDING) * MM
        fitted = fit(label, Style.BOLD, (7.0, 6.6, 6.2), room, 1)
        pen.text(x + _PADDING, y + 4.35, fitted.lines[0], fitted.size, Style.BOLD, Ink.WHITE)
        pen.text(x + _PADDING, y + 7.55, english, 4.8, ink=Ink.WHITE, tracking=0.5)
        x += column * stretch
    y += HEAD
    for number, dose in enumerate(doses):
        _draw_row(pen, y + number * row, row, dose, number, stretch)
    bottom = y + len(doses) * row
    pen.line(LEFT, bottom, right, bottom, 1.0, Ink.PRIMARY)


def _draw_row(pen: Pen, y: float, row: float, dose: CertificateDose, number: int, stretch: float) -> None:
    wide = _TABLE_WIDTH * stretch
    waiting = dose.receipted_at is None
    if waiting or number % 2:
        pen.box(LEFT, y, wide, row, fill=Ink.WARNING_FILL if waiting else Ink.SURFACE)
    if number:
        pen.line(LEFT, y, LEFT + wide, y, 0.4, Ink.LINE)
    x = LEFT
    for (column, _label, _english), blocks in zip(_COLUMNS, _cells(dose), strict=True):
        room = (column * stretch - _PADDING - 0.6, row - 0.8)
        draw_cell(pen, x + _PADDING, y + row / 2, room, blocks)
        x += column * stretch


def _cells(dose: CertificateDose) -> Sequence[Sequence[Block]]:
    waiting = [] if dose.receipted_at else [Block("待上传", 6.4, Style.BOLD, Ink.WARNING, 1)]
    return (
        (
            Block(dose.vaccine_name, 7.6, Style.MEDIUM),
            Block(dose.specification, 6.1, ink=Ink.MUTED, most_lines=1),
        ),
        (Block(f"第 {dose.dose_number} 剂", 7.6, Style.BOLD, most_lines=1),),
        (Block(dose.occurred_on.isoformat(), 7.6, Style.MEDIUM, most_lines=1), *waiting),
        (Block(dose.market_holder, 7.0, most_lines=3),),
        (Block(dose.lot_number, 7.4, Style.MEDIUM),),
        (Block(dose.site_name, 7.0, most_lines=3),),
    )
