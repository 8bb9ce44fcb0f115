"""The lower part of the certificate sheet: issuer, place of the stamp, number, serial and version."""

from app.documents.cells import Block, draw_cell
from app.documents.certificate_head import LEFT, draw_label, right_edge
from app.documents.codes import code128
from app.documents.page import Align
from app.documents.pen import Ink, Pen
from app.documents.typefaces import Style
from app.domain.certificate import CertificateFacts

FOOT = 53.0
"""Height below the last table row that belongs to this part."""
_STAMP_RADIUS = 17.0
_MODULE = 0.339
"""Exactly two dots at 150 dpi."""


def draw_foot(pen: Pen, facts: CertificateFacts, sheet: int, sheets: int) -> None:
    """Draw the foot of one sheet."""
    bottom, right = pen.page.height, right_edge(pen)
    label = bottom - 46.8
    draw_label(pen, LEFT, label, "发证单位", "CLINIC")
    draw_cell(pen, LEFT, label + 4.6, (47.0, 8.2), [Block(facts.site_name, 11.5, Style.SERIF)])
    draw_label(pen, LEFT + 50, label, "打印日期", "PRINT DATE")
    pen.text(LEFT + 50, label + 5.2, facts.issued_on.isoformat(), 9.6, Style.MEDIUM)
    _draw_stamp(pen, right - _STAMP_RADIUS - 0.4, bottom - 35.0, facts.practice)
    _draw_number(pen, facts.number, bottom - 35.4)
    _draw_imprint(pen, facts, bottom - 12.7, f"第 {sheet} 张，共 {sheets} 张" if sheets > 1 else "")


def _draw_stamp(pen: Pen, x: float, y: float, practice: bool) -> None:
    pen.disc(x, y, _STAMP_RADIUS, stroke=Ink.MUTED, weight=0.6, dashed=True)
    words, english = ("练习不盖章", "NO STAMP") if practice else ("签章", "STAMP")
    pen.text(x, y, words, 8.6, Style.SERIF, Ink.MUTED, Align.CENTRE)
    pen.text(x, y + 3.9, english, 5, ink=Ink.MUTED, align=Align.CENTRE, tracking=0.6)


def _draw_number(pen: Pen, number: str, y: float) -> None:
    bars = code128(number)
    wide = bars.modules * _MODULE
    pen.box(LEFT - 1, y - 0.6, wide + 2, 11.6, fill=Ink.WHITE)
    pen.figure(bars.operators(), LEFT, y, _MODULE, 10.4, Ink.BLACK)
    pen.text(LEFT + wide / 2, y + 13.8, number, 8.2, align=Align.CENTRE, tracking=1.2)


def _draw_imprint(pen: Pen, facts: CertificateFacts, y: float, place: str) -> None:
    right = right_edge(pen)
    pen.line(LEFT, y - 3.7, right, y - 3.7, 0.4, Ink.LINE)
    x = pen.text(LEFT, y, "流水号", 6.4, ink=Ink.MUTED)
    x = pen.text(x + 1.2, y, "SERIAL", 5, ink=Ink.MUTED, tracking=0.5)
    x = pen.text(x + 1.6, y, facts.serial, 6.6, Style.MEDIUM)
    x = pen.text(x + 4.4, y, "版本", 6.4, ink=Ink.MUTED)
    x = pen.text(x + 1.2, y, "VERSION", 5, ink=Ink.MUTED, tracking=0.5)
    x = pen.text(x + 1.6, y, str(facts.version), 6.6, Style.MEDIUM)
    if place:
        x = pen.text(x + 3.4, y, place, 6.4, Style.MEDIUM)
    if facts.awaiting:
        pen.text(x + 3.0, y, "上传后可换新版", 6.4, ink=Ink.WARNING)
    pen.text(right, y, f"咨询 {facts.enquiry_phone}", 6.4, ink=Ink.MUTED, align=Align.RIGHT)
