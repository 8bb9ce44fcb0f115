"""What the A4 forms have in common: head, fields, boxes to tick, lines to sign on, foot."""

from collections.abc import Sequence

from app.documents.fit import clean, fit
from app.documents.page import MM, Align
from app.documents.pen import Ink, Pen
from app.documents.screening_form import ScreeningPaper, SignedOnScreen
from app.documents.typefaces import Style
from app.domain.clock import CHINA, local_day
from app.domain.identity import mask_number
from app.domain.people import Sex, age_on
from app.domain.signature import Stroke

LEFT, RIGHT = 18.0, 192.0
BOTTOM = 279.0
"""Nothing but the foot stands below."""
_SEX = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知", Sex.UNSTATED: "未说明"}
_BOX = 3.4
_INK_HIGH = 7.2
"""Millimetres over the line that are free for a signature."""


def draw_head(pen: Pen, paper: ScreeningPaper, title: str, note: str, ink: Ink = Ink.MUTED) -> float:
    """Draw title, site and the person; return where the form may go on."""
    if paper.practice:
        _draw_practice(pen)
    fitted = fit(title, Style.SERIF, (20, 18, 16), 130 * MM, 1)
    pen.text(LEFT, 23.5, fitted.lines[0], fitted.size, Style.SERIF, tracking=0.8)
    pen.text(LEFT, 29.6, note, 7.6, Style.MEDIUM, ink)
    site = fit(paper.site_name, Style.MEDIUM, (10, 9, 8), 60 * MM, 2)
    for row, line in enumerate(reversed(site.lines)):
        pen.text(RIGHT, 23.5 - row * 4.6, line, site.size, Style.MEDIUM, align=Align.RIGHT)
    ticket = f"票号 {paper.examined.ticket_number}" if paper.examined.ticket_number else ""
    pen.text(RIGHT, 29.6, ticket, 7.6, ink=Ink.MUTED, align=Align.RIGHT)
    pen.line(LEFT, 32.6, RIGHT, 32.6, 1.0, Ink.PRIMARY)
    return _draw_person(pen, paper, 39.0)


def _draw_practice(pen: Pen) -> None:
    pen.box(0, 0, pen.page.width, 9.0, fill=Ink.WARNING)
    words = "练习用，不是真的医疗文书  ·  PRACTICE ONLY"
    pen.text(pen.page.width / 2, 6.1, words, 9.6, Style.BOLD, Ink.WHITE, Align.CENTRE)


def _draw_person(pen: Pen, paper: ScreeningPaper, y: float) -> float:
    examined, today = paper.examined, local_day(paper.printed_at)
    age = age_on(examined.birth_on, today)
    years = f"{age.years} 岁" if age.years >= 3 else f"{age.months} 月龄"
    numbers = "、".join(map(str, examined.dose_numbers))
    dose = f"第 {numbers} 剂" if numbers else ""
    temperature = f"{examined.temperature} ℃" if examined.temperature else ""
    rows = (
        (("受种者姓名", examined.name), ("性别", _SEX[examined.sex]),
         ("出生日期", f"{examined.birth_on.isoformat()}（{years}）"),
         ("证件号码", mask_number(examined.document_number))),
        (("疫苗", examined.vaccine_name), ("剂次", dose), ("日期", today.isoformat()), ("体温", temperature)),
    )  # fmt: skip
    for row in rows:
        for x, room, (label, value) in zip((LEFT, 77, 101, 147), (56, 22, 43, 45), row, strict=True):
            pen.text(x, y, label, 7.0, ink=Ink.MUTED)
            _draw_value(pen, x, y + 5.4, clean(value), room)
        y += 12.4
    return y - 3.4


def _draw_value(pen: Pen, x: float, y: float, value: str, room: float) -> None:
    if value:
        fitted = fit(value, Style.MEDIUM, (10.5, 9.6, 8.6, 7.6, 6.6, 5.6), room * MM, 1)
        pen.text(x, y, fitted.lines[0], fitted.size, Style.MEDIUM)
    else:
        pen.line(x, y + 0.8, x + room - 6, y + 0.8, 0.5, Ink.MUTED)


