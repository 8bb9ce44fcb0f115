"""The sheet 告知与知情同意书: what is told about the vaccine, the answer, the signatures (VER-6)."""

from app.documents.cells import Block, baseline, draw_cell
from app.documents.fit import wrap
from app.documents.form_parts import (
    BOTTOM,
    LEFT,
    RIGHT,
    draw_choice,
    draw_foot,
    draw_head,
    draw_line_to_write,
    draw_signature,
)
from app.documents.form_texts import ConsentText
from app.documents.page import MM
from app.documents.pen import Document, Ink, Pen
from app.documents.screening_form import ScreeningPaper
from app.documents.typefaces import Style

_SIZE, _LINE = 10.0, 5.3
_ROOM = (RIGHT - LEFT) * MM
_ANSWER = 62.0
"""Height of price, declaration, answer and signatures, which stay together."""


def draw_consent(paper: ScreeningPaper, text: ConsentText, document: Document) -> None:
    """Draw the notice and the consent, on more sheets if the text is long; raises GlyphMissing."""
    sheets = _Sheets(paper, text, document)
    for number, section in enumerate(text.sections, start=1):
        lines = [line for words in section.paragraphs for line in wrap(words, Style.REGULAR, _SIZE, _ROOM)]
        sheets.make_room(7 + min(len(lines), 2) * _LINE)
        sheets.pen.text(LEFT, sheets.y + 5, f"{number}  {section.heading}", 10.5, Style.BOLD)
        sheets.y += 6.6
        for line in lines:
            sheets.make_room(_LINE)
            sheets.pen.text(LEFT, baseline(sheets.y + _LINE / 2, _SIZE), line, _SIZE)
            sheets.y += _LINE
        sheets.y += 1.4
    sheets.make_room(_ANSWER)
    _draw_answer(sheets.pen, paper, text, max(sheets.y + 2, BOTTOM - _ANSWER))
    sheets.end()


class _Sheets:
    """The sheets of a notice: where the next line goes, and a new sheet when it has no room."""

    def __init__(self, paper: ScreeningPaper, text: ConsentText, document: Document) -> None:
        self._paper, self._text, self._document = paper, text, document
        self._number = 1
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self.pen = self._document.sheet()
        status = self._text.status
        note = f"{status} · 由接种单位审定后使用" if status else ""
        self.y = draw_head(self.pen, self._paper, self._text.title, note, Ink.WARNING)

    def make_room(self, high: float) -> None:
        """Begin a new sheet unless so many millimetres are left on this one."""
        if self.y + high > BOTTOM:
            self.end()
            self._begin()

    def end(self) -> None:
        """Draw the foot of the sheet."""
        paper, imprint = self._paper, self._text.version.imprint
        draw_foot(self.pen, paper, imprint, f"第 {self._number} 张", paper.consent_signed)


def _draw_answer(pen: Pen, paper: ScreeningPaper, text: ConsentText, y: float) -> None:
    if text.priced and paper.price:
        draw_cell(pen, LEFT, y + 2, (RIGHT - LEFT, 6), [Block(f"费用：{paper.price}", 10.5, Style.BOLD)])
    elif text.priced:
        draw_line_to_write(pen, LEFT, y + 3, "费用：疫苗（元/剂）", LEFT + 82)
        draw_line_to_write(pen, LEFT + 90, y + 3, "接种服务费（元/剂次）", RIGHT)
    pen.line(LEFT, y + 6.6, RIGHT, y + 6.6, 1.0, Ink.PRIMARY)
    for row, line in enumerate(wrap(text.declaration, Style.MEDIUM, 10.5, _ROOM)):
        pen.text(LEFT, y + 12.6 + row * 5.6, line, 10.5, Style.MEDIUM)
    x = draw_choice(pen, LEFT, y + 28, text.agree, ticked=paper.agreed is True) + 12
    x = draw_choice(pen, x, y + 28, text.decline, ticked=paper.agreed is False) + 12
    draw_line_to_write(pen, x, y + 29.4, text.decline_reason, RIGHT, value=paper.declined_because)
    draw_signature(pen, y + 42.5, paper.consent_signed)
    draw_line_to_write(pen, LEFT, y + 55, "告知人签名", LEFT + 72)
    draw_line_to_write(pen, LEFT + 129, y + 55, "日期", RIGHT)
