"""The sheets of a certificate: how the doses are shared out between them, and what stands on each."""

from collections.abc import Sequence

from app.documents.certificate_foot import FOOT, draw_foot
from app.documents.certificate_head import (
    LEFT,
    draw_code,
    draw_frame,
    draw_holder,
    draw_label,
    draw_name,
    draw_title,
)
from app.documents.certificate_table import HEAD, ROW, TIGHT_ROW, draw_status, draw_table
from app.documents.page import Align
from app.documents.pen import Document, Ink, Pen
from app.documents.typefaces import Style
from app.domain.certificate import CertificateDose, CertificateFacts

_CONTINUED_TOP = 66.0
"""Where the table begins on a second sheet."""


def draw_certificate(facts: CertificateFacts, signed: str | None, mark: str, document: Document) -> None:
    """Draw as many sheets as the doses need, ``mark`` across and under each; raises GlyphMissing."""
    pen = _begin_sheet(facts, mark, document)
    draw_code(pen, signed)
    top = draw_status(pen, facts, draw_holder(pen, facts))
    first = _rows_that_fit(pen, top, len(facts.doses))
    rest = facts.doses[first:]
    later = _rows_that_fit(pen, _CONTINUED_TOP, len(rest))
    sheets = 1 + -(-len(rest) // later) if rest else 1
    _end_sheet(pen, facts, facts.doses[:first], top, (1, sheets))
    for sheet in range(2, sheets + 1):
        pen = _begin_sheet(facts, mark, document)
        _draw_continued_head(pen, facts)
        _end_sheet(
            pen, facts, rest[later * (sheet - 2) : later * (sheet - 1)], _CONTINUED_TOP, (sheet, sheets)
        )


def _begin_sheet(facts: CertificateFacts, mark: str, document: Document) -> Pen:
    pen = document.sheet()
    if facts.practice:
        _draw_watermark(pen)
    if mark:
        _draw_mark(pen, mark)
    draw_frame(pen)
    draw_title(pen)
    if facts.practice:
        _draw_practice_band(pen)
    return pen


def _end_sheet(
    pen: Pen, facts: CertificateFacts, doses: Sequence[CertificateDose], top: float, place: tuple[int, int]
) -> None:
    room = pen.page.height - FOOT - HEAD - top
    draw_table(pen, top, doses, ROW if len(doses) * ROW <= room else TIGHT_ROW)
    draw_foot(pen, facts, *place)


def _rows_that_fit(pen: Pen, top: float, wanted: int) -> int:
    room = pen.page.height - FOOT - HEAD - top
    return wanted if wanted * ROW <= room else max(int(room // TIGHT_ROW), 1)


def _draw_continued_head(pen: Pen, facts: CertificateFacts) -> None:
    middle = pen.page.width / 2
    draw_name(pen, facts.holder, 43.4, middle - LEFT)
    draw_label(pen, middle + 8, 43.4, "出生日期", "DATE OF BIRTH")
    pen.text(middle + 8, 51.6, facts.holder.birth_on.isoformat(), 9.6, Style.MEDIUM)
    pen.text(LEFT, _CONTINUED_TOP - 3.2, "接种记录（续）", 10, Style.SERIF)


def _draw_watermark(pen: Pen) -> None:
    def words(turned: Pen) -> None:
        for row in range(-2, 7):
            for column in range(-1, 4):
                turned.text(column * 52 + (row % 2) * 26, row * 34, "练习样张", 34, Style.BOLD, Ink.PRACTICE)

    pen.turned(pen.page.width / 2, pen.page.height / 2, 28, words)


def _draw_mark(pen: Pen, mark: str) -> None:
    """Draw who took the sheet out as a file, when and why: across it, and whole under its foot."""

    def words(turned: Pen) -> None:
        for row in range(-4, 8):
            turned.text((row % 2) * 30, row * 24, mark, 9, ink=Ink.LINE)

    pen.turned(pen.page.width / 2, pen.page.height / 2, 24, words)
    pen.text(LEFT, pen.page.height - 9.2, f"导出：{mark}", 5.6, ink=Ink.MUTED)


def _draw_practice_band(pen: Pen) -> None:
    pen.box(7.4, 30.9, pen.page.width - 14.8, 6.6, fill=Ink.WARNING)
    words = "练习用，不是真的凭证  ·  PRACTICE ONLY, NOT A CERTIFICATE"
    pen.text(pen.page.width / 2, 35.35, words, 8.4, Style.BOLD, Ink.WHITE, Align.CENTRE)