def draw_box(pen: Pen, x: float, centre: float, *, ticked: bool) -> None:
    """Draw a box to tick about its left edge and middle height."""
    pen.box(x, centre - _BOX / 2, _BOX, _BOX, stroke=Ink.INK, weight=0.7)
    if ticked:
        pen.strokes([(x + 0.6, centre + 0.1), (x + 1.4, centre + 1.0), (x + 3.1, centre - 1.3)], 1.5, Ink.INK)


def draw_choice(pen: Pen, x: float, centre: float, words: str, *, ticked: bool) -> float:
    """Draw a box with its words and return where they end."""
    draw_box(pen, x, centre, ticked=ticked)
    style = Style.BOLD if ticked else Style.REGULAR
    return pen.text(x + _BOX + 1.6, centre + 0.37 * 10.5 / MM, words, 10.5, style)


def draw_line_to_write(
    pen: Pen, x: float, y: float, label: str, end: float, hint: str = "", value: str = ""
) -> float:
    """Draw a label and a line up to ``end``, what is on it and a hint under it; return where it begins."""
    start = pen.text(x, y, label, 9.6) + 2
    pen.line(start, y + 1.0, end, y + 1.0, 0.6, Ink.INK)
    if hint:
        pen.text(start, y + 4.6, hint, 6.6, ink=Ink.MUTED)
    if value:
        fitted = fit(clean(value), Style.MEDIUM, (9.6, 8.6, 7.6, 6.6, 5.6), (end - start) * MM, 1)
        pen.text(start + 0.6, y, fitted.lines[0], fitted.size, Style.MEDIUM)
    return start


def draw_signature(pen: Pen, y: float, signed: SignedOnScreen | None) -> None:
    """Draw the line the recipient or guardian signs on, with the ink of a signature on the screen."""
    hint = relation = day = ""
    if signed is not None:
        at = signed.signed_at.astimezone(CHINA)
        hint, relation = f"屏幕签名 {at:%H:%M} · 校验 {signed.digest[:12]}", signed.relation
        day = at.date().isoformat()
    end = LEFT + 72
    start = draw_line_to_write(pen, LEFT, y, "监护人/受种者签名", end, hint)
    draw_line_to_write(pen, LEFT + 77, y, "与受种者关系", LEFT + 124, value=relation)
    draw_line_to_write(pen, LEFT + 129, y, "日期", RIGHT, value=day)
    if signed is not None:
        _draw_ink(pen, start + 1, y + 0.4, end - start - 2, signed.strokes)


def _draw_ink(pen: Pen, x: float, bottom: float, room: float, strokes: Sequence[Stroke]) -> None:
    """Draw strokes as large as they fit over a line, in their own proportions."""
    across = [point[0] for stroke in strokes for point in stroke]
    down = [point[1] for stroke in strokes for point in stroke]
    left, low = min(across), max(down)
    unit = min(room / max(low - min(down), max(across) - left, 1), _INK_HIGH / max(low - min(down), 1))
    for stroke in strokes:
        points = [(x + (px - left) * unit, bottom - (low - py) * unit) for px, py, _ in stroke]
        pen.strokes(points if len(points) > 1 else points * 2, 0.9, Ink.INK)


def draw_foot(
    pen: Pen, paper: ScreeningPaper, imprint: str, place: str, signed: SignedOnScreen | None
) -> None:
    """Draw the foot: which exact text this is, how it is signed, when printed, whom to ask (APP-12)."""
    pen.line(LEFT, 282.4, RIGHT, 282.4, 0.4, Ink.LINE)
    printed = f"{paper.printed_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    means = "受种者屏幕签名" if signed else "纸质签署"
    pen.text(LEFT, 286.6, f"{imprint} · {means}", 7.0, ink=Ink.MUTED)
    kept = "签字后由接种单位存档，至疫苗有效期满后不少于五年"
    pen.text(LEFT, 290.4, f"打印 {printed} · {kept}", 7.0, ink=Ink.MUTED)
    pen.text(RIGHT, 286.6, f"咨询 {paper.enquiry_phone}", 7.0, ink=Ink.MUTED, align=Align.RIGHT)
    pen.text(RIGHT, 290.4, place, 7.0, ink=Ink.MUTED, align=Align.RIGHT)
